import type { PersistentVolumeClaim, Pod } from "@kube-ts/api/core/v1";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, namespaceOf, objectKey } from "@kube-ts/api/object";
import { persistentVolumeClaims, pods } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import { pvcProtectionFinalizer } from "@kube-ts/api/well-known-labels";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { planProtection, withFinalizer, withoutFinalizer } from "../framework/finalizers.ts";
import { controllerQueue } from "../framework/reconciler.ts";
import { hasEnded } from "../framework/pod-ranking.ts";
import { claimNamesOf, usesClaim } from "./claim-use.ts";

const podsByClaim = "claim";

/** Keeps claims that are deleted until no pod uses them any more. */
class ClaimProtectionController implements Controller {
  readonly #context: ControllerContext;
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #pods: Informer<Pod>;
  readonly #queue: WorkQueue<ObjectKey>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#claims = context.informers.informer(persistentVolumeClaims);
    this.#pods = context.informers.informer(pods);
    this.#queue = controllerQueue("pvcprotection", context);
    this.#pods.addIndex(podsByClaim, (pod) => claimNamesOf(pod).map((name) => objectKey(namespaceOf(pod), name)));
    this.#claims.subscribe({
      added: (claim) => this.#queue.add(keyOf(claim)),
      updated: (_old, claim) => this.#queue.add(keyOf(claim)),
    });
    this.#pods.subscribe({
      updated: (_old, pod) => {
        if (hasEnded(pod) || pod.metadata.deletionTimestamp !== undefined) this.#enqueueClaimsOf(pod);
      },
      deleted: (pod) => this.#enqueueClaimsOf(pod),
    });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(signal, 1, (key, inner) => this.#reconcile(key, inner));
  }

  #enqueueClaimsOf(pod: Pod): void {
    for (const name of claimNamesOf(pod)) {
      const key = objectKey(namespaceOf(pod), name);
      if (this.#claims.get(key)?.metadata.deletionTimestamp !== undefined) this.#queue.add(key);
    }
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const claim = this.#claims.get(key);
    if (!claim) return;
    const isUsed = () => this.#pods.byIndex(podsByClaim, key).some((pod) => usesClaim(pod, claim));
    const step = planProtection(claim, pvcProtectionFinalizer, isUsed);
    if (step === "add") await this.#write(withFinalizer(claim, pvcProtectionFinalizer), signal);
    // The cache may not have heard of a pod yet: what cannot be taken back is decided by the server's own list.
    if (step !== "release" || (await this.#isUsedByNow(claim, signal))) return;
    await this.#write(withoutFinalizer(claim, pvcProtectionFinalizer), signal);
  }

  async #isUsedByNow(claim: PersistentVolumeClaim, signal: AbortSignal): Promise<boolean> {
    const { items } = await this.#context.client.resource(pods).list({ namespace: namespaceOf(claim), signal });
    return items.some((pod) => usesClaim(pod, claim));
  }

  async #write(claim: PersistentVolumeClaim, signal: AbortSignal): Promise<void> {
    try {
      await this.#context.client.resource(persistentVolumeClaims).update(claim, { signal });
    } catch (error) {
      // A conflict means that there is a newer version, whose event brings the key back.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }
}

export const claimProtectionController: ControllerDefinition = {
  name: "persistentvolumeclaim-protection-controller",
  serviceAccount: "pvc-protection-controller",
  create: (context) => new ClaimProtectionController(context),
};
