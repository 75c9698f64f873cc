import type {
  HorizontalPodAutoscaler,
  HPAScalingRules,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from "@kube-ts/api/autoscaling/v2";
import type { Description } from "./description.ts";
import { localTime } from "./local-time.ts";

export function describeAutoscaler(
  description: Description,
  { metadata, spec, status }: HorizontalPodAutoscaler,
): void {
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  line(`Namespace:\t${metadata.namespace ?? ""}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line(`CreationTimestamp:\t${localTime(metadata.creationTimestamp)}`);
  const { kind = "", name = "" } = spec?.scaleTargetRef ?? {};
  line(`Reference:\t${kind}/${name}`);
  line("Metrics:\t( current / target )");
  for (const [index, metric] of (spec?.metrics ?? []).entries()) {
    const { title, target } = metricOf(metric);
    line(`  ${title}:\t${currentText(target, valueOf(status?.currentMetrics?.[index]))} / ${targetText(target)}`);
  }
  line(`Min replicas:\t${spec?.minReplicas ?? "<unset>"}`);
  line(`Max replicas:\t${spec?.maxReplicas ?? 0}`);
  if (spec?.behavior) {
    line("Behavior:");
    describeScaling(description, "Scale Up", spec.behavior.scaleUp);
    describeScaling(description, "Scale Down", spec.behavior.scaleDown);
  }
  line(`${kind} pods:\t${status?.currentReplicas ?? 0} current / ${status?.desiredReplicas ?? 0} desired`);
  if (!status?.conditions?.length) return;
  line("Conditions:");
  line("  Type\tStatus\tReason\tMessage");
  line("  ----\t------\t------\t-------");
  for (const { type, status: state, reason = "", message = "" } of status.conditions) {
    line(`  ${type}\t${state}\t${reason}\t${message}`);
  }
}

/** What a metric is called, and what is wanted of it. */
function metricOf(metric: MetricSpec): { title: string; target: MetricTarget | undefined } {
  const { resource, containerResource, pods, object, external } = metric;
  const share = (target: MetricTarget) =>
    target.averageUtilization === undefined ? "" : "  (as a percentage of request)";
  const kind = (target: MetricTarget) => (target.type === "AverageValue" ? "(target average value)" : "(target value)");
  if (resource) return { title: `resource ${resource.name} on pods${share(resource.target)}`, target: resource.target };
  if (containerResource) {
    const { name, container, target } = containerResource;
    return { title: `resource ${name} of container ${JSON.stringify(container)} on pods${share(target)}`, target };
  }
  if (pods) return { title: `${JSON.stringify(pods.metric.name)} on pods`, target: pods.target };
  if (object) {
    const { describedObject, metric: named, target } = object;
    const place = `${describedObject.kind}/${describedObject.name}`;
    return { title: `${JSON.stringify(named.name)} on ${place} ${kind(target)}`, target };
  }
  if (external) {
    return { title: `${JSON.stringify(external.metric.name)} ${kind(external.target)}`, target: external.target };
  }
  return { title: `<unknown metric type ${JSON.stringify(metric.type)}>`, target: undefined };
}

function valueOf(status: MetricStatus | undefined): MetricValueStatus | undefined {
  const found = status?.resource ?? status?.containerResource ?? status?.pods ?? status?.object ?? status?.external;
  return found?.current;
}

function targetText(target: MetricTarget | undefined): string {
  if (!target) return "<unset>";
  if (target.averageUtilization !== undefined) return `${target.averageUtilization}%`;
  return target.averageValue ?? target.value ?? "<auto>";
}

function currentText(target: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  if (!current) return "<unknown>";
  if (target?.averageUtilization !== undefined) {
    if (current.averageUtilization === undefined) return "<unknown>";
    return `${current.averageUtilization}% (${current.averageValue ?? "0"})`;
  }
  return (target?.averageValue === undefined ? current.value : current.averageValue) ?? "<unknown>";
}

function describeScaling(description: Description, title: string, rules: HPAScalingRules | undefined): void {
  if (!rules) return;
  description.line(1, `${title}:`);
  if (rules.stabilizationWindowSeconds !== undefined) {
    description.line(2, `Stabilization Window: ${rules.stabilizationWindowSeconds} seconds`);
  }
  const policies = rules.policies ?? [];
  if (policies.length === 0) return;
  description.line(2, `Select Policy: ${rules.selectPolicy ?? "Max"}`);
  description.line(2, "Policies:");
  for (const { type, value, periodSeconds } of policies) {
    description.line(3, `- Type: ${type}\tValue: ${value}\tPeriod: ${periodSeconds} seconds`);
  }
}
