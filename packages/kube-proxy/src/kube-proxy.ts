import type { Node, Service } from "@kube-ts/api/core/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import { objectKey } from "@kube-ts/api/object";
import { endpointSlices, nodes, services } from "@kube-ts/api/resource-types";
import type { Client } from "@kube-ts/client/client";
import type { Informer } from "@kube-ts/client/informer";
import { InformerFactory } from "@kube-ts/client/informer-factory";
import { withoutManagedFields } from "@kube-ts/client/without-managed-fields";
import type { Iptables } from "@kube-ts/iptables/iptables";
import type { DaemonContext } from "@kube-ts/std/daemon";
import type { HealthCheck } from "@kube-ts/std/health";
import type { Logger } from "@kube-ts/std/log";
import { systemSysctl } from "@kube-ts/std/sysctl";
import { TaskGroup } from "@kube-ts/std/task-group";
import { ChangeTracker } from "./change-tracker.ts";
import type { ProxyConfig } from "./config/proxy-config.ts";
import { FamilyProxy } from "./family-proxy.ts";
import type { ClusterView } from "./family-proxy.ts";
import { ProxyHealth } from "./health/proxy-health.ts";
import { ServiceHealthServers } from "./health/service-health-servers.ts";
import {
  applyConntrackSettings,
  applyOomScore,
  checkBridgeFiltering,
  findIptables,
  hostAddresses,
  nodeNameOf,
} from "./host.ts";
import { nodeFacts } from "./model/node-facts.ts";
import { Proxier, logFailedRound } from "./proxier.ts";
import { createProxyMetrics } from "./proxy-metrics.ts";
import type { ProxyMetrics } from "./proxy-metrics.ts";
import { serveHealthAndMetrics } from "./serve.ts";
import { BoundedFrequencyRunner, type RunReason } from "./writer/bounded-frequency-runner.ts";
import { slimSlice } from "./slim-slice.ts";
import { createConntrack } from "./writer/conntrack.ts";
import { FlowCleaner } from "./writer/flow-cleaner.ts";

/** Services without a cluster IP, and those left to another proxy, are not even fetched. */
const proxiedOnly = "!service.kubernetes.io/headless,!service.kubernetes.io/service-proxy-name";

interface Informers {
  readonly services: Informer<Service>;
  readonly slices: Informer<EndpointSlice>;
  readonly node: Informer<Node>;
}

/** Keeps this node's packet filter in step with the cluster until the signal aborts; the rules stay behind. */
export async function runProxy(config: ProxyConfig, client: Client, context: DaemonContext): Promise<void> {
  const { clock, log, random, registry, signal } = context;
  const nodeName = nodeNameOf(config.hostnameOverride);
  const metrics = createProxyMetrics(registry);
  const health = new ProxyHealth(clock, 2 * config.iptables.syncPeriodMs);
  const families = await prepareHost(config, log, signal);
  await using serviceHealth = new ServiceHealthServers(() => health.healthy, log);

  const factory = new InformerFactory(client, { clock, random, log });
  const informers = informersOf(factory, nodeName);
  const { minSyncPeriodMs: minIntervalMs, syncPeriodMs: maxIntervalMs } = config.iptables;
  const runner = new BoundedFrequencyRunner({ minIntervalMs, maxIntervalMs }, clock, random);
  const changes = new ChangeTracker(clock.now());
  followChanges(informers, changes, health, config, metrics, () => {
    health.queued();
    metrics.lastQueued.set(clock.now() / 1_000);
    runner.request();
  });
  const proxier = new Proxier({
    families: families.map((iptables) => ({
      proxy: new FamilyProxy(iptables, config, nodeName),
      flows: new FlowCleaner(createConntrack(iptables.family), log),
    })),
    view: () => viewOf(informers, config, nodeName),
    changes,
    health,
    serviceHealth,
    sysctl: systemSysctl,
    metrics,
    clock,
    log,
  });

  const tasks = new TaskGroup(signal);
  tasks.start((taskSignal) => serveHealthAndMetrics(config, health, metrics, context, taskSignal));
  tasks.start((taskSignal) => factory.run(taskSignal));
  tasks.start(async (taskSignal) => {
    await factory.waitForSync(taskSignal);
    log.info("synced with the API server", { nodeName });
    runner.request();
    await writeRules(runner, proxier, () => context.ready([rulesCheck(health)]), log, taskSignal);
  });
  await tasks.settled();
}

