import type {
  HorizontalPodAutoscaler as AutoscalerV1,
  HorizontalPodAutoscalerCondition as ConditionV1,
  MetricSpec as MetricSpecV1,
  MetricStatus as MetricStatusV1,
} from "@kube-ts/api/autoscaling/v1";
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerBehavior,
  HorizontalPodAutoscalerSpec,
  HorizontalPodAutoscalerStatus,
  MetricSpec,
} from "@kube-ts/api/autoscaling/v2";
import { DecodeError, decodeValue } from "@kube-ts/api/decode";
import type { KubeObject } from "@kube-ts/api/object";
import { apiVersionOf } from "@kube-ts/api/resource-type";
import { horizontalPodAutoscalers, horizontalPodAutoscalersV1 } from "@kube-ts/api/resource-types";
import { typeById } from "@kube-ts/api/schema-registry";
import type { AlternateVersion } from "../resource-definition.ts";
import { conversionAnnotations, dropConversionAnnotations } from "./conversion-annotations.ts";
import { cpuMetric } from "./default-autoscaler.ts";
import { metricFromV1, metricToV1, readingFromV1, readingToV1 } from "./metrics-v1.ts";

/**
 * Autoscalers as autoscaling/v1 shows them: one CPU target in a field, everything else in annotations, as JSON of
 * what the types of that version would be.
 */
export const autoscalerV1: AlternateVersion<HorizontalPodAutoscaler> = {
  type: horizontalPodAutoscalersV1,
  fromStored,
  toStored: (object) => toStored(object as AutoscalerV1),
};

function fromStored(stored: HorizontalPodAutoscaler): AutoscalerV1 {
  const { metrics, behavior, ...spec } = stored.spec;
  const { currentMetrics: readings, conditions = [], ...status } = stored.status ?? { desiredReplicas: 0 };
  const currentMetrics = readings ?? [];
  const utilization = firstCpuUtilization(metrics);
  const current = currentMetrics.findLast(
    ({ type, resource }) => type === "Resource" && resource?.name === "cpu" && hasUtilization(resource.current),
  )?.resource?.current.averageUtilization;
  const autoscaler: AutoscalerV1 = {
    ...stored,
    apiVersion: apiVersionOf(horizontalPodAutoscalersV1),
    kind: horizontalPodAutoscalersV1.kind,
    metadata: { ...stored.metadata },
    spec: { ...spec, ...(utilization !== undefined && { targetCPUUtilizationPercentage: utilization }) },
    status: {
      ...status,
      currentReplicas: status.currentReplicas ?? 0,
      ...(current !== undefined && { currentCPUUtilizationPercentage: current }),
    },
  };
  const others = (metrics ?? []).filter((metric) => !isCpuUtilization(metric));
  annotate(autoscaler, {
    metrics: others.length > 0 ? others.map(metricToV1) : undefined,
    currentMetrics: currentMetrics.length > 0 ? currentMetrics.map(readingToV1) : undefined,
    conditions:
      conditions.length > 0 ? conditions.map((condition) => ({ lastTransitionTime: null, ...condition })) : undefined,
    behavior: behavior && goNames(behavior),
  });
  return autoscaler;
}

