import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Registry } from "@kube-ts/std/metrics";
import { VolumeMetrics } from "../volumes/volume-metrics.ts";
import type { Pod, PodStatus, Service } from "@kube-ts/api/core/v1";
import { FakeClock } from "@kube-ts/std/clock";
import type { Preemption } from "../pods/plan-preemption.ts";
import type { ResizeRefusal } from "../pods/resize.ts";
import type { PodWorkers } from "../pods/pod-workers.ts";
import { ProbeResultStore } from "../probes/probe-results.ts";
import type { WaitingReason } from "../status/status-view.ts";
import { PodVolumes } from "../volumes/pod-volumes.ts";
import { VolumePaths } from "../volumes/volume-paths.ts";
import { MemoryClaims, MemoryMounts, MemoryObjects, MemoryTokens } from "./memory-objects.ts";
import { MemoryRuntime } from "./memory-runtime.ts";
import { WrittenCgroups, WrittenEvents, createPodWorkers } from "./pod-stack.ts";

/** Generous: the machine may be busy with other things. */
const untilTimeoutMs = 30_000;

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
  preempt: (pod: Pod, others: readonly Pod[]) => Preemption | undefined = () => undefined;
  readonly runtimeClasses = new Map<string, string>();
  judgeResize: (pod: Pod) => ResizeRefusal | undefined = () => undefined;
  /** What the workers that run now have counted. */
  registry = new Registry();
  workers: PodWorkers;
  readonly volumes: PodVolumes;
  readonly root: string;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  private constructor(root: string) {
    this.root = root;
    this.volumes = new PodVolumes({
      paths: new VolumePaths(root),
      metrics: new VolumeMetrics(new Registry()),
      claims: new MemoryClaims(),
      images: this.runtime.images,
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
    const deadline = Date.now() + untilTimeoutMs;
    while (!condition()) {
      if (Date.now() > deadline) {
        const seen = { status: [...this.statuses.values()], journal: this.runtime.journal, events: this.events.lines };
        throw new Error(`${what}: not reached; last seen ${JSON.stringify(seen, undefined, 1)}`);
      }
      await this.settle();
    }
  }

  /**
   * Lets pending work go on for a moment of real time: as long as some file operations take, which is longer on a busy
   * machine.
   */
  async settle(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 2));
    for (let round = 0; round < 4; round += 1) await stat(this.root);
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
    this.registry = new Registry();
    return createPodWorkers({
      registry: this.registry,
      preempt: (pod, others) => this.preempt(pod, others),
      runtimeClasses: this.runtimeClasses,
      judgeResize: (pod) => this.judgeResize(pod),
      root: this.root,
      runtime: this.runtime,
      clock: this.clock,
      objects: this.objects,
      mounts: this.mounts,
      volumes: this.volumes,
      events: this.events,
      cgroups: this.cgroups,
      probes: this.probes,
      services: this.services,
      networkProblem: () => this.networkProblem,
      sourcesReady: () => this.sourcesReady,
      admit: (pod, others) => this.refuse(pod, others),
      publish: (pod, status) => void this.statuses.set(pod.metadata.uid ?? "", status),
      onDelete: (pod) => void this.deleted.push(pod.metadata.uid ?? ""),
      onFinished: (uid) => void this.statuses.delete(uid),
    });
  }
}
