import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pod, PodStatus, Service } from "@kube-ts/api/core/v1";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { Registry } from "@kube-ts/std/metrics";
import { seededRandom } from "@kube-ts/std/random";
import { ContainerMounts } from "../pods/container-mounts.ts";
import { defaultCrashBackoff } from "../pods/crash-backoff.ts";
import { LifecycleHooks } from "../pods/lifecycle-hook.ts";
import type { NodePolicy } from "../pods/node-policy.ts";
import type { PodEvents } from "../pods/pod-events.ts";
import { PodExecutor } from "../pods/pod-executor.ts";
import type { ImageProvider, PodCgroups } from "../pods/pod-machine.ts";
import { PodMetrics } from "../pods/pod-metrics.ts";
import { PodObserver } from "../pods/pod-observer.ts";
import { PodWorkers } from "../pods/pod-workers.ts";
import { ContainerStarter } from "../pods/start-container.ts";
import { StartError } from "../pods/start-error.ts";
import { ContainerStopper } from "../pods/stop-container.ts";
import { ProbeResultStore } from "../probes/probe-results.ts";
import { runtimeErrorCode } from "../runtime/runtime-error.ts";
import type { WaitingReason } from "../status/status-view.ts";
import { PodVolumes } from "../volumes/pod-volumes.ts";
import { VolumePaths } from "../volumes/volume-paths.ts";
import { MemoryMounts, MemoryObjects, MemoryTokens } from "./memory-objects.ts";
import { MemoryRuntime } from "./memory-runtime.ts";

/** Events as lines `Reason message`, in order. */
class WrittenEvents implements PodEvents {
  readonly lines: string[] = [];

  pod(_pod: Pod, _level: string, reason: string, message: string): void {
    this.lines.push(`${reason} ${message}`);
  }

  container(_pod: Pod, _fieldPath: string, _level: string, reason: string, message: string): void {
    this.lines.push(`${reason} ${message}`);
  }
}

/** Cgroups that are only written down. */
class WrittenCgroups implements PodCgroups {
  readonly present = new Set<string>();

  async ensure(pod: Pod): Promise<string> {
    this.present.add(pod.metadata.uid ?? "");
    return `/kubepods/pod${pod.metadata.uid}`;
  }

  async remove(podUid: string): Promise<void> {
    this.present.delete(podUid);
  }
}

/** A node without a machine: the real pod workers over a runtime in memory and a clock that the test moves. */
export class PodHarness {
  readonly clock = new FakeClock(Date.UTC(2026, 0, 1));
  readonly runtime = new MemoryRuntime(this.clock);
  readonly objects = new MemoryObjects();
  readonly mounts = new MemoryMounts();
  readonly events = new WrittenEvents();
  readonly cgroups = new WrittenCgroups();
  readonly probes = new ProbeResultStore();
  readonly statuses = new Map<string, PodStatus>();
  readonly deleted: string[] = [];
  readonly services: Service[] = [];
  networkProblem: string | undefined;
  sourcesReady = true;
  refuse: (pod: Pod, others: readonly Pod[]) => WaitingReason | undefined = () => undefined;
  workers: PodWorkers;
  readonly volumes: PodVolumes;
  readonly root: string;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  private constructor(root: string) {
    this.root = root;
    this.volumes = new PodVolumes({
      paths: new VolumePaths(root),
      mounts: this.mounts,
      objects: this.objects,
      tokens: new MemoryTokens(),
      clock: this.clock,
      allocatable: () => ({ cpu: "4", memory: "8Gi" }),
    });
    this.workers = this.#build();
  }

  static async create(): Promise<PodHarness> {
    const root = await mkdtemp(join(tmpdir(), "kubelet-"));
    await writeFile(join(root, "hosts"), "127.0.0.1 localhost\n");
    return new PodHarness(root);
  }

