import type { Pod } from "@kube-ts/api/core/v1";
import { nameOf, namespaceOf } from "@kube-ts/api/object";
import type { Client } from "@kube-ts/client/client";
import { DelegatedAccess } from "@kube-ts/client/delegated-access";
import type { DaemonContext } from "@kube-ts/std/daemon";
import { loadServingTls } from "@kube-ts/std/serving-flags";
import type { KubeletConfig } from "./config/kubelet-config.ts";
import type { LocalNode } from "./node/local-node.ts";
import type { PodWorkers } from "./pods/pod-workers.ts";
import type { Runtime } from "./runtime/runtime.ts";
import type { Access } from "./server/access.ts";
import { withoutAuthorization } from "./server/access.ts";
import { startKubeletServer } from "./server/kubelet-server.ts";
import type { PodSource } from "./server/pod-source.ts";
import type { StatsProvider } from "./stats/stats-provider.ts";

/** What the server shows and reaches. */
export interface ServedNode {
  readonly node: LocalNode;
  readonly runtime: Runtime;
  readonly workers: PodWorkers;
  readonly stats: StatsProvider;
}

/**
 * Starts the server on the node's secure port, and on the read-only port if there is one. Without an API server there
 * is none: nobody could say who may use it.
 */
export async function serveNode(
  config: KubeletConfig,
  client: Client | undefined,
  context: DaemonContext,
  served: ServedNode,
): Promise<AsyncDisposable> {
  const { server } = config;
  const { clock } = context;
  const stack = new AsyncDisposableStack();
  if (!server.enabled || !client) return stack;
  const shared = sharedOptions(config, context, served);
  const tls = await loadServingTls({ ...server, host: server.address }, clock.now());
  const access = accessOf(config, client, context);
  const { port, debuggingHandlers } = server;
  stack.use(await startKubeletServer({ ...shared, port, tls, access, debuggingHandlers }));
  if (server.readOnlyPort === 0) return stack;
  const open = { access: openToAll, debuggingHandlers: false };
  stack.use(await startKubeletServer({ ...shared, port: server.readOnlyPort, ...open }));
  return stack;
}

function sharedOptions(config: KubeletConfig, { clock, log, registry }: DaemonContext, served: ServedNode) {
  const { node, runtime, workers, stats } = served;
  return {
    address: config.server.address,
    nodeName: config.nodeName,
    runtime,
    pods: podSource(workers),
    machine: node.machine,
    summary: (signal: AbortSignal) => stats.summary(signal),
    registry,
    healthChecks: [],
    configz: () => ({ kubeletconfig: config }),
    runHandler: false,
    streamIdleTimeoutMs: config.server.streamIdleTimeoutMs,
    clock,
    log,
  };
}

/** The read-only port asks nobody; it shows and changes nothing inside pods. */
const openToAll: Access = withoutAuthorization({
  authenticate: () => Promise.resolve({ username: "system:anonymous", groups: ["system:unauthenticated"] }),
});

function accessOf({ server }: KubeletConfig, client: Client, { clock, log }: DaemonContext): Access {
  const access = new DelegatedAccess({ client, clock, log, anonymous: server.anonymous });
  return server.authorization === "AlwaysAllow" ? withoutAuthorization(access) : access;
}

/** The pods of the workers, with the status that each computed last. */
function podSource(workers: PodWorkers): PodSource {
  const current = (): Pod[] => workers.list().map((worker) => ({ ...worker.pod, status: worker.status }));
  return {
    list: current,
    get: (namespace, name) => current().find((pod) => namespaceOf(pod) === namespace && nameOf(pod) === name),
  };
}
