import { join } from "node:path";
import type { Pod, PodStatus, Service } from "@kube-ts/api/core/v1";
import type { Clock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import type { Registry } from "@kube-ts/std/metrics";
import { seededRandom } from "@kube-ts/std/random";
import { ContainerMounts } from "../pods/container-mounts.ts";
import { defaultCrashBackoff } from "../pods/crash-backoff.ts";
import { HookMetrics } from "../pods/hook-metrics.ts";
import { LifecycleHooks } from "../pods/lifecycle-hook.ts";
import type { NodePolicy } from "../pods/node-policy.ts";
import type { PodEvents } from "../pods/pod-events.ts";
import { PodExecutor } from "../pods/pod-executor.ts";
import type { Preemption } from "../pods/plan-preemption.ts";
import type { ImageProvider, PodCgroups } from "../pods/pod-machine.ts";
import { PodMetrics } from "../pods/pod-metrics.ts";
import { PodStartTimes } from "../pods/pod-start-times.ts";
import { PodObserver } from "../pods/pod-observer.ts";
import { PodWorkers } from "../pods/pod-workers.ts";
import type { ResizeRefusal } from "../pods/resize.ts";
import { ResizeMetrics } from "../pods/resize-metrics.ts";
import { ContainerStarter } from "../pods/start-container.ts";
import { StartError } from "../pods/start-error.ts";
import { ContainerStopper } from "../pods/stop-container.ts";
import type { ProbeResults } from "../probes/probe-results.ts";
import { runtimeErrorCode } from "../runtime/runtime-error.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { WaitingReason } from "../status/status-view.ts";
import { ImageVolumes } from "../volumes/image-volumes.ts";
import type { Mounts } from "../volumes/mounts.ts";
import type { ObjectSource } from "../volumes/object-source.ts";
import type { PodVolumes } from "../volumes/pod-volumes.ts";
import { VolumePaths } from "../volumes/volume-paths.ts";

/** What a test puts below and around the pod workers. */
export interface PodStack {
  /** The kubelet's directory; has a file `hosts`. */
  readonly root: string;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly objects: ObjectSource;
  readonly mounts: Mounts;
  readonly volumes: PodVolumes;
  readonly events: PodEvents;
  readonly cgroups: PodCgroups;
  readonly probes: ProbeResults;
  readonly services: readonly Service[];
  readonly registry: Registry;
  networkProblem(): string | undefined;
  sourcesReady(): boolean;
  admit(pod: Pod, others: readonly Pod[]): WaitingReason | undefined;
  publish(pod: Pod, status: PodStatus): void;
  onDelete(pod: Pod): void;
  onFinished(podUid: string): void;
  preempt?(pod: Pod, others: readonly Pod[]): Preemption | undefined;
  /** Handlers by the names of their classes. */
  readonly runtimeClasses?: ReadonlyMap<string, string>;
  judgeResize?(pod: Pod): ResizeRefusal | undefined;
}

/** Events as lines `Reason message`, in order. */
export class WrittenEvents implements PodEvents {
  readonly lines: string[] = [];

  pod(_pod: Pod, _level: string, reason: string, message: string): void {
    this.lines.push(`${reason} ${message}`);
  }

  container(_pod: Pod, _fieldPath: string, _level: string, reason: string, message: string): void {
    this.lines.push(`${reason} ${message}`);
  }
}

/** Cgroups that are only written down; the runtime is left its own. */
export class WrittenCgroups implements PodCgroups {
  readonly present = new Set<string>();

  async ensure(pod: Pod): Promise<string> {
    this.present.add(pod.metadata.uid ?? "");
    return "";
  }

  async remove(podUid: string): Promise<void> {
    this.present.delete(podUid);
  }
}

/** The real pod workers over what the test gives. */
export function createPodWorkers(stack: PodStack): PodWorkers {
  const { root, runtime, clock, objects, mounts, volumes, events, cgroups, probes } = stack;
  const policy = nodePolicy(root);
  const metrics = new PodMetrics(stack.registry);
  const provider = pullMissing(runtime);
  const hooks = new LifecycleHooks(runtime, clock, "kube-lifecycle/1.36", new HookMetrics(stack.registry));
  const starter = new ContainerStarter({
    runtime,
    images: provider,
    imageVolumes: new ImageVolumes({ paths: new VolumePaths(root), mounts, provider, images: runtime.images }),
    objects,
    mounts: new ContainerMounts(new VolumePaths(root), mounts, policy),
    hooks,
    events,
    policy,
    clock,
    services: () => stack.services,
  });
  const executor = new PodExecutor({
    metrics,
    runtime,
    cgroups,
    volumes,
    starter,
    stopper: new ContainerStopper({ runtime, hooks, events, clock, log: silentLogger }),
    events,
    policy,
    runtimeHandler: async (className) => {
      const handler = stack.runtimeClasses?.get(className);
      if (handler === undefined) throw new Error(`runtimeclasses.node.k8s.io "${className}" not found`);
      return handler;
    },
    deletePod: async (pod) => stack.onDelete(pod),
  });
  return new PodWorkers({
    runtime,
    clock,
    log: silentLogger,
    events,
    metrics,
    relistPeriodMs: 10_000,
    admit: (pod, others) => stack.admit(pod, others),
    preempt: (pod, others) => stack.preempt?.(pod, others),
    sourcesReady: () => stack.sourcesReady(),
    podsOnDisk: () => volumes.present(),
    onFinished: (uid) => stack.onFinished(uid),
    startTimes: new PodStartTimes(metrics, clock),
    shared: {
      executor,
      observer: () => new PodObserver(runtime, clock),
      events,
      probes,
      metrics,
      resizes: new ResizeMetrics(stack.registry),
      clock,
      random: seededRandom(1),
      log: silentLogger,
      crashBackoff: defaultCrashBackoff,
      runtimeName: "docker",
      resourcePolicy: policy,
      judgeResize: (pod) => stack.judgeResize?.(pod),
      syncFrequencyMs: 60_000,
      hostIps: () => policy.hostIps(),
      networkProblem: () => stack.networkProblem(),
      publish: (pod, status) => stack.publish(pod, status),
    },
  });
}

/** Pulls what is not there, whatever the policy. */
function pullMissing({ images }: Runtime): ImageProvider {
  return {
    ensure: async (_pod, container, _fieldPath, signal) => {
      const reference = container.image ?? "";
      try {
        const present = await images.status(reference, signal);
        const found = present ?? (await images.status(await images.pull(reference, {}, signal), signal));
        signal.throwIfAborted();
        if (found) return found;
      } catch (error) {
        signal.throwIfAborted();
        throw new StartError(runtimeErrorCode(error) ?? "ErrImagePull", String(error), { cause: error });
      }
      throw new StartError("ErrImagePull", `${reference} is not there after it was pulled`);
    },
  };
}

function nodePolicy(root: string): NodePolicy {
  return {
    hostsFile: join(root, "hosts"),
    dns: {
      clusterDns: ["10.96.0.10"],
      clusterDomain: "cluster.local",
      host: { servers: ["8.8.8.8"], searches: [], options: [] },
    },
    nodeHostname: "node-1",
    podLogsDirectory: join(root, "logs"),
    seccompDefault: false,
    seccompDirectory: join(root, "seccomp"),
    memoryCapacityBytes: 8 * 1024 ** 3,
    cpuQuota: true,
    cpuPeriodUs: 100_000,
    hostIps: () => ["192.168.0.10"],
    allocatable: () => ({ cpu: "4", memory: "8Gi" }),
  };
}
