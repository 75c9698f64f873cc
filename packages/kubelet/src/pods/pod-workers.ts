import type { Pod } from "@kube-ts/api/core/v1";
import { isAbort } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import { type Logger, errorFields } from "@kube-ts/std/log";
import { TaskGroup } from "@kube-ts/std/task-group";
import type { Runtime } from "../runtime/runtime.ts";
import { isTerminalPhase } from "../status/pod-phase.ts";
import type { PodOutcome, WaitingReason } from "../status/status-view.ts";
import { orphanPod } from "./orphan-pod.ts";
import type { Preemption } from "./plan-preemption.ts";
import type { PodEvents } from "./pod-events.ts";
import type { PodMetrics } from "./pod-metrics.ts";
import type { PodStartTimes } from "./pod-start-times.ts";
import { PodWorker, type PodWorkerShared } from "./pod-worker.ts";
import { type PodSummary, fingerprint, listPods } from "./relist.ts";
import { Wakeup } from "./wakeup.ts";

export interface PodWorkersOptions {
  readonly shared: PodWorkerShared;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: PodEvents;
  readonly metrics: PodMetrics;
  /** How often everything is listed, besides the runtime's events. */
  readonly relistPeriodMs: number;
  /** Whether this node takes the pod beside the given others; undefined when it does. */
  admit(pod: Pod, others: readonly Pod[]): WaitingReason | undefined;
  /** Who makes room for a critical pod; undefined when it is not a matter of room, or not critical. */
  preempt(pod: Pod, others: readonly Pod[]): Preemption | undefined;
  /** Whether every source of pods has told what it has: before that nothing is an orphan. */
  sourcesReady(): boolean;
  /** The uids of pods that have files on the node. */
  podsOnDisk(): Promise<readonly string[]>;
  /** Nothing of the pod is left. */
  onFinished(podUid: string): void;
  readonly startTimes: PodStartTimes;
}

const defaultGraceSeconds = 30;
const preempted: PodOutcome = {
  reason: "Preempting",
  message: "Preempted in order to admit critical pod",
  disruption: "TerminationByKubelet",
  disruptionMessage: "Pod was preempted by Kubelet to accommodate a critical pod.",
};

/** The workers of all pods of this node, and the watch over the runtime that wakes them. */
export class PodWorkers {
  readonly #options: PodWorkersOptions;
  readonly #workers = new Map<string, PodWorker>();
  /** Static pods that wait for a look at the runtime, or for their namesake to end, by namespace and name: the newest counts. */
  readonly #queued = new Map<string, Pod>();
  /** Pods that are ended because nobody asks for them. */
  readonly #orphans = new Set<string>();
  readonly #fingerprints = new Map<string, string>();
  readonly #relistSoon = new Wakeup();
  #tasks: TaskGroup | undefined;
  #lastRelistMs: number;

  constructor(options: PodWorkersOptions) {
    this.#options = options;
    this.#lastRelistMs = options.clock.monotonicMs();
  }

  get(podUid: string): PodWorker | undefined {
    return this.#workers.get(podUid);
  }

