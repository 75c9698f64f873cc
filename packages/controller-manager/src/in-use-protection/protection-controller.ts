import type { KubeObject, ObjectKey } from "@kube-ts/api/object";
import { keyOf } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import type { Controller, ControllerContext } from "../framework/controller.ts";
import { planProtection, withFinalizer, withoutFinalizer } from "../framework/finalizers.ts";
import { controllerQueue } from "../framework/controller-queue.ts";

/** What is protected, and what from. */
export interface Protection<T extends KubeObject> {
  readonly type: ResourceType<T>;
  readonly finalizer: string;
  /** Upstream's name of the work queue. */
  readonly queue: string;
  isUsed(object: T): boolean;
  /** Asks the server itself, where a cache that is behind would do harm. */
  isUsedByNow?(object: T, signal: AbortSignal): Promise<boolean>;
}

/** Gives the objects of a resource a finalizer, and takes it away once they are deleted and not in use any more. */
export class ProtectionController<T extends KubeObject> implements Controller {
  readonly #context: ControllerContext;
  readonly #protection: Protection<T>;
  readonly #objects: Informer<T>;
  readonly #queue: WorkQueue<ObjectKey>;

  constructor(context: ControllerContext, protection: Protection<T>) {
    this.#context = context;
    this.#protection = protection;
    this.#objects = context.informers.informer(protection.type);
    this.#queue = controllerQueue(protection.queue, context);
    this.#objects.subscribe({
      added: (object) => this.#queue.add(keyOf(object)),
      updated: (_old, object) => this.#queue.add(keyOf(object)),
    });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(signal, 1, (key, inner) => this.#reconcile(key, inner));
  }

  /** Something that may have used the object does so no longer. */
  released(key: ObjectKey): void {
    if (this.#objects.get(key)?.metadata.deletionTimestamp !== undefined) this.#queue.add(key);
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const { finalizer } = this.#protection;
    const object = this.#objects.get(key);
    if (!object) return;
    const step = planProtection(object, finalizer, () => this.#protection.isUsed(object));
    if (step === "add") await this.#write(withFinalizer(object, finalizer), signal);
    if (step !== "release" || (await this.#protection.isUsedByNow?.(object, signal))) return;
    await this.#write(withoutFinalizer(object, finalizer), signal);
  }

  async #write(object: T, signal: AbortSignal): Promise<void> {
    try {
      await this.#context.client.resource(this.#protection.type).update(object, { signal });
    } catch (error) {
      // A conflict means that there is a newer version, whose event brings the key back.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }
}
