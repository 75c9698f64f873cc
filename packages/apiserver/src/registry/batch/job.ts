import type { Job } from "@kube-ts/api/batch/v1";
import { isConditionTrue } from "@kube-ts/api/conditions";
import { fieldPath } from "@kube-ts/api/field-path";
import { goQuote } from "@kube-ts/api/go-quote";
import { dns1123LabelErrors } from "@kube-ts/api/names";
import { jobs } from "@kube-ts/api/resource-types";
import { timeMs } from "@kube-ts/api/rfc3339";
import { formatLabelSelector } from "@kube-ts/api/selectors";
import {
  jobControllerUidLabel,
  jobNameLabel,
  legacyJobControllerUidLabel,
  legacyJobNameLabel,
} from "@kube-ts/api/well-known-labels";
import { dropDisabledPodFields } from "../core/drop-disabled-fields.ts";
import { podTemplateWarnings } from "../core/pod-warnings.ts";
import { countChange, startGeneration } from "../meta/generation.ts";
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
import { humanDuration } from "../table/human-duration.ts";
import { defaultJob, takeTemplateLabels } from "./default-job.ts";
import { validateJob, validateJobUpdate } from "./validate-job.ts";
import { validateJobStatusUpdate } from "./validate-job-status.ts";

const templatePath = fieldPath("spec", "template");

const jobColumns: TableColumns<Job> = {
  definitions: [
    nameColumn,
    column("Status", "string", "How the job is doing."),
    column("Completions", "string", "How many pods succeeded, of how many have to."),
    column("Duration", "string", "How long the job took, or has taken so far."),
    ageColumn,
    containersColumn,
    imagesColumn,
    wideColumn("Selector", "string", "Labels of the job's pods."),
  ],
  row: (job, nowMs) => ({
    cells: [
      nameCell(job),
      statusText(job),
      completionsText(job),
      durationText(job, nowMs),
      ageCell(job, nowMs),
      containerNames(job.spec.template.spec?.containers),
      containerImages(job.spec.template.spec?.containers),
      formatLabelSelector(job.spec.selector),
    ],
  }),
};

export const jobResource = defineResource<Job>({
  type: jobs,
  singular: "job",
  categories: ["all"],
  storagePrefix: "jobs",
  strategy: {
    defaults: defaultJob,
    prepareForCreate(job) {
      generateSelector(job);
      job.status = {};
      startGeneration(job);
      if (job.spec.template.spec) dropDisabledPodFields(job.spec.template.spec, undefined);
    },
    prepareForUpdate(job, old) {
      if (old.status !== undefined) job.status = old.status;
      if (job.spec.template.spec) dropDisabledPodFields(job.spec.template.spec, old.spec.template.spec);
      countChange(job, job.spec, old.spec);
    },
    validateCreate: validateJob,
    validateUpdate: validateJobUpdate,
    warnings: jobWarnings,
    defaultPropagation: "Orphan",
  },
  status: {
    prepareForUpdate(job, old) {
      job.spec = old.spec;
    },
    validateUpdate: validateJobStatusUpdate,
  },
  columns: jobColumns,
  selectableFields: { "status.successful": (job) => String(job.status?.succeeded ?? 0) },
  fieldProblem: (field) => `field label ${goQuote(field)} not supported for batchv1.Job`,
});

/** Makes the pods of a job its own by labels that no other job's pods have; unless its user chose a selector. */
function generateSelector(job: Job): void {
  if (job.spec.manualSelector) return;
  const { name = "", uid = "" } = job.metadata;
  const metadata = (job.spec.template.metadata ??= {});
  const labels = (metadata.labels ??= {});
  labels[legacyJobNameLabel] ??= name;
  labels[jobNameLabel] ??= name;
  labels[legacyJobControllerUidLabel] ??= uid;
  labels[jobControllerUidLabel] ??= uid;
  const selector = (job.spec.selector ??= {});
  selector.matchLabels ??= {};
  selector.matchLabels[jobControllerUidLabel] ??= uid;
  takeTemplateLabels(job);
}

function jobWarnings(job: Job, old: Job | undefined): string[] {
  const warnings: string[] = [];
  const texts = old === undefined ? dns1123LabelErrors(job.metadata.name ?? "") : [];
  if (texts.length > 0) {
    const advice =
      "this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended";
    warnings.push(`metadata.name: ${advice}: [${texts.join(" ")}]`);
  }
  const { completionMode, completions = 0, parallelism = 0 } = job.spec;
  if (completionMode === "Indexed" && completions > 100_000 && parallelism > 10_000) {
    const text =
      "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail";
    warnings.push(`spec: ${text}`);
  }
  warnings.push(...podTemplateWarnings(job, old, job.spec.template, templatePath));
  return warnings;
}

function statusText(job: Job): string {
  const conditions = job.status?.conditions;
  if (isConditionTrue(conditions, "Complete")) return "Complete";
  if (isConditionTrue(conditions, "Failed")) return "Failed";
  if (job.metadata.deletionTimestamp !== undefined) return "Terminating";
  if (isConditionTrue(conditions, "Suspended")) return "Suspended";
  return isConditionTrue(conditions, "FailureTarget") ? "FailureTarget" : "Running";
}

function completionsText(job: Job): string {
  const succeeded = job.status?.succeeded ?? 0;
  const { completions, parallelism = 0 } = job.spec;
  if (completions !== undefined) return `${succeeded}/${completions}`;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationText(job: Job, nowMs: number): string {
  const { startTime, completionTime } = job.status ?? {};
  if (startTime === undefined) return "";
  const endMs = completionTime === undefined ? nowMs : timeMs(completionTime);
  return humanDuration(endMs - timeMs(startTime));
}
