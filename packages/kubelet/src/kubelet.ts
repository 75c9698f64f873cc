import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { NodeStatus, Pod } from "@kube-ts/api/core/v1";
import type { Client } from "@kube-ts/client/client";
import type { DaemonContext } from "@kube-ts/std/daemon";
import { errorFields } from "@kube-ts/std/log";
import { startServing } from "@kube-ts/std/serving";
import { TaskGroup } from "@kube-ts/std/task-group";
import { kubernetesVersion } from "@kube-ts/std/version";
import { cgroupHierarchy } from "./cgroups/hierarchy.ts";
import { writeBridgeConfig } from "./cni/bridge-config.ts";
import { CniNetwork } from "./cni/cni-network.ts";
import type { KubeletConfig } from "./config/kubelet-config.ts";
import { EvictionMonitor } from "./eviction/eviction-monitor.ts";
import { ImageCollector } from "./images/image-collector.ts";
import { ImagePuller } from "./images/image-puller.ts";
import { ApiCluster } from "./node/api-cluster.ts";
import type { Cluster } from "./node/cluster.ts";
import { LazyCgroups } from "./node/lazy-cgroups.ts";
import { type LocalNode, inspectNode } from "./node/local-node.ts";
import { newNode } from "./node/node-object.ts";
import { nodeStatus } from "./node/node-status.ts";
import { prepareMachine } from "./node/preflight.ts";
import { RuntimeHealth } from "./node/runtime-health.ts";
import { standaloneCluster } from "./node/standalone-cluster.ts";
import { admitPod } from "./pods/admission.ts";
import { isStaticPod } from "./pods/config-annotations.ts";
import { ContainerMounts } from "./pods/container-mounts.ts";
import { defaultCrashBackoff } from "./pods/crash-backoff.ts";
import { LifecycleHooks } from "./pods/lifecycle-hook.ts";
import { PodExecutor } from "./pods/pod-executor.ts";
import { PodMetrics } from "./pods/pod-metrics.ts";
import { PodObserver } from "./pods/pod-observer.ts";
import { PodPublisher } from "./pods/pod-publisher.ts";
import { PodWorkers } from "./pods/pod-workers.ts";
import { ContainerStarter } from "./pods/start-container.ts";
import { StaticPodFiles } from "./pods/static-pod-files.ts";
import { ContainerStopper } from "./pods/stop-container.ts";
import { ProbeSet } from "./probes/probe-set.ts";
import { createProber } from "./probes/prober.ts";
import { DockerRuntime } from "./runtime/docker/docker-runtime.ts";
import type { Runtime } from "./runtime/runtime.ts";
import { StatsProvider } from "./stats/stats-provider.ts";
import { VolumeUsage } from "./stats/volume-usage.ts";
import { systemMounts } from "./volumes/mounts.ts";
import { PodVolumes } from "./volumes/pod-volumes.ts";
import { VolumePaths } from "./volumes/volume-paths.ts";

/** How often pods are listed and cgroups are compared, besides events. */
const relistPeriodMs = 10_000;
const cgroupPeriodMs = 60_000;
const relistLimitMs = 180_000;
/** A pull that brings nothing for so long is given up. */
const pullProgressTimeoutMs = 60_000;

const minorVersion = kubernetesVersion.replace(/^v(\d+\.\d+).*$/, "$1");

/** Runs the kubelet until the signal aborts; pods run on. Without a client it runs static pods only. */
export async function runKubelet(
  config: KubeletConfig,
  client: Client | undefined,
  context: DaemonContext,
): Promise<void> {
  const { clock, log, signal } = context;
  const hierarchy = cgroupHierarchy(await readFile("/proc/self/mountinfo", "utf8"));
  await prepareMachine(config, hierarchy.version, log);
  const node = await inspectNode(config);
  await using runtime = createRuntime(config, context);
  const parts = build(
    config,
    client,
    context,
    node,
    runtime,
    new LazyCgroups({ runtime, hierarchy, config, node, clock, log }),
  );
  const { cluster, workers, health } = parts;
  await using _health = config.health.port === 0 ? undefined : await serveHealth(config, context, workers);
  const tasks = new TaskGroup(signal);
  tasks.start((taskSignal) => health.run(taskSignal));
  tasks.start((taskSignal) => workers.run(taskSignal));
  tasks.start((taskSignal) => cluster.run(workers, taskSignal));
  tasks.start((taskSignal) => runStaticPods(config, context, parts, taskSignal));
  tasks.start((taskSignal) => parts.eviction.run(taskSignal));
  tasks.start((taskSignal) => parts.collector.run(taskSignal));
  tasks.start((taskSignal) => keepCgroups(context, parts, taskSignal));
  if (config.pods.volumeStatsMs > 0) tasks.start((taskSignal) => parts.volumeUsage.run(taskSignal));
  cluster.events.node("Normal", "Starting", "Starting kubelet.");
  context.ready();
  try {
    await tasks.settled();
  } finally {
    await parts.probes.stop();
  }
}

