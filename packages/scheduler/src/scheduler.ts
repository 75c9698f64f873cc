import type { Pod } from "@kube-ts/api/core/v1";
import { isNotFound } from "@kube-ts/api/status-error";
import type { EventRecorder } from "@kube-ts/client/event-recorder";
import type { Informer } from "@kube-ts/client/informer";
import { isAbort } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";
import { TaskGroup } from "@kube-ts/std/task-group";
import type { SchedulerCache } from "./cache/scheduler-cache.ts";
import type { Snapshot } from "./cache/snapshot.ts";
import type { DecisionLog } from "./cycle/decision-log.ts";
import { type Diagnosis, diagnosisMessage } from "./cycle/diagnosis.ts";
import { type Decision, type Preselection, schedulePod, type SearchCursor } from "./cycle/schedule-pod.ts";
import { askExtenders, bindByExtender } from "./extenders/ask-extenders.ts";
import { type Extender, extenderName } from "./extenders/extender.ts";
import { CycleState } from "./framework/cycle-state.ts";
import type { Framework } from "./framework/framework.ts";
import type { AttemptResult, SchedulerMetrics } from "./framework/metrics.ts";
import type { PermitWait, PostFilterResult } from "./framework/plugin.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { failed, type Outcome, Status, unschedulable } from "./framework/status.ts";
import type { PodStatusWriter } from "./pod-status-writer.ts";
import type { NominatedPods } from "./queue/nominated-pods.ts";
import type { QueuedPod } from "./queue/queued-pod.ts";
import type { Rejection, SchedulingQueue } from "./queue/scheduling-queue.ts";

export interface Profile {
  readonly framework: Framework;
  readonly events: EventRecorder;
}

export interface SchedulerOptions {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly queue: SchedulingQueue;
  readonly cache: SchedulerCache;
  readonly snapshot: Snapshot;
  readonly nominated: NominatedPods;
  readonly decisions: DecisionLog;
  readonly pods: Informer<Pod>;
  readonly statuses: PodStatusWriter;
  /** Asked in this order. */
  readonly extenders?: readonly Extender[];
  readonly metrics: SchedulerMetrics;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** Pods that are assumed and on their way to the API server; more would only wait in the client. */
const maxBindings = 256;
/** For how long cycles run before other work (watch events, answers) gets its turn. */
const sliceMs = 10;

/** A pod that is being tried. */
interface Attempt {
  readonly queued: QueuedPod;
  readonly profile: Profile;
  readonly startedMs: number;
}

/** A pod that was given a node and is to be bound. */
interface Placement {
  readonly queued: QueuedPod;
  readonly pod: PodInfo;
  readonly profile: Profile;
  readonly state: CycleState;
  readonly nodeName: string;
  readonly startedMs: number;
}

/** Takes pods from the queue, one at a time, and gives each a node. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #cursor: SearchCursor = { next: 0 };
  #bindings = 0;
  #bindingEnded: PromiseWithResolvers<void> | undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Schedules until the signal aborts; then bindings under way are finished or aborted before it resolves. */
  async run(signal: AbortSignal): Promise<void> {
    const tasks = new TaskGroup(signal);
    tasks.start((inner) => this.#loop(tasks, inner));
    await tasks.settled();
  }

  async #loop(tasks: TaskGroup, signal: AbortSignal): Promise<void> {
    const { queue } = this.#options;
    const interrupt = () => {
      queue.interrupt();
      this.#bindingEnded?.resolve();
    };
    signal.addEventListener("abort", interrupt, { once: true });
    while (!signal.aborted) {
      await queue.waitForPod();
      const untilMs = performance.now() + sliceMs;
      while (!signal.aborted && performance.now() < untilMs && this.#bindings < maxBindings) {
        const queued = queue.pop();
        if (!queued) break;
        const answers = this.#scheduleOne(queued, tasks, signal);
        if (answers) await answers;
      }
      if (this.#bindings >= maxBindings) {
        this.#bindingEnded ??= Promise.withResolvers<void>();
        await this.#bindingEnded.promise;
      } else {
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    }
  }

  /**
   * One scheduling cycle; what follows for the pod goes on in the background. It runs without a pause, but for pods
   * that concern extenders: for these it answers a promise, before which no other pod may be tried.
   */
  #scheduleOne(queued: QueuedPod, tasks: TaskGroup, signal: AbortSignal): Promise<void> | undefined {
    const { profiles, queue, cache, clock } = this.#options;
    const { pod } = queued;
    const profile = profiles.get(pod.pod.spec.schedulerName ?? "");
    if (!profile || pod.pod.metadata.deletionTimestamp !== undefined || cache.isAssumed(pod.uid)) {
      queue.done(queued);
      return undefined;
    }
    const attempt: Attempt = { queued, profile, startedMs: clock.monotonicMs() };
    const state = new CycleState();
    const decision = this.#decide(queued.pod, profile, state);
    const extenders = decision.kind === "node" ? this.#extendersOf(queued.pod.pod) : [];
    if (decision.kind === "node" && extenders.length > 0) {
      return this.#scheduleExtended(attempt, decision, extenders, tasks, signal);
    }
    this.#conclude(attempt, state, decision, tasks);
    return undefined;
  }

