import { join } from "node:path";
import type { NodeStatus, Pod } from "@kube-ts/api/core/v1";
import type { Client } from "@kube-ts/client/client";
import type { DaemonContext } from "@kube-ts/std/daemon";
import { errorFields } from "@kube-ts/std/log";
import { Gauge, Registry } from "@kube-ts/std/metrics";
import { kubernetesVersion } from "@kube-ts/std/version";
import { writeBridgeConfig } from "./cni/bridge-config.ts";
import { CniNetwork } from "./cni/cni-network.ts";
import type { KubeletConfig } from "./config/kubelet-config.ts";
import { EvictionMonitor } from "./eviction/eviction-monitor.ts";
import { ImageCollector } from "./images/image-collector.ts";
import { ImageMetrics } from "./images/image-metrics.ts";
import { ImagePuller } from "./images/image-puller.ts";
import { nodeCredentialFiles, readNodeCredentials } from "./images/node-credentials.ts";
import { ApiCluster } from "./node/api-cluster.ts";
import type { Cluster } from "./node/cluster.ts";
import type { LazyCgroups } from "./node/lazy-cgroups.ts";
import type { LocalNode } from "./node/local-node.ts";
import { newNode } from "./node/node-object.ts";
import { nodeStatus } from "./node/node-status.ts";
import { RuntimeHealth } from "./node/runtime-health.ts";
import { standaloneCluster } from "./node/standalone-cluster.ts";
import { admitPod, judgeResize } from "./pods/admission.ts";
import { isStaticPod } from "./pods/config-annotations.ts";
import { ContainerMounts } from "./pods/container-mounts.ts";
import { defaultCrashBackoff } from "./pods/crash-backoff.ts";
import { HookMetrics } from "./pods/hook-metrics.ts";
import { LifecycleHooks } from "./pods/lifecycle-hook.ts";
import { planPreemption } from "./pods/plan-preemption.ts";
import { serveCensus, takeCensus } from "./pods/pod-census.ts";
import { PodExecutor } from "./pods/pod-executor.ts";
import { PodMetrics } from "./pods/pod-metrics.ts";
import { PodObserver } from "./pods/pod-observer.ts";
import { PodPublisher } from "./pods/pod-publisher.ts";
import { PodStartTimes } from "./pods/pod-start-times.ts";
import { PodWorkers } from "./pods/pod-workers.ts";
import { ResizeMetrics } from "./pods/resize-metrics.ts";
import { ContainerStarter } from "./pods/start-container.ts";
import { ContainerStopper } from "./pods/stop-container.ts";
import { ProbeSet } from "./probes/probe-set.ts";
import { createProber } from "./probes/prober.ts";
import { DockerRuntime } from "./runtime/docker/docker-runtime.ts";
import type { Runtime } from "./runtime/runtime.ts";
import { serveClaimUsage } from "./stats/claim-usage.ts";
import { StatsProvider } from "./stats/stats-provider.ts";
import { VolumeUsage } from "./stats/volume-usage.ts";
import { ImageVolumes } from "./volumes/image-volumes.ts";
import { systemMounts } from "./volumes/mounts.ts";
import { PodVolumes } from "./volumes/pod-volumes.ts";
import { VolumeMetrics } from "./volumes/volume-metrics.ts";
import { VolumePaths } from "./volumes/volume-paths.ts";

/** How often everything the runtime has is listed, besides its events. */
const relistPeriodMs = 10_000;
/** A pull that brings nothing for so long is given up. */
const pullProgressTimeoutMs = 60_000;
const runtimeName = "docker";
const minorVersion = kubernetesVersion.replace(/^v(\d+\.\d+).*$/, "$1");

/** The kubelet's parts, connected and not yet running. */
export interface KubeletParts {
  readonly cluster: Cluster;
  readonly workers: PodWorkers;
  readonly health: RuntimeHealth;
  readonly probes: ProbeSet;
  /** Metrics about probes, which are served apart from the others. */
  readonly probeMetrics: Registry;
  readonly cgroups: LazyCgroups;
  readonly eviction: EvictionMonitor;
  readonly collector: ImageCollector;
  readonly stats: StatsProvider;
  readonly volumeUsage: VolumeUsage;
  /** Whether the static pods of this node are known. */
  readonly statics: { known: boolean };
  /** The pods that have, or are to have, something on the node. */
  activePods(): readonly Pod[];
}