function createRuntime(config: KubeletConfig, { clock, random, log }: DaemonContext): DockerRuntime {
  const { runtime } = config;
  const network = new CniNetwork({
    confDirectory: runtime.cniConfDirectory,
    binDirectories: runtime.cniBinDirectories,
    stateDirectory: join(config.rootDirectory, "cni"),
    onPodCidrs: async (podCidrs) => {
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

/** The kubelet's parts, connected; what refers to a part that is made later does so when it is called. */
function build(
  config: KubeletConfig,
  client: Client | undefined,
  context: DaemonContext,
  node: LocalNode,
  runtime: Runtime,
  cgroups: LazyCgroups,
) {
  const { clock, random, log, registry } = context;
  const metrics = new PodMetrics(registry);
  const paths = new VolumePaths(config.rootDirectory);
  const health = new RuntimeHealth({
    runtime,
    clock,
    relistAgeMs: () => workers.relistAgeMs,
    onChange: () => {
      cluster.nodeChanged();
      workers.planAll();
    },
  });
  const cluster = createCluster(config, client, context, node, runtime, health, () => eviction.conditions);
  const { events, objects, tokens } = cluster;
  const { policy } = node;
  const probes = new ProbeSet({
    prober: createProber(runtime, `kube-probe/${minorVersion}`),
    clock,
    random,
    log,
    registry,
    events,
    onChange: (podUid) => workers.get(podUid)?.planAgain(),
  });
  const publisher = new PodPublisher({
    probes,
    metrics,
    clock,
    isStatic: (podUid) => workers.get(podUid)?.isStatic ?? false,
    store: (pod, status, isStatic) => cluster.publish(pod, status, isStatic),
    onError: (error) => log.error("probes could not be ended", { error: errorFields(error) }),
  });
  const volumes = new PodVolumes({
    paths,
    mounts: systemMounts,
    objects,
    tokens,
    clock,
    allocatable: () => policy.allocatable(),
  });
  const hooks = new LifecycleHooks(runtime, clock, `kube-lifecycle/${minorVersion}`);
  const images = new ImagePuller({
    images: runtime.images,
    objects,
    events,
    clock,
    log,
    maxParallelPulls: config.images.maxParallelPulls,
    pullQps: config.images.pullQps,
    pullBurst: config.images.pullBurst,
    nodeCredentials: [],
  });
  const starter = new ContainerStarter({
    runtime,
    images,
    objects,
    mounts: new ContainerMounts(paths, systemMounts, policy),
    hooks,
    events,
    policy,
    clock,
    services: () => cluster.services(),
  });
  const executor = new PodExecutor({
    runtime,
    cgroups,
    volumes,
    starter,
    stopper: new ContainerStopper({ runtime, hooks, events, clock, log }),
    events,
    policy,
    metrics,
    deletePod: (pod, signal) => cluster.deletePod(pod, signal),
  });
  const statics = { known: config.staticPodPath === "" };
  const workers: PodWorkers = new PodWorkers({
    shared: {
      executor,
      observer: () => new PodObserver(runtime),
      events,
      probes: probes.results,
      clock,
      random,
      log,
      crashBackoff: { ...defaultCrashBackoff, ...restartLimits(config.pods.maxRestartPeriodMs) },
      runtimeName: "docker",
      syncFrequencyMs: config.syncFrequencyMs,
      hostIps: () => policy.hostIps(),
      networkProblem: () => health.networkProblem(),
      publish: (pod, status) => publisher.publish(pod, status),
    },
    runtime,
    clock,
    log,
    events,
    metrics,
    relistPeriodMs,
    admit: (pod, others) => {
      const features = health.status?.features;
      if (!features) throw new Error("pods were handed over before the runtime was known");
      return admitPod(pod, others, {
        node: cluster.node(),
        allocatable: policy.allocatable(),
        features,
        pressure: [...eviction.conditions],
        allowedUnsafeSysctls: config.pods.allowedUnsafeSysctls,
        isStatic: isStaticPod(pod),
      });
    },
    sourcesReady: () => statics.known && cluster.podsKnown(),
    podsOnDisk: () => volumes.present(),
    onFinished: (podUid) => {
      publisher.forget(podUid);
      cluster.forget(podUid);
    },
  });
  const activePods = () =>
    workers
      .list()
      .filter((worker) => !worker.isDown)
      .map((worker) => worker.pod);
  const volumeUsage = new VolumeUsage({ paths, clock, log, periodMs: config.pods.volumeStatsMs, pods: activePods });
  const stats = new StatsProvider({
    runtime,
    nodeName: config.nodeName,
    rootDirectory: config.rootDirectory,
    clock,
    pod: (podUid) => workers.get(podUid)?.pod,
    volumes: (podUid) => volumeUsage.of(podUid),
  });
  const collector = new ImageCollector({
    runtime,
    policy: {
      highThresholdPercent: config.images.highThresholdPercent,
      lowThresholdPercent: config.images.lowThresholdPercent,
      minAgeMs: config.images.minimumAgeMs,
      maxUnusedAgeMs: config.images.maximumAgeMs,
    },
    clock,
    log,
    onShortfall: (message) => events.node("Warning", "FreeDiskSpaceFailed", message),
  });
  const eviction: EvictionMonitor = new EvictionMonitor({
    config: config.eviction,
    workers,
    metrics,
    clock,
    log,
    summary: (signal) => stats.summary(signal),
    reclaimDisk: async (signal) => void (await collector.freeUnused(signal)),
    onChange: () => cluster.nodeChanged(),
  });
  return { cluster, workers, health, probes, eviction, collector, cgroups, stats, volumeUsage, statics, activePods };
}

type Parts = ReturnType<typeof build>;

function restartLimits(maxMs: number): { readonly maxMs: number; readonly initialMs: number } {
  return { maxMs, initialMs: Math.min(defaultCrashBackoff.initialMs, maxMs) };
}

function createCluster(
  config: KubeletConfig,
  client: Client | undefined,
  { clock, random, log, registry }: DaemonContext,
  node: LocalNode,
  runtime: Runtime,
  health: RuntimeHealth,
  pressure: () => EvictionMonitor["conditions"],
): Cluster {
  if (!client) return standaloneCluster(newNode(node.identity, config.node), log);
  return new ApiCluster({
    client,
    config,
    identity: node.identity,
    clock,
    random,
    log,
    registry,
    nodeStatus: (last, signal) =>
      currentNodeStatus(config, node, runtime, health, pressure(), last, clock.now(), signal),
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
  config: KubeletConfig,
  node: LocalNode,
  runtime: Runtime,
  health: RuntimeHealth,
  pressure: EvictionMonitor["conditions"],
  last: NodeStatus,
  nowMs: number,
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
    health: { problems: health.problems(), pressure },
    last,
    nowMs,
  });
  return images ? status : { ...status, images: last.images ?? [] };
}

async function runStaticPods(
  config: KubeletConfig,
  { clock, log }: DaemonContext,
  { cluster, workers, health, statics }: Parts,
  signal: AbortSignal,
): Promise<void> {
  if (config.staticPodPath === "") {
    cluster.showStatics([]);
    return;
  }
  await health.whenUp(signal);
  const known = new Set<string>();
  const files = new StaticPodFiles({
    path: config.staticPodPath,
    nodeName: config.nodeName,
    checkPeriodMs: config.fileCheckFrequencyMs,
    clock,
    log,
    onPods: (pods) => {
      const present = new Set(pods.map(uidOf));
      for (const uid of known) {
        if (present.has(uid)) continue;
        known.delete(uid);
        workers.remove(uid);
      }
      for (const pod of pods) {
        known.add(uidOf(pod));
        workers.update(pod, true);
      }
      statics.known = true;
      cluster.showStatics(pods);
    },
  });
  await files.run(signal);
}

function uidOf({ metadata }: Pod): string {
  return metadata.uid ?? "";
}

/** Removes what pods of an earlier time left among the cgroups, and puts right what somebody changed. */
async function keepCgroups({ clock, log }: DaemonContext, parts: Parts, signal: AbortSignal): Promise<void> {
  const { cgroups, statics, cluster, activePods, health } = parts;
  await health.whenUp(signal);
  for (;;) {
    if (statics.known && cluster.podsKnown()) {
      await cgroups.reconcile(activePods(), signal).catch((error: unknown) => {
        signal.throwIfAborted();
        log.warn("cgroups could not be put in order", { error: errorFields(error) });
      });
    }
    await clock.sleep(cgroupPeriodMs, signal);
  }
}

/** The local health endpoint: the kubelet is well while it keeps seeing what the runtime has. */
function serveHealth(config: KubeletConfig, { log, registry }: DaemonContext, workers: PodWorkers) {
  const check = async () => {
    if (workers.relistAgeMs > relistLimitMs) throw new Error("pods have not been listed for too long");
  };
  const { address, port } = config.health;
  return startServing({ host: address, port, registry, liveness: [{ name: "syncloop", check }], log });
}
