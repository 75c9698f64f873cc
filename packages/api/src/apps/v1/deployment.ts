import type { PodTemplateSpec } from "../../core/v1/pod.ts";
import type { ConditionStatus } from "../../core/v1/reference.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32, Int64, IntOrString, Time } from "../../meta/v1/primitives.ts";
import type { LabelSelector } from "../../meta/v1/selector.ts";

/**
 * Declarative management of a set of Pods and the replica sets that own them, with rollouts and rollback.
 * @kind
 */
export interface Deployment extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Desired behavior of the deployment.
   * @proto 2
   * @alwaysPresent
   */
  spec: DeploymentSpec;
  /**
   * Most recently observed state of the deployment; set by the system and read-only.
   * @proto 3
   * @alwaysPresent
   */
  status?: DeploymentStatus;
}

/** Observed aspect of a deployment's current state. */
export interface DeploymentCondition {
  /**
   * Condition type: Available, Progressing or ReplicaFailure.
   * @proto 1
   */
  type: DeploymentConditionType;
  /**
   * Status of the condition: True, False or Unknown.
   * @proto 2
   */
  status: ConditionStatus;
  /**
   * Time at which the condition was last updated.
   * @proto 6
   */
  lastUpdateTime?: Time | null;
  /**
   * Time at which the status last changed.
   * @proto 7
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
 * Type of a deployment condition: Available when enough Pods are available, Progressing while a rollout
 * advances or after it completes, ReplicaFailure when Pods cannot be created or deleted.
 * @knownValues Available, Progressing, ReplicaFailure
 */
export type DeploymentConditionType = string;

/**
 * List of Deployment objects.
 * @kind
 */
export interface DeploymentList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * Deployment objects in the list.
   * @proto 2
   */
  items: Deployment[];
}

/** Desired state of a deployment. */
export interface DeploymentSpec {
  /**
   * Number of desired Pods. Defaults to 1; an explicit 0 is allowed.
   * @proto 1
   */
  replicas?: Int32;
  /**
   * Selects the Pods that the deployment manages; must match the labels of the Pod template. Immutable.
   * @proto 2
   */
  selector?: LabelSelector;
  /**
   * Template for the Pods to create. The only allowed restartPolicy is Always.
   * @proto 3
   */
  template: PodTemplateSpec;
  /**
   * How old Pods are replaced by new ones. Defaults to RollingUpdate.
   * @proto 4
   * @patchStrategy retainKeys
   * @alwaysPresent
   */
  strategy?: DeploymentStrategy;
  /**
   * Minimum number of seconds a new Pod must be ready, with no container crashing, before it counts as
   * available. Defaults to 0.
   * @proto 5
   */
  minReadySeconds?: Int32;
  /**
   * Number of old replica sets to keep for rollback. Defaults to 10; an explicit 0 keeps none.
   * @proto 6
   */
  revisionHistoryLimit?: Int32;
  /**
   * When true, template changes do not start a rollout until the deployment is resumed.
   * @proto 7
   */
  paused?: boolean;
  /**
   * Seconds without progress after which the rollout is reported as failed with reason
   * ProgressDeadlineExceeded. The controller keeps trying, and no progress is estimated while paused.
   * Defaults to 600.
   * @proto 9
   */
  progressDeadlineSeconds?: Int32;
}

/** Most recently observed state of a deployment. */
export interface DeploymentStatus {
  /**
   * Most recent metadata.generation that the controller has acted on.
   * @proto 1
   */
  observedGeneration?: Int64;
  /**
   * Total number of non-terminating Pods targeted by this deployment, across all its replica sets.
   * @proto 2
   */
  replicas?: Int32;
  /**
   * Number of non-terminating Pods that use the current template.
   * @proto 3
   */
  updatedReplicas?: Int32;
  /**
   * Number of non-terminating Pods targeted by this deployment that have a Ready condition.
   * @proto 7
   */
  readyReplicas?: Int32;
  /**
   * Number of non-terminating Pods that have been ready for at least minReadySeconds.
   * @proto 4
   */
  availableReplicas?: Int32;
  /**
   * Number of Pods still needed to reach full available capacity; they may be running but not available, or
   * not yet created.
   * @proto 5
   */
  unavailableReplicas?: Int32;
  /**
   * Number of Pods targeted by this deployment that are being deleted, with a deletionTimestamp set and a
   * phase other than Failed or Succeeded.
   * @proto 9
   */
  terminatingReplicas?: Int32;
  /**
   * Observed conditions of the deployment.
   * @proto 6
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: DeploymentCondition[];
  /**
   * Number of hash collisions seen when naming replica sets, used by the controller to avoid further
   * collisions.
   * @proto 8
   */
  collisionCount?: Int32;
}

/** How a deployment replaces old Pods with new ones. */
export interface DeploymentStrategy {
  /**
   * Recreate removes all existing Pods before creating new ones, and RollingUpdate (the default) replaces
   * them gradually.
   * @proto 1
   */
  type?: DeploymentStrategyType;
  /**
   * Parameters for a rolling update; used only when type is RollingUpdate.
   * @proto 2
   */
  rollingUpdate?: RollingUpdateDeployment;
}

/**
 * Deployment strategy: Recreate or RollingUpdate.
 * @enumeration
 */
export type DeploymentStrategyType = "Recreate" | "RollingUpdate";

/** Parameters of a deployment rolling update. */
export interface RollingUpdateDeployment {
  /**
   * Most Pods that may be unavailable during the update, as a number or a percentage (rounded down) of
   * desired Pods. Defaults to 25%; must not be 0 when maxSurge is 0.
   * @proto 1
   */
  maxUnavailable?: IntOrString;
  /**
   * Most Pods that may exist above the desired count during the update, as a number or a percentage
   * (rounded up) of desired Pods. Defaults to 25%; must not be 0 when maxUnavailable is 0.
   * @proto 2
   */
  maxSurge?: IntOrString;
}
