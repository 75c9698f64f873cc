import type { ConditionStatus } from "../core/v1/reference.ts";
import type { ResourceName } from "../core/v1/resources.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";
import type { Int32, Int64, Quantity, Time } from "../meta/v1/primitives.ts";
import type { LabelSelector } from "../meta/v1/selector.ts";

/** ContainerResourceMetricSource. */
export interface ContainerResourceMetricSource {
  /**
   * ContainerResourceMetricSource.name.
   * @proto 1
   */
  name: ResourceName;
  /**
   * ContainerResourceMetricSource.target.
   * @proto 2
   */
  target: MetricTarget;
  /**
   * ContainerResourceMetricSource.container.
   * @proto 3
   */
  container: string;
}

/** ContainerResourceMetricStatus. */
export interface ContainerResourceMetricStatus {
  /**
   * ContainerResourceMetricStatus.name.
   * @proto 1
   */
  name: ResourceName;
  /**
   * ContainerResourceMetricStatus.current.
   * @proto 2
   */
  current: MetricValueStatus;
  /**
   * ContainerResourceMetricStatus.container.
   * @proto 3
   */
  container: string;
}

/** CrossVersionObjectReference. */
export interface CrossVersionObjectReference {
  /**
   * CrossVersionObjectReference.kind.
   * @proto 1
   */
  kind: string;
  /**
   * CrossVersionObjectReference.name.
   * @proto 2
   */
  name: string;
  /**
   * CrossVersionObjectReference.apiVersion.
   * @proto 3
   */
  apiVersion?: string;
}

/** ExternalMetricSource. */
export interface ExternalMetricSource {
  /**
   * ExternalMetricSource.metric.
   * @proto 1
   */
  metric: MetricIdentifier;
  /**
   * ExternalMetricSource.target.
   * @proto 2
   */
  target: MetricTarget;
}

/** ExternalMetricStatus. */
export interface ExternalMetricStatus {
  /**
   * ExternalMetricStatus.metric.
   * @proto 1
   */
  metric: MetricIdentifier;
  /**
   * ExternalMetricStatus.current.
   * @proto 2
   */
  current: MetricValueStatus;
}

/** HPAScalingPolicy. */
export interface HPAScalingPolicy {
  /**
   * HPAScalingPolicy.type.
   * @proto 1
   */
  type: HPAScalingPolicyType;
  /**
   * HPAScalingPolicy.value.
   * @proto 2
   */
  value: Int32;
  /**
   * HPAScalingPolicy.periodSeconds.
   * @proto 3
   */
  periodSeconds: Int32;
}

/** HPAScalingPolicyType. */
export type HPAScalingPolicyType = "Pods" | "Percent";

/** HPAScalingRules. */
export interface HPAScalingRules {
  /**
   * HPAScalingRules.stabilizationWindowSeconds.
   * @proto 3
   */
  stabilizationWindowSeconds?: Int32;
  /**
   * HPAScalingRules.selectPolicy.
   * @proto 1
   */
  selectPolicy?: ScalingPolicySelect;
  /**
   * HPAScalingRules.policies.
   * @proto 2
   * @listType atomic
   */
  policies?: HPAScalingPolicy[];
  /**
   * HPAScalingRules.tolerance.
   * @proto 4
   */
  tolerance?: Quantity;
}

/**
 * HorizontalPodAutoscaler.
 * @kind
 */
export interface HorizontalPodAutoscaler extends TypeMeta {
  /**
   * HorizontalPodAutoscaler.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * HorizontalPodAutoscaler.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec: HorizontalPodAutoscalerSpec;
  /**
   * HorizontalPodAutoscaler.status.
   * @proto 3
   * @alwaysPresent
   */
  status?: HorizontalPodAutoscalerStatus;
}

/** HorizontalPodAutoscalerBehavior. */
export interface HorizontalPodAutoscalerBehavior {
  /**
   * HorizontalPodAutoscalerBehavior.scaleUp.
   * @proto 1
   */
  scaleUp?: HPAScalingRules;
  /**
   * HorizontalPodAutoscalerBehavior.scaleDown.
   * @proto 2
   */
  scaleDown?: HPAScalingRules;
}