  /** Starts the workers. */
  start(): void {
    this.#running = this.workers.run(this.#stop.signal).catch((error: unknown) => {
      if (!this.#stop.signal.aborted) throw error;
    });
  }

  /** Stops the workers as a kill would, and makes new ones that know nothing. */
  async restart(): Promise<void> {
    await this.#halt();
    this.#stop = new AbortController();
    this.workers = this.#build();
    this.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#halt();
    await rm(this.root, { recursive: true, force: true });
  }

  /** Lets everything run until the condition holds, without moving the clock; fails with what was last seen. */
  async until(what: string, condition: () => boolean): Promise<void> {
    const deadline = Date.now() + 5_000;
    while (!condition()) {
      if (Date.now() > deadline) {
        const seen = { status: [...this.statuses.values()], journal: this.runtime.journal, events: this.events.lines };
        throw new Error(`${what}: not reached; last seen ${JSON.stringify(seen, undefined, 1)}`);
      }
      await this.settle();
    }
  }

  /** Lets pending work go on for a moment of real time. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 2));
    await this.clock.advance(0);
  }

  /** Moves the clock in steps, letting work go on after each. */
  async pass(ms: number, stepMs = 1_000): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      await this.clock.advance(Math.min(left, stepMs));
      for (let round = 0; round < 5; round += 1) await this.settle();
    }
  }

  phase(podUid = "uid-1"): string | undefined {
    return this.statuses.get(podUid)?.phase;
  }

  containerStatus(name: string, podUid = "uid-1") {
    const status = this.statuses.get(podUid);
    return [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].find(
      (container) => container.name === name,
    );
  }

  async #halt(): Promise<void> {
    this.#stop.abort(new Error("stopped"));
    await this.#running;
  }

  #build(): PodWorkers {
    const { runtime, clock, events, cgroups, objects } = this;
    const paths = new VolumePaths(this.root);
    const policy = this.#policy();
    const hooks = new LifecycleHooks(runtime, clock, "kube-lifecycle/1.36");
    const metrics = new PodMetrics(new Registry());
    const executor = new PodExecutor({
      metrics,
      runtime,
      cgroups,
      volumes: this.volumes,
      starter: new ContainerStarter({
        runtime,
        images: this.#images(),
        objects,
        mounts: new ContainerMounts(paths, this.mounts, policy),
        hooks,
        events,
        policy,
        clock,
        services: () => this.services,
      }),
      stopper: new ContainerStopper({ runtime, hooks, events, clock, log: silentLogger }),
      events,
      policy,
      deletePod: async (pod) => void this.deleted.push(pod.metadata.uid ?? ""),
    });
    return new PodWorkers({
      runtime,
      clock,
      log: silentLogger,
      events,
      metrics,
      relistPeriodMs: 10_000,
      admit: (pod, others) => this.refuse(pod, others),
      sourcesReady: () => this.sourcesReady,
      podsOnDisk: () => this.volumes.present(),
      onFinished: (uid) => void this.statuses.delete(uid),
      shared: {
        executor,
        observer: () => new PodObserver(runtime),
        events,
        probes: this.probes,
        clock,
        random: seededRandom(1),
        log: silentLogger,
        crashBackoff: defaultCrashBackoff,
        runtimeName: "docker",
        syncFrequencyMs: 60_000,
        hostIps: () => policy.hostIps(),
        networkProblem: () => this.networkProblem,
        publish: (pod, status) => void this.statuses.set(pod.metadata.uid ?? "", status),
      },
    });
  }

  #images(): ImageProvider {
    return {
      ensure: async (_pod, container, _fieldPath, signal) => {
        const { images } = this.runtime;
        const reference = container.image ?? "";
        try {
          const found = (await images.status(reference)) ?? (await images.status(await images.pull(reference)));
          signal.throwIfAborted();
          if (found) return found;
        } catch (error) {
          signal.throwIfAborted();
          throw new StartError(runtimeErrorCode(error) ?? "ErrImagePull", String(error), { cause: error });
        }
        throw new StartError("ErrImageNeverPull", reference);
      },
    };
  }

  #policy(): NodePolicy {
    return {
      hostsFile: join(this.root, "hosts"),
      dns: {
        clusterDns: ["10.96.0.10"],
        clusterDomain: "cluster.local",
        host: { servers: ["8.8.8.8"], searches: [], options: [] },
      },
      nodeHostname: "node-1",
      podLogsDirectory: join(this.root, "logs"),
      seccompDefault: false,
      seccompDirectory: join(this.root, "seccomp"),
      memoryCapacityBytes: 8 * 1024 ** 3,
      cpuQuota: true,
      cpuPeriodUs: 100_000,
      hostIps: () => ["192.168.0.10"],
      allocatable: () => ({ cpu: "4", memory: "8Gi" }),
    };
  }
}