/** Answers the packet filters that work on this host. */
async function prepareHost(config: ProxyConfig, log: Logger, signal: AbortSignal): Promise<readonly Iptables[]> {
  await applyOomScore(config.oomScoreAdj, log);
  const families = await findIptables(log, signal);
  await applyConntrackSettings(config.conntrack, systemSysctl, log);
  await checkBridgeFiltering(systemSysctl, log);
  return families;
}

function informersOf(factory: InformerFactory, nodeName: string): Informers {
  const selection = { labelSelector: proxiedOnly };
  return {
    services: factory.informer(services, { selection, transform: withoutManagedFields }),
    slices: factory.informer(endpointSlices, { selection, transform: slimSlice }),
    node: factory.informer(nodes, { selection: { fieldSelector: `metadata.name=${nodeName}` } }),
  };
}

/** Writes the rules whenever the runner says so; `ready` is called when they are in place for the first time. */
async function writeRules(
  runner: BoundedFrequencyRunner,
  proxier: Proxier,
  ready: () => void,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  let announced = false;
  const round = async (reason: RunReason, roundSignal: AbortSignal) => {
    const written = await proxier.sync(reason !== "requested", roundSignal);
    if (written && !announced) ready();
    announced ||= written;
  };
  await runner.run(round, logFailedRound(log), signal);
}

/** Fails when changes have waited for much longer than the rules may lag. */
function rulesCheck(health: ProxyHealth): HealthCheck {
  const check = () => {
    if (!health.healthy) throw new Error("the rules have not been brought up to date for too long");
  };
  return { name: "rules", check };
}

/** Calls `changed` for every change that rules may depend on. */
function followChanges(
  informers: Informers,
  changes: ChangeTracker,
  health: ProxyHealth,
  config: ProxyConfig,
  metrics: ProxyMetrics,
  changed: () => void,
): void {
  const serviceChanged = () => {
    changes.serviceChanged();
    metrics.serviceChangesTotal.inc();
    metrics.serviceChangesPending.set(changes.pending.services);
    changed();
  };
  informers.services.subscribe({ added: serviceChanged, updated: serviceChanged, deleted: serviceChanged });
  const endpointsChanged = (before: EndpointSlice | undefined, after: EndpointSlice | undefined) => {
    changes.endpointsChanged(before, after);
    metrics.endpointChangesTotal.inc();
    metrics.endpointChangesPending.set(changes.pending.endpoints);
    changed();
  };
  informers.slices.subscribe({
    added: (slice) => endpointsChanged(undefined, slice),
    updated: endpointsChanged,
    deleted: (slice) => endpointsChanged(slice, undefined),
  });
  const nodeChanged = (before: Node | undefined, after: Node | undefined) => {
    health.observeNode(after);
    const facts = (node: Node | undefined) => JSON.stringify(nodeFacts(node, config.bindAddress));
    // A node reports its state every few seconds; most of that concerns no rule.
    if (facts(before) !== facts(after)) changed();
  };
  informers.node.subscribe({
    added: (node) => nodeChanged(undefined, node),
    updated: nodeChanged,
    deleted: (node) => nodeChanged(node, undefined),
  });
}

/** What the informers know; undefined until they are complete, and in mode NodeCIDR until the node has its range. */
function viewOf(informers: Informers, config: ProxyConfig, nodeName: string): ClusterView | undefined {
  if (!informers.services.synced || !informers.slices.synced || !informers.node.synced) return undefined;
  const node = informers.node.get(objectKey("", nodeName));
  const waitsForRange = config.detectLocal.mode === "NodeCIDR" && nodeFacts(node, "").podCidrs.length === 0;
  if (waitsForRange) return undefined;
  return {
    services: informers.services.list(),
    slices: informers.slices.list(),
    node,
    hostAddresses: hostAddresses(),
  };
}
