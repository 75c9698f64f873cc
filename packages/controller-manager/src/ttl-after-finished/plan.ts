import type { Job } from "@kube-ts/api/batch/v1";
import { parseTime } from "@kube-ts/api/rfc3339";

/** When the job may be deleted, in milliseconds; undefined for one that is not over or is to stay. */
export function expiryMs({ metadata, spec, status }: Job): number | undefined {
  const seconds = spec?.ttlSecondsAfterFinished;
  if (seconds === undefined || metadata.deletionTimestamp) return undefined;
  const finished = status?.conditions?.find(
    (condition) => (condition.type === "Complete" || condition.type === "Failed") && condition.status === "True",
  );
  const finishedMs = finished?.lastTransitionTime ? parseTime(finished.lastTransitionTime) : undefined;
  return finishedMs === undefined ? undefined : finishedMs + seconds * 1_000;
}
