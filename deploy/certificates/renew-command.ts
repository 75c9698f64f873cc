import { systemClock } from "@kube-ts/std/clock";
import { defineFlags } from "@kube-ts/std/flags";
import { defineCommand } from "../cli/command.ts";
import { machineFlag, ownMachine } from "../machine/own-machine.ts";
import { renewCertificates } from "./renew-certificates.ts";

const timeoutMs = 3_000_000;

export const command = defineCommand({
  needsRoot: true,
  description:
    "Renews the certificates of this machine that have less than a third of their life left: those that are named, or all.\n" +
    "Daemons that run with older ones are restarted, one after another, while no other machine does the like.",
  arguments: "[NAME...]",
  argumentCount: { least: 0, most: 50 },
  flags: defineFlags({
    ...machineFlag,
    force: { type: "boolean", default: false, description: "Renew certificates that are good for long, too." },
  }),
  run: async ({ values }, { positional, signal, write, warn }) => {
    const own = await ownMachine(values.machine);
    const options = { names: positional, force: values.force, clock: systemClock, warn };
    const report = await renewCertificates(own, options, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    for (const name of report.external)
      warn(`${name} is managed elsewhere: its authority's key is not on this machine`);
    if (report.renewed.length + report.restarted.length === 0) write("Nothing to renew.\n");
  },
});
