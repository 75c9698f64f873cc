import type { Pod } from "@kube-ts/api/core/v1";
import type { Client } from "@kube-ts/client/client";
import { DelegatedAccess } from "@kube-ts/client/delegated-access";
import type { DaemonContext } from "@kube-ts/std/daemon";
import type { HealthCheck } from "@kube-ts/std/health";
import { TaskGroup } from "@kube-ts/std/task-group";
import { servingCertificateMetrics } from "./certificates/certificate-metrics.ts";
import { nodeSubject } from "./certificates/certificate-subject.ts";
import { CertificateRotation } from "./certificates/certificate-rotation.ts";
import { CertificateStore } from "./certificates/certificate-store.ts";
import { borrowed } from "./certificates/client-rotation.ts";
import { servingSigner } from "./certificates/request-certificate.ts";
import type { KubeletConfig } from "./config/kubelet-config.ts";
import type { KubeletParts } from "./kubelet-parts.ts";
import type { LocalNode } from "./node/local-node.ts";
import { serverAccess, standaloneAccess } from "./node/server-access.ts";
import { ServingIdentity } from "./node/serving-identity.ts";
import type { Runtime } from "./runtime/runtime.ts";
import { type Access, withoutAuthorization } from "./server/access.ts";
import { HttpMetrics } from "./server/metrics/http-metrics.ts";
import { type KubeletServerOptions, startKubeletServer } from "./server/kubelet-server.ts";
import type { PodSource } from "./server/pod-source.ts";

const relistLimitMs = 180_000;
const systemLogDirectory = "/var/log";

/** Serves the API server and monitoring until the signal aborts: on the secure port, and on the read-only port if there is one. */
export async function serveNode(
  config: KubeletConfig,
  client: Client | undefined,
  context: DaemonContext,
  node: LocalNode,
  runtime: Runtime,
  parts: KubeletParts,
  signal: AbortSignal,
): Promise<void> {
  const { server } = config;
  const { clock, log, registry, zpages } = context;
  const hosts = [config.nodeName, ...node.ips];
  const { certDirectory } = config;
  const store = server.bootstrapTls ? new CertificateStore(certDirectory, "kubelet-server") : undefined;
  const identity = new ServingIdentity({ config: server, certDirectory, hosts, store, clock, log });
  const tls = await identity.load();
  const delegate = client
    ? new DelegatedAccess({ client, clock, log, anonymous: server.anonymous, cacheMs: 0 })
    : standaloneAccess(server.anonymous);
  const options: KubeletServerOptions = {
    address: server.address,
    port: server.port,
    tls,
    nodeName: config.nodeName,
    runtime,
    pods: podSource(parts),
    machine: node.machine,
    summary: (requestSignal) => parts.stats.summary(requestSignal),
    access: serverAccess(delegate, server, clock),
    registry,
    requests: new HttpMetrics(registry),
    probes: parts.probeMetrics,
    healthChecks: [syncLoopCheck(parts)],
    configz: () => config.document,
    zpages,
    debuggingHandlers: server.debuggingHandlers,
    systemLogDirectory: server.systemLogs ? systemLogDirectory : undefined,
    checkpointHandler: true,
    streamIdleTimeoutMs: server.streamIdleTimeoutMs,
    clock,
    log,
  };
  await using secure = await startKubeletServer(options);
  await using _readOnly = server.readOnlyPort === 0 ? undefined : await serveReadOnly(options, server.readOnlyPort);
  const tasks = new TaskGroup(signal);
  tasks.start((taskSignal) => identity.follow(tls, (fresh) => secure.setTls(fresh), taskSignal));
  if (store && client) {
    const rotation = servingRotation(config, client, context, store, hosts, identity.changed);
    tasks.start((taskSignal) => rotation.run(taskSignal));
  }
  await tasks.settled();
}

/** Asks the API server's signers for the serving certificate, and for the next one in time. */
function servingRotation(
  { nodeName }: KubeletConfig,
  client: Client,
  { clock, random, log, registry }: DaemonContext,
  store: CertificateStore,
  hosts: readonly string[],
  onRenewed: () => void,
): CertificateRotation {
  return new CertificateRotation({
    store,
    subject: nodeSubject(nodeName, hosts),
    signerName: servingSigner,
    client: () => Promise.resolve(borrowed(client)),
    metrics: (ttlSeconds) => servingCertificateMetrics(registry, ttlSeconds),
    onRenewed,
    clock,
    random,
    log,
  });
}

/** The read-only port asks nobody; it shows and changes nothing inside pods. */
const openToAll: Access = withoutAuthorization({
  authenticate: () => Promise.resolve({ username: "system:anonymous", groups: ["system:unauthenticated"] }),
});

function serveReadOnly({ tls: _tls, ...options }: KubeletServerOptions, port: number) {
  return startKubeletServer({
    ...options,
    port,
    debuggingHandlers: false,
    checkpointHandler: false,
    access: openToAll,
  });
}

/** The pods as they are, with the status that was computed last. */
function podSource({ workers }: KubeletParts): PodSource {
  const list = () => workers.list().map(({ pod, status }): Pod => ({ ...pod, status }));
  return {
    list,
    get: (namespace, name) => list().find(({ metadata }) => metadata.namespace === namespace && metadata.name === name),
  };
}

/** The kubelet is well while it keeps seeing what the runtime has. */
export function syncLoopCheck({ workers }: KubeletParts): HealthCheck {
  return {
    name: "syncloop",
    check: () => {
      if (workers.relistAgeMs > relistLimitMs) throw new Error("pods have not been listed for too long");
    },
  };
}
