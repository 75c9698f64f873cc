import { uidOf } from "@kube-ts/api/object";
import { isAbort } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import type { TaskGroup } from "@kube-ts/std/task-group";
import { removeNode } from "./actuation/node-removal.ts";
import { PodEvictor } from "./actuation/pod-evictor.ts";
import { type AutoscalerContext, reportForCluster, type ScanView } from "./autoscaler-context.ts";
import { deletionCandidateTaint, hasTaint } from "./model/node-marks.ts";
import { DisruptionBudgets } from "./plan/disruption-budgets.ts";
import { planScaleDown, type ScaleDownPlan, type UnneededNode } from "./plan/plan-scale-down.ts";
import { isCoolingDown, type LastChanges, planRemovals, UnneededSince } from "./plan/removal-schedule.ts";

/** Finds nodes that are not needed, and removes those that have not been for long. */
export class ScaleDown {
  readonly #context: AutoscalerContext;
  readonly #evictor: PodEvictor;
  readonly #unneededSince = new UnneededSince();
  /** Until when nodes are let alone whose removal failed; bounded by the number of nodes. */
  readonly #letAloneUntil = new Map<string, number>();
  readonly #underWay = new Map<string, { readonly isEmpty: boolean }>();
  #last: LastChanges = { addMs: undefined, deleteMs: undefined, failureMs: undefined };

  constructor(context: AutoscalerContext) {
    this.#context = context;
    this.#evictor = new PodEvictor(context.client, context.clock, context.config.removal);
  }

  isUnderWay(name: string): boolean {
    return this.#underWay.has(name);
  }

  /** Machines were added: what is there may be needed soon. */
  noteAddition(nowMs: number): void {
    this.#last = { ...this.#last, addMs: nowMs };
  }

  /** Nothing is certain any more: every node has to be unneeded for the whole time again. */
  forget(): void {
    this.#unneededSince.clear();
  }

  /** Looks for nodes that are not needed; removals go on in `tasks`. Answers the plan. */
  async run(scan: ScanView, tasks: TaskGroup, signal: AbortSignal): Promise<ScaleDownPlan> {
    const { config, metrics } = this.#context;
    const { nowMs, views } = scan;
    for (const [name, untilMs] of this.#letAloneUntil) if (untilMs <= nowMs) this.#letAloneUntil.delete(name);
    const plan = planScaleDown({
      ...scan,
      nodes: views.flatMap(({ nodes }) => nodes).filter(({ name }) => !this.#underWay.has(name)),
      options: config.scaleDown,
      drain: {
        options: config.drain,
        budgets: new DisruptionBudgets(this.#context.cache.budgets()),
        expendablePriorityCutoff: config.scaleUp.expendablePriorityCutoff,
        nowMs: this.#context.clock.now(),
      },
      before: this.#unneededSince.names,
      isLetAlone: (name) => this.#letAloneUntil.has(name),
    });
    this.#unneededSince.update(plan.unneeded, nowMs);
    const isCool = !isCoolingDown(this.#last, config.scaleDown, nowMs);
    metrics.scaleDownInCooldown.set(isCool ? 0 : 1);
    await this.#markCandidates(plan, scan, signal);
    const removals = planRemovals({
      unneeded: plan.unneeded,
      ages: (name) => this.#unneededSince.ageMs(name, nowMs),
      views,
      options: config.scaleDown,
      underWay: this.#underWay,
    });
    this.#count(plan, removals.kept);
    if (isCool) for (const node of removals.start) this.#start(node, tasks);
    return plan;
  }

  #start(node: UnneededNode, tasks: TaskGroup): void {
    const { name } = node.managed;
    this.#underWay.set(name, { isEmpty: node.isEmpty });
    this.#reportStart(node);
    tasks.start(async (signal) => {
      try {
        await this.#remove(node, signal);
      } finally {
        this.#underWay.delete(name);
      }
    });
  }

  async #remove(node: UnneededNode, signal: AbortSignal): Promise<void> {
    const { config, metrics, clock, log, cache } = this.#context;
    const { name, condition } = node.managed;
    try {
      await removeNode(
        node,
        {
          ...this.#context,
          evictor: this.#evictor,
          drain: config.drain,
          options: config.removal,
          expendablePriorityCutoff: config.scaleUp.expendablePriorityCutoff,
          budgets: cache.budgets,
        },
        signal,
      );
      this.#last = { ...this.#last, deleteMs: clock.monotonicMs() };
      const reason = condition === "unready" ? "unready" : node.isEmpty ? "empty" : "underutilized";
      metrics.scaledDownNodes.inc({ reason });
      metrics.lastActivity.set({ activity: "scaleDown" }, clock.now() / 1_000);
      this.#reportEnd(node);
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      log.warn("node could not be removed", { node: name, error: errorFields(error) });
      const nowMs = clock.monotonicMs();
      this.#last = { ...this.#last, failureMs: nowMs };
      this.#letAloneUntil.set(name, nowMs + config.scaleDown.unremovableRecheckMs);
      metrics.errors.inc({ type: "cloudProviderError" });
    }
  }

  #reportStart({ managed: { name }, isEmpty, utilization, pods }: UnneededNode): void {
    const { log } = this.#context;
    log.info("removing node", { node: name, empty: isEmpty, utilization, pods });
    const message = isEmpty
      ? `Scale-down: removing empty node "${name}"`
      : `Scale-down: removing node ${name}, utilization: ${utilization.toFixed(2)}, pods to reschedule: ${pods.join(",")}`;
    reportForCluster(this.#context, "Normal", isEmpty ? "ScaleDownEmpty" : "ScaleDown", message);
  }

  #reportEnd({ managed: { name }, isEmpty }: UnneededNode): void {
    const message = isEmpty ? `Scale-down: empty node ${name} removed` : `Scale-down: node ${name} removed with drain`;
    reportForCluster(this.#context, "Normal", isEmpty ? "ScaleDownEmpty" : "ScaleDown", message);
  }

  /** Brings soft taints in line with the plan, a few in each scan. */
  async #markCandidates({ unneeded }: ScaleDownPlan, { views }: ScanView, signal: AbortSignal): Promise<void> {
    const { writer, config, log } = this.#context;
    const candidates = new Set(unneeded.map(({ managed }) => managed.name));
    const wrong = views
      .flatMap(({ nodes }) => nodes)
      .filter(
        ({ node, name }) =>
          !this.#underWay.has(name) && hasTaint(node, deletionCandidateTaint) !== candidates.has(name),
      )
      .slice(0, config.scaleDown.maxSoftTaintChanges);
    for (const { node, name } of wrong) {
      await writer.setCandidate(name, uidOf(node), candidates.has(name), signal).catch((error: unknown) => {
        if (isAbort(error, signal)) throw error;
        log.warn("candidate could not be marked", { node: name, error: errorFields(error) });
      });
    }
  }

  #count({ unneeded, unremovable }: ScaleDownPlan, kept: readonly { readonly reason: string }[]): void {
    const { metrics } = this.#context;
    metrics.unneededNodes.set(unneeded.length);
    metrics.unremovableNodes.reset();
    for (const { reason } of [...unremovable, ...kept]) metrics.unremovableNodes.inc({ reason });
  }
}
