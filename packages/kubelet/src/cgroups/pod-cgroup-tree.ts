import type { Pod } from "@kube-ts/api/core/v1";
import type { PodCgroups } from "../pods/pod-machine.ts";
import type { CgroupStore } from "./cgroup-driver.ts";
import { podCgroup, qosCgroup } from "./cgroup-name.ts";
import { planParents, podShare } from "./cgroup-plan.ts";
import type { CgroupPolicy, PodShare } from "./cgroup-plan.ts";

const qosClasses = ["Guaranteed", "Burstable", "BestEffort"] as const;

/** The cgroups of all pods of the node, with the parents that weigh the classes against each other. */
export class PodCgroupTree implements PodCgroups {
  readonly #store: CgroupStore;
  readonly #policy: CgroupPolicy;
  readonly #pods = new Map<string, PodShare>();
  /** Rounds follow one another: each writes shared parents. */
  #last: Promise<void> = Promise.resolve();

  constructor(store: CgroupStore, policy: CgroupPolicy) {
    this.#store = store;
    this.#policy = policy;
  }

  async ensure(pod: Pod, signal: AbortSignal): Promise<string> {
    const share = podShare(pod, this.#policy);
    this.#pods.set(share.uid, share);
    await this.#inTurn(() => this.#apply(new Set([share.uid]), signal));
    return this.#store.path(podCgroup(share.qos, share.uid));
  }

  async remove(podUid: string, signal: AbortSignal): Promise<void> {
    this.#pods.delete(podUid);
    await this.#inTurn(async () => {
      // The class is not known after a restart, and looking costs nothing.
      for (const qos of qosClasses) await this.#store.remove(podCgroup(qos, podUid), signal);
      await this.#apply(new Set(), signal);
    });
  }

  /** Brings the tree to exactly these pods: limits put right, cgroups of other pods ended and removed. */
  async reconcile(pods: readonly Pod[], signal: AbortSignal): Promise<void> {
    const shares = pods.map((pod) => podShare(pod, this.#policy));
    this.#pods.clear();
    for (const share of shares) this.#pods.set(share.uid, share);
    await this.#inTurn(async () => {
      await this.#apply(new Set(this.#pods.keys()), signal);
      for (const qos of qosClasses) {
        for (const uid of await this.#store.podUids(qosCgroup(qos))) {
          const known = this.#pods.get(uid);
          if (known?.qos !== qos) await this.#store.remove(podCgroup(qos, uid), signal);
        }
      }
    });
  }

  /** Writes the parents and the cgroups of the named pods. */
  async #apply(uids: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const pods = [...this.#pods.values()];
    for (const { name, values } of planParents(pods, this.#policy)) await this.#store.apply(name, values, signal);
    for (const pod of pods) {
      if (uids.has(pod.uid)) await this.#store.apply(podCgroup(pod.qos, pod.uid), pod.values, signal);
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
