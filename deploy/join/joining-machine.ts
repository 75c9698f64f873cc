import { ipFamilyOf, parseIpAddress } from "@kube-ts/std/ip-address";
import type { ClusterConfig, Machine } from "../cluster/cluster-config.ts";
import { clusterFamilies, hasRole, machineNamed } from "../cluster/cluster-view.ts";

/** What somebody who has a machine join says of it. */
export interface JoinWish {
  readonly name: string;
  readonly isControlPlane: boolean;
  readonly hasCertificateKey: boolean;
  /** Addresses for a machine that the configuration does not name; empty to take those of the machine. */
  readonly addresses: readonly string[];
}

/**
 * The machine as the cluster's configuration has it, or, for a worker that it does not name, with the machine's own
 * addresses. Throws when the wish contradicts the configuration.
 */
export function joiningMachine(config: ClusterConfig, wish: JoinWish, ownAddresses: readonly string[]): Machine {
  const machine = machineNamed(config, wish.name) ?? unknownMachine(config, wish, ownAddresses);
  const isServer = hasRole(machine, "control-plane");
  if (wish.isControlPlane && !isServer) {
    throw new Error(
      `the cluster's configuration gives the machine ${wish.name} the roles ${machine.roles.join(", ")}: join it without --control-plane, or change the configuration`,
    );
  }
  if (isServer && !wish.isControlPlane) {
    throw new Error(
      `the cluster's configuration gives the machine ${wish.name} the role control-plane: join it with --control-plane and --certificate-key`,
    );
  }
  if (needsSharedFiles(machine) && !wish.hasCertificateKey) {
    throw new Error(
      `the machine ${wish.name} needs --certificate-key: \`kube-ts certificates upload\` on a control-plane machine prints one`,
    );
  }
  return machine;
}

/** Whether the machine makes certificates of its own, by the cluster's authorities. */
export function needsSharedFiles(machine: Machine): boolean {
  return hasRole(machine, "control-plane") || hasRole(machine, "etcd");
}

function unknownMachine(config: ClusterConfig, wish: JoinWish, ownAddresses: readonly string[]): Machine {
  if (wish.isControlPlane) {
    throw new Error(
      `the cluster's configuration does not name the machine ${wish.name}: add it, run \`kube-ts install --config\` with that on a control-plane machine, and join again`,
    );
  }
  const given = wish.addresses.length > 0 ? wish.addresses : firstOfEachFamily(config, ownAddresses);
  const missing = clusterFamilies(config).filter((family) => !given.some((address) => ipFamilyOf(address) === family));
  if (missing.length > 0) {
    throw new Error(
      `the cluster's configuration does not name the machine ${wish.name}, and it has no ${missing.join(" and no ")} address: use --address`,
    );
  }
  const other = config.machines.find(({ addresses }) => addresses.some((address) => isAmong(address, given)));
  if (other) {
    throw new Error(
      `the cluster's configuration gives the addresses of ${wish.name}, ${given.join(" and ")}, to the machine ${other.name}: join it as --machine ${other.name}, or take that out of the configuration`,
    );
  }
  return { name: wish.name, roles: ["worker"], addresses: given, labels: {}, taints: undefined };
}

function isAmong(address: string, others: readonly string[]): boolean {
  const wanted = parseIpAddress(address);
  return others.map(parseIpAddress).some((other) => other?.family === wanted?.family && other?.value === wanted?.value);
}

function firstOfEachFamily(config: ClusterConfig, addresses: readonly string[]): readonly string[] {
  return clusterFamilies(config).flatMap((family) => addresses.find((each) => ipFamilyOf(each) === family) ?? []);
}
