import type { CronJob, CronJobSpec } from "@kube-ts/api/batch/v1";
import { type FieldError, invalidField, notSupportedField, requiredField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { dns1123LabelErrors, maxLengthError } from "@kube-ts/api/names";
import { cronJobs } from "@kube-ts/api/resource-types";
import { formatLabelSelector } from "@kube-ts/api/selectors";
import { dropDisabledPodFields } from "../core/drop-disabled-fields.ts";
import { podTemplateWarnings } from "../core/pod-warnings.ts";
import { countChange, startGeneration } from "../meta/generation.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkNonNegative, checkRequiredChoice, isBlank } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { type TableColumns, defineResource } from "../resource-definition.ts";
import {
  ageCell,
  ageColumn,
  column,
  containerImages,
  containerNames,
  containersColumn,
  imagesColumn,
  nameCell,
  nameColumn,
  wideColumn,
} from "../table/columns.ts";
import { timeSince } from "../table/human-duration.ts";
import { cronScheduleError, isTimeZone } from "./cron-schedule.ts";
import { defaultJobTemplateSpec } from "./default-job.ts";
import { checkJobSpec } from "./validate-job.ts";

const specPath = fieldPath("spec");
const jobSpecPath = specPath.child("jobTemplate", "spec");
/** Jobs are named after their cron job and a time of eleven characters. */
const maxNameLength = 63 - 11;

const cronJobColumns: TableColumns<CronJob> = {
  definitions: [
    nameColumn,
    column("Schedule", "string", "When jobs are started, in cron's notation."),
    column("Timezone", "string", "Time zone of the schedule."),
    column("Suspend", "boolean", "Whether no further jobs are started."),
    column("Active", "integer", "How many jobs are running."),
    column("Last Schedule", "string", "Time since a job was last started."),
    ageColumn,
    containersColumn,
    imagesColumn,
    wideColumn("Selector", "string", "Labels of the jobs' pods."),
  ],
  row(cronJob, nowMs) {
    const { spec, status } = cronJob;
    const containers = spec.jobTemplate.spec?.template.spec?.containers;
    const lastSchedule = status?.lastScheduleTime;
    return {
      cells: [
        nameCell(cronJob),
        spec.schedule,
        spec.timeZone ?? "<none>",
        spec.suspend === undefined ? "<unset>" : spec.suspend ? "True" : "False",
        status?.active?.length ?? 0,
        lastSchedule === undefined ? "<none>" : timeSince(lastSchedule, nowMs),
        ageCell(cronJob, nowMs),
        containerNames(containers),
        containerImages(containers),
        formatLabelSelector(spec.jobTemplate.spec?.selector),
      ],
    };
  },
};

export const cronJobResource = defineResource<CronJob>({
  type: cronJobs,
  singular: "cronjob",
  shortNames: ["cj"],
  categories: ["all"],
  storagePrefix: "cronjobs",
  strategy: {
    defaults: defaultCronJob,
    prepareForCreate(cronJob) {
      cronJob.status = {};
      startGeneration(cronJob);
      dropDisabled(cronJob, undefined);
    },
    prepareForUpdate(cronJob, old) {
      if (old.status !== undefined) cronJob.status = old.status;
      dropDisabled(cronJob, old);
      countChange(cronJob, cronJob.spec, old.spec);
    },
    validateCreate(cronJob) {
      const errors = validateObjectMeta(cronJob.metadata, "Namespaced", subdomainName);
      checkSpec(cronJob.spec, undefined, errors);
      const { name = "" } = cronJob.metadata;
      if (name.length > maxNameLength) {
        errors.push(invalidField("metadata.name", name, maxLengthError(maxNameLength)));
      }
      return errors;
    },
    validateUpdate(cronJob, old) {
      const errors = validateObjectMetaUpdate(cronJob.metadata, old.metadata);
      checkSpec(cronJob.spec, old.spec, errors);
      return errors;
    },
    warnings: cronJobWarnings,
    defaultPropagation: "Background",
  },
  status: {
    prepareForUpdate(cronJob, old) {
      cronJob.spec = old.spec;
    },
    validateUpdate: (cronJob, old) => validateObjectMetaUpdate(cronJob.metadata, old.metadata),
  },
  columns: cronJobColumns,
});

function defaultCronJob(cronJob: CronJob): void {
  const spec: Partial<CronJobSpec> = cronJob.spec ?? {};
  dropZeroFields(spec, ["concurrencyPolicy"]);
  spec.concurrencyPolicy ??= "Allow";
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= 3;
  spec.failedJobsHistoryLimit ??= 1;
  const template = (spec.jobTemplate ??= {});
  template.metadata ??= {};
  template.spec = defaultJobTemplateSpec(template.spec ?? {});
  cronJob.spec = { ...spec, schedule: spec.schedule ?? "", jobTemplate: template };
  cronJob.status ??= {};
}

function dropDisabled(cronJob: CronJob, old: CronJob | undefined): void {
  const pod = cronJob.spec.jobTemplate.spec?.template.spec;
  if (pod) dropDisabledPodFields(pod, old?.spec.jobTemplate.spec?.template.spec);
}

function cronJobWarnings(cronJob: CronJob, old: CronJob | undefined): string[] {
  const warnings: string[] = [];
  const texts = old === undefined ? dns1123LabelErrors(cronJob.metadata.name ?? "") : [];
  if (texts.length > 0) {
    const advice =
      "this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended";
    warnings.push(`metadata.name: ${advice}: [${texts.join(" ")}]`);
  }
  const template = cronJob.spec.jobTemplate.spec?.template;
  warnings.push(...podTemplateWarnings(cronJob, old, template, jobSpecPath.child("template")));
  if (cronJob.spec.schedule.includes("TZ")) {
    const advice =
      "CRON_TZ or TZ used in schedule is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details";
    warnings.push(`spec.schedule: ${advice}`);
  }
  return warnings;
}

function checkSpec(spec: CronJobSpec, old: CronJobSpec | undefined, errors: FieldError[]): void {
  if (isBlank(spec.schedule)) errors.push(requiredField(specPath.child("schedule"), ""));
  else checkSchedule(spec, old, errors);
  checkNonNegative(spec.startingDeadlineSeconds, specPath.child("startingDeadlineSeconds"), errors);
  if (old === undefined || old.timeZone !== spec.timeZone) checkTimeZone(spec.timeZone, errors);
  const policies = ["Allow", "Forbid", "Replace"];
  checkRequiredChoice(spec.concurrencyPolicy, policies, specPath.child("concurrencyPolicy"), errors);
  if (spec.jobTemplate.spec) checkJobTemplate(spec.jobTemplate.spec, errors);
  checkNonNegative(spec.successfulJobsHistoryLimit, specPath.child("successfulJobsHistoryLimit"), errors);
  checkNonNegative(spec.failedJobsHistoryLimit, specPath.child("failedJobsHistoryLimit"), errors);
}

function checkJobTemplate(spec: NonNullable<CronJobSpec["jobTemplate"]["spec"]>, errors: FieldError[]): void {
  checkJobSpec(spec, jobSpecPath, errors);
  if (spec.selector !== undefined) {
    errors.push(invalidField(jobSpecPath.child("selector"), spec.selector, "`selector` will be auto-generated"));
  }
  if (spec.manualSelector) {
    errors.push(notSupportedField(jobSpecPath.child("manualSelector"), true, ["nil", "false"]));
  }
}

function checkSchedule(spec: CronJobSpec, old: CronJobSpec | undefined, errors: FieldError[]): void {
  const path = specPath.child("schedule");
  const problem = cronScheduleError(spec.schedule);
  if (problem !== undefined) errors.push(invalidField(path, spec.schedule, problem));
  if (!spec.schedule.includes("TZ")) return;
  if (!old?.schedule.includes("TZ")) {
    const text = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
    errors.push(invalidField(path, spec.schedule, text));
  } else if (spec.timeZone !== undefined) {
    const text = "cannot use both timeZone field and TZ or CRON_TZ in schedule";
    errors.push(invalidField(path, spec.schedule, text));
  }
}

const zonePart = /^[A-Za-z._\-0-9+]{1,14}$/;

function checkTimeZone(zone: string | undefined, errors: FieldError[]): void {
  if (zone === undefined) return;
  const path = specPath.child("timeZone");
  if (zone === "") {
    errors.push(invalidField(path, zone, "timeZone must be nil or non-empty string"));
    return;
  }
  const isMalformed = zone
    .split("/")
    .some((part) => part === "." || part === ".." || part.startsWith("-") || !zonePart.test(part));
  if (isMalformed) {
    errors.push(invalidField(path, zone, `unknown time zone ${zone}`));
    return;
  }
  if (zone.toLowerCase() === "local") {
    const text = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
    errors.push(invalidField(path, zone, text));
  } else if (!isTimeZone(zone)) {
    errors.push(invalidField(path, zone, `unknown time zone ${zone}`));
  }
}
