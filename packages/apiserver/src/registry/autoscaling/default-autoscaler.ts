import type {
  HPAScalingRules,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
  MetricSpec,
} from "@kube-ts/api/autoscaling/v2";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { dropConversionAnnotations } from "./conversion-annotations.ts";

/** What autoscalers aim for that name no metric: CPU use in percent of what pods request. */
const defaultUtilization = 80;
const policyPeriodSeconds = 15;

export function defaultAutoscaler(autoscaler: HorizontalPodAutoscaler): void {
  dropConversionAnnotations(autoscaler);
  const { spec, status } = autoscaler;
  if (spec.scaleTargetRef as unknown) dropZeroFields(spec.scaleTargetRef, ["apiVersion"]);
  spec.minReplicas ??= 1;
  if (!spec.metrics?.length) spec.metrics = [cpuMetric(defaultUtilization)];
  defaultBehavior(spec);
  if (status) {
    dropZeroFields(status, ["currentReplicas"]);
    for (const condition of status.conditions ?? []) dropZeroFields(condition, ["reason", "message"]);
  }
}

/** The metric that autoscaling/v1 has a field for. */
export function cpuMetric(averageUtilization: number): MetricSpec {
  return { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization } } };
}

/** An autoscaler that limits one direction gets the rules of the other, too. */
function defaultBehavior({ behavior }: HorizontalPodAutoscalerSpec): void {
  if (!behavior) return;
  behavior.scaleUp = withDefaults(behavior.scaleUp, {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Max",
    policies: [
      { type: "Pods", value: 4, periodSeconds: policyPeriodSeconds },
      { type: "Percent", value: 100, periodSeconds: policyPeriodSeconds },
    ],
  });
  // The window for scaling down is a setting of the controller.
  behavior.scaleDown = withDefaults(behavior.scaleDown, {
    selectPolicy: "Max",
    policies: [{ type: "Percent", value: 100, periodSeconds: policyPeriodSeconds }],
  });
}

function withDefaults(rules: HPAScalingRules = {}, defaults: HPAScalingRules): HPAScalingRules {
  for (const [field, value] of Object.entries(defaults)) {
    const key = field as keyof HPAScalingRules;
    if (rules[key] === undefined) Object.assign(rules, { [key]: value });
  }
  return rules;
}
