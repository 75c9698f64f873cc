import type { Job, JobStatus } from "@kube-ts/api/batch/v1";
import { isConditionTrue } from "@kube-ts/api/conditions";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type FieldError, duplicateField, invalidField, requiredField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { timeMs } from "@kube-ts/api/rfc3339";
import { checkNonNegative } from "../meta/validate-fields.ts";
import { validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { countIndexes, firstCommonIndex } from "./completed-indexes.ts";
import { withoutValue } from "./validate-pod-failure-policy.ts";

const statusPath = fieldPath("status");
const conditionsPath = statusPath.child("conditions");

/** A status before and after, with what most rules ask of it. */
interface StatusChange {
  readonly job: Job;
  readonly status: JobStatus;
  readonly old: JobStatus;
  has(type: string): boolean;
  had(type: string): boolean;
  /** Whether the condition is new. */
  gains(type: string): boolean;
  changes(field: keyof JobStatus): boolean;
  readonly isFinished: boolean;
  readonly finishes: boolean;
}

/** What a job controller reports. Most rules look only at what changes, so that old jobs stay writable. */
export function validateJobStatusUpdate(job: Job, old: Job): FieldError[] {
  const errors = validateObjectMetaUpdate(job.metadata, old.metadata);
  const change = describe(job, old);
  checkCounters(change, errors);
  checkUncounted(change, errors);
  checkConditions(change, errors);
  checkTimes(change, errors);
  checkFinished(change, errors);
  checkIndexes(change, errors);
  return errors;
}

function describe(job: Job, oldJob: Job): StatusChange {
  const status = job.status ?? {};
  const old = oldJob.status ?? {};
  const has = (type: string) => isConditionTrue(status.conditions, type);
  const had = (type: string) => isConditionTrue(old.conditions, type);
  const gains = (type: string) => has(type) && !had(type);
  const isFinished = has("Complete") || has("Failed");
  return {
    job,
    status,
    old,
    has,
    had,
    gains,
    changes: (field) => !semanticEqual(status[field], old[field]),
    isFinished,
    finishes: isFinished && !had("Complete") && !had("Failed"),
  };
}

function checkCounters({ job, status, old, changes }: StatusChange, errors: FieldError[]): void {
  for (const field of ["active", "succeeded", "failed", "ready", "terminating"] as const) {
    checkNonNegative(status[field], statusPath.child(field), errors);
  }
  const { completionMode, completions, parallelism } = job.spec;
  const isScalable = completionMode === "Indexed" && completions === parallelism;
  const { failed = 0, succeeded = 0, ready = 0, active = 0 } = status;
  if (failed < (old.failed ?? 0)) {
    errors.push(invalidField(statusPath.child("failed"), failed, "cannot decrease the failed counter"));
  }
  if (!isScalable && succeeded < (old.succeeded ?? 0)) {
    errors.push(invalidField(statusPath.child("succeeded"), succeeded, "cannot decrease the succeeded counter"));
  }
  if ((changes("ready") || changes("active")) && ready > active) {
    errors.push(invalidField(statusPath.child("ready"), ready, "cannot set more ready pods than active"));
  }
}

function checkUncounted({ status }: StatusChange, errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const field of ["succeeded", "failed"] as const) {
    for (const [index, uid] of (status.uncountedTerminatedPods?.[field] ?? []).entries()) {
      const path = statusPath.child("uncountedTerminatedPods", field).index(index);
      if (uid === "") errors.push(invalidField(path, uid, "must not be empty"));
      else if (seen.has(uid)) errors.push(duplicateField(path, uid));
      seen.add(uid);
    }
  }
}

function checkConditions({ job, has, had, gains }: StatusChange, errors: FieldError[]): void {
  const refuse = (condition: boolean, text: string) => {
    if (condition) errors.push(withoutValue(conditionsPath, text));
  };
  if (gains("Complete") || gains("Failed")) {
    refuse(has("Complete") && has("Failed"), "cannot set Complete=True and Failed=true conditions");
  }
  if (gains("Complete") || gains("FailureTarget")) {
    refuse(has("Complete") && has("FailureTarget"), "cannot set Complete=True and FailureTarget=true conditions");
  }
  if (gains("Failed")) {
    refuse(!has("FailureTarget"), "cannot set Failed=True condition without the FailureTarget=true condition");
  }
  if (gains("Complete")) {
    refuse(
      !has("SuccessCriteriaMet"),
      "cannot set Complete=True condition without the SuccessCriteriaMet=true condition",
    );
  }
  refuse(has("SuccessCriteriaMet") && has("Failed"), "cannot set SuccessCriteriaMet=True and Failed=true conditions");
  refuse(
    has("SuccessCriteriaMet") && has("FailureTarget"),
    "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions",
  );
  refuse(
    job.spec.successPolicy !== undefined && has("Complete") && !has("SuccessCriteriaMet"),
    "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True",
  );
  for (const type of ["Failed", "Complete", "FailureTarget"]) {
    refuse(had(type) && !has(type), `cannot disable the terminal ${type}=True condition`);
  }
  refuse(
    had("SuccessCriteriaMet") && !has("SuccessCriteriaMet"),
    "cannot disable the SuccessCriteriaMet=True condition",
  );
  refuse(
    had("Complete") && gains("SuccessCriteriaMet"),
    "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions",
  );
}

