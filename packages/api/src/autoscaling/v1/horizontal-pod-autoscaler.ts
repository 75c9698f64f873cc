import type { ConditionStatus } from "../../core/v1/reference.ts";
import type { ResourceName } from "../../core/v1/resources.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32, Int64, Quantity, Time } from "../../meta/v1/primitives.ts";
import type { LabelSelector } from "../../meta/v1/selector.ts";

/** ContainerResourceMetricSource. */
export interface ContainerResourceMetricSource {
  /**
   * ContainerResourceMetricSource.name.
   * @proto 1
   */
  name: ResourceName;
  /**
   * ContainerResourceMetricSource.targetAverageUtilization.
   * @proto 2
   */
  targetAverageUtilization?: Int32;
  /**
   * ContainerResourceMetricSource.targetAverageValue.
   * @proto 3
   */
  targetAverageValue?: Quantity;
  /**
   * ContainerResourceMetricSource.container.
   * @proto 5
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
   * ContainerResourceMetricStatus.currentAverageUtilization.
   * @proto 2
   */
  currentAverageUtilization?: Int32;
  /**
   * ContainerResourceMetricStatus.currentAverageValue.
   * @proto 3
   */
  currentAverageValue: Quantity;
  /**
   * ContainerResourceMetricStatus.container.
   * @proto 4
   */
  container: string;
}

/**
 * CrossVersionObjectReference.
 * @mapType atomic
 */
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
   * ExternalMetricSource.metricName.
   * @proto 1
   */
  metricName: string;
  /**
   * ExternalMetricSource.metricSelector.
   * @proto 2
   */
  metricSelector?: LabelSelector;
  /**
   * ExternalMetricSource.targetValue.
   * @proto 3
   */
  targetValue?: Quantity;
  /**
   * ExternalMetricSource.targetAverageValue.
   * @proto 4
   */
  targetAverageValue?: Quantity;
}

/** ExternalMetricStatus. */
export interface ExternalMetricStatus {
  /**
   * ExternalMetricStatus.metricName.
   * @proto 1
   */
  metricName: string;
  /**
   * ExternalMetricStatus.metricSelector.
   * @proto 2
   */
  metricSelector?: LabelSelector;
  /**
   * ExternalMetricStatus.currentValue.
   * @proto 3
   */
  currentValue: Quantity;
  /**
   * ExternalMetricStatus.currentAverageValue.
   * @proto 4
   */
  currentAverageValue?: Quantity;
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
   * HorizontalPodAutoscalerSpec.targetCPUUtilizationPercentage.
   * @proto 4
   */
  targetCPUUtilizationPercentage?: Int32;
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
  currentReplicas: Int32;
  /**
   * HorizontalPodAutoscalerStatus.desiredReplicas.
   * @proto 4
   */
  desiredReplicas: Int32;
  /**
   * HorizontalPodAutoscalerStatus.currentCPUUtilizationPercentage.
   * @proto 5
   */
  currentCPUUtilizationPercentage?: Int32;
}

/**
 * MetricSourceType.
 * @enumeration
 */
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

/** ObjectMetricSource. */
export interface ObjectMetricSource {
  /**
   * ObjectMetricSource.target.
   * @proto 1
   */
  target: CrossVersionObjectReference;
  /**
   * ObjectMetricSource.metricName.
   * @proto 2
   */
  metricName: string;
  /**
   * ObjectMetricSource.targetValue.
   * @proto 3
   */
  targetValue: Quantity;
  /**
   * ObjectMetricSource.selector.
   * @proto 4
   */
  selector?: LabelSelector;
  /**
   * ObjectMetricSource.averageValue.
   * @proto 5
   */
  averageValue?: Quantity;
}

/** ObjectMetricStatus. */
export interface ObjectMetricStatus {
  /**
   * ObjectMetricStatus.target.
   * @proto 1
   */
  target: CrossVersionObjectReference;
  /**
   * ObjectMetricStatus.metricName.
   * @proto 2
   */
  metricName: string;
  /**
   * ObjectMetricStatus.currentValue.
   * @proto 3
   */
  currentValue: Quantity;
  /**
   * ObjectMetricStatus.selector.
   * @proto 4
   */
  selector?: LabelSelector;
  /**
   * ObjectMetricStatus.averageValue.
   * @proto 5
   */
  averageValue?: Quantity;
}

/** PodsMetricSource. */
export interface PodsMetricSource {
  /**
   * PodsMetricSource.metricName.
   * @proto 1
   */
  metricName: string;
  /**
   * PodsMetricSource.targetAverageValue.
   * @proto 2
   */
  targetAverageValue: Quantity;
  /**
   * PodsMetricSource.selector.
   * @proto 3
   */
  selector?: LabelSelector;
}

/** PodsMetricStatus. */
export interface PodsMetricStatus {
  /**
   * PodsMetricStatus.metricName.
   * @proto 1
   */
  metricName: string;
  /**
   * PodsMetricStatus.currentAverageValue.
   * @proto 2
   */
  currentAverageValue: Quantity;
  /**
   * PodsMetricStatus.selector.
   * @proto 3
   */
  selector?: LabelSelector;
}

/** ResourceMetricSource. */
export interface ResourceMetricSource {
  /**
   * ResourceMetricSource.name.
   * @proto 1
   */
  name: ResourceName;
  /**
   * ResourceMetricSource.targetAverageUtilization.
   * @proto 2
   */
  targetAverageUtilization?: Int32;
  /**
   * ResourceMetricSource.targetAverageValue.
   * @proto 3
   */
  targetAverageValue?: Quantity;
}

/** ResourceMetricStatus. */
export interface ResourceMetricStatus {
  /**
   * ResourceMetricStatus.name.
   * @proto 1
   */
  name: ResourceName;
  /**
   * ResourceMetricStatus.currentAverageUtilization.
   * @proto 2
   */
  currentAverageUtilization?: Int32;
  /**
   * ResourceMetricStatus.currentAverageValue.
   * @proto 3
   */
  currentAverageValue: Quantity;
}
