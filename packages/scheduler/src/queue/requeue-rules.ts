import type { ClusterEvent, EventInterest } from "../framework/cluster-event.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";

/** The part of a pending pod that the rules look at. */
export interface RejectedPod {
  readonly pod: PodInfo;
  readonly rejectedBy: ReadonlySet<string>;
  readonly pendingFor: ReadonlySet<string>;
}

/** Decides from the interests of a profile's plugins which events mean another attempt. */
export class RequeueRules {
  readonly #interests: ReadonlyMap<string, readonly EventInterest[]>;
  /** Told of a hint that threw; the pod is then tried again. */
  readonly #onError: (plugin: string, error: unknown) => void;

  /** Plugins without an entry in `interests` are tried again after every event. */
  constructor(
    interests: ReadonlyMap<string, readonly EventInterest[]>,
    onError: (plugin: string, error: unknown) => void = () => {},
  ) {
    this.#interests = interests;
    this.#onError = onError;
  }

  /** `now` is for a pod that waited for just this; `backoff` for one that has to wait out its back-off first. */
  decide({ pod, rejectedBy, pendingFor }: RejectedPod, event: ClusterEvent): "skip" | "backoff" | "now" {
    for (const plugin of pendingFor) if (this.#isWorth(plugin, pod, event)) return "now";
    for (const plugin of rejectedBy) if (this.#isWorth(plugin, pod, event)) return "backoff";
    return "skip";
  }

  /** Whether such an event can matter at all to a pod that these plugins turned down; quick, since it asks no hint. */
  concerns(plugins: Iterable<string>, event: ClusterEvent): boolean {
    for (const plugin of plugins) {
      const interests = this.#interests.get(plugin);
      if (!interests) return true;
      for (const interest of interests) if (matches(interest, event)) return true;
    }
    return false;
  }

  #isWorth(plugin: string, pod: PodInfo, event: ClusterEvent): boolean {
    const interests = this.#interests.get(plugin);
    if (!interests) return true;
    for (const interest of interests) {
      if (!matches(interest, event)) continue;
      try {
        if (!interest.hint || interest.hint(pod, event) === "Queue") return true;
      } catch (error) {
        this.#onError(plugin, error);
        return true;
      }
    }
    return false;
  }
}

function matches(interest: EventInterest, event: ClusterEvent): boolean {
  return interest.resource === event.resource && interest.actions.some((action) => event.actions.includes(action));
}