interface Base {
  readonly config: KubeletConfig;
  readonly context: DaemonContext;
  readonly node: LocalNode;
  readonly runtime: Runtime;
  readonly metrics: PodMetrics;
  readonly images: ImageMetrics;
  readonly startTimes: PodStartTimes;
  readonly paths: VolumePaths;
  /** Filled in as the parts are made: what refers to a later one does so only when it is called. */
  readonly later: { workers?: PodWorkers; cluster?: Cluster; eviction?: EvictionMonitor };
}

export function createRuntime(config: KubeletConfig, { clock, random, log }: DaemonContext): DockerRuntime {
  const { runtime } = config;
  const network = new CniNetwork({
    confDirectory: runtime.cniConfDirectory,
    binDirectories: runtime.cniBinDirectories,
    stateDirectory: join(config.rootDirectory, "cni"),
    onPodCidrs: async (podCidrs) => {
      if (runtime.networkPlugin === "cni") return;
      if (await writeBridgeConfig(podCidrs, runtime.cniConfDirectory)) log.info("pod network written", { podCidrs });
    },
    log,
  });
  return new DockerRuntime({
    endpoint: runtime.endpoint,
    pauseImage: runtime.pauseImage,
    network,
    requestTimeoutMs: runtime.requestTimeoutMs,
    imagePullProgressTimeoutMs: pullProgressTimeoutMs,
    logRotation: { maxSizeBytes: runtime.logMaxSizeBytes, maxFiles: runtime.logMaxFiles },
    clock,
    random,
    log,
  });
}

/** Makes all parts. Without a client the kubelet runs static pods only. */
export function buildKubelet(
  config: KubeletConfig,
  client: Client | undefined,
  context: DaemonContext,
  node: LocalNode,
  runtime: Runtime,
  cgroups: LazyCgroups,
): KubeletParts {
  const { clock, log, registry } = context;
  const later: Base["later"] = {};
  const paths = new VolumePaths(config.rootDirectory);
  const metrics = new PodMetrics(registry);
  const images = new ImageMetrics(registry);
  const startTimes = new PodStartTimes(metrics, clock);
  const base: Base = { config, context, node, runtime, metrics, images, startTimes, paths, later };
  const health = new RuntimeHealth({
    runtime,
    clock,
    relistAgeMs: () => later.workers?.relistAgeMs ?? 0,
    onChange: () => {
      later.cluster?.nodeChanged();
      later.workers?.planAll();
    },
  });
  const cluster = createCluster(base, client, health);
  later.cluster = cluster;
  const probeMetrics = new Registry();
  const probes = createProbes(base, cluster, probeMetrics);
  const volumes = createVolumes(base, cluster);
  const statics = { known: config.staticPodPath === "" };
  const sourcesReady = () => statics.known && cluster.podsKnown();
  const workers = createWorkers(base, cluster, health, probes, volumes, cgroups, sourcesReady);
  later.workers = workers;
  serveCensus(registry, () => takeCensus(workers.list()));
  serveClaimUsage(registry, () => workers.list());
  const help = "The node's name; always 1.";
  new Gauge({ name: "kubelet_node_name", help, labelNames: ["node"], registers: [registry] }).set(
    { node: config.nodeName },
    1,
  );
  const activePods = () =>
    workers
      .list()
      .filter((worker) => !worker.isDown && !worker.isRejected)
      .map((worker) => worker.pod);
  const volumeUsage = new VolumeUsage({ paths, clock, log, periodMs: config.pods.volumeStatsMs, pods: activePods });
  const stats = createStats(base, workers, volumeUsage);
  const collector = createCollector(base, cluster);
  const eviction = createEviction(base, cluster, workers, stats, collector);
  later.eviction = eviction;
  return {
    cluster,
    workers,
    health,
    probes,
    probeMetrics,
    cgroups,
    eviction,
    collector,
    stats,
    volumeUsage,
    statics,
    activePods,
  };
}

