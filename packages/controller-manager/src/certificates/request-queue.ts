import type { ObjectKey } from "@kube-ts/api/object";
import { WorkQueue } from "@kube-ts/client/work-queue";
import type { ControllerContext } from "../framework/controller.ts";

/** The service account of all controllers of certificate signing requests. */
export const certificateController = "certificate-controller";

/** A queue that retries slower than others: often somebody else has to act first. */
export function certificateQueue({ clock, log, metrics }: ControllerContext): WorkQueue<ObjectKey> {
  const overall = { qps: 10, burst: 100 };
  return new WorkQueue<ObjectKey>({ name: "certificate", clock, log, registry: metrics, retryBaseMs: 200, overall });
}
