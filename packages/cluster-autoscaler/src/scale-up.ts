import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { configMaps } from "@kube-ts/api/resource-types";
import type { EventType } from "@kube-ts/client/event-recorder";
import { isAbort } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import { type AutoscalerContext, reportForCluster, type ScanView } from "./autoscaler-context.ts";
import { countNodes, isHealthy } from "./model/group-view.ts";
import type { GroupBackoff } from "./plan/group-backoff.ts";
import { GroupPriorities, parsePriorities } from "./plan/group-priorities.ts";
import { type Increase, planMinSizes, planScaleUp, type UnhelpedPod } from "./plan/plan-scale-up.ts";
import { ProviderError } from "./provider/node-group-provider.ts";

const prioritiesName = "cluster-autoscaler-priority-expander";
/** So many pods' events are written in one scan. */
const maxEvents = 200;

/** Adds machines for pods that find no place. */
export class ScaleUp {
  readonly #context: AutoscalerContext;
  readonly #backoff: GroupBackoff;

  constructor(context: AutoscalerContext, backoff: GroupBackoff) {
    this.#context = context;
    this.#backoff = backoff;
  }

  /** Answers whether machines were asked for. */
  async run(scan: ScanView, pods: readonly PodInfo[], signal: AbortSignal): Promise<boolean> {
    const { config, random } = this.#context;
    const refuse = (group: string) => this.#refusal(group, scan);
    const required = config.scaleUp.enforceMinSize ? planMinSizes(scan.views, refuse) : [];
    if (required.length > 0) return this.#increase(required, scan, signal);
    if (pods.length === 0) return false;
    const usesPriorities = config.scaleUp.expanders.includes("priority");
    const priorities = usesPriorities ? await this.#priorities(signal) : new GroupPriorities();
    const nodesTotal = [...scan.cluster.nodes].length;
    const plan = planScaleUp({
      ...scan,
      pods,
      nodesTotal,
      options: config.scaleUp,
      refuse,
      choice: { random, priorities },
    });
    this.#reportUnhelped(plan.unhelped);
    if (plan.increases.length === 0) return false;
    const isDone = await this.#increase(plan.increases, scan, signal);
    if (isDone) this.#reportHelped(plan.helped, plan.increases);
    return isDone;
  }

  #refusal(group: string, { views, nowMs }: ScanView): string | undefined {
    if (this.#backoff.reason(group, nowMs) !== undefined) return "in backoff after failed scale-up";
    const view = views.find((candidate) => candidate.group.name === group);
    const counts = countNodes((view?.nodes ?? []).map(({ condition }) => condition));
    return isHealthy(counts, this.#context.config.health) ? undefined : "not ready for scale-up";
  }

  /** Asks the provider group by group; answers whether any machine will come. */
  async #increase(increases: readonly Increase[], { nowMs }: ScanView, signal: AbortSignal): Promise<boolean> {
    const { provider, metrics, log } = this.#context;
    let isDone = false;
    for (const { group, from, to, max } of increases) {
      const sizes = `to ${to} instead of ${from} (max: ${max})`;
      this.#report("Normal", "ScaledUpGroup", `Scale-up: setting group ${group} size ${sizes}`);
      try {
        await provider.increase(group, to - from, signal);
        log.info("group grows", { group, from, to, max });
        this.#report("Normal", "ScaledUpGroup", `Scale-up: group ${group} size set ${sizes}`);
        metrics.scaledUpNodes.inc(to - from);
        isDone = true;
      } catch (error) {
        if (isAbort(error, signal)) throw error;
        const { message } = error as Error;
        log.warn("group could not grow", { group, from, to, error: errorFields(error) });
        this.#report("Warning", "FailedToScaleUpGroup", `Scale-up failed for group ${group}: ${message}`);
        const isOut = error instanceof ProviderError && error.class === "OutOfResources";
        metrics.failedScaleUps.inc({ reason: isOut ? "outOfResourcesErrorClass" : "cloudProviderError" });
        this.#backoff.fail(group, message, nowMs);
      }
    }
    return isDone;
  }

  #reportHelped(pods: readonly PodInfo[], increases: readonly Increase[]): void {
    const changes = increases.map(({ group, from, to, max }) => `{${group} ${from}->${to} (max: ${max})}`).join(" ");
    for (const pod of pods.slice(0, maxEvents)) {
      this.#podEvent(pod, "TriggeredScaleUp", `pod triggered scale-up: [${changes}]`);
    }
  }

  #reportUnhelped(unhelped: readonly UnhelpedPod[]): void {
    for (const { pod, reasons } of unhelped.slice(0, maxEvents)) {
      if (reasons.size === 0) continue;
      const told = [...reasons].map(([reason, count]) => `${count} ${reason}`).toSorted();
      this.#podEvent(pod, "NotTriggerScaleUp", `pod didn't trigger scale-up: ${told.join(", ")}`);
    }
  }

  #report(type: EventType, reason: string, message: string): void {
    reportForCluster(this.#context, type, reason, message);
  }

  #podEvent({ pod }: PodInfo, reason: string, message: string): void {
    this.#context.events.event({ ...pod, apiVersion: "v1", kind: "Pod" }, "Normal", reason, message);
  }

  /** Without usable priorities all groups are equal. */
  async #priorities(signal: AbortSignal): Promise<GroupPriorities> {
    const { client, config, log } = this.#context;
    try {
      const key = { namespace: config.namespace, name: prioritiesName };
      const map = await client.resource(configMaps).get(key, { signal });
      return parsePriorities(map.data?.["priorities"] ?? "");
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      log.warn("priorities cannot be used", { name: prioritiesName, error: errorFields(error) });
      const { message } = error as Error;
      this.#report("Warning", "PriorityConfigMapInvalid", `priorities cannot be used: ${message}`);
      return new GroupPriorities();
    }
  }
}
