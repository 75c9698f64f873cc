import type { PersistentVolume } from "@kube-ts/api/core/v1";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf } from "@kube-ts/api/object";
import { persistentVolumes } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import { pvProtectionFinalizer } from "@kube-ts/api/well-known-labels";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { planProtection, withFinalizer, withoutFinalizer } from "../framework/finalizers.ts";
import { controllerQueue } from "../framework/reconciler.ts";

/** Keeps volumes that are deleted until no claim is bound to them any more. */
class VolumeProtectionController implements Controller {
  readonly #context: ControllerContext;
  readonly #volumes: Informer<PersistentVolume>;
  readonly #queue: WorkQueue<ObjectKey>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#volumes = context.informers.informer(persistentVolumes);
    this.#queue = controllerQueue("pvprotection", context);
    this.#volumes.subscribe({
      added: (volume) => this.#queue.add(keyOf(volume)),
      updated: (_old, volume) => this.#queue.add(keyOf(volume)),
    });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(signal, 1, (key, inner) => this.#reconcile(key, inner));
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const volume = this.#volumes.get(key);
    if (!volume) return;
    const step = planProtection(volume, pvProtectionFinalizer, () => volume.status?.phase === "Bound");
    if (step === "nothing") return;
    const changed = (step === "add" ? withFinalizer : withoutFinalizer)(volume, pvProtectionFinalizer);
    try {
      await this.#context.client.resource(persistentVolumes).update(changed, { signal });
    } catch (error) {
      // A conflict means that there is a newer version, whose event brings the key back.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }
}

export const volumeProtectionController: ControllerDefinition = {
  name: "persistentvolume-protection-controller",
  serviceAccount: "pv-protection-controller",
  create: (context) => new VolumeProtectionController(context),
};
