import { systemClock } from "@kube-ts/std/clock";
import { defineFlags } from "@kube-ts/std/flags";
import { kubernetesVersion } from "@kube-ts/std/version";
import { defineCommand } from "../cli/command.ts";
import { hasRole } from "../cluster/cluster-view.ts";
import { elapsedSeconds, note, step } from "../local/progress.ts";
import { clusterState } from "../machine/cluster-state.ts";
import type { ClusterState } from "../machine/cluster-state.ts";
import { configurationForUpgrade } from "../machine/follow-cluster.ts";
import type { FollowedConfiguration } from "../machine/follow-cluster.ts";
import { machineFlag, ownMachine } from "../machine/own-machine.ts";
import type { OwnMachine } from "../machine/own-machine.ts";
import { setUpMachine } from "../machine/set-up-machine.ts";
import { restartInTurn } from "../machine/whole-cluster.ts";
import { upgradeProblems, upgradeWarnings } from "./upgrade-rules.ts";

/** Of the packages on this machine. */
const target = kubernetesVersion.replace(/^v/, "");
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
  run: async ({ values }, { signal, write, warn }) => {
    const installed = await ownMachine(values.machine);
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const { name } = installed.machine;
    const from = installed.config.version;
    if (values["dry-run"]) {
      await check(installed, await clusterState(installed, deadline), deadline);
      return write(`${name} can be upgraded from ${from} to ${target}.\n`);
    }
    const options = { clock: systemClock, warn };
    const { hasRestarted } = await restartInTurn(installed, options, deadline, async (before) => {
      const { config, ...own } = await check(installed, before, deadline);
      const wanted = { ...own, config: { ...config, version: target }, membership: undefined };
      const { changes } = await setUpMachine(wanted, deadline);
      return { hasRestarted: changes.length > 0 };
    });
    write(`\n${name} ${hasRestarted ? "is" : "was"} of version ${target} (${elapsedSeconds()} s).\n`);
  },
});

/** What this machine is upgraded with. Rejects when it must not be upgraded now. */
async function check(installed: OwnMachine, state: ClusterState, signal: AbortSignal): Promise<FollowedConfiguration> {
  return step("checks before the upgrade", async () => {
    const followed = await configurationForUpgrade(installed, signal);
    const { config, machine } = followed;
    const isServer = hasRole(machine, "control-plane");
    const view = { ...state, machine: machine.name, target, clusterVersion: config.version, isServer };
    for (const warning of upgradeWarnings(view)) note(`warning: ${warning}`);
    const problems = upgradeProblems(view);
    if (problems.length > 0) {
      throw new Error(`this machine cannot be upgraded now:\n${problems.map((one) => `- ${one}`).join("\n")}`);
    }
    return followed;
  });
}
