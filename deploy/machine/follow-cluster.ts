import { isTransportError } from "@kube-ts/client/transport-error";
import { withCheckedSettings } from "../cluster/checked-config.ts";
import { type ClusterConfig, type Machine, withMachine } from "../cluster/cluster-config.ts";
import { hasRole, machineNamed } from "../cluster/cluster-view.ts";
import { digestOf, isSameConfiguration, parsePublished } from "../join/publish/cluster-configuration.ts";
import type { ClusterConfiguration } from "../join/publish/cluster-configuration.ts";
import { readWith, seenConfiguration } from "./configuration-source.ts";
import type { ConfigurationSource } from "./configuration-source.ts";
import { readText } from "./files/write-files.ts";
import { type OwnMachine, ownMachine } from "./own-machine.ts";
import { adminKubeconfig, clusterConfigFile, kubeconfigPath } from "./places.ts";

/** A configuration, this machine in it, and where it comes from. */
export interface FollowedConfiguration extends OwnMachine {
  readonly source: ConfigurationSource;
}

const place = "the cluster's configuration";

/** What the cluster says of this machine. Rejects on a machine that is in no cluster, and where no API server answers. */
export async function configurationOfCluster(given: string, signal: AbortSignal): Promise<FollowedConfiguration> {
  const own = await ownMachine(given);
  const found = await readClusters(own, signal);
  if (!found) throw new Error("the cluster has no configuration: name a file with --config");
  return followed(own, found);
}

/**
 * What this machine is upgraded with: as its cluster says, if the machine's own file was not changed, or as the file
 * says, if the cluster's was not. Rejects when both were. Where no API server answers it is the file: an upgrade may be
 * what brings one back, and nothing is taken back when it has.
 */
export async function configurationForUpgrade(own: OwnMachine, signal: AbortSignal): Promise<FollowedConfiguration> {
  const asInstalled = { ...own, source: { kind: "file" } } as const;
  if (!hasRole(own.machine, "control-plane")) return asInstalled;
  const found = await readClusters(own, signal).catch((error: unknown) => {
    if (isTransportError(error)) return undefined;
    throw error;
  });
  if (!found) return asInstalled;
  if (isSameConfiguration(found.text, own.config)) return followed(own, found);
  const seen = await seenConfiguration();
  if (found.digest === seen) return asInstalled;
  if (digestOf((await readText(clusterConfigFile)) ?? "") === seen) return followed(own, found);
  throw new Error(
    `${clusterConfigFile} was changed on this machine, and the cluster's configuration by others: run kube-ts install ` +
      "with --use-cluster-config or with --overwrite-cluster-config before",
  );
}

function readClusters({ machine }: OwnMachine, signal: AbortSignal): Promise<ClusterConfiguration | undefined> {
  return readWith(hasRole(machine, "control-plane") ? adminKubeconfig : kubeconfigPath("kubelet.conf"), signal);
}

async function followed({ machine }: OwnMachine, { text }: ClusterConfiguration): Promise<FollowedConfiguration> {
  const config = withOwn(await withCheckedSettings(parsePublished(text), place), machine);
  const now = machineNamed(config, machine.name);
  if (!now) {
    throw new Error(
      `${place} has no machine ${machine.name} any more: kube-ts reset takes this one out of the cluster`,
    );
  }
  return { config, machine: now, source: { kind: "cluster", text } };
}

/** A worker need not be named. */
function withOwn(config: ClusterConfig, machine: Machine): ClusterConfig {
  const isNamed = machineNamed(config, machine.name) !== undefined;
  const isOnlyWorker = machine.roles.every((role) => role === "worker");
  return isNamed || !isOnlyWorker ? config : withMachine(config, machine);
}
