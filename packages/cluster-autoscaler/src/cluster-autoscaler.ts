import { hostname } from "node:os";
import type { Client } from "@kube-ts/client/client";
import { type ClientConfig, clientConfigFromFile } from "@kube-ts/client/client-config";
import { DelegatedAccess } from "@kube-ts/client/delegated-access";
import { ApiEventRecorder } from "@kube-ts/client/event-recorder";
import { InformerFactory } from "@kube-ts/client/informer-factory";
import { runWhileLeading } from "@kube-ts/client/leader-election";
import { createClient } from "@kube-ts/client/rest-client";
import type { DaemonContext } from "@kube-ts/std/daemon";
import { startServing } from "@kube-ts/std/serving";
import { loadServingTls } from "@kube-ts/std/serving-flags";
import { TaskGroup } from "@kube-ts/std/task-group";
import { kubernetesVersion } from "@kube-ts/std/version";
import { NodeWriter } from "./actuation/node-writer.ts";
import { Autoscaler } from "./autoscaler.ts";
import { ClusterCache } from "./cluster-cache.ts";
import type { AutoscalerConfig } from "./config/autoscaler-config.ts";
import { HealthMonitor } from "./health-monitor.ts";
import { AutoscalerMetrics } from "./metrics.ts";
import { ExecProvider } from "./provider/exec-provider.ts";

const userAgent = `cluster-autoscaler/${kubernetesVersion}`;

/** Autoscales while this process leads, until the signal aborts. */
export async function runClusterAutoscaler(config: AutoscalerConfig, context: DaemonContext): Promise<void> {
  const { signal, log, clock, random, registry } = context;
  const clientConfig = await clientConfigFromFile(config.kubeconfig);
  const health = new HealthMonitor(clock, config.health);
  const metrics = new AutoscalerMetrics(registry);
  const { qps, burst } = config;
  await using client = createClient(clientConfig, { userAgent, qps, burst, clock });
  await using _serving = await serve(config, context, client, health);
  context.ready();
  const lead = (leading: AbortSignal) =>
    runAutoscaler({ config, clientConfig, client, metrics, health, context }, leading);
  if (!config.leaderElection) {
    await lead(signal);
    return;
  }
  const { name, namespace, ...timing } = config.leaderElection;
  const identity = `${hostname()}_${random.uuid()}`;
  // The lease must be renewed in time however busy the client is.
  await using leaseClient = createClient(clientConfig, { userAgent, clock });
  const election = { client: leaseClient, namespace, name, identity, ...timing, clock, random, log, registry };
  await runWhileLeading(election, signal, lead);
}

interface Parts {
  readonly config: AutoscalerConfig;
  readonly clientConfig: ClientConfig;
  readonly client: Client;
  readonly metrics: AutoscalerMetrics;
  readonly health: HealthMonitor;
  readonly context: DaemonContext;
}

async function runAutoscaler(parts: Parts, signal: AbortSignal): Promise<void> {
  const { config, clientConfig, client, metrics, health, context } = parts;
  const { log, clock, random, registry } = context;
  const tasks = new TaskGroup(signal);
  // Events have a client of their own, so that they do not use up the rate limit of everything else.
  await using eventClient = createClient(clientConfig, { userAgent, qps: config.qps, burst: config.burst, clock });
  const component = "cluster-autoscaler";
  const events = new ApiEventRecorder({ client: eventClient, component, clock, random, log, registry });
  const informers = new InformerFactory(client, { clock, random, log });
  const cache = new ClusterCache(informers);
  const writer = new NodeWriter(client, clock);
  const provider = new ExecProvider(config.provider);
  const autoscaler = new Autoscaler({
    config,
    client,
    cache,
    provider,
    writer,
    events,
    metrics,
    clock,
    random,
    log: config.clusterName === "" ? log : log.child({ cluster: config.clusterName }),
  });
  tasks.start((inner) => events.run(inner));
  tasks.start((inner) => informers.run(inner));
  await informers.waitForSync(tasks.signal);
  health.start();
  tasks.start((inner) => autoscaler.run(health, inner));
  await tasks.settled();
}

/** Serves health to everybody, and metrics to those whom the API server lets see them. Null for port 0. */
async function serve(
  { serving }: AutoscalerConfig,
  { clock, log, registry, zpages }: DaemonContext,
  client: Client,
  health: HealthMonitor,
): Promise<AsyncDisposable | null> {
  if (serving.port === 0) return null;
  const tls = await loadServingTls(serving, clock.now());
  const access = new DelegatedAccess({ client, clock, log });
  const { host, port } = serving;
  return startServing({
    host,
    port,
    tls,
    registry,
    zpages,
    log,
    liveness: [{ name: "scans", check: () => health.check() }],
    authorize: access.check,
  });
}
