import { rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import type { Clock } from "@kube-ts/std/clock";
import type { ClusterConfig, Machine } from "../cluster/cluster-config.ts";
import { apiServerUrls, clusterUrl } from "../cluster/cluster-view.ts";
import { type KubeconfigUser, formatKubeconfig } from "../cluster/kubeconfig.ts";
import { privateFile } from "../machine/files/planned-file.ts";
import { writeFiles } from "../machine/files/write-files.ts";
import { kubeconfigPath, kubeletDirectory } from "../machine/places.ts";
import { daemonGroup, nodeDaemons } from "./node-daemons.ts";
import { requestClientCertificate } from "./request-certificate.ts";

const signTimeoutMs = 120_000;
const kubeletPki = join(kubeletDirectory, "pki");
/** What the kubelet is, as a client and as a server: certificates with their keys, which it renews itself. */
export const kubeletCertificates = {
  client: join(kubeletPki, "kubelet-client-current.pem"),
  server: join(kubeletPki, "kubelet-server-current.pem"),
} as const;
const currentClient = kubeletCertificates.client;

/** What a worker's kubeconfigs have in common. */
export interface WorkerCluster {
  readonly config: ClusterConfig;
  readonly machine: Machine;
  /** PEM. */
  readonly authority: string;
}

/**
 * Gets the machine its identities: its kubelet's with the bootstrap token, and with that those of the daemons beside it.
 * They are written where the daemons read them; the kubelet renews its own, `kube-ts certificates renew` the others.
 */
export async function obtainWorkerCredentials(
  cluster: WorkerCluster,
  bootstrap: Client,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  await obtainNodeIdentity(cluster, bootstrap, clock, signal);
  const config = await clientConfigFromFile(kubeconfigPath("kubelet.conf"));
  await using node = createClient(config, { userAgent: "kube-ts-join" });
  const organizations = [daemonGroup(cluster.machine.name)];
  for (const { user, kubeconfig } of nodeDaemons) {
    const request = { commonName: user, organizations, usages: ["client"] } as const;
    const options = { signerName: "kubernetes.io/kube-apiserver-client", timeoutMs: signTimeoutMs, clock } as const;
    const { cert, key } = await requestClientCertificate(node, request, options, signal);
    const text = kubeconfigText(cluster, user, { clientCertificate: cert, clientKey: key });
    await writeFiles([privateFile(kubeconfigPath(kubeconfig), text)]);
  }
}

/**
 * As the kubelet does it itself with a bootstrap kubeconfig: a certificate in its store, and a kubeconfig that names it.
 * `asker` may ask for it: somebody with a bootstrap token, or the node itself.
 */
export async function obtainNodeIdentity(
  cluster: WorkerCluster,
  asker: Client,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const user = `system:node:${cluster.machine.name}`;
  const request = { commonName: user, organizations: ["system:nodes"], usages: ["client"] } as const;
  const options = {
    signerName: "kubernetes.io/kube-apiserver-client-kubelet",
    timeoutMs: signTimeoutMs,
    clock,
  } as const;
  const { cert, key } = await requestClientCertificate(asker, request, options, signal);
  const stamp = new Date(clock.now()).toISOString().slice(0, 19).replaceAll(/[T:]/g, "-");
  const path = join(kubeletPki, `kubelet-client-${stamp}.pem`);
  await writeFiles([privateFile(path, `${cert.trim()}\n${key.trim()}\n`)]);
  await rm(`${currentClient}.next`, { force: true });
  await symlink(path, `${currentClient}.next`);
  await rename(`${currentClient}.next`, currentClient);
  const files = { clientCertificateFile: currentClient, clientKeyFile: currentClient };
  await writeFiles([privateFile(kubeconfigPath("kubelet.conf"), kubeconfigText(cluster, user, files))]);
}

function kubeconfigText({ config, authority }: WorkerCluster, userName: string, user: KubeconfigUser): string {
  return formatKubeconfig({
    clusterName: config.name,
    servers: apiServerUrls(config),
    server: clusterUrl(config),
    authority,
    userName,
    user,
  });
}
