import { nameOf, uidOf } from "@kube-ts/api/object";
import { isAbort } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import { type AutoscalerContext, reportForCluster } from "./autoscaler-context.ts";
import type { GroupView } from "./model/group-view.ts";
import type { GroupBackoff } from "./plan/group-backoff.ts";
import { planLeftovers } from "./plan/leftovers.ts";
import { planMachineUpkeep, UnregisteredSince, type UselessMachines } from "./plan/machine-upkeep.ts";

/** Cleans up behind failures: machines that never became nodes, removals that were begun and not ended. */
export class Upkeep {
  readonly #context: AutoscalerContext;
  readonly #backoff: GroupBackoff;
  readonly #unregistered = new UnregisteredSince();

  constructor(context: AutoscalerContext, backoff: GroupBackoff) {
    this.#context = context;
    this.#backoff = backoff;
  }

  /** Whether the machine has had its time to become a node. */
  isOverdue(machineId: string, nowMs: number): boolean {
    return this.#unregistered.ageMs(machineId, nowMs) >= this.#context.config.scaleUp.maxNodeProvisionMs;
  }

  /** Removes machines that are of no use; answers whether it has changed anything. */
  async removeUseless(views: readonly GroupView[], nowMs: number, signal: AbortSignal): Promise<boolean> {
    const { config } = this.#context;
    this.#unregistered.update(views, nowMs);
    const ages = (id: string) => this.#unregistered.ageMs(id, nowMs);
    const useless = planMachineUpkeep(views, ages, config.scaleUp.maxNodeProvisionMs);
    for (const item of useless) await this.#remove(item, nowMs, signal);
    return useless.length > 0;
  }

  async #remove({ group, machines, why }: UselessMachines, nowMs: number, signal: AbortSignal): Promise<void> {
    const { provider, metrics, log, config } = this.#context;
    const [first] = machines;
    const limit = `${config.scaleUp.maxNodeProvisionMs / 1_000}s`;
    const reason = why === "failed" ? (first?.error?.message ?? "the machine failed") : `no node within ${limit}`;
    this.#backoff.fail(group, reason, nowMs);
    const isOut = first?.error?.class === "OutOfResources";
    const label = why === "timedOut" ? "timeout" : isOut ? "outOfResourcesErrorClass" : "otherErrorClass";
    metrics.failedScaleUps.inc({ reason: label }, machines.length);
    const told =
      why === "failed"
        ? `Failed adding ${machines.length} nodes to group ${group}: ${reason}`
        : `Nodes added to group ${group} failed to register within ${limit}`;
    reportForCluster(this.#context, "Warning", why === "failed" ? "FailedToScaleUpGroup" : "ScaleUpTimedOut", told);
    const names = machines.map(({ id }) => id);
    try {
      await provider.remove(group, machines, signal);
      log.info("useless machines removed", { group, machines: names, reason });
      if (why === "timedOut") metrics.oldUnregisteredRemoved.inc(machines.length);
      for (const id of names) {
        reportForCluster(this.#context, "Normal", "DeleteUnregistered", `Removed unregistered node ${id}`);
      }
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      log.warn("useless machines could not be removed", { group, machines: names, error: errorFields(error) });
      reportForCluster(
        this.#context,
        "Warning",
        "DeleteUnregisteredFailed",
        `Failed to remove machines of group ${group}: ${(error as Error).message}`,
      );
    }
  }

  /** Ends what an earlier process has begun. */
  async finishLeftovers(
    views: readonly GroupView[],
    isUnderWay: (name: string) => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const { cache, writer, config, log } = this.#context;
    for (const { kind, node } of planLeftovers(cache.nodes(), views, isUnderWay)) {
      const name = nameOf(node);
      log.info("unfinished removal", { node: name, action: kind });
      if (kind === "delete") await writer.delete(name, uidOf(node), signal);
      else await writer.unmarkToBeDeleted(name, uidOf(node), config.removal.cordon, signal);
    }
  }
}
