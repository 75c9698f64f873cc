import type { ConditionStatus } from "../core/v1/reference.ts";
import type { ResourceName } from "../core/v1/resources.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";
import type { Int32, Int64, Quantity, Time } from "../meta/v1/primitives.ts";
import type { LabelSelector } from "../meta/v1/selector.ts";

/** Resource that one container of each Pod uses, as named in its requests and limits. */
export interface ContainerResourceMetricSource {
  /**
   * Name of the resource.
   * @proto 1
   */
  name: ResourceName;
  /**
   * Value to aim for.
   * @proto 2
   */
  target: MetricTarget;
  /**
   * Name of the container in each Pod.
   * @proto 3
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
   * Last value.
   * @proto 2
   */
  current: MetricValueStatus;
  /**
   * Name of the container in each Pod.
   * @proto 3
   */
  container: string;
}

/** Names an object in any group and version, well enough to find it. */
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
   * Metric, by name and selector.
   * @proto 1
   */
  metric: MetricIdentifier;
  /**
   * Value to aim for.
   * @proto 2
   */
  target: MetricTarget;
}

/** Last reading of a metric that belongs to no object in the cluster. */
export interface ExternalMetricStatus {
  /**
   * Metric, by name and selector.
   * @proto 1
   */
  metric: MetricIdentifier;
  /**
   * Last value.
   * @proto 2
   */
  current: MetricValueStatus;
}

/** A limit on how much may change within a time. */
export interface HPAScalingPolicy {
  /**
   * What value counts: Pods or a percentage of them.
   * @proto 1
   */
  type: HPAScalingPolicyType;
  /**
   * How much may change within the period; more than zero.
   * @proto 2
   */
  value: Int32;
  /**
   * Seconds in which the change may happen; 1 to 1800.
   * @proto 3
   */
  periodSeconds: Int32;
}

/** What the value of a scaling policy counts. */
export type HPAScalingPolicyType = "Pods" | "Percent";

/** Limits on scaling in one direction: they are applied to what the metrics ask for. */
export interface HPAScalingRules {
  /**
   * How many seconds of past recommendations are considered, of which the most careful one counts; 0 to 3600. Defaults
   * to 0 for scaling up and to the controller's setting, usually 300, for scaling down.
   * @proto 3
   */
  stabilizationWindowSeconds?: Int32;
  /**
   * Which of several policies counts. Defaults to Max.
   * @proto 1
   */
  selectPolicy?: ScalingPolicySelect;
  /**
   * Policies that may be used; at least one, else there is no scaling in this direction. Defaults apply when the list
   * is left out.
   * @proto 2
   * @listType atomic
   */
  policies?: HPAScalingPolicy[];
  /**
   * How far the metric may be from its target before anything is scaled, as a fraction; defaults to the controller's
   * setting, usually 0.1.
   * @proto 4
   */
  tolerance?: Quantity;
}