function createCluster(base: Base, client: Client | undefined, health: RuntimeHealth): Cluster {
  const { config, context, node, runtime } = base;
  const { clock, random, log, registry } = context;
  if (!client) return standaloneCluster(newNode(node.identity, config.node), log);
  return new ApiCluster({
    client,
    config,
    identity: node.identity,
    clock,
    random,
    log,
    registry,
    metrics: base.metrics,
    nodeStatus: (last, signal) => currentNodeStatus(base, health, last, signal),
    onPodCidrs: async (podCidrs, signal) => {
      await runtime.updatePodCidrs(podCidrs, signal);
      health.check();
    },
    whenHealthKnown: (signal) => health.whenChecked(signal),
    whenReady: (signal) => health.whenUp(signal),
  });
}

/** While the runtime does not answer, what it said last counts. */
async function currentNodeStatus(
  { config, context, node, runtime, later }: Base,
  health: RuntimeHealth,
  last: NodeStatus,
  signal: AbortSignal,
): Promise<NodeStatus> {
  const [images, version] = await Promise.all([
    runtime.images.list(signal).catch(() => undefined),
    runtime.version(signal).catch(() => undefined),
  ]);
  signal.throwIfAborted();
  const status = nodeStatus({
    machine: node.machine,
    resources: node.resources,
    addresses: node.addresses,
    port: config.server.enabled ? config.server.port : 0,
    images: images ?? [],
    maxImages: config.node.maxImages,
    runtime: version,
    features: health.status?.features,
    health: { problems: health.problems(), pressure: later.eviction?.conditions ?? new Set() },
    last,
    nowMs: context.clock.now(),
  });
  return images ? status : { ...status, images: last.images ?? [] };
}

function createProbes({ context, runtime, later }: Base, { events }: Cluster, registry: Registry): ProbeSet {
  const { clock, random, log } = context;
  return new ProbeSet({
    prober: createProber(runtime, `kube-probe/${minorVersion}`),
    clock,
    random,
    log,
    registry,
    events,
    onChange: (podUid) => later.workers?.get(podUid)?.planAgain(),
  });
}

function createVolumes({ context, node, runtime, paths }: Base, { objects, tokens, claims }: Cluster): PodVolumes {
  return new PodVolumes({
    paths,
    mounts: systemMounts,
    objects,
    tokens,
    clock: context.clock,
    metrics: new VolumeMetrics(context.registry),
    images: runtime.images,
    claims,
    allocatable: () => node.policy.allocatable(),
  });
}

function createExecutor(base: Base, cluster: Cluster, volumes: PodVolumes, cgroups: LazyCgroups): PodExecutor {
  const { config, context, node, runtime, metrics, startTimes, paths } = base;
  const { clock, log } = context;
  const { events, objects } = cluster;
  const { policy } = node;
  const hooks = new LifecycleHooks(runtime, clock, `kube-lifecycle/${minorVersion}`, new HookMetrics(context.registry));
  const credentialFiles = nodeCredentialFiles(config.rootDirectory);
  const provider = new ImagePuller({
    images: runtime.images,
    objects,
    metrics: base.images,
    onPull: (podUid, change) => (change === "began" ? startTimes.pulling(podUid) : startTimes.pulled(podUid)),
    events,
    clock,
    log,
    maxParallelPulls: config.images.maxParallelPulls,
    pullQps: config.images.pullQps,
    pullBurst: config.images.pullBurst,
    nodeCredentials: () => readNodeCredentials(credentialFiles, log),
  });
  const starter = new ContainerStarter({
    runtime,
    images: provider,
    imageVolumes: new ImageVolumes({ paths, mounts: systemMounts, provider, images: runtime.images }),
    objects,
    mounts: new ContainerMounts(paths, systemMounts, policy),
    hooks,
    events,
    policy,
    clock,
    services: () => cluster.services(),
  });
  return new PodExecutor({
    runtime,
    cgroups,
    volumes,
    starter,
    stopper: new ContainerStopper({ runtime, hooks, events, clock, log }),
    events,
    policy,
    metrics,
    runtimeHandler: (className, signal) => cluster.runtimeHandler(className, signal),
    deletePod: (pod, signal) => cluster.deletePod(pod, signal),
  });
}

