import type { Job, JobSpec } from "@kube-ts/api/batch/v1";
import { defaultPodTemplate } from "../core/default-pod-spec.ts";
import { dropZeroFields } from "../meta/zero-fields.ts";

const maxInt32 = 2 ** 31 - 1;

/** What templates of jobs and jobs have in common. */
export function defaultJobTemplateSpec(spec: Partial<JobSpec>): JobSpec {
  spec.template = defaultPodTemplate(spec.template);
  for (const rule of spec.podFailurePolicy?.rules ?? []) {
    for (const pattern of rule.onPodConditions ?? []) pattern.status ||= "True";
  }
  return { ...spec, template: spec.template };
}

/** A job without labels has those of its pods: the same map, so that it gets what a creation adds to it. */
export function takeTemplateLabels(job: Job): void {
  const labels = job.spec.template.metadata?.labels;
  if (labels !== undefined && Object.keys(job.metadata.labels ?? {}).length === 0) job.metadata.labels = labels;
}

export function defaultJob(job: Job): void {
  const spec = defaultJobTemplateSpec(job.spec ?? {});
  job.spec = spec;
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : maxInt32;
  takeTemplateLabels(job);
  spec.completionMode ??= "NonIndexed";
  spec.suspend ??= false;
  spec.manualSelector ??= false;
  spec.podReplacementPolicy ??= spec.podFailurePolicy === undefined ? "TerminatingOrFailed" : "Failed";
  job.status ??= {};
  dropZeroFields(job.status, ["active", "succeeded", "failed", "completedIndexes"]);
}
