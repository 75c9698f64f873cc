import type { PodInfo } from "@kube-ts/api/placement/pod-info";

const none: readonly PodInfo[] = [];

/** Pending pods for which room is being made, by the node where it is. */
export class NominatedPods {
  readonly #byNode = new Map<string, Map<string, PodInfo>>();
  readonly #nodeOf = new Map<string, string>();

  /** Replaces an earlier nomination of the pod; an empty node name withdraws it. */
  set(pod: PodInfo, nodeName: string): void {
    this.delete(pod.uid);
    if (nodeName === "") return;
    this.#nodeOf.set(pod.uid, nodeName);
    const pods = this.#byNode.get(nodeName);
    if (pods) pods.set(pod.uid, pod);
    else this.#byNode.set(nodeName, new Map([[pod.uid, pod]]));
  }

  delete(uid: string): void {
    const nodeName = this.#nodeOf.get(uid);
    if (nodeName === undefined) return;
    this.#nodeOf.delete(uid);
    const pods = this.#byNode.get(nodeName);
    pods?.delete(uid);
    if (pods?.size === 0) this.#byNode.delete(nodeName);
  }

  nodeOf(uid: string): string {
    return this.#nodeOf.get(uid) ?? "";
  }

  on(nodeName: string): readonly PodInfo[] {
    const pods = this.#byNode.get(nodeName);
    return pods ? [...pods.values()] : none;
  }

  has(nodeName: string): boolean {
    return this.#byNode.has(nodeName);
  }
}