function checkTimes({ job, status, old, has, gains, changes }: StatusChange, errors: FieldError[]): void {
  const { startTime, completionTime } = status;
  const path = statusPath.child("completionTime");
  if (gains("Complete") || changes("completionTime")) {
    if (completionTime !== undefined && !has("Complete")) {
      const text = "cannot set completionTime when there is no Complete=True condition";
      errors.push(invalidField(path, completionTime, text));
    }
    if (completionTime === undefined && has("Complete")) {
      errors.push(requiredField(path, "completionTime is required for Complete jobs"));
    }
  }
  if ((changes("startTime") || changes("completionTime")) && startTime !== undefined && completionTime !== undefined) {
    if (timeMs(completionTime) < timeMs(startTime)) {
      errors.push(invalidField(path, completionTime, "must be equal to or after `startTime`"));
    }
  }
  if (completionTime !== undefined && old.completionTime !== undefined && changes("completionTime")) {
    errors.push(invalidField(path, completionTime, "field is immutable"));
  }
  if (old.startTime !== undefined && changes("startTime") && !job.spec.suspend) {
    const text = "startTime cannot be removed for unsuspended job";
    errors.push(requiredField(statusPath.child("startTime"), text));
  }
}

function checkFinished({ job, status, isFinished, finishes, changes }: StatusChange, errors: FieldError[]): void {
  if (!isFinished) return;
  const { active = 0, terminating = 0, uncountedTerminatedPods: uncounted, startTime } = status;
  if (finishes && active > 0) {
    errors.push(invalidField(statusPath.child("active"), active, "active>0 is invalid for finished job"));
  }
  const isEmptySuspended = job.spec.suspend === true && job.spec.completions === 0;
  if ((finishes || changes("startTime")) && startTime === undefined && !isEmptySuspended) {
    errors.push(requiredField(statusPath.child("startTime"), "startTime is required for finished job"));
  }
  if (finishes || changes("uncountedTerminatedPods")) {
    if ((uncounted?.failed?.length ?? 0) + (uncounted?.succeeded?.length ?? 0) > 0) {
      const path = statusPath.child("uncountedTerminatedPods");
      errors.push(invalidField(path, uncounted, "must be empty for finished job"));
    }
  }
  if ((finishes || changes("terminating")) && terminating > 0) {
    const text = "terminating>0 is invalid for finished job";
    errors.push(invalidField(statusPath.child("terminating"), terminating, text));
  }
}

function checkIndexes({ job, status, changes }: StatusChange, errors: FieldError[]): void {
  const { completions, completionMode, backoffLimitPerIndex } = job.spec;
  const { completedIndexes = "", failedIndexes } = status;
  const completedPath = statusPath.child("completedIndexes");
  const failedPath = statusPath.child("failedIndexes");
  const checkFormat = (text: string, field: "completedIndexes" | "failedIndexes") => {
    try {
      countIndexes(text, completions ?? 0);
    } catch (error) {
      const detail = `error parsing ${field}: ${(error as Error).message}`;
      errors.push(invalidField(statusPath.child(field), text, detail));
    }
  };
  if (changes("completedIndexes")) {
    if (completions !== undefined) checkFormat(completedIndexes, "completedIndexes");
    if (completedIndexes !== "" && completionMode !== "Indexed") {
      const text = "cannot set non-empty completedIndexes when non-indexed completion mode";
      errors.push(invalidField(completedPath, completedIndexes, text));
    }
  }
  if (failedIndexes === undefined) return;
  if (changes("failedIndexes")) {
    if (completions !== undefined && backoffLimitPerIndex !== undefined) checkFormat(failedIndexes, "failedIndexes");
    if (backoffLimitPerIndex === undefined) {
      const text = "cannot set non-null failedIndexes when backoffLimitPerIndex is null";
      errors.push(invalidField(failedPath, failedIndexes, text));
    }
  }
  if (completions === undefined || (!changes("failedIndexes") && !changes("completedIndexes"))) return;
  const common = firstCommonIndex(completedIndexes, failedIndexes, completions);
  if (common !== undefined) {
    const text = `failedIndexes and completedIndexes overlap at index: ${common}`;
    errors.push(invalidField(failedPath, failedIndexes, text));
  }
}
