import { findCondition, withCondition } from "@kube-ts/api/conditions";
import type { IPAddress, ServiceCIDR } from "@kube-ts/api/networking/v1";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf } from "@kube-ts/api/object";
import { ipAddresses, serviceCidrs } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { withFinalizer, withoutFinalizer } from "../framework/finalizers.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { type ReadyCondition, covers, overlap, planServiceCidr, serviceCidrFinalizer } from "./plan.ts";

const workers = 5;

/** Says of ranges of service addresses whether they are ready, and keeps those that are deleted while in use. */
class ServiceCidrController implements Controller {
  readonly #context: ControllerContext;
  readonly #ranges: Informer<ServiceCIDR>;
  readonly #addresses: Informer<IPAddress>;
  readonly #queue: WorkQueue<ObjectKey>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#ranges = context.informers.informer(serviceCidrs);
    this.#addresses = context.informers.informer(ipAddresses);
    this.#queue = controllerQueue("servicecidrs", context);
    const enqueue = (range: ServiceCIDR) => this.#enqueueWhere((other) => overlap(range, other));
    this.#ranges.subscribe({
      added: enqueue,
      updated: (_old, range) => {
        this.#queue.add(keyOf(range));
        enqueue(range);
      },
      deleted: enqueue,
    });
    // An address that is taken may hold a range back, one that is freed may let it go.
    const enqueueLeaving = (address: IPAddress) =>
      this.#enqueueWhere((range) => range.metadata.deletionTimestamp !== undefined && covers(range, address));
    this.#addresses.subscribe({ added: enqueueLeaving, deleted: enqueueLeaving });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(signal, workers, (key, inner) => this.#reconcile(key, inner));
  }

  #enqueueWhere(matters: (range: ServiceCIDR) => boolean): void {
    for (const range of this.#ranges.list()) if (matters(range)) this.#queue.add(keyOf(range));
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const { client, clock } = this.#context;
    const range = this.#ranges.get(key);
    if (!range) return;
    const step = planServiceCidr(range, this.#ranges.list(), () => this.#addresses.list(), clock.now());
    try {
      switch (step.kind) {
        case "serve": {
          const served = step.needsFinalizer
            ? await client.resource(serviceCidrs).update(withFinalizer(range, serviceCidrFinalizer), { signal })
            : range;
          await this.#tell(served, step.condition, signal);
          break;
        }
        case "block":
          await this.#tell(range, step.condition, signal);
          break;
        case "wait":
          this.#queue.addAfter(key, step.delayMs);
          break;
        case "release":
          await client.resource(serviceCidrs).update(withoutFinalizer(range, serviceCidrFinalizer), { signal });
          break;
        case "nothing":
          break;
      }
    } catch (error) {
      // A conflict means that there is a newer version, whose event brings the key back.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  async #tell(range: ServiceCIDR, condition: ReadyCondition, signal: AbortSignal): Promise<void> {
    const { client, clock, events } = this.#context;
    const current = findCondition(range.status?.conditions, "Ready");
    const { status, reason, message } = condition;
    if (current?.status === status && current.reason === reason && current.message === message) return;
    const next = { ...condition, lastTransitionTime: formatTime(clock.now()) };
    const conditions = [...withCondition(range.status?.conditions, next)];
    try {
      await client
        .resource(serviceCidrs)
        .updateStatus({ ...range, status: { ...range.status, conditions } }, { signal });
    } catch (error) {
      if (status === "True" && !isNotFound(error) && !isConflict(error)) {
        const problem = "The ServiceCIDR Status can not be set to Ready=True";
        events.event(range, "Warning", "KubernetesServiceCIDRError", problem);
      }
      throw error;
    }
  }
}

export const serviceCidrController: ControllerDefinition = {
  name: "service-cidr-controller",
  serviceAccount: "service-cidrs-controller",
  create: (context) => new ServiceCidrController(context),
};