/**
 * Keeps the replica count of another object in step with metrics of its Pods, of other objects, or from outside of the
 * cluster.
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

/** How fast to scale in each direction. */
export interface HorizontalPodAutoscalerBehavior {
  /**
   * Rules for scaling up. By default the greater of four more Pods and twice as many, every 15 seconds, without a
   * stabilization window.
   * @proto 1
   */
  scaleUp?: HPAScalingRules;
  /**
   * Rules for scaling down. By default to minReplicas at once, after a stabilization window of 300 seconds.
   * @proto 2
   */
  scaleDown?: HPAScalingRules;
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
  lastTransitionTime?: Time | null;
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

/** What to scale, within which bounds, by which metrics, and how fast. */
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
   * Measures to scale by; the one that asks for most replicas counts. Defaults to 80 percent of the CPU that Pods
   * request.
   * @proto 4
   * @listType atomic
   */
  metrics?: MetricSpec[];
  /**
   * How fast to scale up and down; defaults apply to what is left out.
   * @proto 5
   */
  behavior?: HorizontalPodAutoscalerBehavior;
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
  currentReplicas?: Int32;
  /**
   * Number of replicas last computed.
   * @proto 4
   */
  desiredReplicas: Int32;
  /**
   * Last readings of the metrics.
   * @proto 5
   * @listType atomic
   */
  currentMetrics?: MetricStatus[] | null;
  /**
   * What the autoscaler can or cannot do at the moment.
   * @proto 6
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: HorizontalPodAutoscalerCondition[];
}

/** Names a metric, and optionally one series of it. */
export interface MetricIdentifier {
  /**
   * Name of the metric.
   * @proto 1
   */
  name: string;
  /**
   * Selects one series of the metric, passed on to the metrics server; the name alone decides when it is left out.
   * @proto 2
   */
  selector?: LabelSelector;
}

/** Where a measure comes from. */
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

/** Value to aim for: total, average per Pod, or percentage. */
export interface MetricTarget {
  /**
   * Which of the values counts: Utilization, Value or AverageValue.
   * @proto 1
   */
  type: MetricTargetType;
  /**
   * Value to aim for.
   * @proto 2
   */
  value?: Quantity;
  /**
   * Value per Pod to aim for.
   * @proto 3
   */
  averageValue?: Quantity;
  /**
   * Average to aim for, in percent of what the Pods request; for resources only.
   * @proto 4
   */
  averageUtilization?: Int32;
}

/** How a target is expressed. */
export type MetricTargetType = "Utilization" | "Value" | "AverageValue";

/** Last value of a metric. */
export interface MetricValueStatus {
  /**
   * Value of the metric.
   * @proto 1
   */
  value?: Quantity;
  /**
   * Value per Pod.
   * @proto 2
   */
  averageValue?: Quantity;
  /**
   * Average in percent of what the Pods request; for resources only.
   * @proto 3
   */
  averageUtilization?: Int32;
}

/** Metric that describes one object in the cluster. */
export interface ObjectMetricSource {
  /**
   * Object that the metric describes.
   * @proto 1
   */
  describedObject: CrossVersionObjectReference;
  /**
   * Value to aim for.
   * @proto 2
   */
  target: MetricTarget;
  /**
   * Metric, by name and selector.
   * @proto 3
   */
  metric: MetricIdentifier;
}

/** Last reading of a metric that describes one object. */
export interface ObjectMetricStatus {
  /**
   * Metric, by name and selector.
   * @proto 1
   */
  metric: MetricIdentifier;
  /**
   * Last value.
   * @proto 2
   */
  current: MetricValueStatus;
  /**
   * Object that the metric describes.
   * @proto 3
   */
  describedObject: CrossVersionObjectReference;
}

/** Metric of each Pod of the scaled object, averaged before it is compared. */
export interface PodsMetricSource {
  /**
   * Metric, by name and selector.
   * @proto 1
   */
  metric: MetricIdentifier;
  /**
   * Value to aim for.
   * @proto 2
   */
  target: MetricTarget;
}

/** Last reading of a metric of each Pod. */
export interface PodsMetricStatus {
  /**
   * Metric, by name and selector.
   * @proto 1
   */
  metric: MetricIdentifier;
  /**
   * Last value.
   * @proto 2
   */
  current: MetricValueStatus;
}

/** Resource that all containers of each Pod use together, as named in their requests and limits. */
export interface ResourceMetricSource {
  /**
   * Name of the resource.
   * @proto 1
   */
  name: ResourceName;
  /**
   * Value to aim for.
   * @proto 2
   */
  target: MetricTarget;
}

/** Last reading of a resource that all containers of each Pod use together. */
export interface ResourceMetricStatus {
  /**
   * Name of the resource.
   * @proto 1
   */
  name: ResourceName;
  /**
   * Last value.
   * @proto 2
   */
  current: MetricValueStatus;
}

/**
 * Which of several policies counts: the one that changes most, the one that changes least, or none, which turns scaling
 * off.
 */
export type ScalingPolicySelect = "Max" | "Min" | "Disabled";
