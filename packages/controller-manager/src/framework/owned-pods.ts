import type { Pod } from "@kube-ts/api/core/v1";
import type { KubeObject, ObjectKey } from "@kube-ts/api/object";
import { keyOf, namespaceOf, objectKey, uidOf } from "@kube-ts/api/object";
import { controllerOf } from "@kube-ts/api/owner-references";
import type { Selector } from "@kube-ts/api/selectors";
import type { Expectations } from "@kube-ts/client/expectations";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";

const podsByController = "controller-uid";
const orphanPods = "orphan-namespace";

/** After this time nobody waits any more for what was not seen of the last round of work. */
export const expectationMs = 301_000;

export interface OwnedPodsOptions<T extends KubeObject> {
  /** The kind of the owners. */
  readonly kind: string;
  readonly owners: Informer<T>;
  readonly pods: Informer<Pod>;
  readonly queue: WorkQueue<ObjectKey>;
  readonly expectations: Expectations;
  readonly selector: (owner: T) => Selector;
  /** Who waits for a pod of somebody else to be gone. */
  readonly waitingFor?: (pod: Pod) => ObjectKey | undefined;
}

/** Brings the keys of owners back whenever they or pods of theirs change, and tells the expectations what was seen. */
export class OwnedPods<T extends KubeObject> {
  readonly #options: OwnedPodsOptions<T>;

  constructor(options: OwnedPodsOptions<T>) {
    this.#options = options;
    const { owners, pods, queue, expectations } = options;
    pods.addIndex(podsByController, (pod) => {
      const controller = controllerOf(pod);
      return controller ? [controller.uid] : [];
    });
    pods.addIndex(orphanPods, (pod) => (controllerOf(pod) ? [] : [namespaceOf(pod)]));
    owners.subscribe({
      added: (owner) => queue.add(keyOf(owner)),
      updated: (old, owner) => {
        if (uidOf(old) !== uidOf(owner)) expectations.forget(keyOf(owner));
        queue.add(keyOf(owner));
      },
      deleted: (owner) => {
        expectations.forget(keyOf(owner));
        queue.add(keyOf(owner));
      },
    });
    pods.subscribe({
      added: (pod) => this.#added(pod),
      updated: (old, pod) => this.#updated(old, pod),
      deleted: (pod) => this.#deleted(pod),
    });
  }

  /** The pods that the object of this uid controls. */
  of(uid: string): readonly Pod[] {
    return this.#options.pods.byIndex(podsByController, uid);
  }

  /** The pods that an object may control: its own, and the orphans of its namespace. */
  candidates(owner: T): Pod[] {
    return [...this.of(uidOf(owner)), ...this.#options.pods.byIndex(orphanPods, namespaceOf(owner))];
  }

  /** The key of the owner that controls the object, or of one with its name, which waits for the object to be gone. */
  ownerKey(object: KubeObject): ObjectKey | undefined {
    const controller = controllerOf(object);
    if (controller?.kind !== this.#options.kind) return undefined;
    return objectKey(namespaceOf(object), controller.name);
  }

  #added(pod: Pod): void {
    if (pod.metadata.deletionTimestamp) {
      this.#deleted(pod);
      return;
    }
    const { owners, queue, expectations } = this.#options;
    const key = this.ownerKey(pod);
    if (!key) {
      this.#enqueueMatching(pod);
      return;
    }
    const owner = owners.get(key);
    if (owner && uidOf(owner) === controllerOf(pod)?.uid) expectations.creationObserved(key);
    queue.add(key);
  }

  #updated(old: Pod, pod: Pod): void {
    if (uidOf(old) !== uidOf(pod)) {
      this.#deleted(old);
      this.#added(pod);
      return;
    }
    if (pod.metadata.deletionTimestamp) this.#deleted(pod);
    const { queue } = this.#options;
    const [before, after] = [this.ownerKey(old), this.ownerKey(pod)];
    if (before && before !== after) queue.add(before);
    if (after) queue.add(after);
    else this.#enqueueMatching(pod);
  }

  #deleted(pod: Pod): void {
    const { queue, expectations, waitingFor } = this.#options;
    const key = this.ownerKey(pod) ?? waitingFor?.(pod);
    if (!key) return;
    expectations.deletionObserved(key, uidOf(pod));
    queue.add(key);
  }

  /** An orphan may be adopted by any owner whose selector matches it. */
  #enqueueMatching(pod: Pod): void {
    if (controllerOf(pod)) return;
    const { owners, queue, selector } = this.#options;
    for (const owner of owners.listNamespace(namespaceOf(pod))) {
      if (selector(owner).matches(pod.metadata.labels ?? {})) queue.add(keyOf(owner));
    }
  }
}
