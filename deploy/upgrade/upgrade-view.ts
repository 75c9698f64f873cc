import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { kubernetesVersion } from "@kube-ts/std/version";
import { isHealthy } from "../backup/etcd-snapshot.ts";
import { ownEtcd } from "../backup/own-etcd.ts";
import type { OwnMachine } from "../machine/own-machine.ts";
import { apiServerUrl, etcdMember, hasRole, machinesWith } from "../cluster/cluster-view.ts";
import { adminKubeconfig, kubeconfigPath } from "../machine/places.ts";
import type { UpgradeView } from "./upgrade-rules.ts";

const answerMs = 5_000;

/** Looks at the cluster from this machine, and changes nothing. */
export async function upgradeView({ config, machine }: OwnMachine, signal: AbortSignal): Promise<UpgradeView> {
  const isServer = hasRole(machine, "control-plane");
  const hasEtcd = hasRole(machine, "etcd");
  const kubeconfig = isServer ? adminKubeconfig : kubeconfigPath("kubelet.conf");
  const servers = machinesWith(config, "control-plane").map(async (server) => ({
    machine: server.name,
    version: await serverVersion(kubeconfig, apiServerUrl(config, server), signal),
  }));
  const members = machinesWith(config, "etcd").filter(({ name }) => hasEtcd && name !== machine.name);
  const otherMembers = members.map(async (member) => {
    const endpoint = etcdMember(config, member).clientUrl;
    return { machine: member.name, healthy: await isHealthy({ ...ownEtcd(config), endpoint }, signal) };
  });
  return {
    machine: machine.name,
    target: kubernetesVersion.replace(/^v/, ""),
    clusterVersion: config.version,
    isServer,
    hasEtcd,
    servers: await Promise.all(servers),
    otherMembers: await Promise.all(otherMembers),
  };
}

/** The version of one API server; undefined when it does not answer. */
async function serverVersion(kubeconfig: string, server: string, signal: AbortSignal): Promise<string | undefined> {
  const config = await clientConfigFromFile(kubeconfig, { server });
  await using client: Client = createClient(config, { userAgent: "kube-ts-upgrade" });
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
    const response = await client.raw({ method: "GET", path: "/version", signal: limit });
    return (JSON.parse(await response.text()) as { gitVersion?: string }).gitVersion;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
