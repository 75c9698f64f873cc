import type { QueuedPodOrder } from "../framework/plugin.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";

/** Where a pending pod is. `inFlight` is popped and neither bound nor given back. */
export type QueuePlace = "active" | "backoff" | "unschedulable" | "gated" | "inFlight";

/** A queued pod's item in a heap; it stays there, dead, when the pod leaves early. */
export interface HeapTicket {
  readonly queued: QueuedPod;
  readonly backoffUntilMs: number;
  live: boolean;
}

/** A pending pod with the history of its attempts. */
export interface QueuedPod extends QueuedPodOrder {
  pod: PodInfo;
  place: QueuePlace;
  /** When it came into the queue this time, on the monotonic clock. */
  queuedAtMs: number;
  /** When it was first tried; undefined before that. */
  firstTriedAtMs: number | undefined;
  attempts: number;
  /** Consecutive attempts that ended with a rejection; they set the back-off. */
  rejections: number;
  /** Consecutive attempts that ended with an error. */
  errors: number;
  backoffUntilMs: number;
  /** The plugins that turned it down last. */
  rejectedBy: ReadonlySet<string>;
  /** Those of them that answered `Pending`. */
  pendingFor: ReadonlySet<string>;
  /** Its item in the heap of its place; undefined when that place has none. */
  ticket: HeapTicket | undefined;
  /** The pods with which it waits for events; undefined when it does not. */
  waitsWith: Set<QueuedPod> | undefined;
  waitKey: string;
  /** Position in the record of events when it was popped. */
  poppedAt: number;
}

export function newQueuedPod(pod: PodInfo, nowMs: number): QueuedPod {
  return {
    pod,
    place: "active",
    queuedAtMs: nowMs,
    firstTriedAtMs: undefined,
    attempts: 0,
    rejections: 0,
    errors: 0,
    backoffUntilMs: 0,
    rejectedBy: new Set(),
    pendingFor: new Set(),
    ticket: undefined,
    waitsWith: undefined,
    waitKey: "",
    poppedAt: 0,
  };
}