  list(): readonly PodWorker[] {
    return [...this.#workers.values()];
  }

  /** How long ago the runtime last told everything it has, in milliseconds. */
  get relistAgeMs(): number {
    return this.#options.clock.monotonicMs() - this.#lastRelistMs;
  }

  /** Takes the newest object of a pod that belongs on this node. */
  update(pod: Pod, isStatic: boolean): void {
    const uid = pod.metadata.uid ?? "";
    if (!isStatic) this.#options.startTimes.saw(pod);
    const known = this.#workers.get(uid);
    if (known) {
      known.update(pod);
      return;
    }
    if (isStatic) {
      this.#queued.set(fullName(pod), pod);
      this.#relistSoon.notify();
      return;
    }
    this.#begin(uid, pod, false);
  }

  /** The pod's source no longer has it. */
  remove(podUid: string): void {
    for (const [name, pod] of this.#queued) if (pod.metadata.uid === podUid) this.#queued.delete(name);
    this.#workers.get(podUid)?.remove();
  }

  /** Plans every pod anew, because something they all depend on has changed. */
  planAll(): void {
    for (const worker of this.#workers.values()) worker.planAgain();
  }

  /** Looks at the runtime as soon as possible. */
  relistSoon(): void {
    this.#relistSoon.notify();
  }

  /** Runs the workers until the signal aborts; pods run on. */
  async run(signal: AbortSignal): Promise<void> {
    const tasks = new TaskGroup(signal);
    this.#tasks = tasks;
    for (const [uid, worker] of this.#workers) this.#run(tasks, uid, worker);
    tasks.start((taskSignal) => this.#followEvents(taskSignal));
    tasks.start((taskSignal) => this.#relistForever(taskSignal));
    await tasks.settled();
  }

  #admit(worker: PodWorker, pod: Pod): void {
    // A pod that was once taken stays: a restart of the kubelet refuses nothing.
    const taken = pod.status?.startTime !== undefined || this.#fingerprints.has(pod.metadata.uid ?? "");
    if (taken || pod.metadata.deletionTimestamp || isTerminalPhase(pod.status?.phase)) return;
    const others = this.list()
      .filter((other) => other.takesResources)
      .map((other) => other.pod);
    const refusal = this.#options.admit(pod, others);
    const final = refusal && this.#makeRoom(pod, others, refusal);
    if (!final) return;
    worker.reject(final);
    this.#options.events.pod(pod, "Warning", final.reason, final.message);
  }

  /** Ends pods so that a critical one has room; answers the refusal when that does not help. */
  #makeRoom(pod: Pod, others: readonly Pod[], refusal: WaitingReason): WaitingReason | undefined {
    const { preempt, admit, metrics } = this.#options;
    if (!refusal.reason.startsWith("OutOf")) return refusal;
    const preemption = preempt(pod, others);
    if (!preemption) return refusal;
    if (preemption.type === "impossible") {
      const why = `preemption: error finding a set of pods to preempt: ${preemption.message}`;
      const message = `Unexpected error while attempting to recover from admission failure: ${why}`;
      return { reason: "UnexpectedAdmissionError", message };
    }
    const still = admit(
      pod,
      others.filter((other) => !preemption.pods.includes(other)),
    );
    if (still) return still;
    for (const victim of preemption.pods) {
      metrics.preempted(preemption.resource);
      this.#workers
        .get(victim.metadata.uid ?? "")
        ?.evict(preempted, victim.spec.terminationGracePeriodSeconds ?? defaultGraceSeconds);
    }
    return undefined;
  }

  #begin(uid: string, pod: Pod, isStatic: boolean): void {
    const worker = new PodWorker(pod, { static: isStatic, removed: false }, this.#options.shared);
    this.#admit(worker, pod);
    this.#start(uid, worker);
  }

  #start(uid: string, worker: PodWorker): void {
    this.#workers.set(uid, worker);
    if (this.#tasks) this.#run(this.#tasks, uid, worker);
  }

  #run(tasks: TaskGroup, uid: string, worker: PodWorker): void {
    const { clock, metrics, startTimes, onFinished } = this.#options;
    const seenMs = clock.monotonicMs();
    tasks.start(async (signal) => {
      metrics.workerStarted(worker.pod.spec.containers.length, (clock.monotonicMs() - seenMs) / 1000);
      await worker.run(signal);
      this.#workers.delete(uid);
      this.#orphans.delete(uid);
      startTimes.forget(uid);
      onFinished(uid);
      const next = this.#queued.get(fullName(worker.pod));
      if (!next || this.#hasNamesake(next)) return;
      this.#queued.delete(fullName(next));
      if (next.metadata.uid === uid) metrics.restarted(true);
      this.#begin(next.metadata.uid ?? "", next, true);
    });
  }

  #hasNamesake(pod: Pod): boolean {
    return [...this.#workers].some(
      ([uid, worker]) => (worker.isStatic || this.#orphans.has(uid)) && fullName(worker.pod) === fullName(pod),
    );
  }

  async #followEvents(signal: AbortSignal): Promise<void> {
    for await (const event of this.#options.runtime.events(signal)) {
      if (event.type === "resync") {
        this.#relistSoon.notify();
        continue;
      }
      const worker = this.#workers.get(event.pod.uid);
      if (worker) worker.lookAgain();
      else this.#relistSoon.notify();
    }
  }

  async #relistForever(signal: AbortSignal): Promise<void> {
    const { clock, relistPeriodMs, log } = this.#options;
    let failed = false;
    for (;;) {
      try {
        await this.#relist(signal);
        // Workers that asked in vain meanwhile need not wait for their turn.
        if (failed) for (const worker of this.#workers.values()) worker.lookAgain();
        failed = false;
      } catch (error) {
        if (isAbort(error, signal) || signal.aborted) throw error;
        if (!failed) log.warn("the runtime could not be listed", { error: errorFields(error) });
        failed = true;
      }
      await this.#relistSoon.wait(clock, relistPeriodMs, signal);
    }
  }

  async #relist(signal: AbortSignal): Promise<void> {
    const { runtime, clock, metrics } = this.#options;
    const startMs = clock.monotonicMs();
    const pods = await listPods(runtime, signal);
    const endMs = clock.monotonicMs();
    metrics.relisted((endMs - startMs) / 1000, (endMs - this.#lastRelistMs) / 1000, clock.now() / 1000);
    this.#lastRelistMs = endMs;
    for (const uid of this.#fingerprints.keys()) {
      if (pods.has(uid)) continue;
      this.#fingerprints.delete(uid);
      this.#workers.get(uid)?.lookAgain();
    }
    for (const [uid, summary] of pods) {
      const now = fingerprint(summary);
      if (this.#fingerprints.get(uid) === now) continue;
      this.#fingerprints.set(uid, now);
      this.#workers.get(uid)?.lookAgain();
    }
    metrics.counted(pods.values());
    this.#releaseStatic(pods);
    if (this.#options.sourcesReady()) await this.#adoptOrphans(pods);
  }

  /**
   * Starts the static pods that wait for nobody. One whose manifest changed while the kubelet was away has a predecessor that
   * only the runtime knows, and that has to end first: both may need the same ports.
   */
  #releaseStatic(pods: ReadonlyMap<string, PodSummary>): void {
    for (const [name, pod] of this.#queued) {
      for (const [uid, { identity, containers }] of pods) {
        const isFormer = `${identity.namespace}/${identity.name}` === name && uid !== pod.metadata.uid;
        if (isFormer && !this.#workers.has(uid)) this.#adopt(uid, orphanPod(identity, containers));
      }
      if (this.#hasNamesake(pod)) continue;
      this.#queued.delete(name);
      this.#begin(pod.metadata.uid ?? "", pod, true);
    }
  }

  /** Ends pods that only the runtime or the disk still knows. */
  async #adoptOrphans(pods: ReadonlyMap<string, PodSummary>): Promise<void> {
    const { metrics, podsOnDisk } = this.#options;
    for (const [uid, { identity, containers }] of pods) {
      if (this.#workers.has(uid) || this.#isQueued(uid)) continue;
      metrics.orphanFound();
      this.#adopt(uid, orphanPod(identity, containers));
    }
    let onDisk = 0;
    for (const uid of await podsOnDisk()) {
      if (this.#workers.has(uid) || this.#isQueued(uid)) continue;
      onDisk += 1;
      this.#adopt(uid, orphanPod({ name: uid, namespace: "", uid }, []));
    }
    metrics.orphansOnDisk(onDisk);
  }

  #adopt(uid: string, pod: Pod): void {
    this.#options.log.info("ending a pod that nobody asks for", { podUid: uid, pod: pod.metadata.name });
    this.#orphans.add(uid);
    this.#start(uid, new PodWorker(pod, { static: false, removed: true }, this.#options.shared));
  }

  #isQueued(uid: string): boolean {
    return [...this.#queued.values()].some((pod) => pod.metadata.uid === uid);
  }
}

function fullName({ metadata }: Pod): string {
  return `${metadata.namespace}/${metadata.name}`;
}
