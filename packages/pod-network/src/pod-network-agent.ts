import type { Node } from "@kube-ts/api/core/v1";
import { nodes } from "@kube-ts/api/resource-types";
import type { Client } from "@kube-ts/client/client";
import { ApiEventRecorder } from "@kube-ts/client/event-recorder";
import type { Informer } from "@kube-ts/client/informer";
import { InformerFactory } from "@kube-ts/client/informer-factory";
import { WorkQueue } from "@kube-ts/client/work-queue";
import { aborted } from "@kube-ts/std/abort";
import type { DaemonContext } from "@kube-ts/std/daemon";
import { startServing } from "@kube-ts/std/serving";
import { TaskGroup } from "@kube-ts/std/task-group";
import type { AgentConfig } from "./agent-config.ts";
import { createNetworkMetrics } from "./network-metrics.ts";
import { NetworkRounds } from "./network-rounds.ts";
import { clusterNode } from "./plan/cluster-node.ts";

/** There is one thing to do: to bring the host to what the cluster asks for. */
const everything = "host";
/** Changes of several nodes within this time are one round. */
const gatherMs = 100;
/** So many periods without a successful round make the agent unhealthy. */
const unhealthyPeriods = 6;

/** Keeps this node's part of the pod network until the signal aborts; all of it stays behind. */
export async function runAgent(config: AgentConfig, client: Client, context: DaemonContext): Promise<void> {
  const { clock, log, random, registry, signal } = context;
  const { nodeName, syncPeriodMs } = config;
  const factory = new InformerFactory(client, { clock, random, log });
  const informer = factory.informer(nodes, { transform: (node) => slimNode(node, nodeName) });
  const events = new ApiEventRecorder({ client, component: "pod-network-agent", host: nodeName, clock, random, log });
  const rounds = new NetworkRounds({
    config,
    client,
    informer,
    events,
    metrics: createNetworkMetrics(registry),
    clock,
    log,
  });
  const queue = new WorkQueue({
    name: "pod_network",
    clock,
    log,
    registry,
    retryBaseMs: 500,
    retryMaxMs: syncPeriodMs,
  });
  const tasks = new TaskGroup(signal);
  tasks.start((taskSignal) => serve(config, context, () => rounds.sinceSuccessMs(), taskSignal));
  tasks.start((taskSignal) => factory.run(taskSignal));
  tasks.start((taskSignal) => events.run(taskSignal));
  tasks.start(async (taskSignal) => {
    await factory.waitForSync(taskSignal);
    log.info("synced with the API server", { nodeName });
    context.ready();
    followNodes(informer, () => queue.addAfter(everything, gatherMs));
    queue.add(everything);
    await queue.run(taskSignal, 1, async (_key, roundSignal) => {
      await rounds.run(roundSignal);
      queue.addAfter(everything, syncPeriodMs);
    });
  });
  await tasks.settled();
}

/** Calls back for every change that the network depends on; of a node's many reports most are none. */
function followNodes(informer: Informer<Node>, changed: () => void): void {
  const text = (node: Node) => JSON.stringify([clusterNode(node), node.status?.conditions]);
  informer.subscribe({
    added: changed,
    updated: (old, current) => {
      if (text(old) !== text(current)) changed();
    },
    deleted: changed,
  });
}

/** What the agent reads of a node. */
function slimNode(node: Node, ownName: string): Node {
  const { name, uid, resourceVersion } = node.metadata;
  const { podCIDR, podCIDRs } = node.spec;
  const conditions = name === ownName ? node.status?.conditions : undefined;
  return {
    metadata: { name, uid, resourceVersion },
    spec: { podCIDR, podCIDRs },
    status: { addresses: node.status?.addresses, conditions },
  };
}

async function serve(
  { healthzBind, metricsBind, syncPeriodMs }: AgentConfig,
  { registry, zpages, log }: DaemonContext,
  sinceSuccessMs: () => number,
  signal: AbortSignal,
): Promise<void> {
  const check = () => {
    const sinceMs = sinceSuccessMs();
    if (sinceMs > Math.max(60_000, unhealthyPeriods * syncPeriodMs)) {
      throw new Error(`the last successful round was ${Math.round(sinceMs / 1_000)} s ago`);
    }
  };
  const liveness = [{ name: "sync", check }];
  await using servers = new AsyncDisposableStack();
  if (healthzBind) servers.use(await startServing({ ...healthzBind, liveness, log }));
  if (metricsBind) servers.use(await startServing({ ...metricsBind, registry, zpages, log }));
  await aborted(signal);
}
