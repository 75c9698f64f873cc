import { formatDuration } from "@kube-ts/std/duration";
import { type KubeletConfiguration, kubeletConfiguration } from "./configuration-fields.ts";

const durations: ReadonlySet<string> = new Set([
  "syncFrequency",
  "fileCheckFrequency",
  "httpCheckFrequency",
  "streamingConnectionIdleTimeout",
  "nodeStatusUpdateFrequency",
  "nodeStatusReportFrequency",
  "imageMinimumGCAge",
  "imageMaximumGCAge",
  "volumeStatsAggPeriod",
  "cpuManagerReconcilePeriod",
  "runtimeRequestTimeout",
  "cpuCFSQuotaPeriod",
  "evictionPressureTransitionPeriod",
  "containerLogMonitorInterval",
  "shutdownGracePeriod",
  "shutdownGracePeriodCriticalPods",
  "cacheTTL",
  "cacheAuthorizedTTL",
  "cacheUnauthorizedTTL",
  "maxContainerRestartPeriod",
]);

/** The configuration as a file would have it, for `/configz`: what was given, flags included. */
export function effectiveConfiguration(configuration: KubeletConfiguration): Readonly<Record<string, unknown>> {
  const { kind, apiVersion } = kubeletConfiguration;
  return { kind, apiVersion, ...(written(configuration) as object) };
}

function written(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]: [string, unknown]) => [
      name,
      durations.has(name) && typeof field === "number" ? formatDuration(field) : written(field),
    ]),
  );
}