/** HorizontalPodAutoscalerCondition. */
export interface HorizontalPodAutoscalerCondition {
  /**
   * HorizontalPodAutoscalerCondition.type.
   * @proto 1
   */
  type: HorizontalPodAutoscalerConditionType;
  /**
   * HorizontalPodAutoscalerCondition.status.
   * @proto 2
   */
  status: ConditionStatus;
  /**
   * HorizontalPodAutoscalerCondition.lastTransitionTime.
   * @proto 3
   */
  lastTransitionTime?: Time;
  /**
   * HorizontalPodAutoscalerCondition.reason.
   * @proto 4
   */
  reason?: string;
  /**
   * HorizontalPodAutoscalerCondition.message.
   * @proto 5
   */
  message?: string;
  /**
   * HorizontalPodAutoscalerCondition.observedGeneration.
   * @proto 6
   */
  observedGeneration?: Int64;
}

/**
 * HorizontalPodAutoscalerConditionType.
 * @knownValues ScalingActive, AbleToScale, ScalingLimited, ScaledToZero
 */
export type HorizontalPodAutoscalerConditionType = string;

/**
 * HorizontalPodAutoscalerList.
 * @kind
 */
export interface HorizontalPodAutoscalerList extends TypeMeta {
  /**
   * HorizontalPodAutoscalerList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * HorizontalPodAutoscalerList.items.
   * @proto 2
   */
  items: HorizontalPodAutoscaler[];
}

/** HorizontalPodAutoscalerSpec. */
export interface HorizontalPodAutoscalerSpec {
  /**
   * HorizontalPodAutoscalerSpec.scaleTargetRef.
   * @proto 1
   */
  scaleTargetRef: CrossVersionObjectReference;
  /**
   * HorizontalPodAutoscalerSpec.minReplicas.
   * @proto 2
   */
  minReplicas?: Int32;
  /**
   * HorizontalPodAutoscalerSpec.maxReplicas.
   * @proto 3
   */
  maxReplicas: Int32;
  /**
   * HorizontalPodAutoscalerSpec.metrics.
   * @proto 4
   * @listType atomic
   */
  metrics?: MetricSpec[];
  /**
   * HorizontalPodAutoscalerSpec.behavior.
   * @proto 5
   */
  behavior?: HorizontalPodAutoscalerBehavior;
}

