import type { Node } from "@kube-ts/api/core/v1";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf, uidOf } from "@kube-ts/api/object";
import { nodes } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { nextStep, ttlSeconds } from "./plan.ts";

const workers = 5;
const annotation = "node.alpha.kubernetes.io/ttl";

/** Tells kubelets on the nodes how long they may cache secrets and config maps: longer the larger the cluster is. */
class TtlController implements Controller {
  readonly #context: ControllerContext;
  readonly #nodes: Informer<Node>;
  readonly #queue: WorkQueue<ObjectKey>;
  #count = 0;
  #step = 0;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#nodes = context.informers.informer(nodes);
    this.#queue = controllerQueue("ttlcontroller", context);
    this.#nodes.subscribe({
      added: (node) => {
        this.#resize(1);
        this.#queue.add(keyOf(node));
      },
      updated: (_old, node) => this.#queue.add(keyOf(node)),
      deleted: () => this.#resize(-1),
    });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(signal, workers, (key, inner) => this.#reconcile(key, inner));
  }

  #resize(change: number): void {
    this.#count += change;
    const step = nextStep(this.#step, this.#count);
    if (step === this.#step) return;
    this.#step = step;
    for (const node of this.#nodes.list()) this.#queue.add(keyOf(node));
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const node = this.#nodes.get(key);
    const wanted = String(ttlSeconds(this.#step));
    if (!node || node.metadata.annotations?.[annotation] === wanted) return;
    const patch = { metadata: { uid: uidOf(node), annotations: { [annotation]: wanted } } };
    try {
      await this.#context.client.resource(nodes).patch({ name: nameOf(node) }, "strategic", patch, { signal });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }
}

export const ttlController: ControllerDefinition = {
  name: "ttl-controller",
  serviceAccount: "ttl-controller",
  create: (context) => new TtlController(context),
};
