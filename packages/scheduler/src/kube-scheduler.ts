import { hostname } from "node:os";
import type { Pod } from "@kube-ts/api/core/v1";
import { namespaces, nodes, persistentVolumeClaims, persistentVolumes, pods } from "@kube-ts/api/resource-types";
import type { Client } from "@kube-ts/client/client";
import { type ClientConfig, clientConfigFromFile } from "@kube-ts/client/client-config";
import { ApiEventRecorder } from "@kube-ts/client/event-recorder";
import { InformerFactory } from "@kube-ts/client/informer-factory";
import { runWhileLeading } from "@kube-ts/client/leader-election";
import { createClient } from "@kube-ts/client/rest-client";
import { withoutManagedFields } from "@kube-ts/client/without-managed-fields";
import type { DaemonContext } from "@kube-ts/std/daemon";
import { TaskGroup } from "@kube-ts/std/task-group";
import { kubernetesVersion } from "@kube-ts/std/version";
import { SchedulerCache } from "./cache/scheduler-cache.ts";
import { Snapshot } from "./cache/snapshot.ts";
import type { SchedulerConfig } from "./config/scheduler-config.ts";
import { DecisionLog } from "./cycle/decision-log.ts";
import { HttpExtender } from "./extenders/http-extender.ts";
import { type HandlerTargets, nodeHandler, objectHandler, podHandler } from "./event-handlers.ts";
import { SchedulerMetrics } from "./framework/metrics.ts";
import { createFramework } from "./plugins/create-framework.ts";
import { PodStatusWriter } from "./pod-status-writer.ts";
import { NominatedPods } from "./queue/nominated-pods.ts";
import { SchedulingQueue } from "./queue/scheduling-queue.ts";
import { type Profile, Scheduler } from "./scheduler.ts";
import { serve } from "./serve.ts";
import { runUpkeep } from "./upkeep.ts";

const userAgent = `kube-scheduler/${kubernetesVersion}`;

/** Ended pods take no room, so nothing is to be known of them. */
const podsInPlay = { fieldSelector: "status.phase!=Succeeded,status.phase!=Failed" };

/** Schedules while this process leads, until the signal aborts. */
export async function runKubeScheduler(config: SchedulerConfig, context: DaemonContext): Promise<void> {
  const { signal, log, clock, random, registry } = context;
  if (config.withoutEffect.length > 0) log.warn("configuration without effect here", { fields: config.withoutEffect });
  const clientConfig = await clientConfigFromFile(config.kubeconfig);
  const metrics = new SchedulerMetrics(registry);
  const decisions = new DecisionLog();
  const state = { synced: false, leading: false };
  await using client = createClient(clientConfig, { userAgent, qps: config.qps, burst: config.burst, clock, log });
  await using _serving = await serve(config, context, client, decisions, state);
  context.ready();
  const lead = async (leading: AbortSignal) => {
    state.leading = true;
    await runProfiles(
      { config, clientConfig, client, metrics, decisions, context, onSync: () => (state.synced = true) },
      leading,
    );
  };
  if (!config.leaderElection) {
    await lead(signal);
    return;
  }
  const { name, namespace, ...timing } = config.leaderElection;
  const identity = `${hostname()}_${random.uuid()}`;
  await runWhileLeading({ client, namespace, name, identity, ...timing, clock, random, log, registry }, signal, lead);
}

interface Parts {
  readonly config: SchedulerConfig;
  readonly clientConfig: ClientConfig;
  readonly client: Client;
  readonly metrics: SchedulerMetrics;
  readonly decisions: DecisionLog;
  readonly context: DaemonContext;
  onSync(): void;
}

