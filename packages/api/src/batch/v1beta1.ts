import type { CronJobStatus, JobTemplateSpec } from "./v1.ts";
import type { Int32, Int64, ListMeta, ObjectMeta, TypeMeta } from "../meta/v1.ts";
export type { CronJobStatus, JobTemplateSpec } from "./v1.ts";

/**
 * What a CronJob does when a run is due while an earlier one is still active: Allow, Forbid or Replace.
 * @knownValues Allow, Forbid, Replace
 */
export type ConcurrencyPolicy = string;

/**
 * Creates Jobs on a repeating schedule.
 * @kind
 */
export interface CronJob extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Desired behavior of the cron job, including its schedule.
   * @proto 2
   * @alwaysPresent
   */
  spec: CronJobSpec;
  /**
   * Current state of the cron job; set by the system and read-only.
   * @proto 3
   * @alwaysPresent
   */
  status?: CronJobStatus;
}

/**
 * List of CronJob objects.
 * @kind
 */
export interface CronJobList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * CronJob objects in the list.
   * @proto 2
   */
  items: CronJob[];
}

/** Schedule, concurrency rules and Job template of a cron job. */
export interface CronJobSpec {
  /**
   * Schedule in five-field cron format (minute, hour, day of month, month, day of week) or a macro such as
   * @proto 1
   */
  schedule: string;
  /**
   * IANA time zone name in which the schedule is interpreted, for example Etc/UTC. Defaults to the time zone of
   * the controller manager process.
   * @proto 8
   */
  timeZone?: string;
  /**
   * Seconds past the scheduled time within which a missed run may still start. Runs that miss it are counted as
   * failed; unset means no deadline.
   * @proto 2
   */
  startingDeadlineSeconds?: Int64;
  /**
   * How overlapping runs are treated: Allow (the default) runs them together, Forbid skips the new run, Replace
   * cancels the running Job and starts the new one.
   * @proto 3
   */
  concurrencyPolicy?: ConcurrencyPolicy;
  /**
   * When true, no further runs are started; runs already in progress are unaffected. Defaults to false.
   * @proto 4
   */
  suspend?: boolean;
  /**
   * Template for the Jobs created on each run.
   * @proto 5
   */
  jobTemplate: JobTemplateSpec;
  /**
   * Number of successful finished Jobs to keep. Defaults to 3; 0 keeps none.
   * @proto 6
   */
  successfulJobsHistoryLimit?: Int32;
  /**
   * Number of failed finished Jobs to keep. Defaults to 1; 0 keeps none.
   * @proto 7
   */
  failedJobsHistoryLimit?: Int32;
}
