import type { ObjectKey } from "@kube-ts/api/object";
import { WorkQueue } from "@kube-ts/client/work-queue";
import type { ControllerContext } from "./controller.ts";

/** A work queue with upstream's metrics and back-off for the named controller. */
export function controllerQueue(name: string, context: ControllerContext): WorkQueue<ObjectKey> {
  const { clock, log, metrics: registry } = context;
  return new WorkQueue<ObjectKey>({ name, clock, log, registry });
}
