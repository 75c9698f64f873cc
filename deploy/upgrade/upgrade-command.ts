import { defineFlags } from "@kube-ts/std/flags";
import { machineFlag, ownMachine } from "../machine/own-machine.ts";
import { defineCommand } from "../cli/command.ts";
import { elapsedSeconds, note, step } from "../local/progress.ts";
import { configurationForUpgrade } from "../machine/follow-cluster.ts";
import { setUpMachine } from "../machine/set-up-machine.ts";
import { upgradeProblems, upgradeWarnings } from "./upgrade-rules.ts";
import { upgradeView } from "./upgrade-view.ts";

const timeoutMs = 1_800_000;

export const command = defineCommand({
  needsRoot: true,
  description:
    "Changes this machine to the version of its installed packages: checks that the cluster can do without it for a moment,\n" +
    "then restarts its daemons one after another. Install the new packages before, and go from machine to machine, those of\n" +
    "the control plane first. Containers go on running.",
  flags: defineFlags({
    ...machineFlag,
    "dry-run": { type: "boolean", default: false, description: "Check, and change nothing." },
  }),
  run: async ({ values }, { signal, write }) => {
    const installed = await ownMachine(values.machine);
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const { target, ...own } = await step("checks before the upgrade", async () => {
      const followed = await configurationForUpgrade(installed, deadline);
      const view = await upgradeView(followed, deadline);
      for (const warning of upgradeWarnings(view)) note(`warning: ${warning}`);
      const problems = upgradeProblems(view);
      if (problems.length > 0) {
        throw new Error(`this machine cannot be upgraded now:\n${problems.map((one) => `- ${one}`).join("\n")}`);
      }
      return { target: view.target, ...followed };
    });
    const { name } = own.machine;
    const from = installed.config.version;
    if (values["dry-run"]) return write(`${name} can be upgraded from ${from} to ${target}.\n`);
    const config = { ...own.config, version: target };
    const { changes } = await setUpMachine({ ...own, config, membership: undefined }, deadline);
    const done = changes.length === 0 ? "was of version" : "is of version";
    write(`\n${name} ${done} ${target} (${elapsedSeconds()} s).\n`);
  },
});
