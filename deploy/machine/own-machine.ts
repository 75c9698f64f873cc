import { existsSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { formatIpAddress, parseIpAddress } from "@kube-ts/std/ip-address";
import { FlagError } from "@kube-ts/std/flags";
import { type ClusterConfig, type Machine, loadClusterConfig } from "../cluster/cluster-config.ts";
import { machineNamed } from "../cluster/cluster-view.ts";
import { readMachineRecord } from "./machine-record.ts";
import { clusterConfigFile } from "./places.ts";

/** This machine as its cluster knows it. */
export interface OwnMachine {
  readonly config: ClusterConfig;
  readonly machine: Machine;
}

export const machineFlag = {
  machine: {
    type: "string",
    default: "",
    description:
      "Name of this machine in the cluster's configuration. A machine of a cluster knows it; before, it is known by its host " +
      "name or its addresses.",
  },
} as const;

/** By what a machine may be told from others. */
export interface MachineTraits {
  /** On the command line; empty for none. */
  readonly given: string;
  /** What the machine has been called since it is in its cluster. */
  readonly recorded: string | undefined;
  readonly hostName: string;
  readonly addresses: readonly string[];
}

/** This machine of the configuration it was set up with. Rejects on a machine that belongs to no cluster, or to one that does not know it. */
export async function ownMachine(given: string): Promise<OwnMachine> {
  if (!existsSync(clusterConfigFile)) {
    throw new Error(
      `this machine belongs to no cluster: there is no ${clusterConfigFile} (see kube-ts install, kube-ts join)`,
    );
  }
  const config = await loadClusterConfig(clusterConfigFile);
  return { config, machine: await machineOf(config, given, clusterConfigFile) };
}

/** This machine among those of a configuration. Rejects where it is none of them; `path` is for the error. */
export async function machineOf(config: ClusterConfig, given: string, path: string): Promise<Machine> {
  return chooseMachine(config, await machineTraits(given), path);
}

async function machineTraits(given: string): Promise<MachineTraits> {
  return { given, recorded: (await readMachineRecord())?.name, ...hostTraits() };
}

/** What any machine has. */
export function hostTraits(): Pick<MachineTraits, "hostName" | "addresses"> {
  return {
    hostName: ownHostName(),
    addresses: Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []),
  };
}

export function ownHostName(): string {
  return hostname().trim().toLowerCase();
}

/** Throws a FlagError where the name that is given is not the machine's, and where the configuration has no such machine. */
export function chooseMachine(config: ClusterConfig, traits: MachineTraits, path: string): Machine {
  const { given, recorded, hostName } = traits;
  if (given !== "" && recorded !== undefined && given !== recorded) {
    throw new FlagError(
      "machine",
      `--machine ${given}: this machine is ${recorded} in its cluster; kube-ts reset takes it out of that`,
    );
  }
  const name = given === "" ? recorded : given;
  const machine = name === undefined ? findOwn(config, traits) : machineNamed(config, name);
  if (machine) return machine;
  const known = config.machines.map((one) => one.name).join(", ");
  throw new FlagError("machine", `${path} has no machine ${name ?? hostName}, but ${known}: use --machine`);
}

/** The machine with the host's name, or the one with an address of the host's. */
export function findOwn(
  config: ClusterConfig,
  { hostName, addresses }: Pick<MachineTraits, "hostName" | "addresses">,
): Machine | undefined {
  const own = new Set(addresses.map(canonical));
  return (
    machineNamed(config, hostName) ??
    config.machines.find((each) => each.addresses.map(canonical).some((one) => own.has(one)))
  );
}

function canonical(text: string): string {
  const address = parseIpAddress(text);
  return address ? formatIpAddress(address) : text;
}
