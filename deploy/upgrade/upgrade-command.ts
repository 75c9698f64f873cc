import { defineFlags } from "@kube-ts/std/flags";
import { machineFlag, ownMachine } from "../certificates/machine-certificates.ts";
import { defineCommand } from "../cli/command.ts";
import { elapsedSeconds, note, step } from "../local/progress.ts";
import { setUpMachine } from "../machine/set-up-machine.ts";
import { upgradeProblems, upgradeWarnings } from "./upgrade-rules.ts";
import { upgradeView } from "./upgrade-view.ts";

const timeoutMs = 1_800_000;

export const command = defineCommand({
  description:
    "Changes this machine to the version of its installed packages: checks that the cluster can do without it for a moment,\n" +
    "then restarts its daemons one after another. Install the new packages before, and go from machine to machine, those of\n" +
    "the control plane first. Containers go on running.",
  flags: defineFlags({
    ...machineFlag,
    "dry-run": { type: "boolean", default: false, description: "Check, and change nothing." },
  }),
  run: async ({ values }, { signal, write }) => {
    const own = await ownMachine(values.machine);
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const target = await step("checks before the upgrade", async () => {
      const view = await upgradeView(own, deadline);
      for (const warning of upgradeWarnings(view)) note(`warning: ${warning}`);
      const problems = upgradeProblems(view);
      if (problems.length > 0) {
        throw new Error(`this machine cannot be upgraded now:\n${problems.map((one) => `- ${one}`).join("\n")}`);
      }
      return view.target;
    });
    const { name } = own.machine;
    if (values["dry-run"]) return write(`${name} can be upgraded from ${own.config.version} to ${target}.\n`);
    const config = { ...own.config, version: target };
    const { changes } = await setUpMachine({ config, machine: own.machine, membership: undefined }, deadline);
    const done = changes.length === 0 ? "was of version" : "is of version";
    write(`\n${name} ${done} ${target} (${elapsedSeconds()} s).\n`);
  },
});
