import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { FlagError, defineFlags } from "@kube-ts/std/flags";
import { checkedClusterConfig } from "../cluster/checked-config.ts";
import type { ClusterConfig, Machine } from "../cluster/cluster-config.ts";
import { machineNamed, machinesWith } from "../cluster/cluster-view.ts";
import { elapsedSeconds } from "../local/progress.ts";
import { adminKubeconfig, clusterConfigFile } from "../machine/places.ts";
import { setUpMachine } from "../machine/set-up-machine.ts";
import { defineCommand } from "./command.ts";

const timeoutMs = 1_800_000;

export const command = defineCommand({
  description:
    "Sets this machine up as the configuration of its cluster says, and starts the cluster on its first control-plane\n" +
    "machine. May be repeated: what is as it should be is left alone. Other machines come in with kube-ts join.",
  flags: defineFlags({
    config: {
      type: "string",
      default: "",
      description: `configuration file of the cluster; without it, the one this machine was set up with (${clusterConfigFile})`,
    },
    machine: {
      type: "string",
      default: "",
      description: "name of this machine in the configuration, if it is not the host's name",
    },
  }),
  run: async ({ values }, { signal, write }) => {
    const config = await checkedClusterConfig(configFile(values.config));
    const machine = ownMachine(config, values.machine);
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const { changes } = await setUpMachine({ config, machine, membership: undefined }, deadline);
    write(`\n${changes.length === 0 ? unchanged(machine) : summary(config, machine)}`);
  },
});

function configFile(given: string): string {
  if (given !== "") return given;
  if (existsSync(clusterConfigFile)) return clusterConfigFile;
  throw new FlagError("config", "--config: name the configuration file of the cluster");
}

/** The machine of the configuration that this one is. */
export function ownMachine(config: ClusterConfig, given: string): Machine {
  const name = given === "" ? hostname().trim().toLowerCase() : given;
  const machine = machineNamed(config, name);
  if (machine) return machine;
  const known = config.machines.map((one) => one.name).join(", ");
  throw new FlagError("machine", `the configuration has no machine ${name}, but ${known}: use --machine`);
}

function unchanged({ name }: Machine): string {
  return `Nothing to change: ${name} is as its configuration says (${elapsedSeconds()} s).\n`;
}

function summary(config: ClusterConfig, { name, roles }: Machine): string {
  const others = config.machines.filter((one) => one.name !== name);
  const servers = machinesWith({ ...config, machines: others }, "control-plane").length;
  return [
    `${name} is set up: ${roles.join(", ")} (${elapsedSeconds()} s).`,
    ...(roles.includes("control-plane")
      ? ["To use the cluster:", `  export KUBECONFIG=${adminKubeconfig}`, "  kubectl get nodes"]
      : []),
    ...(roles.includes("control-plane") && others.length > 0
      ? [
          "To join another machine, run there what this prints:",
          "  kube-ts token create --print-join-command",
          ...(servers > 0
            ? ["and for another control-plane machine:", "  kube-ts token create --print-join-command --control-plane"]
            : []),
        ]
      : []),
    "",
  ].join("\n");
}
