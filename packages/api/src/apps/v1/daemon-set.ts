import type { PodTemplateSpec } from "../../core/v1/pod.ts";
import type { ConditionStatus } from "../../core/v1/reference.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32, Int64, IntOrString, Time } from "../../meta/v1/primitives.ts";
import type { LabelSelector } from "../../meta/v1/selector.ts";

/**
 * Runs a copy of a Pod on every node, or on the nodes selected by its Pod template.
 * @kind
 */
export interface DaemonSet extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Desired behavior of the daemon set.
   * @proto 2
   * @alwaysPresent
   */
  spec: DaemonSetSpec;
  /**
   * Observed state of the daemon set, set by the system and read-only. It can be out of date by some window
   * of time.
   * @proto 3
   * @alwaysPresent
   */
  status?: DaemonSetStatus;
}

/** Observed aspect of a daemon set's current state. */
export interface DaemonSetCondition {
  /**
   * Condition type.
   * @proto 1
   */
  type: DaemonSetConditionType;
  /**
   * Status of the condition: True, False or Unknown.
   * @proto 2
   */
  status: ConditionStatus;
  /**
   * Time at which the status last changed.
   * @proto 3
   */
  lastTransitionTime?: Time | null;
  /**
   * Short machine-readable reason for the last transition.
   * @proto 4
   */
  reason?: string;
  /**
   * Human-readable details about the last transition.
   * @proto 5
   */
  message?: string;
}

/** Type of a daemon set condition; no values are defined. */
export type DaemonSetConditionType = string;

/**
 * List of DaemonSet objects.
 * @kind
 */
export interface DaemonSetList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * DaemonSet objects in the list.
   * @proto 2
   */
  items: DaemonSet[];
}

/** Desired state of a daemon set. */
export interface DaemonSetSpec {
  /**
   * Selects the Pods that the daemon set manages; must match the labels of the Pod template. Immutable.
   * @proto 1
   */
  selector?: LabelSelector;
  /**
   * Template for the Pods to create on every matching node. Its restartPolicy must be Always.
   * @proto 2
   */
  template: PodTemplateSpec;
  /**
   * How existing Pods are replaced when the template changes. Defaults to RollingUpdate.
   * @proto 3
   * @alwaysPresent
   */
  updateStrategy?: DaemonSetUpdateStrategy;
  /**
   * Minimum number of seconds a new Pod must be ready, with no container crashing, before it counts as
   * available. Defaults to 0, meaning available as soon as it is ready.
   * @proto 4
   */
  minReadySeconds?: Int32;
  /**
   * Number of old revisions to keep for rollback. Defaults to 10.
   * @proto 6
   */
  revisionHistoryLimit?: Int32;
}

/** Observed state of a daemon set. */
export interface DaemonSetStatus {
  /**
   * Number of nodes that run at least one daemon Pod and are meant to.
   * @proto 1
   */
  currentNumberScheduled: Int32;
  /**
   * Number of nodes that run a daemon Pod but are not meant to.
   * @proto 2
   */
  numberMisscheduled: Int32;
  /**
   * Number of nodes that should run the daemon Pod, whether or not they do.
   * @proto 3
   */
  desiredNumberScheduled: Int32;
  /**
   * Number of nodes that should run the daemon Pod and have one or more that are ready.
   * @proto 4
   */
  numberReady: Int32;
  /**
   * Most recent metadata.generation that the controller has acted on.
   * @proto 5
   */
  observedGeneration?: Int64;
  /**
   * Number of nodes that run a daemon Pod of the current template.
   * @proto 6
   */
  updatedNumberScheduled?: Int32;
  /**
   * Number of nodes that should run the daemon Pod and have one or more available, meaning ready for at
   * least minReadySeconds.
   * @proto 7
   */
  numberAvailable?: Int32;
  /**
   * Number of nodes that should run the daemon Pod but have none available.
   * @proto 8
   */
  numberUnavailable?: Int32;
  /**
   * Number of hash collisions seen when naming controller revisions, used by the controller to avoid
   * further collisions.
   * @proto 9
   */
  collisionCount?: Int32;
  /**
   * Observed conditions of the daemon set.
   * @proto 10
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: DaemonSetCondition[];
}

/** How Pods of a daemon set are replaced after a template change. */
export interface DaemonSetUpdateStrategy {
  /**
   * RollingUpdate (the default) replaces Pods automatically, and OnDelete replaces a Pod only after it is
   * deleted.
   * @proto 1
   */
  type?: DaemonSetUpdateStrategyType;
  /**
   * Parameters for a rolling update; used only when type is RollingUpdate.
   * @proto 2
   */
  rollingUpdate?: RollingUpdateDaemonSet;
}

/**
 * Update strategy of a daemon set: RollingUpdate or OnDelete.
 * @enumeration
 */
export type DaemonSetUpdateStrategyType = "RollingUpdate" | "OnDelete";

/** Parameters of a daemon set rolling update. */
export interface RollingUpdateDaemonSet {
  /**
   * Most daemon Pods that may be unavailable during the update, as a number or a percentage (rounded up) of
   * desired Pods. Defaults to 1; exactly one of maxUnavailable and maxSurge must be nonzero.
   * @proto 1
   */
  maxUnavailable?: IntOrString;
  /**
   * Most nodes that may run an updated Pod alongside the old one during the update, as a number or a
   * percentage (rounded up) of desired Pods. Defaults to 0; using it requires maxUnavailable to be 0.
   * @proto 2
   */
  maxSurge?: IntOrString;
}
