import { readFile } from "node:fs/promises";
import type { Pod } from "@kube-ts/api/core/v1";
import type { Client } from "@kube-ts/client/client";
import type { DaemonContext } from "@kube-ts/std/daemon";
import { errorFields } from "@kube-ts/std/log";
import { startServing } from "@kube-ts/std/serving";
import { TaskGroup } from "@kube-ts/std/task-group";
import type { CertificateRotation } from "./certificates/certificate-rotation.ts";
import { CgroupMetrics } from "./cgroups/cgroup-metrics.ts";
import { cgroupHierarchy } from "./cgroups/hierarchy.ts";
import type { KubeletConfig } from "./config/kubelet-config.ts";
import { type KubeletParts, buildKubelet, createRuntime } from "./kubelet-parts.ts";
import { CgroupDriverError, LazyCgroups } from "./node/lazy-cgroups.ts";
import { inspectNode } from "./node/local-node.ts";
import { prepareMachine } from "./node/preflight.ts";
import { StaticPodFiles } from "./pods/static-pod-files.ts";
import { instrumentedRuntime } from "./runtime/instrumented-runtime.ts";
import { RuntimeMetrics } from "./runtime/runtime-metrics.ts";
import { serveNode, syncLoopCheck } from "./serve-node.ts";

const cgroupPeriodMs = 60_000;

/**
 * Runs the kubelet until the signal aborts; pods run on. Without a client it runs static pods only. `rotation` renews
 * the client's certificate.
 */
export async function runKubelet(
  config: KubeletConfig,
  client: Client | undefined,
  context: DaemonContext,
  rotation?: CertificateRotation,
): Promise<void> {
  const { clock, log, registry, signal } = context;
  const hierarchy = cgroupHierarchy(await readFile("/proc/self/mountinfo", "utf8"));
  await prepareMachine(config, hierarchy.version, log);
  const node = await inspectNode(config);
  await using docker = createRuntime(config, context);
  const runtime = instrumentedRuntime(docker, new RuntimeMetrics(registry), clock);
  const metrics = new CgroupMetrics(registry, hierarchy.version);
  const cgroups = new LazyCgroups({ runtime, hierarchy, config, node, metrics, clock, log });
  const parts = buildKubelet(config, client, context, node, runtime, cgroups);
  const { cluster, workers, health, probes } = parts;
  await using _health = await serveHealth(config, context, parts);
  const tasks = new TaskGroup(signal);
  if (rotation) tasks.start((taskSignal) => rotation.run(taskSignal));
  tasks.start((taskSignal) => health.run(taskSignal));
  tasks.start((taskSignal) => workers.run(taskSignal));
  tasks.start((taskSignal) => cluster.run(workers, taskSignal));
  tasks.start((taskSignal) => runStaticPods(config, context, parts, taskSignal));
  tasks.start((taskSignal) => parts.eviction.run(taskSignal));
  tasks.start((taskSignal) => parts.collector.run(taskSignal));
  tasks.start((taskSignal) => keepCgroups(context, parts, taskSignal));
  if (config.pods.volumeStatsMs > 0) tasks.start((taskSignal) => parts.volumeUsage.run(taskSignal));
  if (config.server.enabled)
    tasks.start((taskSignal) => serveNode(config, client, context, node, runtime, parts, taskSignal));
  cluster.events.node("Normal", "Starting", "Starting kubelet.");
  context.ready([syncLoopCheck(parts)]);
  try {
    await tasks.settled();
  } finally {
    await probes.stop();
  }
}

/** Feeds the workers with the pods of the manifest files. */
async function runStaticPods(
  config: KubeletConfig,
  { clock, log }: DaemonContext,
  { cluster, workers, health, statics }: KubeletParts,
  signal: AbortSignal,
): Promise<void> {
  if (config.staticPodPath === "") {
    cluster.showStatics([]);
    return;
  }
  await health.whenUp(signal);
  const known = new Set<string>();
  const take = (pods: readonly Pod[]) => {
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
  };
  const { staticPodPath: path, nodeName, fileCheckFrequencyMs: checkPeriodMs } = config;
  await new StaticPodFiles({ path, nodeName, checkPeriodMs, clock, log, onPods: take }).run(signal);
}

function uidOf({ metadata }: Pod): string {
  return metadata.uid ?? "";
}

/** Removes what pods of an earlier time left among the cgroups, and puts right what somebody changed. */
async function keepCgroups({ clock, log }: DaemonContext, parts: KubeletParts, signal: AbortSignal): Promise<void> {
  const { cgroups, statics, cluster, activePods, health } = parts;
  await health.whenUp(signal);
  for (;;) {
    if (statics.known && cluster.podsKnown()) {
      await cgroups.reconcile(activePods(), signal).catch((error: unknown) => {
        signal.throwIfAborted();
        if (error instanceof CgroupDriverError) throw error;
        log.warn("cgroups could not be put in order", { error: errorFields(error) });
      });
    }
    await clock.sleep(cgroupPeriodMs, signal);
  }
}

/** The local health endpoint; none when its port is 0. */
async function serveHealth(config: KubeletConfig, { log, registry }: DaemonContext, parts: KubeletParts) {
  const { address, port } = config.health;
  if (port === 0) return undefined;
  return startServing({ host: address, port, registry, liveness: [syncLoopCheck(parts)], log });
}
