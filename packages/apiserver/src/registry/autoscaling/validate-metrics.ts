import type {
  ContainerResourceMetricSource,
  ExternalMetricSource,
  HorizontalPodAutoscalerSpec,
  MetricIdentifier,
  MetricSpec,
  MetricTarget,
  ObjectMetricSource,
  PodsMetricSource,
} from "@kube-ts/api/autoscaling/v2";
import {
  type FieldError,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { dns1123LabelErrors, pathSegmentNameErrors } from "@kube-ts/api/names";
import { parseQuantity } from "@kube-ts/api/quantity";
import { checkContainerResourceName } from "../core/validate-resources.ts";
import { checkTexts } from "../meta/validate-fields.ts";
import { type ApiVersionRule, apiVersionProblem, checkReference } from "./validate-reference.ts";

const sourceTypes = ["ContainerResource", "External", "Object", "Pods", "Resource"];
/** The field of each type of source, in the order in which sources are looked at. */
const sourceFields = ["object", "external", "pods", "resource", "containerResource"] as const;
const fieldOfType: Readonly<Record<string, (typeof sourceFields)[number]>> = {
  Object: "object",
  External: "external",
  Pods: "pods",
  Resource: "resource",
  ContainerResource: "containerResource",
};
const targetTypes = ["Utilization", "Value", "AverageValue"];

/** The measures of an autoscaler. */
export function checkMetrics(
  { metrics = [], minReplicas }: HorizontalPodAutoscalerSpec,
  old: HorizontalPodAutoscalerSpec | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  const rule = objectRule(old);
  for (const [index, metric] of metrics.entries()) checkMetric(metric, rule, path.index(index), errors);
  if (minReplicas !== 0 || metrics.some(({ type }) => type === "Object" || type === "External")) return;
  const text = "must specify at least one Object or External metric to support scaling to zero replicas";
  errors.push(forbiddenField(path, text));
}

/** API versions of described objects that were wrong before may stay wrong. */
function objectRule(old: HorizontalPodAutoscalerSpec | undefined): ApiVersionRule {
  const wasWrong = old?.metrics?.some(
    ({ type, object }) =>
      type === "Object" && apiVersionProblem(object?.describedObject.apiVersion ?? "", "parsable") !== undefined,
  );
  return wasWrong ? "any" : "parsable";
}

function checkMetric(metric: MetricSpec, rule: ApiVersionRule, path: FieldPath, errors: FieldError[]): void {
  const type: string = metric.type;
  if (type === "") errors.push(requiredField(path.child("type"), "must specify a metric source type"));
  const isKnown = sourceTypes.includes(type);
  if (!isKnown) errors.push(notSupportedField(path.child("type"), type, sourceTypes));
  const present = sourceFields.filter((field) => metric[field] !== undefined);
  const [first] = present;
  if (first !== undefined) checkSource(metric, first, rule, path.child(first), errors);
  const expected = fieldOfType[type];
  if (expected === undefined) {
    errors.push(notSupportedField(path.child("type"), type, sourceTypes));
  } else if (metric[expected] === undefined) {
    const text = "must populate information for the given metric source";
    errors.push(requiredField(path.child(expected), text));
  }
  if (present.length === 1) return;
  for (const field of present) {
    if (field === expected) continue;
    errors.push(forbiddenField(path.child(field), "must populate the given metric source only"));
  }
}

function checkSource(
  metric: MetricSpec,
  field: (typeof sourceFields)[number],
  rule: ApiVersionRule,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { object, external, pods, resource, containerResource } = metric;
  if (field === "object" && object) checkObject(object, rule, path, errors);
  if (field === "external" && external) checkExternal(external, path, errors);
  if (field === "pods" && pods) checkPods(pods, path, errors);
  if (field === "resource" && resource) {
    if (resource.name === "") errors.push(requiredField(path.child("name"), "must specify a resource name"));
    checkResourceTarget(resource.target, path.child("target"), errors);
  }
  if (field === "containerResource" && containerResource) checkContainerResource(containerResource, path, errors);
}

function checkObject(source: ObjectMetricSource, rule: ApiVersionRule, path: FieldPath, errors: FieldError[]): void {
  checkReference(source.describedObject, rule, path.child("describedObject"), errors);
  checkIdentifier(source.metric, path.child("metric"), errors);
  checkTarget(source.target, path.child("target"), errors);
  if (source.target.value === undefined && source.target.averageValue === undefined) {
    const text = "must set either a target value or averageValue";
    errors.push(requiredField(path.child("target", "averageValue"), text));
  }
}

function checkExternal(source: ExternalMetricSource, path: FieldPath, errors: FieldError[]): void {
  checkIdentifier(source.metric, path.child("metric"), errors);
  checkTarget(source.target, path.child("target"), errors);
  const { value, averageValue } = source.target;
  if (value === undefined && averageValue === undefined) {
    const text = "must set either a target value for metric or a per-pod target";
    errors.push(requiredField(path.child("target", "averageValue"), text));
  }
  if (value !== undefined && averageValue !== undefined) {
    const text = "may not set both a target value for metric and a per-pod target";
    errors.push(forbiddenField(path.child("target", "value"), text));
  }
}

function checkPods(source: PodsMetricSource, path: FieldPath, errors: FieldError[]): void {
  checkIdentifier(source.metric, path.child("metric"), errors);
  checkTarget(source.target, path.child("target"), errors);
  if (source.target.averageValue !== undefined) return;
  errors.push(requiredField(path.child("target", "averageValue"), "must specify a positive target averageValue"));
}

function checkContainerResource(
  { name, container, target }: ContainerResourceMetricSource,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (name === "") errors.push(requiredField(path.child("name"), "must specify a resource name"));
  else checkContainerResourceName(name, path.child("name"), errors);
  if (container === "") errors.push(requiredField(path.child("container"), "must specify a container"));
  else checkTexts(dns1123LabelErrors(container), container, path.child("container"), errors);
  checkResourceTarget(target, path.child("target"), errors);
}

function checkResourceTarget(target: MetricTarget, path: FieldPath, errors: FieldError[]): void {
  checkTarget(target, path, errors);
  const { averageUtilization, averageValue } = target;
  if (averageUtilization === undefined && averageValue === undefined) {
    const text = "must set either a target raw value or a target utilization";
    errors.push(requiredField(path.child("averageUtilization"), text));
  }
  if (averageUtilization !== undefined && averageValue !== undefined) {
    const text = "may not set both a target raw value and a target utilization";
    errors.push(forbiddenField(path.child("averageValue"), text));
  }
}

function checkTarget(target: MetricTarget, path: FieldPath, errors: FieldError[]): void {
  const type: string = target.type;
  if (type === "") errors.push(requiredField(path.child("type"), "must specify a metric target type"));
  if (!targetTypes.includes(type)) {
    errors.push(invalidField(path.child("type"), type, "must be either Utilization, Value, or AverageValue"));
  }
  for (const field of ["value", "averageValue"] as const) {
    const text = target[field];
    if (text !== undefined && parseQuantity(text).sign() <= 0) {
      errors.push(invalidField(path.child(field), text, "must be positive"));
    }
  }
  const utilization = target.averageUtilization;
  if (utilization !== undefined && utilization < 1) {
    errors.push(invalidField(path.child("averageUtilization"), utilization, "must be greater than 0"));
  }
}

function checkIdentifier({ name }: MetricIdentifier, path: FieldPath, errors: FieldError[]): void {
  if (name === "") errors.push(requiredField(path.child("name"), "must specify a metric name"));
  else checkTexts(pathSegmentNameErrors(name), name, path.child("name"), errors);
}