function toStored(object: AutoscalerV1): HorizontalPodAutoscaler {
  const annotations = object.metadata.annotations ?? {};
  const { targetCPUUtilizationPercentage: utilization, ...rest } = object.spec;
  const { currentCPUUtilizationPercentage: current, ...statusRest } = object.status ?? {
    currentReplicas: 0,
    desiredReplicas: 0,
  };
  const spec: HorizontalPodAutoscalerSpec = rest;
  const status: HorizontalPodAutoscalerStatus = statusRest;
  const others = readList<MetricSpecV1>("MetricSpec", annotations[conversionAnnotations.metrics]);
  const metrics = [...(others ?? []).map(metricFromV1), ...(utilization === undefined ? [] : [cpuMetric(utilization)])];
  if (metrics.length > 0) spec.metrics = metrics;
  const readings = readList<MetricStatusV1>("MetricStatus", annotations[conversionAnnotations.currentMetrics]);
  if (readings) status.currentMetrics = readings.map(readingFromV1);
  else if (current !== undefined) {
    status.currentMetrics = [{ type: "Resource", resource: { name: "cpu", current: { averageUtilization: current } } }];
  }
  const conditions = readList<ConditionV1>(
    "HorizontalPodAutoscalerCondition",
    annotations[conversionAnnotations.conditions],
  );
  status.currentMetrics ??= null;
  if (conditions) status.conditions = conditions;
  const behavior = readBehavior(annotations[conversionAnnotations.behavior]);
  if (behavior) spec.behavior = behavior;
  const stored: HorizontalPodAutoscaler = {
    ...object,
    apiVersion: apiVersionOf(horizontalPodAutoscalers),
    kind: horizontalPodAutoscalers.kind,
    metadata: { ...object.metadata, ...(object.metadata.annotations && { annotations: { ...annotations } }) },
    spec,
    status,
  };
  dropConversionAnnotations(stored);
  return stored;
}

function isCpuUtilization({ type, resource }: MetricSpec): boolean {
  return type === "Resource" && resource?.name === "cpu" && hasUtilization(resource.target);
}

function hasUtilization(value: { readonly averageUtilization?: number }): boolean {
  return value.averageUtilization !== undefined;
}

/** The target of the first CPU metric; a later one stays unseen even where the first has no percentage. */
function firstCpuUtilization(metrics: readonly MetricSpec[] | undefined): number | undefined {
  return metrics?.find(({ type, resource }) => type === "Resource" && resource?.name === "cpu")?.resource?.target
    .averageUtilization;
}

function annotate(
  { metadata }: KubeObject,
  values: Readonly<Record<keyof typeof conversionAnnotations, unknown>>,
): void {
  const annotations = { ...metadata.annotations };
  for (const [field, name] of Object.entries(conversionAnnotations)) {
    const value = values[field as keyof typeof conversionAnnotations];
    if (value === undefined) delete annotations[name];
    else annotations[name] = JSON.stringify(value);
  }
  if (Object.keys(annotations).length > 0) metadata.annotations = annotations;
  else delete metadata.annotations;
}

/** The objects of an annotation; undefined when there is none, or when it is not what it should be. */
function readList<T>(typeName: string, text: string | undefined): T[] | undefined {
  const list = parse(text);
  if (!Array.isArray(list)) return undefined;
  return attempt(() => list.map((item) => decodeAs<T>(`autoscaling/v1.${typeName}`, item)));
}

function readBehavior(text: string | undefined): HorizontalPodAutoscalerBehavior | undefined {
  const value = parse(text);
  if (value === undefined || Array.isArray(value)) return undefined;
  return attempt(() => decodeAs("autoscaling/v2.HorizontalPodAutoscalerBehavior", jsonNames(value)));
}

function decodeAs<T>(id: string, value: unknown): T {
  return decodeValue<T>(typeById(id), value, { fieldValidation: "Ignore" }).object;
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The behavior is written under the names that its fields have in Go, and nothing is left out. */
function goNames({ scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior): unknown {
  const rules = (value: HorizontalPodAutoscalerBehavior["scaleUp"]) =>
    value && {
      StabilizationWindowSeconds: value.stabilizationWindowSeconds ?? null,
      SelectPolicy: value.selectPolicy ?? null,
      Policies:
        value.policies?.map(({ type, value, periodSeconds }) => ({
          Type: type,
          Value: value,
          PeriodSeconds: periodSeconds,
        })) ?? null,
      Tolerance: value.tolerance ?? null,
    };
  return { ScaleUp: rules(scaleUp) ?? null, ScaleDown: rules(scaleDown) ?? null };
}

/** The names of fields in Go as those in JSON. */
function jsonNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(jsonNames);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, item]) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    jsonNames(item),
  ]);
  return Object.fromEntries(entries);
}
