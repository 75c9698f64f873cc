import type { Pod } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf, namespaceOf } from "@kube-ts/api/object";
import { controllerOf } from "@kube-ts/api/owner-references";
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from "@kube-ts/api/policy/v1";
import { podDisruptionBudgets, pods } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { formatLabelSelector, selectorOf } from "@kube-ts/api/selectors";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import { isAbort } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import { TaskGroup } from "@kube-ts/std/task-group";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { isPodReady } from "../framework/pod-ranking.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { countHealthy, failedStatus, followDisrupted, needsScale, planBudgetStatus, wantedBy } from "./plan.ts";
import { untilStaleMs, withdrawal } from "./stale-target.ts";
import { WorkloadScales } from "./workload-scales.ts";

/** What a cache does not know yet may be known soon. */
const retryFailedMs = 10_000;

/** Says of every budget how many of its pods may be disrupted now. */
class DisruptionController implements Controller {
  readonly #context: ControllerContext;
  readonly #budgets: Informer<PodDisruptionBudget>;
  readonly #pods: Informer<Pod>;
  readonly #scales: WorkloadScales;
  readonly #queue: WorkQueue<ObjectKey>;
  /** Pods that were to be disrupted. */
  readonly #targets: WorkQueue<ObjectKey>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#budgets = context.informers.informer(podDisruptionBudgets);
    this.#pods = context.informers.informer(pods);
    this.#scales = new WorkloadScales(context);
    this.#queue = controllerQueue("disruption", context);
    this.#targets = controllerQueue("stale_pod_disruption", context);
    const enqueue = (budget: PodDisruptionBudget) => this.#queue.add(keyOf(budget));
    this.#budgets.subscribe({ added: enqueue, updated: (_old, budget) => enqueue(budget) });
    this.#pods.subscribe({
      added: (pod) => this.#podChanged(pod),
      deleted: (pod) => this.#enqueueBudgetsOf(pod),
      updated: (old, pod) => {
        if (semanticEqual(shownToBudgets(old), shownToBudgets(pod))) this.#followTarget(pod);
        else {
          this.#enqueueBudgetsOf(old);
          this.#podChanged(pod);
        }
      },
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    const tasks = new TaskGroup(signal);
    tasks.start((inner) => this.#queue.run(inner, 1, (key, each) => this.#reconcile(key, each)));
    tasks.start((inner) => this.#targets.run(inner, 1, (key, each) => this.#withdrawTarget(key, each)));
    await tasks.settled();
  }

  #podChanged(pod: Pod): void {
    this.#enqueueBudgetsOf(pod);
    this.#followTarget(pod);
  }

  #enqueueBudgetsOf(pod: Pod): void {
    for (const budget of this.#budgets.listNamespace(namespaceOf(pod))) {
      if (selectorOf(budget.spec.selector).matches(pod.metadata.labels ?? {})) this.#queue.add(keyOf(budget));
    }
  }

  #followTarget(pod: Pod): void {
    const delayMs = untilStaleMs(pod, this.#context.clock.now());
    if (delayMs !== undefined) this.#targets.addAfter(keyOf(pod), delayMs);
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#context;
    const budget = this.#budgets.get(key);
    if (!budget) return;
    try {
      await this.#sync(budget, signal);
    } catch (error) {
      if (isAbort(error, signal) || isConflict(error)) throw error;
      log.warn("what a disruption budget allows cannot be told", { key, error: errorFields(error) });
      const problem = error instanceof Error ? error.message : String(error);
      await this.#write(budget, failedStatus(budget, problem, clock.now()), signal);
      this.#queue.addAfter(key, retryFailedMs);
    }
  }

  async #sync(budget: PodDisruptionBudget, signal: AbortSignal): Promise<void> {
    const { clock, events } = this.#context;
    const selector = selectorOf(budget.spec.selector);
    const matching = this.#pods
      .listNamespace(namespaceOf(budget))
      .filter(({ metadata }) => selector.matches(metadata.labels ?? {}));
    if (matching.length === 0) events.event(budget, "Normal", "NoPods", "No matching pods found");
    const scale = needsScale(budget) ? await this.#scaleOf(budget, matching, signal) : 0;
    const nowMs = clock.now();
    const wanted = wantedBy(budget, scale, matching.length);
    const disrupted = followDisrupted(budget, matching, nowMs);
    for (const pod of disrupted.late) {
      const name = `${namespaceOf(budget)}/${nameOf(budget)}`;
      events.event(pod, "Warning", "NotDeleted", `Pod was expected by PDB ${name} to be deleted but it wasn't`);
    }
    const healthy = countHealthy(matching, disrupted.pods);
    await this.#write(budget, planBudgetStatus(budget, wanted, healthy, disrupted.pods, nowMs), signal);
    if (disrupted.recheckMs !== undefined) this.#queue.addAfter(keyOf(budget), disrupted.recheckMs + 1);
  }

  async #scaleOf(budget: PodDisruptionBudget, matching: readonly Pod[], signal: AbortSignal): Promise<number> {
    const { events } = this.#context;
    try {
      const { replicas, unmanaged } = await this.#scales.of(matching, signal);
      if (unmanaged.length > 0) {
        const selector = formatLabelSelector(budget.spec.selector);
        const advice = `To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;
        const message = `Pods selected by this PodDisruptionBudget (selector: ${selector}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. ${advice}`;
        events.event(budget, "Warning", "UnmanagedPods", message);
      }
      return replicas;
    } catch (error) {
      signal.throwIfAborted();
      const problem = error instanceof Error ? error.message : String(error);
      const message = `Failed to calculate the number of expected pods: ${problem}`;
      events.event(budget, "Warning", "CalculateExpectedPodCountFailed", message);
      throw error;
    }
  }

  async #write(
    budget: PodDisruptionBudget,
    status: PodDisruptionBudgetStatus | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    if (!status) return;
    try {
      await this.#context.client.resource(podDisruptionBudgets).updateStatus({ ...budget, status }, { signal });
    } catch (error) {
      // A conflict means that there is a newer version, whose event brings the key back.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  async #withdrawTarget(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const { client, clock, log } = this.#context;
    const pod = this.#pods.get(key);
    const delayMs = pod && untilStaleMs(pod, clock.now());
    if (!pod || delayMs === undefined) return;
    if (delayMs > 0) {
      this.#targets.addAfter(key, delayMs);
      return;
    }
    const place = { namespace: namespaceOf(pod), name: nameOf(pod) };
    const patch = withdrawal(pod, formatTime(clock.now()));
    try {
      await client.resource(pods).patch(place, "strategic", patch, { subresource: "status", signal });
      log.info("a pod was to be disrupted and was not", place);
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }
}

/** What of a pod matters to budgets. */
function shownToBudgets(pod: Pod): unknown {
  const { labels, deletionTimestamp } = pod.metadata;
  return [labels, deletionTimestamp, isPodReady(pod), controllerOf(pod)?.uid];
}

export const disruptionController: ControllerDefinition = {
  name: "disruption-controller",
  serviceAccount: "disruption-controller",
  create: (context) => new DisruptionController(context),
};