function createWorkers(
  base: Base,
  cluster: Cluster,
  health: RuntimeHealth,
  probes: ProbeSet,
  volumes: PodVolumes,
  cgroups: LazyCgroups,
  sourcesReady: () => boolean,
): PodWorkers {
  const { context, node, runtime, metrics, startTimes, later } = base;
  const { clock, random, log, registry } = context;
  const { events } = cluster;
  const publisher = new PodPublisher({
    probes,
    metrics,
    clock,
    isStatic: (podUid) => later.workers?.get(podUid)?.isStatic ?? false,
    store: (pod, status, isStatic) => cluster.publish(pod, status, isStatic),
    onError: (error) => log.error("probes could not be ended", { error: errorFields(error) }),
  });
  return new PodWorkers({
    shared: {
      executor: createExecutor(base, cluster, volumes, cgroups),
      observer: () => new PodObserver(runtime, clock),
      events,
      probes: probes.results,
      metrics,
      resizes: new ResizeMetrics(registry),
      clock,
      random,
      log,
      ...workerRules(base),
      hostIps: () => node.policy.hostIps(),
      networkProblem: () => health.networkProblem(),
      publish: (pod, status) => publisher.publish(pod, status),
    },
    runtime,
    clock,
    log,
    events,
    metrics,
    relistPeriodMs,
    admit: (pod, others) => admit(base, cluster, health, pod, others),
    preempt: (pod, others) => planPreemption(pod, others, node.policy.allocatable()),
    sourcesReady,
    podsOnDisk: () => volumes.present(),
    onFinished: (podUid) => {
      publisher.forget(podUid);
      cluster.forget(podUid);
    },
    startTimes,
  });
}

/** What the workers go by that comes from the configuration and the node's resources. */
function workerRules({ config, node, later }: Base) {
  const { maxRestartPeriodMs } = config.pods;
  const { initialMs } = defaultCrashBackoff;
  return {
    crashBackoff: {
      ...defaultCrashBackoff,
      initialMs: Math.min(initialMs, maxRestartPeriodMs),
      maxMs: maxRestartPeriodMs,
    },
    runtimeName,
    resourcePolicy: node.policy,
    syncFrequencyMs: config.syncFrequencyMs,
    judgeResize: (pod: Pod) => {
      const others = (later.workers?.list() ?? []).filter(
        (worker) => worker.takesResources && worker.pod.metadata.uid !== pod.metadata.uid,
      );
      return judgeResize(
        pod,
        others.map((worker) => worker.pod),
        node.policy.allocatable(),
      );
    },
  };
}

function admit(
  { config, node, later }: Base,
  cluster: Cluster,
  health: RuntimeHealth,
  pod: Pod,
  others: readonly Pod[],
) {
  const features = health.status?.features;
  if (!features) throw new Error("pods were handed over before the runtime was known");
  return admitPod(pod, others, {
    node: cluster.node(),
    allocatable: node.policy.allocatable(),
    features,
    pressure: [...(later.eviction?.conditions ?? [])],
    allowedUnsafeSysctls: config.pods.allowedUnsafeSysctls,
    isStatic: isStaticPod(pod),
  });
}

function createStats({ config, context, runtime }: Base, workers: PodWorkers, volumeUsage: VolumeUsage): StatsProvider {
  return new StatsProvider({
    runtime,
    nodeName: config.nodeName,
    rootDirectory: config.rootDirectory,
    clock: context.clock,
    pod: (podUid) => workers.get(podUid)?.pod,
    volumes: (podUid) => volumeUsage.of(podUid),
  });
}

function createCollector({ config, context, runtime, images }: Base, { events }: Cluster): ImageCollector {
  const { clock, log } = context;
  const { highThresholdPercent, lowThresholdPercent, minimumAgeMs, maximumAgeMs } = config.images;
  return new ImageCollector({
    runtime,
    policy: { highThresholdPercent, lowThresholdPercent, minAgeMs: minimumAgeMs, maxUnusedAgeMs: maximumAgeMs },
    metrics: images,
    clock,
    log,
    onShortfall: (message) => events.node("Warning", "FreeDiskSpaceFailed", message),
  });
}

function createEviction(
  { config, context, metrics }: Base,
  cluster: Cluster,
  workers: PodWorkers,
  stats: StatsProvider,
  collector: ImageCollector,
): EvictionMonitor {
  const { clock, log } = context;
  return new EvictionMonitor({
    config: config.eviction,
    workers,
    metrics,
    clock,
    log,
    summary: (signal) => stats.summary(signal),
    reclaimDisk: async (signal) => void (await collector.freeUnused(signal)),
    onChange: () => cluster.nodeChanged(),
  });
}
