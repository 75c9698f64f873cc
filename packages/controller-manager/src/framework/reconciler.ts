import type { ObjectKey } from "@kube-ts/api/object";
import { WorkQueue } from "@kube-ts/client/work-queue";
import type { ControllerContext } from "./controller.ts";

/** Reconciles one key from the caches; a throw is retried with back-off. */
export type Reconcile = (key: ObjectKey, signal: AbortSignal) => Promise<void>;

/** A work queue with upstream's metrics and back-off for the named controller. */
export function controllerQueue(name: string, context: ControllerContext): WorkQueue<ObjectKey> {
  const { clock, log, metrics: registry } = context;
  return new WorkQueue<ObjectKey>({ name, clock, log, registry });
}
