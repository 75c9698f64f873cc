import { createInterface } from "node:readline/promises";
import { FlagError, defineFlags } from "@kube-ts/std/flags";
import type { ClusterConfig } from "../cluster/cluster-config.ts";
import { hasRole } from "../cluster/cluster-view.ts";
import { elapsedSeconds } from "../local/progress.ts";
import { readMachineRecord } from "../machine/machine-record.ts";
import { findOwn, hostTraits, machineFlag } from "../machine/own-machine.ts";
import { clusterConfigFile } from "../machine/places.ts";
import { readConfig, resetMachine } from "../machine/reset-machine.ts";
import { defineCommand } from "./command.ts";

const timeoutMs = 600_000;

export const command = defineCommand({
  needsRoot: true,
  description:
    "Takes this machine out of its cluster: stops the daemons, leaves etcd, removes pods, their network, and every file and\n" +
    "key of the cluster, etcd's data among them. The packages, Docker and its images stay. May be repeated.",
  flags: defineFlags({
    yes: { type: "boolean", default: false, shorthand: "y", description: "Do not ask first." },
    ...machineFlag,
  }),
  run: async ({ values }, { signal, write }) => {
    const name = await nameOf(values.machine);
    if (!values.yes && !(await isConfirmed(name, signal))) throw new Error("nothing was changed");
    const isListed = servesOthers(await readConfig(), name);
    await resetMachine(name, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    write(
      `\n${name} belongs to no cluster any more (${elapsedSeconds()} s). If the cluster still has its node, remove that there:\n` +
        `  kubectl delete node ${name}\n` +
        (isListed ? takenOut(name) : ""),
    );
  },
});

/** Whether other machines of the cluster have been told of this one's etcd or API server. */
function servesOthers(config: ClusterConfig | undefined, name: string): boolean {
  const servers = config?.machines.filter((one) => hasRole(one, "etcd") || hasRole(one, "control-plane")) ?? [];
  return servers.length > 1 && servers.some((one) => one.name === name);
}

function takenOut(name: string): string {
  return (
    "The others still look for its daemons. To end that, take it out of the cluster's configuration, on another\n" +
    `control-plane machine; leave ${name} out of the file's machines:\n` +
    `  cp ${clusterConfigFile} cluster.yaml && editor cluster.yaml && kube-ts install --config cluster.yaml\n` +
    "and then, on each machine that is left:\n  kube-ts install --use-cluster-config\n"
  );
}

/** A machine of which nothing can be read is reset all the same. */
async function nameOf(given: string): Promise<string> {
  const recorded = (await readMachineRecord().catch(() => undefined))?.name;
  if (given !== "" && recorded !== undefined && recorded !== given) {
    throw new FlagError("machine", `--machine ${given}: this machine is ${recorded} in its cluster`);
  }
  const host = hostTraits();
  const name = given === "" ? recorded : given;
  if (name !== undefined) return name;
  const config = await readConfig();
  return (config && findOwn(config, host)?.name) ?? host.hostName;
}

async function isConfirmed(name: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) throw new FlagError("yes", "there is nobody to ask: use --yes");
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const question = `This removes everything of the cluster from ${name}, etcd's data among it. Go on? [y/N] `;
    return /^y(es)?$/i.test((await lines.question(question, { signal })).trim());
  } finally {
    lines.close();
  }
}
