import type { Namespace } from "@kube-ts/api/core/v1";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf } from "@kube-ts/api/object";
import { namespaces } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { emptyNamespace } from "./content-deleter.ts";
import { estimateSeconds, isFinalized, planConditions, withoutContentFinalizer } from "./plan.ts";
import type { Emptying } from "./plan.ts";

/** Time for every API server to learn that nothing may be created in the namespace any more. */
const settleMs = 5_000;

/** Empties namespaces that are being deleted, and lets go of them when nothing is left. */
class NamespaceController implements Controller {
  readonly #context: ControllerContext;
  readonly #namespaces: Informer<Namespace>;
  readonly #queue: WorkQueue<ObjectKey>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#namespaces = context.informers.informer(namespaces);
    this.#queue = controllerQueue("namespace", context);
    const enqueue = (namespace: Namespace) => {
      if (namespace.metadata.deletionTimestamp) this.#queue.addAfter(keyOf(namespace), settleMs);
    };
    this.#namespaces.subscribe({ added: enqueue, updated: (_old, namespace) => enqueue(namespace) });
  }

  run(signal: AbortSignal): Promise<void> {
    const { workers } = this.#context.config;
    return this.#queue.run(signal, workers.namespaces, (key, inner) => this.#reconcile(key, inner));
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    if (!this.#namespaces.get(key)?.metadata.deletionTimestamp) return;
    const latest = await this.#latest(key, signal);
    if (!latest?.metadata.deletionTimestamp || isFinalized(latest)) return;
    const namespace = await this.#terminating(latest, signal);
    const emptying = await emptyNamespace(this.#context.client, nameOf(namespace), signal);
    const told = await this.#tell(namespace, emptying, signal);
    const { discoveryFailure, failures, remainders } = emptying;
    if (discoveryFailure !== undefined || failures.length > 0) {
      throw new Error([discoveryFailure, ...failures].filter(Boolean).join("; "));
    }
    if (remainders.length > 0) {
      this.#queue.addAfter(key, (estimateSeconds(emptying) / 2 + 1) * 1_000);
      return;
    }
    await this.#finalize(told, signal);
  }

  async #latest(key: ObjectKey, signal: AbortSignal): Promise<Namespace | undefined> {
    try {
      return await this.#context.client.resource(namespaces).get({ name: key }, { signal });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  #terminating(namespace: Namespace, signal: AbortSignal): Promise<Namespace> | Namespace {
    if (namespace.status?.phase === "Terminating") return namespace;
    const changed: Namespace = { ...namespace, status: { ...namespace.status, phase: "Terminating" } };
    return this.#context.client.resource(namespaces).updateStatus(changed, { signal });
  }

  /** Shows on the namespace what stands in its way. */
  async #tell(namespace: Namespace, emptying: Emptying, signal: AbortSignal): Promise<Namespace> {
    const { client, clock } = this.#context;
    const current = namespace.status?.conditions;
    const conditions = planConditions(current, emptying, formatTime(clock.now()));
    if (conditions === current) return namespace;
    const changed: Namespace = { ...namespace, status: { ...namespace.status, conditions: [...conditions] } };
    return client.resource(namespaces).updateStatus(changed, { signal });
  }

  async #finalize(namespace: Namespace, signal: AbortSignal): Promise<void> {
    const { client } = this.#context;
    const body = withoutContentFinalizer(namespace);
    try {
      const name = nameOf(namespace);
      await client.resource(namespaces).updateSubresource({ name }, "finalize", body, { signal });
    } catch (error) {
      if (isNotFound(error)) return;
      if (!isConflict(error)) throw error;
      this.#queue.addRateLimited(keyOf(namespace));
    }
  }
}

export const namespaceController: ControllerDefinition = {
  name: "namespace-controller",
  serviceAccount: "namespace-controller",
  // A namespace takes two requests for each kind of object there is.
  rateFactors: { qps: 20, burst: 100 },
  create: (context) => new NamespaceController(context),
};
