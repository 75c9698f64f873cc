import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { systemClock } from "@kube-ts/std/clock";
import { isHealthy } from "../backup/etcd-snapshot.ts";
import { ownEtcd } from "../backup/own-etcd.ts";
import { apiServerUrl, etcdMember, hasRole, machinesWith } from "../cluster/cluster-view.ts";
import type { Machine } from "../cluster/cluster-config.ts";
import { etcdCluster } from "../join/etcd/etcd-membership.ts";
import type { OwnMachine } from "./own-machine.ts";
import { adminKubeconfig, kubeconfigPath } from "./places.ts";

/** What of a cluster serves, as one of its machines sees it. */
export interface ClusterState {
  /**
   * The API servers, this machine's own among them; a version is undefined for one that does not answer. None on a machine
   * that may not ask them.
   */
  readonly servers: readonly {
    readonly machine: string;
    readonly version: string | undefined;
    readonly isReady: boolean;
  }[];
  /** The members of etcd, this machine's own among them; none on a machine that may not ask them. */
  readonly members: readonly { readonly machine: string; readonly isHealthy: boolean }[];
}

const answerMs = 5_000;

/**
 * Looks at the cluster from this machine, and changes nothing. Machines that are to have etcd and are no members of it have
 * not joined yet, or have left: nothing is expected of them.
 */
export async function clusterState({ config, machine }: OwnMachine, signal: AbortSignal): Promise<ClusterState> {
  const joined = hasRole(machine, "etcd") ? await memberNames({ config, machine }, signal) : undefined;
  const isThere = (one: Machine) => joined === undefined || !hasRole(one, "etcd") || joined.has(one.name);
  const kubeconfig = hasRole(machine, "control-plane") ? adminKubeconfig : kubeconfigPath("kubelet.conf");
  // A machine with etcd alone knows nobody whom it could be.
  const asksServers = hasRole(machine, "control-plane") || hasRole(machine, "worker");
  const asked = asksServers ? machinesWith(config, "control-plane").filter(isThere) : [];
  const servers = asked.map(async (server) => ({
    machine: server.name,
    ...(await serverState(kubeconfig, apiServerUrl(config, server), signal)),
  }));
  const known = hasRole(machine, "etcd") ? machinesWith(config, "etcd").filter(isThere) : [];
  const members = known.map(async (member) => {
    const endpoint = etcdMember(config, member).clientUrl;
    return { machine: member.name, isHealthy: await isHealthy({ ...ownEtcd(config), endpoint }, signal) };
  });
  return { servers: await Promise.all(servers), members: await Promise.all(members) };
}

/** What does not serve; empty when everything does. */
export function missingParts({ servers, members }: ClusterState): readonly string[] {
  return [
    ...servers.flatMap(({ machine, isReady }) => (isReady ? [] : [`the API server of ${machine} is not ready`])),
    ...members.flatMap((member) => (member.isHealthy ? [] : [`etcd is not healthy on ${member.machine}`])),
  ];
}

/** What serves elsewhere. */
export function withoutMachine({ servers, members }: ClusterState, name: string): ClusterState {
  const isOther = ({ machine }: { readonly machine: string }) => machine !== name;
  return { servers: servers.filter(isOther), members: members.filter(isOther) };
}

/** The state without what did not serve before either, but with all of the machine `own`. */
export function withoutMissing(state: ClusterState, before: ClusterState, own: string): ClusterState {
  const servers = new Set(before.servers.flatMap(({ machine, isReady }) => (isReady ? [machine] : [])));
  const members = new Set(before.members.flatMap((member) => (member.isHealthy ? [member.machine] : [])));
  return {
    servers: state.servers.filter(({ machine }) => machine === own || servers.has(machine)),
    members: state.members.filter(({ machine }) => machine === own || members.has(machine)),
  };
}

/** Of the members of etcd; undefined when none of them answers. */
async function memberNames(
  { config, machine }: OwnMachine,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  const members = await etcdCluster(config, machine, systemClock)
    .members(signal)
    .catch(() => undefined);
  signal.throwIfAborted();
  return members && new Set(members.map(({ name }) => name));
}

async function serverState(
  kubeconfig: string,
  server: string,
  signal: AbortSignal,
): Promise<{ version: string | undefined; isReady: boolean }> {
  const config = await clientConfigFromFile(kubeconfig, { server }).catch(() => undefined);
  if (!config) return { version: undefined, isReady: false };
  await using client: Client = createClient(config, { userAgent: "kube-ts", requestTimeoutMs: answerMs });
  const text = async (path: string) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
    const answer = await client.raw({ method: "GET", path, signal: limit }).catch(() => undefined);
    signal.throwIfAborted();
    return answer?.status === 200 ? answer.text().catch(() => undefined) : undefined;
  };
  const version = versionIn(await text("/version"));
  return { version, isReady: version !== undefined && (await text("/readyz")) !== undefined };
}

function versionIn(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as { gitVersion?: string }).gitVersion;
  } catch {
    return undefined;
  }
}
