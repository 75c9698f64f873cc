import type { Pod, PodStatus } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { isAbort } from "@kube-ts/std/abort";
import { type BackoffPolicy, backoffDelayMs } from "@kube-ts/std/backoff";
import type { Clock } from "@kube-ts/std/clock";
import { type Logger, errorFields } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";
import type { ProbeResults } from "../probes/probe-results.ts";
import { isTerminalPhase } from "../status/pod-phase.ts";
import type { PodOutcome, WaitingReason } from "../status/status-view.ts";
import type { CrashBackoffPolicy } from "./crash-backoff.ts";
import { type ObservedPod, mayRun, nothingObserved } from "./observed-pod.ts";
import type { ResourcePolicy } from "./linux-resources.ts";
import { planPod } from "./plan-pod.ts";
import { type PodAction, actionKey } from "./pod-action.ts";
import { findContainer } from "./pod-containers.ts";
import type { PodEvents } from "./pod-events.ts";
import type { PodExecutor, Prepared } from "./pod-executor.ts";
import type { PodMetrics, SyncOperation } from "./pod-metrics.ts";
import { PodMemory } from "./pod-memory.ts";
import type { PodObserver } from "./pod-observer.ts";
import type { PodPlan, PodWork } from "./pod-work.ts";
import { type ResizeRefusal, asksForMore } from "./resize.ts";
import type { ResizeMetrics } from "./resize-metrics.ts";
import { ResizeWatch } from "./resize-watch.ts";
import { StartError } from "./start-error.ts";
import { Wakeup } from "./wakeup.ts";

/** What all pod workers of a kubelet share. */
export interface PodWorkerShared {
  readonly executor: PodExecutor;
  readonly observer: () => PodObserver;
  readonly events: PodEvents;
  readonly probes: ProbeResults;
  readonly metrics: Pick<PodMetrics, "synced">;
  readonly resizes: ResizeMetrics;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly crashBackoff: CrashBackoffPolicy;
  readonly runtimeName: string;
  readonly resourcePolicy: ResourcePolicy;
  /** Volumes are looked through again after this long even when nothing is known to have changed. */
  readonly syncFrequencyMs: number;
  hostIps(): readonly string[];
  /** Why pods cannot be given a network now; undefined when they can. */
  networkProblem(): string | undefined;
  /** Whether the node has room for what a pod that runs here asks for now; undefined when it has. */
  judgeResize(pod: Pod): ResizeRefusal | undefined;
  /** Takes every computed status; the same one may come again. */
  publish(pod: Pod, status: PodStatus): void;
}

/** How long a failed action waits before it is tried again. */
const retryPolicy: BackoffPolicy = { baseMs: 1_000, maxMs: 30_000, factor: 2, jitter: 0.2 };
/** How long a worker waits before it asks a runtime again that did not answer. */
const lookPolicy: BackoffPolicy = { baseMs: 1_000, maxMs: 10_000, factor: 2, jitter: 0.2 };
const failedSyncRetryMs = 10_000;
/** A pull that failed is soon asked for again, only to be told that it is backed off: that is what users look for. */
const pullNoticeMs = 3_000;

interface Running {
  readonly action: PodAction;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/**
 * Runs one pod: looks at what the runtime has, plans, and starts what the plan asks for, again whenever something
 * changes. Plans are made one at a time; the newest spec counts. The worker ends when nothing of the pod is left.
 */
export class PodWorker {
  readonly #shared: PodWorkerShared;
  readonly #log: Logger;
  readonly #wakeup = new Wakeup();
  readonly #running = new Map<string, Running>();
  readonly #observer: PodObserver;
  readonly #memory: PodMemory;
  readonly #resizes: ResizeWatch;
  #pod: Pod;
  #observed: ObservedPod = nothingObserved;
  #stale = true;
  #announced = false;
  /** Since when there has been work without a pause, and why it began. */
  #busy: { readonly sinceMs: number; readonly operation: SyncOperation } | undefined;
  #updated = false;
  #failedLooks = 0;

  constructor(pod: Pod, options: { readonly static: boolean; readonly removed: boolean }, shared: PodWorkerShared) {
    this.#shared = shared;
    this.#observer = shared.observer();
    this.#resizes = new ResizeWatch(shared.events, shared.resizes, shared.clock);
    this.#pod = pod;
    this.#memory = new PodMemory(pod.status ?? {}, options.static, options.removed);
    const { name, namespace, uid } = pod.metadata;
    this.#log = shared.log.child({ pod: `${namespace}/${name}`, podUid: uid });
  }

  get pod(): Pod {
    return this.#pod;
  }

  get observed(): ObservedPod {
    return this.#observed;
  }

  /** The status that was computed last. */
  get status(): PodStatus {
    return this.#memory.status;
  }

  get isStatic(): boolean {
    return this.#memory.static;
  }