  #decide(pod: PodInfo, { framework }: Profile, state: CycleState, preselection?: Preselection): Decision {
    const { cache, snapshot, nominated, random } = this.#options;
    cache.updateSnapshot(snapshot);
    const nominatedNode = nominated.nodeOf(pod.uid) || (pod.pod.status?.nominatedNodeName ?? "");
    return orError(() =>
      schedulePod(framework, snapshot, state, pod, nominatedNode, this.#cursor, random, preselection),
    );
  }

  /** The extenders that have a say in where the pod goes. */
  #extendersOf(pod: Pod): readonly Extender[] {
    const { extenders = [] } = this.#options;
    return extenders.filter((extender) => (extender.filters || extender.prioritizes) && extender.isInterested(pod));
  }

  /** Asks extenders about the nodes that were found, and decides again on the cluster as it is then. */
  async #scheduleExtended(
    attempt: Attempt,
    found: Extract<Decision, { kind: "node" }>,
    extenders: readonly Extender[],
    tasks: TaskGroup,
    signal: AbortSignal,
  ): Promise<void> {
    const { queue, log } = this.#options;
    const { queued, profile } = attempt;
    const nodes = found.feasible.flatMap(({ node }) => node ?? []);
    const state = new CycleState();
    let decision: Decision;
    try {
      const verdict = await askExtenders(extenders, queued.pod.pod, nodes, log, signal);
      // It was deleted, or somebody else has bound it.
      if (queue.place(queued.pod.uid) !== "inFlight") return;
      if (queued.pod.pod.metadata.deletionTimestamp !== undefined) {
        queue.done(queued);
        return;
      }
      const statuses = new Map([...found.statuses, ...verdict.statuses]);
      decision = this.#decide(queued.pod, profile, state, { ...verdict, statuses });
    } catch (error) {
      if (isAbort(error, signal)) return;
      decision = { kind: "error", status: failed(extenderName, error) };
    }
    this.#conclude(attempt, state, decision, tasks);
  }

  #conclude({ queued, profile, startedMs }: Attempt, state: CycleState, decision: Decision, tasks: TaskGroup): void {
    const { metrics, clock, decisions } = this.#options;
    const { pod } = queued;
    const { framework } = profile;
    metrics.algorithmDuration.observe((clock.monotonicMs() - startedMs) / 1_000);
    const record = (message: string, final: Decision = decision) =>
      decisions.record(pod.key, {
        atMs: clock.now(),
        profile: framework.schedulerName,
        attempt: queued.attempts,
        decision: final,
        message,
      });
    switch (decision.kind) {
      case "node":
        record(`assigned to ${decision.nodeName}`);
        this.#place({ queued, pod, profile, state, nodeName: decision.nodeName, startedMs }, tasks);
        return;
      case "none": {
        const diagnosis = this.#makeRoom(queued, profile, state, decision.diagnosis, tasks, startedMs);
        record(diagnosisMessage(diagnosis), { kind: "none", diagnosis });
        return;
      }
      case "error":
        record(decision.status.message);
        this.#fail(queued, profile, decision.status, startedMs);
    }
  }

  /** Asks PostFilter; the pod waits in either case. */
  #makeRoom(
    queued: QueuedPod,
    profile: Profile,
    state: CycleState,
    diagnosis: Diagnosis,
    tasks: TaskGroup,
    startedMs: number,
  ): Diagnosis {
    const { framework } = profile;
    const { pod } = queued;
    const { log, nominated } = this.#options;
    let nominatedNodeName: string | undefined;
    let postFilterMessage = "";
    if (framework.plugins.postFilter.length > 0 && diagnosis.nodeCount > 0) {
      const pointStartedMs = framework.timer.start();
      const result = this.#postFilter(framework, state, pod, diagnosis);
      framework.timer.stop("PostFilter", result?.kind === "nominated" ? "Success" : "Unschedulable", pointStartedMs);
      if (result?.kind === "nominated") {
        nominatedNodeName = result.nodeName;
        nominated.set(pod, result.nodeName);
        tasks.start(async (signal) => {
          await result.prepare(signal).catch((error: unknown) => {
            if (isAbort(error, signal)) throw error;
            log.warn("preemption failed", { pod: pod.key, node: result.nodeName, error });
            this.#options.queue.activate([pod.uid]);
          });
        });
      } else if (result) {
        postFilterMessage = result.status.message;
        if (result.clearNomination) {
          nominatedNodeName = "";
          nominated.delete(pod.uid);
        }
      }
    }
    const final: Diagnosis = { ...diagnosis, postFilterMessage };
    const rejection = { plugins: diagnosis.rejectedBy, pendingPlugins: diagnosis.pendingFor, isError: false };
    this.#giveBack(queued, profile, rejection, diagnosisMessage(final), startedMs, nominatedNodeName);
    return final;
  }

  /** A plugin that throws makes no room; the pod waits as it would without the plugin. */
  #postFilter(
    framework: Framework,
    state: CycleState,
    pod: PodInfo,
    diagnosis: Diagnosis,
  ): PostFilterResult | undefined {
    try {
      return framework.postFilter(state, pod, allStatuses(diagnosis, this.#options.snapshot));
    } catch (error) {
      this.#options.log.error("making room failed", { pod: pod.key, error });
      return undefined;
    }
  }

  #place(placement: Placement, tasks: TaskGroup): void {
    const { cache, nominated } = this.#options;
    const { queued, pod, profile, state, nodeName, startedMs } = placement;
    const { framework } = profile;
    cache.assumePod(pod, nodeName);
    nominated.delete(pod.uid);
    const rejected = this.#reserveAndPermit(framework, state, pod, nodeName);
    if (rejected instanceof Status) {
      framework.unreserve(state, pod, nodeName);
      cache.forgetPod(pod.uid);
      this.#fail(queued, profile, rejected, startedMs);
      return;
    }
    this.#bindings += 1;
    this.#options.metrics.goroutines.set({ operation: "binding" }, this.#bindings);
    tasks.start(async (signal) => {
      try {
        await this.#bind(placement, rejected, signal);
      } finally {
        this.#bindings -= 1;
        this.#options.metrics.goroutines.set({ operation: "binding" }, this.#bindings);
        this.#bindingEnded?.resolve();
        this.#bindingEnded = undefined;
      }
    });
  }

  #reserveAndPermit(
    framework: Framework,
    state: CycleState,
    pod: PodInfo,
    nodeName: string,
  ): Status | readonly PermitWait[] {
    const { plugins, timer } = framework;
    if (plugins.reserve.length > 0) {
      const startedMs = timer.start();
      const reserved = framework.reserve(state, pod, nodeName);
      timer.stop("Reserve", reserved?.code ?? "Success", startedMs);
      if (reserved) return reserved;
    }
    if (plugins.permit.length === 0) return [];
    const startedMs = timer.start();
    const permitted = framework.permit(state, pod, nodeName);
    timer.stop("Permit", permitted instanceof Status ? permitted.code : "Success", startedMs);
    return permitted;
  }

  /** The binding cycle. */
  async #bind(placement: Placement, waits: readonly PermitWait[], signal: AbortSignal): Promise<void> {
    const { queued, pod, profile, state, nodeName, startedMs } = placement;
    const { cache, queue, metrics } = this.#options;
    const { framework } = profile;
    const outcome = await this.#bindingOutcome(placement, waits, signal);
    if (outcome) {
      framework.unreserve(state, pod, nodeName);
      cache.forgetPod(pod.uid);
      signal.throwIfAborted();
      this.#fail(queued, profile, outcome, startedMs);
      // The room that the pod held is free again.
      queue.onEvent({ resource: "AssignedPod", actions: ["Delete"], old: pod.pod, current: undefined });
      return;
    }
    cache.finishBinding(pod.uid);
    queue.done(queued);
    this.#options.statuses.forget(pod.uid);
    framework.postBind(state, pod, nodeName);
    const nowMs = this.#options.clock.monotonicMs();
    metrics.podAttempts.observe(queued.attempts);
    const attempts = queued.attempts > 15 ? "16+" : String(queued.attempts);
    metrics.podDuration.observe({ attempts }, (nowMs - (queued.firstTriedAtMs ?? nowMs)) / 1_000);
    this.#observe("scheduled", framework, startedMs);
    const message = `Successfully assigned ${pod.key} to ${nodeName}`;
    profile.events.event(withType(pod.pod), "Normal", "Scheduled", message, { action: "Binding" });
  }

  async #bindingOutcome(
    { pod, profile: { framework }, state, nodeName }: Placement,
    waits: readonly PermitWait[],
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { plugins, timer } = framework;
    try {
      for (const wait of waits) {
        const verdict = await this.#waitForPermit(wait, signal);
        if (verdict) return verdict;
      }
      if (plugins.preBind.length > 0) {
        const startedMs = timer.start();
        const prepared = await framework.preBind(state, pod, nodeName, signal);
        timer.stop("PreBind", prepared?.code ?? "Success", startedMs);
        if (prepared) return prepared;
      }
      const startedMs = timer.start();
      const { extenders = [], log } = this.#options;
      const bound = (await bindByExtender(extenders, pod.pod, nodeName, log, signal))
        ? undefined
        : await framework.bind(state, pod, nodeName, signal);
      timer.stop("Bind", bound?.code ?? "Success", startedMs);
      return bound;
    } catch (error) {
      return failed("", error);
    }
  }

  async #waitForPermit({ status, timeoutMs, verdict }: PermitWait, signal: AbortSignal): Promise<Outcome> {
    const late = new AbortController();
    const expiry = this.#options.clock
      .sleep(timeoutMs, AbortSignal.any([signal, late.signal]))
      .then(() => unschedulable(status.plugin, "pod rejected due to timeout after waiting at plugin"))
      .catch((error: unknown) => {
        if (!late.signal.aborted) throw error;
        return undefined;
      });
    try {
      return await Promise.race([verdict, expiry]);
    } finally {
      late.abort();
    }
  }

  /** Something was in the way: either a plugin said no late, or something failed. */
  #fail(queued: QueuedPod, profile: Profile, status: Status, startedMs: number): void {
    const { queue, log } = this.#options;
    if (isNotFound(status.cause)) {
      const current = this.#options.pods.get(queued.pod.key);
      // A missing node has the same reason: then the pod is still there.
      if (!current || current.metadata.uid !== queued.pod.uid) {
        queue.done(queued);
        return;
      }
    }
    const plugins = new Set(status.plugin === "" ? [] : [status.plugin]);
    const rejection = { plugins, pendingPlugins: new Set<string>(), isError: !status.rejected };
    if (!status.rejected)
      log.warn("scheduling failed", { pod: queued.pod.key, plugin: status.plugin, error: status.cause });
    this.#giveBack(queued, profile, rejection, status.message, startedMs, undefined);
  }

  /** Returns the pod to the queue and tells users why. */
  #giveBack(
    queued: QueuedPod,
    profile: Profile,
    rejection: Rejection,
    message: string,
    startedMs: number,
    nominatedNodeName: string | undefined,
  ): void {
    const { queue, pods, statuses } = this.#options;
    const current = pods.get(queued.pod.key);
    this.#observe(rejection.isError ? "error" : "unschedulable", profile.framework, startedMs);
    if (!current || current.metadata.uid !== queued.pod.uid || current.spec.nodeName) {
      queue.done(queued);
      return;
    }
    queue.reject(queued, rejection);
    profile.events.event(withType(current), "Warning", "FailedScheduling", message, { action: "Scheduling" });
    const reason = rejection.isError ? "SchedulerError" : "Unschedulable";
    statuses.write(current, { reason, message, nominatedNodeName });
  }

  #observe(result: AttemptResult, { schedulerName }: Framework, startedMs: number): void {
    const labels = { result, profile: schedulerName };
    const { metrics, clock } = this.#options;
    metrics.attempts.inc(labels);
    metrics.attemptDuration.observe(labels, (clock.monotonicMs() - startedMs) / 1_000);
  }
}

/** A plugin that throws must not end the scheduler, or one pod could keep all others from being scheduled. */
function orError(decide: () => Decision): Decision {
  try {
    return decide();
  } catch (error) {
    return { kind: "error", status: failed("", error) };
  }
}

/** When PreFilter turns a pod down, its status holds for every node. */
function allStatuses({ statuses, preFilter }: Diagnosis, snapshot: Snapshot): ReadonlyMap<string, Status> {
  if (!preFilter) return statuses;
  return new Map(snapshot.nodes.map(({ name }) => [name, preFilter]));
}

/** Objects of lists carry no kind, which events need. */
function withType(pod: Pod): Pod {
  return { ...pod, apiVersion: "v1", kind: "Pod" };
}
