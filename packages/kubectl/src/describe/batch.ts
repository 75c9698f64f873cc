import type { CronJob, Job } from "@kube-ts/api/batch/v1";
import { parseTime } from "@kube-ts/api/rfc3339";
import { formatLabelSelector } from "@kube-ts/api/selectors";
import { humanDuration } from "../printers/age.ts";
import type { Description } from "./description.ts";
import { localTime } from "./local-time.ts";
import { writePodTemplate } from "./pod-template.ts";

const maxIndexes = 50;

export function describeJob(description: Description, { metadata, spec, status = {} }: Job): void {
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  line(`Namespace:\t${metadata.namespace ?? ""}`);
  if (spec?.selector) line(`Selector:\t${formatLabelSelector(spec.selector)}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner) line(`Controlled By:\t${owner.kind}/${owner.name}`);
  const optional = (label: string, value: number | string | boolean | undefined) => {
    if (value !== undefined) line(`${label}:\t${value}`);
  };
  optional("Parallelism", spec?.parallelism);
  line(`Completions:\t${spec?.completions ?? "<unset>"}`);
  optional("Completion Mode", spec?.completionMode);
  optional("Suspend", spec?.suspend);
  optional("Backoff Limit", spec?.backoffLimit);
  optional("TTL Seconds After Finished", spec?.ttlSecondsAfterFinished);
  if (status.startTime) line(`Start Time:\t${localTime(status.startTime)}`);
  if (status.completionTime) line(`Completed At:\t${localTime(status.completionTime)}`);
  if (status.startTime && status.completionTime) {
    const elapsed = (parseTime(status.completionTime) ?? 0) - (parseTime(status.startTime) ?? 0);
    line(`Duration:\t${humanDuration(elapsed)}`);
  }
  if (spec?.activeDeadlineSeconds !== undefined) line(`Active Deadline Seconds:\t${spec.activeDeadlineSeconds}s`);
  const counts = `${status.active ?? 0} Active${status.ready === undefined ? "" : ` (${status.ready} Ready)`} / ${status.succeeded ?? 0} Succeeded / ${status.failed ?? 0} Failed`;
  line(`Pods Statuses:\t${counts}`);
  if (spec?.completionMode === "Indexed") line(`Completed Indexes:\t${indexesText(status.completedIndexes)}`);
  writePodTemplate(description, spec?.template);
}

function indexesText(indexes: string | undefined): string {
  if (!indexes) return "<none>";
  if (indexes.length <= maxIndexes) return indexes;
  const cut = indexes.lastIndexOf(",", maxIndexes);
  return `${indexes.slice(0, cut + 1)}...`;
}

export function describeCronJob(description: Description, { metadata, spec, status }: CronJob): void {
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  line(`Namespace:\t${metadata.namespace ?? ""}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line(`Schedule:\t${spec?.schedule ?? ""}`);
  line(`Concurrency Policy:\t${spec?.concurrencyPolicy ?? ""}`);
  const suspended = spec?.suspend;
  line(`Suspend:\t${suspended === undefined ? "<unset>" : suspended ? "True" : "False"}`);
  line(`Time Zone:\t${spec?.timeZone ?? "<unset>"}`);
  line(`Successful Job History Limit:\t${spec?.successfulJobsHistoryLimit ?? "<unset>"}`);
  line(`Failed Job History Limit:\t${spec?.failedJobsHistoryLimit ?? "<unset>"}`);
  const deadline = spec?.startingDeadlineSeconds;
  line(`Starting Deadline Seconds:\t${deadline === undefined ? "<unset>" : `${deadline}s`}`);
  const job = spec?.jobTemplate.spec;
  line(`Selector:\t${job?.selector ? formatLabelSelector(job.selector) : "<unset>"}`);
  line(`Parallelism:\t${job?.parallelism ?? "<unset>"}`);
  line(`Completions:\t${job?.completions ?? "<unset>"}`);
  if (job?.activeDeadlineSeconds !== undefined) line(`Active Deadline Seconds:\t${job.activeDeadlineSeconds}s`);
  writePodTemplate(description, job?.template);
  line(`Last Schedule Time:\t${localTime(status?.lastScheduleTime)}`);
  line(`Active Jobs:\t${(status?.active ?? []).map(({ name = "" }) => name).join(", ") || "<none>"}`);
}
