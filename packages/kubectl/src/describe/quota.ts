import type { LimitRange, Namespace, ResourceQuota } from "@kube-ts/api/core/v1";
import type { PodDisruptionBudget } from "@kube-ts/api/policy/v1";
import { formatLabelSelector } from "@kube-ts/api/selectors";
import type { Description } from "./description.ts";
import { localTime } from "./local-time.ts";

/** What a scope of a quota covers. */
const scopeTexts: Readonly<Record<string, string>> = {
  Terminating:
    "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.",
  NotTerminating:
    "Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.",
  BestEffort:
    "Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.",
  NotBestEffort:
    "Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.",
};

export function describeQuota(description: Description, quota: ResourceQuota): void {
  description.line(0, `Name:\t${quota.metadata.name ?? ""}`);
  description.line(0, `Namespace:\t${quota.metadata.namespace ?? ""}`);
  writeScopes(description, quota, "", " * ");
  description.line(0, "Resource\tUsed\tHard");
  description.line(0, "--------\t----\t----");
  writeAmounts(description, quota, "");
}

function writeScopes(description: Description, { spec }: ResourceQuota, indent: string, bullet: string): void {
  const scopes = (spec?.scopes ?? []).toSorted();
  if (scopes.length === 0) return;
  description.line(0, `${indent}Scopes:\t${scopes.join(", ")}`);
  for (const scope of scopes) {
    const text = scopeTexts[scope];
    if (text !== undefined) description.line(0, `${bullet}${text}`);
  }
}

function writeAmounts(description: Description, { status }: ResourceQuota, indent: string): void {
  for (const name of Object.keys(status?.hard ?? {}).toSorted()) {
    description.line(0, `${indent}${name}\t${status?.used?.[name] ?? "0"}\t${status?.hard?.[name] ?? ""}`);
  }
}

export function describeLimitRange(description: Description, range: LimitRange): void {
  description.line(0, `Name:\t${range.metadata.name ?? ""}`);
  description.line(0, `Namespace:\t${range.metadata.namespace ?? ""}`);
  writeLimitHeader(description, "");
  writeLimits(description, range, "");
}

function writeLimitHeader(description: Description, indent: string): void {
  const titles = ["Type", "Resource", "Min", "Max", "Default Request", "Default Limit", "Max Limit/Request Ratio"];
  description.line(0, indent + titles.join("\t"));
  description.line(0, indent + titles.map((title) => "-".repeat(title.length)).join("\t"));
}

function writeLimits(description: Description, { spec }: LimitRange, indent: string): void {
  for (const limit of spec?.limits ?? []) {
    const { type, min = {}, max = {}, defaultRequest = {}, default: byDefault = {}, maxLimitRequestRatio = {} } = limit;
    const columns = [min, max, defaultRequest, byDefault, maxLimitRequestRatio];
    const names = new Set(columns.flatMap((amounts) => Object.keys(amounts)));
    for (const name of [...names].toSorted()) {
      description.line(0, `${indent}${type}\t${name}\t${columns.map((amounts) => amounts[name] ?? "-").join("\t")}`);
    }
  }
}

export function describeNamespace(
  description: Description,
  { metadata, status }: Namespace,
  quotas: readonly ResourceQuota[],
  ranges: readonly LimitRange[],
): void {
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line(`Status:\t${status?.phase ?? ""}`);
  if (status?.conditions?.length) {
    line("Conditions:");
    line("  Type\tStatus\tLastTransitionTime\tReason\tMessage");
    line("  ----\t------\t------------------\t------\t-------");
    for (const { type, status: state, lastTransitionTime, reason = "", message = "" } of status.conditions)
      line(`  ${type}\t${state}\t${localTime(lastTransitionTime)}\t${reason}\t${message}`);
  }
  line("");
  if (quotas.length === 0) line("No resource quota.");
  else line("Resource Quotas");
  for (const quota of quotas) {
    line(`  Name:\t${quota.metadata.name ?? ""}`);
    writeScopes(description, quota, "  ", "  * ");
    line("  Resource\tUsed\tHard");
    line("  --------\t---\t---");
    writeAmounts(description, quota, "  ");
  }
  line("");
  if (ranges.length === 0) line("No LimitRange resource.");
  else {
    line("Resource Limits");
    writeLimitHeader(description, " ");
    for (const range of ranges) writeLimits(description, range, " ");
  }
}

export function describeDisruptionBudget(
  description: Description,
  { metadata, spec, status }: PodDisruptionBudget,
): void {
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  line(`Namespace:\t${metadata.namespace ?? ""}`);
  if (spec?.minAvailable !== undefined) line(`Min available:\t${spec.minAvailable}`);
  else if (spec?.maxUnavailable !== undefined) line(`Max unavailable:\t${spec.maxUnavailable}`);
  line(`Selector:\t${spec?.selector ? formatLabelSelector(spec.selector) : "<unset>"}`);
  line("Status:");
  description.line(2, `Allowed disruptions:\t${status?.disruptionsAllowed ?? 0}`);
  description.line(2, `Current:\t${status?.currentHealthy ?? 0}`);
  description.line(2, `Desired:\t${status?.desiredHealthy ?? 0}`);
  description.line(2, `Total:\t${status?.expectedPods ?? 0}`);
}
