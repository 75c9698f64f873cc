import type { PodTemplateSpec } from "../../core/v1/pod.ts";
import type { ConditionStatus } from "../../core/v1/reference.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32, Int64, Time } from "../../meta/v1/primitives.ts";
import type { LabelSelector } from "../../meta/v1/selector.ts";

/**
 * Keeps a specified number of identical Pods running; usually managed by a deployment.
 * @kind
 */
export interface ReplicaSet extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Desired behavior of the replica set.
   * @proto 2
   * @alwaysPresent
   */
  spec: ReplicaSetSpec;
  /**
   * Most recently observed state of the replica set; set by the system and read-only. It can be out of date
   * by some window of time.
   * @proto 3
   * @alwaysPresent
   */
  status?: ReplicaSetStatus;
}

/** Observed aspect of a replica set's current state. */
export interface ReplicaSetCondition {
  /**
   * Condition type; ReplicaFailure is the defined value.
   * @proto 1
   */
  type: ReplicaSetConditionType;
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

/**
 * Type of a replica set condition: ReplicaFailure when Pods cannot be created or deleted.
 * @knownValues ReplicaFailure
 */
export type ReplicaSetConditionType = string;

/**
 * List of ReplicaSet objects.
 * @kind
 */
export interface ReplicaSetList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * ReplicaSet objects in the list.
   * @proto 2
   */
  items: ReplicaSet[];
}

/** Desired state of a replica set. */
export interface ReplicaSetSpec {
  /**
   * Number of desired Pods. Defaults to 1; an explicit 0 is allowed.
   * @proto 1
   */
  replicas?: Int32;
  /**
   * Minimum number of seconds a new Pod must be ready, with no container crashing, before it counts as
   * available. Defaults to 0.
   * @proto 4
   */
  minReadySeconds?: Int32;
  /**
   * Selects the Pods that the replica set manages; must match the labels of the Pod template. Immutable.
   * @proto 2
   */
  selector?: LabelSelector;
  /**
   * Template for the Pods that are created when there are too few.
   * @proto 3
   * @alwaysPresent
   */
  template?: PodTemplateSpec;
}

/** Most recently observed state of a replica set. */
export interface ReplicaSetStatus {
  /**
   * Number of non-terminating Pods that the replica set currently has.
   * @proto 1
   */
  replicas: Int32;
  /**
   * Number of non-terminating Pods whose labels match those of the Pod template.
   * @proto 2
   */
  fullyLabeledReplicas?: Int32;
  /**
   * Number of non-terminating Pods targeted by this replica set that have a Ready condition.
   * @proto 4
   */
  readyReplicas?: Int32;
  /**
   * Number of non-terminating Pods that have been ready for at least minReadySeconds.
   * @proto 5
   */
  availableReplicas?: Int32;
  /**
   * Number of Pods of this replica set that are being deleted, with a deletionTimestamp set and a phase
   * other than Failed or Succeeded.
   * @proto 7
   */
  terminatingReplicas?: Int32;
  /**
   * Most recent metadata.generation that the controller has acted on.
   * @proto 3
   */
  observedGeneration?: Int64;
  /**
   * Observed conditions of the replica set.
   * @proto 6
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: ReplicaSetCondition[];
}
