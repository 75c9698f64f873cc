import { FlagError, defineFlags } from "@kube-ts/std/flags";
import { formatYaml } from "@kube-ts/std/yaml";
import { defineCommand } from "../cli/command.ts";
import { reportObject, reportTable } from "./expiration-report.ts";
import { machineFlag, ownMachine } from "../machine/own-machine.ts";
import { expirationReport } from "./machine-certificates.ts";

export const command = defineCommand({
  description: "Says when this machine's certificates expire. Ends with 1 when one is missing or has expired.",
  flags: defineFlags({
    ...machineFlag,
    output: { type: "string", shorthand: "o", default: "text", description: "One of text, json and yaml." },
  }),
  run: async ({ values }, { write }) => {
    const { output } = values;
    if (output !== "text" && output !== "json" && output !== "yaml") {
      throw new FlagError("output", `--output ${output}: use text, json or yaml`);
    }
    const report = expirationReport(await ownMachine(values.machine));
    const nowMs = Date.now();
    if (output === "text") write(reportTable(report, nowMs));
    else {
      const object = reportObject(report, nowMs);
      write(output === "json" ? `${JSON.stringify(object, undefined, 4)}\n` : formatYaml(object));
    }
    const all = [...report.certificates, ...report.authorities];
    return all.some(({ notAfterMs }) => notAfterMs === undefined || notAfterMs <= nowMs) ? 1 : 0;
  },
});
