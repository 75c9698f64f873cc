import { existsSync } from "node:fs";
import { systemClock } from "@kube-ts/std/clock";
import { FlagError, defineFlags } from "@kube-ts/std/flags";
import { checkedClusterConfig } from "../cluster/checked-config.ts";
import type { ClusterConfig, Machine } from "../cluster/cluster-config.ts";
import { machinesWith } from "../cluster/cluster-view.ts";
import { elapsedSeconds } from "../local/progress.ts";
import type { ConfigurationSource } from "../machine/configuration-source.ts";
import { configurationOfCluster } from "../machine/follow-cluster.ts";
import { machineFlag, machineOf } from "../machine/own-machine.ts";
import { adminKubeconfig, clusterConfigFile } from "../machine/places.ts";
import { setUpMachine } from "../machine/set-up-machine.ts";
import { restartInTurn } from "../machine/whole-cluster.ts";
import { defineCommand } from "./command.ts";

const timeoutMs = 1_800_000;

export const command = defineCommand({
  needsRoot: true,
  description:
    "Sets this machine up as the configuration of its cluster says, and starts the cluster on its first control-plane\n" +
    "machine. May be repeated: what is as it should be is left alone. Other machines come in with kube-ts join.",
  flags: defineFlags({
    config: {
      type: "string",
      default: "",
      description: `Configuration file of the cluster; without it, the one this machine was set up with (${clusterConfigFile}).`,
    },
    "use-cluster-config": {
      type: "boolean",
      default: false,
      description: "Take the configuration from the cluster that this machine is in, instead of a file.",
    },
    "overwrite-cluster-config": {
      type: "boolean",
      default: false,
      description: "Make the file the cluster's configuration although that has changed since this machine saw it.",
    },
    ...machineFlag,
  }),
  run: async ({ values }, { signal, write, warn }) => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const { config, machine, source } = await wanted(values, deadline);
    const setUp = async () => {
      const { changes } = await setUpMachine({ config, machine, source, membership: undefined }, deadline);
      return { changes, hasRestarted: changes.length > 0 };
    };
    const own = { config, machine };
    const isInCluster = existsSync(clusterConfigFile);
    const options = { clock: systemClock, warn };
    const { changes } = isInCluster ? await restartInTurn(own, options, deadline, setUp) : await setUp();
    write(`\n${changes.length === 0 ? unchanged(machine) : summary(config, machine)}`);
  },
});

interface Values {
  readonly config: string;
  readonly machine: string;
  readonly "use-cluster-config": boolean;
  readonly "overwrite-cluster-config": boolean;
}

interface Wanted {
  readonly config: ClusterConfig;
  readonly machine: Machine;
  readonly source: ConfigurationSource;
}

async function wanted(values: Values, signal: AbortSignal): Promise<Wanted> {
  const { "use-cluster-config": follows, "overwrite-cluster-config": overwrites } = values;
  if (follows && (values.config !== "" || overwrites)) {
    const other = overwrites ? "overwrite-cluster-config" : "config";
    throw new FlagError("use-cluster-config", `--use-cluster-config and --${other}: give one of them`);
  }
  if (follows) return configurationOfCluster(values.machine, signal);
  const path = configFile(values.config);
  const config = await checkedClusterConfig(path);
  const machine = await machineOf(config, values.machine, path);
  return { config, machine, source: { kind: overwrites ? "overwriting" : "file" } };
}

function configFile(given: string): string {
  if (given !== "") return given;
  if (existsSync(clusterConfigFile)) return clusterConfigFile;
  throw new FlagError("config", "--config: name the configuration file of the cluster");
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
