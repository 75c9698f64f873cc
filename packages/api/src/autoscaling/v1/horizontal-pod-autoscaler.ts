import type { ConditionStatus } from "../../core/v1/reference.ts";
import type { ResourceName } from "../../core/v1/resources.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32, Int64, Quantity, Time } from "../../meta/v1/primitives.ts";
import type { LabelSelector } from "../../meta/v1/selector.ts";

/** Resource that one container of each Pod uses, as named in its requests and limits. */
export interface ContainerResourceMetricSource {
  /**
   * Name of the resource.
   * @proto 1
   */
  name: ResourceName;
  /**
   * Average use to aim for, in percent of what the containers request.
   * @proto 2
   */
  targetAverageUtilization?: Int32;
  /**
   * Average use to aim for, as an amount.
   * @proto 3
   */
  targetAverageValue?: Quantity;
  /**
   * Name of the container in each Pod.
   * @proto 5
   */
  container: string;
}

/** Last reading of a resource that one container of each Pod uses. */
export interface ContainerResourceMetricStatus {
  /**
   * Name of the resource.
   * @proto 1
   */
  name: ResourceName;
  /**
   * Average use, in percent of what the containers request; set when the target is a percentage.
   * @proto 2
   */
  currentAverageUtilization?: Int32;
  /**
   * Average use, as an amount; always set.
   * @proto 3
   */
  currentAverageValue: Quantity;
  /**
   * Name of the container in each Pod.
   * @proto 4
   */
  container: string;
}

/**
 * Names an object in any group and version, well enough to find it.
 * @mapType atomic
 */
export interface CrossVersionObjectReference {
  /**
   * Kind of the object, such as Deployment.
   * @proto 1
   */
  kind: string;
  /**
   * Name of the object.
   * @proto 2
   */
  name: string;
  /**
   * API version of the object, such as apps/v1.
   * @proto 3
   */
  apiVersion?: string;
}

/** Metric that belongs to no object in the cluster. */
export interface ExternalMetricSource {
  /**
   * Name of the metric.
   * @proto 1
   */
  metricName: string;
  /**
   * Selects one series of the metric.
   * @proto 2
   */
  metricSelector?: LabelSelector;
  /**
   * Value to aim for; excludes targetAverageValue.
   * @proto 3
   */
  targetValue?: Quantity;
  /**
   * Value per Pod to aim for; excludes targetValue.
   * @proto 4
   */
  targetAverageValue?: Quantity;
}

/** Last reading of a metric that belongs to no object in the cluster. */
export interface ExternalMetricStatus {
  /**
   * Name of the metric.
   * @proto 1
   */
  metricName: string;
  /**
   * Selected the series of the metric.
   * @proto 2
   */
  metricSelector?: LabelSelector;
  /**
   * Value of the metric.
   * @proto 3
   */
  currentValue: Quantity;
  /**
   * Value of the metric divided by the number of Pods.
   * @proto 4
   */
  currentAverageValue?: Quantity;
}

/**
 * Keeps the replica count of another object in step with the CPU that its Pods use.
 * @kind
 */
export interface HorizontalPodAutoscaler extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * What to scale, how far, and by which measure.
   * @proto 2
   * @alwaysPresent
   */
  spec: HorizontalPodAutoscalerSpec;
  /**
   * Most recently observed state of the autoscaler; set by the system and read-only.
   * @proto 3
   * @alwaysPresent
   */
  status?: HorizontalPodAutoscalerStatus;
}

/** What an autoscaler can or cannot do at the moment, and why. */
export interface HorizontalPodAutoscalerCondition {
  /**
   * What the condition is about.
   * @proto 1
   */
  type: HorizontalPodAutoscalerConditionType;
  /**
   * Whether the condition holds: True, False or Unknown.
   * @proto 2
   */
  status: ConditionStatus;
  /**
   * When the status last changed.
   * @proto 3
   */
  lastTransitionTime?: Time;
  /**
   * Why the status last changed, in one word for programs.
   * @proto 4
   */
  reason?: string;
  /**
   * Details of the last change for people.
   * @proto 5
   */
  message?: string;
}

/**
 * What a condition of an autoscaler is about.
 * @knownValues ScalingActive, AbleToScale, ScalingLimited
 */
export type HorizontalPodAutoscalerConditionType = string;

/**
 * List of HorizontalPodAutoscaler objects.
 * @kind
 */
export interface HorizontalPodAutoscalerList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * HorizontalPodAutoscaler objects in the list.
   * @proto 2
   */
  items: HorizontalPodAutoscaler[];
}

/** What to scale, and within which bounds. */
export interface HorizontalPodAutoscalerSpec {
  /**
   * Object whose replica count is changed through its scale subresource, and whose Pods are measured.
   * @proto 1
   */
  scaleTargetRef: CrossVersionObjectReference;
  /**
   * Fewest replicas, at least 1. Defaults to 1.
   * @proto 2
   */
  minReplicas?: Int32;
  /**
   * Most replicas; not below minReplicas.
   * @proto 3
   */
  maxReplicas: Int32;
  /**
   * CPU that Pods should use on average, in percent of their requests. A default applies when it is left out.
   * @proto 4
   */
  targetCPUUtilizationPercentage?: Int32;
}