/** HorizontalPodAutoscalerStatus. */
export interface HorizontalPodAutoscalerStatus {
  /**
   * HorizontalPodAutoscalerStatus.observedGeneration.
   * @proto 1
   */
  observedGeneration?: Int64;
  /**
   * HorizontalPodAutoscalerStatus.lastScaleTime.
   * @proto 2
   */
  lastScaleTime?: Time;
  /**
   * HorizontalPodAutoscalerStatus.currentReplicas.
   * @proto 3
   */
  currentReplicas?: Int32;
  /**
   * HorizontalPodAutoscalerStatus.desiredReplicas.
   * @proto 4
   */
  desiredReplicas: Int32;
  /**
   * HorizontalPodAutoscalerStatus.currentMetrics.
   * @proto 5
   * @listType atomic
   */
  currentMetrics?: MetricStatus[];
  /**
   * HorizontalPodAutoscalerStatus.conditions.
   * @proto 6
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: HorizontalPodAutoscalerCondition[];
}

/** MetricIdentifier. */
export interface MetricIdentifier {
  /**
   * MetricIdentifier.name.
   * @proto 1
   */
  name: string;
  /**
   * MetricIdentifier.selector.
   * @proto 2
   */
  selector?: LabelSelector;
}

/** MetricSourceType. */
export type MetricSourceType = "Object" | "Pods" | "Resource" | "ContainerResource" | "External";

/** MetricSpec. */
export interface MetricSpec {
  /**
   * MetricSpec.type.
   * @proto 1
   */
  type: MetricSourceType;
  /**
   * MetricSpec.object.
   * @proto 2
   */
  object?: ObjectMetricSource;
  /**
   * MetricSpec.pods.
   * @proto 3
   */
  pods?: PodsMetricSource;
  /**
   * MetricSpec.resource.
   * @proto 4
   */
  resource?: ResourceMetricSource;
  /**
   * MetricSpec.containerResource.
   * @proto 7
   */
  containerResource?: ContainerResourceMetricSource;
  /**
   * MetricSpec.external.
   * @proto 5
   */
  external?: ExternalMetricSource;
}

/** MetricStatus. */
export interface MetricStatus {
  /**
   * MetricStatus.type.
   * @proto 1
   */
  type: MetricSourceType;
  /**
   * MetricStatus.object.
   * @proto 2
   */
  object?: ObjectMetricStatus;
  /**
   * MetricStatus.pods.
   * @proto 3
   */
  pods?: PodsMetricStatus;
  /**
   * MetricStatus.resource.
   * @proto 4
   */
  resource?: ResourceMetricStatus;
  /**
   * MetricStatus.containerResource.
   * @proto 7
   */
  containerResource?: ContainerResourceMetricStatus;
  /**
   * MetricStatus.external.
   * @proto 5
   */
  external?: ExternalMetricStatus;
}

/** MetricTarget. */
export interface MetricTarget {
  /**
   * MetricTarget.type.
   * @proto 1
   */
  type: MetricTargetType;
  /**
   * MetricTarget.value.
   * @proto 2
   */
  value?: Quantity;
  /**
   * MetricTarget.averageValue.
   * @proto 3
   */
  averageValue?: Quantity;
  /**
   * MetricTarget.averageUtilization.
   * @proto 4
   */
  averageUtilization?: Int32;
}

/** MetricTargetType. */
export type MetricTargetType = "Utilization" | "Value" | "AverageValue";

/** MetricValueStatus. */
export interface MetricValueStatus {
  /**
   * MetricValueStatus.value.
   * @proto 1
   */
  value?: Quantity;
  /**
   * MetricValueStatus.averageValue.
   * @proto 2
   */
  averageValue?: Quantity;
  /**
   * MetricValueStatus.averageUtilization.
   * @proto 3
   */
  averageUtilization?: Int32;
}

/** ObjectMetricSource. */
export interface ObjectMetricSource {
  /**
   * ObjectMetricSource.describedObject.
   * @proto 1
   */
  describedObject: CrossVersionObjectReference;
  /**
   * ObjectMetricSource.target.
   * @proto 2
   */
  target: MetricTarget;
  /**
   * ObjectMetricSource.metric.
   * @proto 3
   */
  metric: MetricIdentifier;
}

/** ObjectMetricStatus. */
export interface ObjectMetricStatus {
  /**
   * ObjectMetricStatus.metric.
   * @proto 1
   */
  metric: MetricIdentifier;
  /**
   * ObjectMetricStatus.current.
   * @proto 2
   */
  current: MetricValueStatus;
  /**
   * ObjectMetricStatus.describedObject.
   * @proto 3
   */
  describedObject: CrossVersionObjectReference;
}

/** PodsMetricSource. */
export interface PodsMetricSource {
  /**
   * PodsMetricSource.metric.
   * @proto 1
   */
  metric: MetricIdentifier;
  /**
   * PodsMetricSource.target.
   * @proto 2
   */
  target: MetricTarget;
}

/** PodsMetricStatus. */
export interface PodsMetricStatus {
  /**
   * PodsMetricStatus.metric.
   * @proto 1
   */
  metric: MetricIdentifier;
  /**
   * PodsMetricStatus.current.
   * @proto 2
   */
  current: MetricValueStatus;
}

/** ResourceMetricSource. */
export interface ResourceMetricSource {
  /**
   * ResourceMetricSource.name.
   * @proto 1
   */
  name: ResourceName;
  /**
   * ResourceMetricSource.target.
   * @proto 2
   */
  target: MetricTarget;
}

/** ResourceMetricStatus. */
export interface ResourceMetricStatus {
  /**
   * ResourceMetricStatus.name.
   * @proto 1
   */
  name: ResourceName;
  /**
   * ResourceMetricStatus.current.
   * @proto 2
   */
  current: MetricValueStatus;
}

/** ScalingPolicySelect. */
export type ScalingPolicySelect = "Max" | "Min" | "Disabled";
