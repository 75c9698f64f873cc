import { randomInt } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Client } from "@kube-ts/client/client";
import { InformerFactory } from "@kube-ts/client/informer-factory";
import { aborted } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import type { DaemonContext } from "@kube-ts/std/daemon";
import { errorFields } from "@kube-ts/std/log";
import { startServing } from "@kube-ts/std/serving";
import { TaskGroup } from "@kube-ts/std/task-group";
import { createClusterView } from "./cluster-view.ts";
import type { ClusterView } from "./cluster-view.ts";
import { createDnsMetrics, type DnsMetrics } from "./dns-metrics.ts";
import type { DnsConfig } from "./dns-flags.ts";
import { Forwarder } from "./forward/forwarder.ts";
import { parseResolvConf, withoutOwn } from "./forward/resolv-conf.ts";
import { serveHealth } from "./health-server.ts";
import { bindHosts, hostAddresses } from "./host-addresses.ts";
import { QueryHandler } from "./query-handler.ts";
import { dnsService } from "./registration/own-slice.ts";
import { SliceRegistration } from "./registration/slice-registration.ts";
import { ListenerSet } from "./server/listener-set.ts";
import type { MessageHandler } from "./server/listener.ts";
import { ClusterZone } from "./zone/cluster-zone.ts";

/** How often the host's addresses and the servers to hand questions to are looked up again. */
const refreshMs = 10_000;

/** Answers for the cluster's names until the signal aborts. */
export async function runClusterDns(config: DnsConfig, client: Client, context: DaemonContext): Promise<void> {
  const { clock, log, random, registry, zpages, signal } = context;
  const factory = new InformerFactory(client, { clock, random, log });
  const view = createClusterView(factory);
  const forwarder = createForwarder(context);
  const zone = zoneOf(config, view, clock);
  const handler = new QueryHandler({ zone, ready: () => view.synced(), forwarder, random, signal });
  const metrics = createDnsMetrics(registry, config.clusterDomain, () => forwarder.cachedAnswers);

  await using servers = new AsyncDisposableStack();
  if (config.healthPort > 0) servers.use(await serveHealth(config.healthPort, () => view.synced()));
  if (config.metricsPort > 0) {
    servers.use(await startServing({ host: "0.0.0.0", port: config.metricsPort, registry, zpages, log }));
  }
  const listeners = servers.use(new ListenerSet(measured(handler, metrics, clock), log, signal));
  const tasks = new TaskGroup(signal);
  const upstreams = new UpstreamFile(config, forwarder, context);
  const registration = config.registerEndpointSlice
    ? registrationOf(config, client, view, listeners, context)
    : undefined;
  view.onChange(() => registration?.changed());
  const refresh = async () => {
    const hosts = bindHosts(config.bindAddresses, hostAddresses());
    await listeners.set(hosts, config.port);
    await upstreams.read(hosts);
    registration?.changed();
  };
  await refresh();
  if (listeners.hosts.length === 0) throw new Error("none of the addresses could be bound");
  tasks.start(async (taskSignal) => {
    for (;;) {
      await clock.sleep(refreshMs, taskSignal);
      await refresh();
    }
  });
  tasks.start((taskSignal) => factory.run(taskSignal));
  tasks.start(async (taskSignal) => {
    await factory.waitForSync(taskSignal);
    log.info("synced with the API server", { clusterDomain: config.clusterDomain });
    context.ready();
    // Answers are given until this has ended.
    await (registration?.run(taskSignal) ?? aborted(taskSignal));
  });
  await tasks.settled();
}

/** The cluster's names; the zone's serial is the time of the last change, in seconds. */
function zoneOf({ clusterDomain }: DnsConfig, view: ClusterView, clock: Clock): ClusterZone {
  let changedMs = clock.now();
  view.onChange(() => (changedMs = clock.now()));
  return new ClusterZone(clusterDomain, view, () => Math.floor(changedMs / 1_000));
}

function createForwarder({ clock, log }: DaemonContext): Forwarder {
  return new Forwarder({
    maxInFlight: 1_000,
    attemptTimeoutMs: 2_000,
    totalTimeoutMs: 5_000,
    cache: { maxEntries: 10_000, maxBytes: 16 * 1024 * 1024, maxTtlSeconds: 30 },
    clock,
    log,
    randomId: () => randomInt(65_536),
  });
}

function measured(handler: QueryHandler, metrics: DnsMetrics, clock: Clock): MessageHandler {
  return async (message, transport) => {
    const startedMs = clock.monotonicMs();
    const handled = await handler.handle(message, transport);
    metrics.handled(transport, handled, (clock.monotonicMs() - startedMs) / 1_000);
    return handled.response;
  };
}

/** Registers the addresses that are in fact listened on. */
function registrationOf(
  { nodeName, port, metricsPort }: DnsConfig,
  client: Client,
  view: ClusterView,
  listeners: ListenerSet,
  { clock, log }: DaemonContext,
): SliceRegistration {
  return new SliceRegistration({
    client,
    nodeName,
    presence: () => ({ nodeName, addresses: listeners.hosts, port, metricsPort }),
    slices: () => view.slices(dnsService.namespace, dnsService.name),
    clock,
    log,
  });
}

/** Keeps the forwarder's servers in step with the file that names them. */
class UpstreamFile {
  readonly #config: DnsConfig;
  readonly #forwarder: Forwarder;
  readonly #context: DaemonContext;
  #known = "";
  #failing = false;

  constructor(config: DnsConfig, forwarder: Forwarder, context: DaemonContext) {
    this.#config = config;
    this.#forwarder = forwarder;
    this.#context = context;
  }

  /** `hosts` are this server's own addresses, to which nothing is handed on. A file that cannot be read changes nothing. */
  async read(hosts: readonly string[]): Promise<void> {
    const { resolvConf, port } = this.#config;
    if (resolvConf === "") return;
    const { log } = this.#context;
    try {
      const named = parseResolvConf(await readFile(resolvConf, "utf8"));
      const { kept, dropped } = withoutOwn(
        named,
        hosts.map((host) => ({ host, port })),
      );
      const found = JSON.stringify([kept, dropped]);
      this.#failing = false;
      if (found === this.#known) return;
      this.#known = found;
      this.#forwarder.setUpstreams(kept);
      log.info("name servers for other names", { file: resolvConf, servers: kept.map((upstream) => upstream.host) });
      if (dropped.length > 0) log.warn("a name server is this server itself: not used", { servers: dropped });
    } catch (error) {
      if (!this.#failing) log.error("cannot read the name servers", { error: errorFields(error) });
      this.#failing = true;
    }
  }
}