/** Wires informers, queue, cache and profiles together and runs them. */
async function runProfiles(parts: Parts, signal: AbortSignal): Promise<void> {
  const { config, client, metrics, decisions, context } = parts;
  const { log, clock, random } = context;
  const tasks = new TaskGroup(signal);
  // Events have a client of their own, so that they do not use up the rate limit of bindings.
  const { qps, burst } = config;
  await using eventClient = createClient(parts.clientConfig, { userAgent, qps, burst, clock, log });
  const informers = new InformerFactory(client, { clock, random, log, transform: withoutManagedFields });
  const podInformer = informers.informer<Pod>(pods, { selection: podsInPlay });
  const cache = new SchedulerCache({ clock });
  const snapshot = new Snapshot();
  const nominated = new NominatedPods();
  const statuses = new PodStatusWriter(client, clock, log, tasks);
  const profiles = createProfiles(parts, { snapshot, nominated, informers }, eventClient, tasks);
  const queue = createQueue(profiles, config, context, metrics);
  const targets = { cache, queue, nominated, statuses, isOurs: (name: string) => profiles.has(name) };
  podInformer.subscribe(podHandler(targets));
  followObjects(informers, config, targets);
  using made = new DisposableStack();
  const extenders = config.extenders.map((each) => made.use(new HttpExtender(each)));
  const state = { queue, cache, snapshot, nominated, decisions, statuses, extenders, pods: podInformer };
  const scheduler = new Scheduler({ ...state, profiles, metrics, clock, random, log });
  tasks.start((inner) => informers.run(inner));
  await informers.waitForSync(tasks.signal);
  parts.onSync();
  log.info("scheduling", { profiles: [...profiles.keys()], nodes: cache.nodeCount });
  tasks.start((inner) => runUpkeep({ queue, cache, metrics, clock, log }, inner));
  tasks.start((inner) => scheduler.run(inner));
  await tasks.settled();
}

interface SharedState {
  readonly snapshot: Snapshot;
  readonly nominated: NominatedPods;
  readonly informers: InformerFactory;
}

/** The profiles by their scheduler names, each with the recorder of its events running. */
function createProfiles(
  { config, client, metrics, context }: Parts,
  shared: SharedState,
  eventClient: Client,
  tasks: TaskGroup,
): Map<string, Profile> {
  const { log, clock, random, registry } = context;
  return new Map(
    config.profiles.map((plan) => {
      const component = plan.schedulerName;
      const events = new ApiEventRecorder({ client: eventClient, component, clock, random, log, registry });
      tasks.start((inner) => events.run(inner));
      const handle = { ...shared, client, events, clock, random, log };
      return [component, { framework: createFramework(plan, handle, metrics), events }];
    }),
  );
}

/** Subscribes to what besides pods the plugins in use depend on. */
function followObjects(informers: InformerFactory, config: SchedulerConfig, targets: HandlerTargets): void {
  informers.informer(nodes).subscribe(nodeHandler(targets));
  if (filtersWith(config, "VolumeBinding") || filtersWith(config, "VolumeZone")) {
    informers.informer(persistentVolumes).subscribe(objectHandler("PersistentVolume", targets));
  }
  if (["VolumeBinding", "VolumeRestrictions", "VolumeZone"].some((plugin) => filtersWith(config, plugin))) {
    informers.informer(persistentVolumeClaims).subscribe(objectHandler("PersistentVolumeClaim", targets));
  }
  if (filtersWith(config, "InterPodAffinity")) {
    informers.informer(namespaces).subscribe(objectHandler("Namespace", targets));
  }
}

function filtersWith({ profiles }: SchedulerConfig, plugin: string): boolean {
  return profiles.some(({ points }) => points.filter.some(({ name }) => name === plugin));
}

function createQueue(
  profiles: ReadonlyMap<string, Profile>,
  config: SchedulerConfig,
  { clock }: DaemonContext,
  metrics: SchedulerMetrics,
): SchedulingQueue {
  const [first] = profiles.values();
  if (!first) throw new Error("there is no profile");
  const frameworkOf = (schedulerName: string | undefined) => (profiles.get(schedulerName ?? "") ?? first).framework;
  const { queueSort } = first.framework.plugins;
  return new SchedulingQueue({
    clock,
    less: (a, b) => queueSort.less(a, b),
    preEnqueue: (pod) => frameworkOf(pod.pod.spec.schedulerName).preEnqueue(pod),
    rulesFor: (pod) => frameworkOf(pod.pod.spec.schedulerName).rules,
    initialBackoffMs: config.initialBackoffMs,
    maxBackoffMs: config.maxBackoffMs,
    onEnqueue: (queue, event) => metrics.incomingPods.inc({ queue, event }),
  });
}