  /** Whether the pod is asked to end, or has ended. */
  get isEnding(): boolean {
    return this.#memory.termination !== undefined;
  }

  /** Whether it is asked to end and nothing of it runs any more. */
  get isDown(): boolean {
    const { containers, sandboxes } = this.#observed;
    return this.isEnding && !containers.some(mayRun) && !sandboxes.some(({ state }) => state === "ready");
  }

  /** Whether what it asks for is to be counted against what the node has. */
  get takesResources(): boolean {
    return !this.isRejected && !isTerminalPhase(this.status.phase);
  }

  /** Whether its source no longer has it. */
  get isRemoved(): boolean {
    return this.#memory.removed;
  }

  /** Where its volumes are, by name. */
  get volumesMounted(): ReadonlyMap<string, string> {
    return this.#memory.directories;
  }

  get isRejected(): boolean {
    return this.#memory.rejection !== undefined;
  }

  /** Takes the newest object of the pod. */
  update(pod: Pod): void {
    if (!semanticEqual(this.#pod.metadata.labels, pod.metadata.labels)) this.#memory.spoil();
    if (!semanticEqual(this.#pod.metadata.annotations, pod.metadata.annotations)) this.#memory.spoil();
    this.#resizes.updated(this.#pod, pod);
    this.#pod = pod;
    this.#updated = true;
    this.#wakeup.notify();
  }

  /** The pod's source no longer has it. */
  remove(): void {
    this.#memory.removed = true;
    this.#wakeup.notify();
  }

  /** This node does not take the pod. To be called before the worker runs. */
  reject(reason: WaitingReason): void {
    this.#memory.rejection = reason;
  }

  /** Ends the pod for a reason of the node's. */
  evict(outcome: PodOutcome, graceSeconds: number): void {
    this.#memory.evict(outcome, graceSeconds, this.#shared.clock.now());
    this.#wakeup.notify();
  }

  /** The runtime has something new of the pod. */
  lookAgain(): void {
    this.#stale = true;
    this.#wakeup.notify();
  }

  /** Something that plans depend on may have changed. */
  planAgain(): void {
    this.#wakeup.notify();
  }

  /** An object that the pod refers to has changed: files are made anew, and what failed for it is tried at once. */
  refresh(): void {
    this.#memory.spoil();
    this.#wakeup.notify();
  }

  /** Resolves when nothing of the pod is left. When the signal aborts, actions are cancelled and the pod runs on. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        const waitMs = await this.#stepOrRest(signal);
        if (waitMs === "finished") break;
        await this.#wakeup.wait(this.#shared.clock, waitMs, signal);
      }
      await this.#shared.executor.forget(this.#pod);
    } finally {
      await this.#cancelAll(signal.reason);
    }
  }

  /** A pod that cannot be planned must not take the others down with it. */
  async #stepOrRest(signal: AbortSignal): Promise<number | undefined | "finished"> {
    try {
      return await this.#step(signal);
    } catch (error) {
      if (signal.aborted) throw error;
      const message = error instanceof Error ? error.message : String(error);
      this.#log.error("pod could not be synced", { error: errorFields(error) });
      this.#shared.events.pod(this.#pod, "Warning", "FailedSync", `error determining status: ${message}`);
      this.#stale = true;
      return failedSyncRetryMs;
    }
  }

  async #step(signal: AbortSignal): Promise<number | undefined | "finished"> {
    const { clock, publish } = this.#shared;
    this.#busy ??= { sinceMs: clock.monotonicMs(), operation: this.#operation() };
    // An action that ends meanwhile may have changed what was just read: only a look that nothing overtook counts.
    while (this.#stale) {
      if (!(await this.#look(signal))) return backoffDelayMs(lookPolicy, this.#failedLooks - 1, this.#shared.random);
    }
    const nowMs = clock.now();
    this.#memory.age(nowMs);
    const plan = planPod(this.#work(), this.#pod, this.#observed, nowMs);
    this.#announce(plan.termination?.outcome);
    this.#resizes.computed(this.#pod, this.#memory.status, plan.status);
    this.#memory.take(plan);
    publish(this.#pod, plan.status);
    this.#report(plan);
    this.#reconcile(plan.actions, signal);
    if (this.#running.size === 0) this.#rest();
    if (plan.finished) return "finished";
    return soonest(plan.wakeAfterMs, this.#memory.refreshAfterMs(nowMs));
  }

  /** What a round of work is for; asked when it begins. */
  #operation(): SyncOperation {
    const updated = this.#updated;
    this.#updated = false;
    if (this.isEnding || this.isRemoved || this.#pod.metadata.deletionTimestamp) return "kill";
    if (this.#observed.sandboxes.length === 0) return "create";
    return updated ? "update" : "sync";
  }

  /** Nothing is left to do for now. */
  #rest(): void {
    const { clock, metrics } = this.#shared;
    if (this.#busy) metrics.synced(this.#busy.operation, (clock.monotonicMs() - this.#busy.sinceMs) / 1000);
    this.#busy = undefined;
  }

  async #look(signal: AbortSignal): Promise<boolean> {
    this.#stale = false;
    try {
      this.#observed = await this.#observer.observe(this.#pod.metadata.uid ?? "", signal);
      this.#memory.prune(this.#observed);
      this.#failedLooks = 0;
      return true;
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      // What cannot be seen is not acted upon.
      this.#stale = true;
      this.#failedLooks += 1;
      const fields = { error: errorFields(error) };
      if (this.#failedLooks === 1) this.#log.warn("the runtime did not tell of the pod", fields);
      else this.#log.debug("the runtime still does not tell of the pod", fields);
      return false;
    }
  }

  #work(): PodWork {
    const { probes, crashBackoff, runtimeName, resourcePolicy, hostIps, networkProblem, judgeResize } = this.#shared;
    const inFlight = new Map([...this.#running].map(([key, { action }]) => [key, action]));
    return this.#memory.work({
      inFlight,
      probes,
      crashBackoff,
      runtimeName,
      resourcePolicy,
      resizeRefusal: asksForMore(this.#pod, this.#memory.status) ? judgeResize(this.#pod) : undefined,
      hostIps: hostIps(),
      networkProblem: networkProblem(),
    });
  }

  /** Tells users once why their pod is ended. */
  #announce(outcome: PodOutcome | undefined): void {
    if (!outcome || this.#announced) return;
    this.#announced = true;
    const level = outcome.disruption === undefined ? "Normal" : "Warning";
    this.#shared.events.pod(this.#pod, level, outcome.reason, outcome.message);
  }

  #report({ crashing }: PodPlan): void {
    const { name, namespace, uid } = this.#pod.metadata;
    for (const [container, instance] of crashing) {
      if (!this.#memory.firstCrashOf(instance)) continue;
      const fieldPath = findContainer(this.#pod, container)?.fieldPath ?? "";
      const text = `Back-off restarting failed container ${container} in pod ${name}_${namespace}(${uid})`;
      this.#shared.events.container(this.#pod, fieldPath, "Warning", "BackOff", text);
    }
  }

  /** Cancels what the plan no longer asks for and starts what is new in it. */
  #reconcile(wanted: readonly PodAction[], signal: AbortSignal): void {
    const kept = new Set(wanted);
    for (const { action, stop } of this.#running.values()) {
      if (!kept.has(action)) stop.abort(new Error("no longer wanted"));
    }
    for (const action of wanted) if (!this.#running.has(actionKey(action))) this.#start(action, signal);
  }

  #start(action: PodAction, signal: AbortSignal): void {
    const key = actionKey(action);
    const stop = new AbortController();
    const done = this.#perform(action, AbortSignal.any([signal, stop.signal])).finally(() => {
      this.#running.delete(key);
      this.lookAgain();
    });
    this.#running.set(key, { action, stop, done });
  }

  async #perform(action: PodAction, signal: AbortSignal): Promise<void> {
    const { executor, clock, random } = this.#shared;
    const key = actionKey(action);
    this.#memory.begin(action);
    this.#log.debug("action", { ...action });
    try {
      const result = await executor.run(action, this.#situation(action), signal);
      this.#memory.succeed(action, result && this.#dated(result));
    } catch (error) {
      if (signal.aborted) return;
      const tries = this.#memory.failuresOf(key);
      const delayMs = askedDelayMs(error) ?? backoffDelayMs(retryPolicy, tries, random);
      this.#memory.fail(action, error, clock.now() + delayMs);
      this.#log.warn("action failed", { action: action.type, key, retryAfterMs: delayMs, error: errorFields(error) });
    }
  }

  #situation(action: PodAction) {
    const memory = this.#memory;
    return {
      pod: this.#pod,
      observed: this.#observed,
      directories: memory.directories,
      hooked: memory.hooked,
      onRunning: () => {
        if (action.type === "startContainer") memory.started(action);
      },
    };
  }

  #dated(prepared: Prepared): Prepared {
    const latestMs = this.#shared.clock.now() + this.#shared.syncFrequencyMs;
    return { ...prepared, refreshAtMs: Math.min(prepared.refreshAtMs ?? latestMs, latestMs) };
  }

  async #cancelAll(reason: unknown): Promise<void> {
    const running = [...this.#running.values()];
    for (const { stop } of running) stop.abort(reason);
    await Promise.all(running.map(({ done }) => done));
  }
}

function askedDelayMs(error: unknown): number | undefined {
  if (!(error instanceof StartError) || error.retryAfterMs === undefined) return undefined;
  const pulled = error.reason === "ErrImagePull" || error.reason === "RegistryUnavailable";
  return pulled ? Math.min(error.retryAfterMs, pullNoticeMs) : error.retryAfterMs;
}

function soonest(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined) return right;
  return right === undefined ? left : Math.min(left, right);
}
