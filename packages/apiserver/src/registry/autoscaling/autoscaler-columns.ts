import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus, MetricTarget } from "@kube-ts/api/autoscaling/v2";
import type { TableColumns } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";

const shownMetrics = 2;
const unknown = "<unknown>";

export const autoscalerColumns: TableColumns<HorizontalPodAutoscaler> = {
  definitions: [
    nameColumn,
    column("Reference", "string", "Object that is scaled."),
    column("Targets", "string", "Current and target values of the metrics."),
    column("MinPods", "string", "Fewest replicas."),
    column("MaxPods", "string", "Most replicas."),
    column("Replicas", "string", "Replicas last observed."),
    ageColumn,
  ],
  row(autoscaler, nowMs) {
    const { spec, status } = autoscaler;
    return {
      cells: [
        nameCell(autoscaler),
        `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
        metricsText(spec.metrics ?? [], status?.currentMetrics ?? []),
        spec.minReplicas === undefined ? "<unset>" : String(spec.minReplicas),
        spec.maxReplicas,
        status?.currentReplicas ?? 0,
        ageCell(autoscaler, nowMs),
      ],
    };
  },
};

function metricsText(metrics: readonly MetricSpec[], readings: readonly MetricStatus[]): string {
  if (metrics.length === 0) return "<none>";
  const texts = metrics.map((metric, index) => metricText(metric, readings[index]));
  const text = texts.slice(0, shownMetrics).join(", ");
  return texts.length > shownMetrics ? `${text} + ${texts.length - shownMetrics} more...` : text;
}

type Reading = {
  readonly current: { readonly value?: string; readonly averageValue?: string; readonly averageUtilization?: number };
};

function metricText(metric: MetricSpec, reading: MetricStatus | undefined): string {
  switch (metric.type) {
    case "External":
      return valueText(metric.external?.target, reading?.external);
    case "Object":
      return valueText(metric.object?.target, reading?.object);
    case "Pods":
      return `${reading?.pods?.current.averageValue ?? unknown}/${metric.pods?.target.averageValue ?? "0"}`;
    case "Resource":
      return resourceText(metric.resource, reading?.resource);
    case "ContainerResource":
      return resourceText(metric.containerResource, reading?.containerResource);
    default:
      return "<unknown type>";
  }
}

function valueText(target: MetricTarget | undefined, reading: Reading | undefined): string {
  if (target?.averageValue === undefined) return `${reading?.current.value ?? unknown}/${target?.value ?? "0"}`;
  return `${reading?.current.averageValue ?? unknown}/${target.averageValue} (avg)`;
}

function resourceText(
  source: { readonly name: string; readonly target: MetricTarget } | undefined,
  reading: Reading | undefined,
): string {
  const { averageValue, averageUtilization } = source?.target ?? {};
  const name = source?.name ?? "";
  if (averageValue !== undefined) return `${name}: ${reading?.current.averageValue ?? unknown}/${averageValue}`;
  return `${name}: ${percent(reading?.current.averageUtilization) ?? unknown}/${percent(averageUtilization) ?? "<auto>"}`;
}

function percent(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${value}%`;
}