/** Observed state of an autoscaler. */
export interface HorizontalPodAutoscalerStatus {
  /**
   * Most recent generation that the autoscaler has acted on.
   * @proto 1
   */
  observedGeneration?: Int64;
  /**
   * When the replica count was last changed; keeps changes from following each other too fast.
   * @proto 2
   */
  lastScaleTime?: Time;
  /**
   * Number of replicas last observed.
   * @proto 3
   */
  currentReplicas: Int32;
  /**
   * Number of replicas last computed.
   * @proto 4
   */
  desiredReplicas: Int32;
  /**
   * CPU that Pods used on average, in percent of their requests.
   * @proto 5
   */
  currentCPUUtilizationPercentage?: Int32;
}

/**
 * Where a measure comes from.
 * @enumeration
 */
export type MetricSourceType = "Object" | "Pods" | "Resource" | "ContainerResource" | "External";

/** One measure to scale by; the field that belongs to the type is set, no other. */
export interface MetricSpec {
  /**
   * Where the measure comes from.
   * @proto 1
   */
  type: MetricSourceType;
  /**
   * Metric that describes one object, such as the request rate of an Ingress.
   * @proto 2
   */
  object?: ObjectMetricSource;
  /**
   * Metric of each Pod, averaged over the Pods before it is compared, such as transactions per second.
   * @proto 3
   */
  pods?: PodsMetricSource;
  /**
   * Resource, such as CPU or memory, that all containers of each Pod use together.
   * @proto 4
   */
  resource?: ResourceMetricSource;
  /**
   * Resource, such as CPU or memory, that one container of each Pod uses.
   * @proto 7
   */
  containerResource?: ContainerResourceMetricSource;
  /**
   * Metric that belongs to no object in the cluster, such as the length of a queue elsewhere.
   * @proto 5
   */
  external?: ExternalMetricSource;
}

/** Last reading of one measure; the field that belongs to the type is set, no other. */
export interface MetricStatus {
  /**
   * Where the measure comes from.
   * @proto 1
   */
  type: MetricSourceType;
  /**
   * Reading of a metric that describes one object.
   * @proto 2
   */
  object?: ObjectMetricStatus;
  /**
   * Reading of a metric of each Pod, averaged.
   * @proto 3
   */
  pods?: PodsMetricStatus;
  /**
   * Reading of a resource of all containers of each Pod.
   * @proto 4
   */
  resource?: ResourceMetricStatus;
  /**
   * Reading of a resource of one container of each Pod.
   * @proto 7
   */
  containerResource?: ContainerResourceMetricStatus;
  /**
   * Reading of a metric that belongs to no object in the cluster.
   * @proto 5
   */
  external?: ExternalMetricStatus;
}

/** Metric that describes one object in the cluster. */
export interface ObjectMetricSource {
  /**
   * Object that the metric describes.
   * @proto 1
   */
  target: CrossVersionObjectReference;
  /**
   * Name of the metric.
   * @proto 2
   */
  metricName: string;
  /**
   * Value to aim for.
   * @proto 3
   */
  targetValue: Quantity;
  /**
   * Selects one series of the metric, passed on to the metrics server.
   * @proto 4
   */
  selector?: LabelSelector;
  /**
   * Value per Pod to aim for.
   * @proto 5
   */
  averageValue?: Quantity;
}

/** Last reading of a metric that describes one object. */
export interface ObjectMetricStatus {
  /**
   * Object that the metric describes.
   * @proto 1
   */
  target: CrossVersionObjectReference;
  /**
   * Name of the metric.
   * @proto 2
   */
  metricName: string;
  /**
   * Value of the metric.
   * @proto 3
   */
  currentValue: Quantity;
  /**
   * Selected the series of the metric.
   * @proto 4
   */
  selector?: LabelSelector;
  /**
   * Value of the metric divided by the number of Pods.
   * @proto 5
   */
  averageValue?: Quantity;
}

/** Metric of each Pod of the scaled object, averaged before it is compared. */
export interface PodsMetricSource {
  /**
   * Name of the metric.
   * @proto 1
   */
  metricName: string;
  /**
   * Average to aim for.
   * @proto 2
   */
  targetAverageValue: Quantity;
  /**
   * Selects one series of the metric, passed on to the metrics server.
   * @proto 3
   */
  selector?: LabelSelector;
}

/** Last reading of a metric of each Pod. */
export interface PodsMetricStatus {
  /**
   * Name of the metric.
   * @proto 1
   */
  metricName: string;
  /**
   * Average of the metric over the Pods.
   * @proto 2
   */
  currentAverageValue: Quantity;
  /**
   * Selected the series of the metric.
   * @proto 3
   */
  selector?: LabelSelector;
}

/** Resource that all containers of each Pod use together, as named in their requests and limits. */
export interface ResourceMetricSource {
  /**
   * Name of the resource.
   * @proto 1
   */
  name: ResourceName;
  /**
   * Average use to aim for, in percent of what the Pods request.
   * @proto 2
   */
  targetAverageUtilization?: Int32;
  /**
   * Average use to aim for, as an amount.
   * @proto 3
   */
  targetAverageValue?: Quantity;
}

/** Last reading of a resource that all containers of each Pod use together. */
export interface ResourceMetricStatus {
  /**
   * Name of the resource.
   * @proto 1
   */
  name: ResourceName;
  /**
   * Average use, in percent of what the Pods request; set when the target is a percentage.
   * @proto 2
   */
  currentAverageUtilization?: Int32;
  /**
   * Average use, as an amount; always set.
   * @proto 3
   */
  currentAverageValue: Quantity;
}
