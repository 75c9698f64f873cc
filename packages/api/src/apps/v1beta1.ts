import type {
  DeploymentStatus,
  RollingUpdateDeployment,
  RollingUpdateStatefulSetStrategy,
  StatefulSetCondition,
  StatefulSetOrdinals,
  StatefulSetPersistentVolumeClaimRetentionPolicy,
} from "./v1.ts";
import type {
  DeploymentStrategyType,
  PodManagementPolicyType,
  ScaleSpec,
  StatefulSetUpdateStrategyType,
} from "./v1beta2.ts";
import type { PersistentVolumeClaim, PodTemplateSpec } from "../core/v1.ts";
import type { Int32, Int64, LabelSelector, ListMeta, ObjectMeta, TypeMeta } from "../meta/v1.ts";
export type {
  ControllerRevision,
  ControllerRevisionList,
  DeploymentCondition,
  DeploymentConditionType,
  DeploymentStatus,
  PersistentVolumeClaimRetentionPolicyType,
  RollingUpdateDeployment,
  RollingUpdateStatefulSetStrategy,
  StatefulSetCondition,
  StatefulSetConditionType,
  StatefulSetOrdinals,
  StatefulSetPersistentVolumeClaimRetentionPolicy,
} from "./v1.ts";
export type {
  DeploymentStrategyType,
  PodManagementPolicyType,
  ScaleSpec,
  StatefulSetUpdateStrategyType,
} from "./v1beta2.ts";

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

/**
 * Asks that a deployment go back to an earlier revision.
 * @kind
 */
export interface DeploymentRollback extends TypeMeta {
  /**
   * Name of the deployment.
   * @proto 1
   */
  name: string;
  /**
   * Annotations to set on the deployment.
   * @proto 2
   */
  updatedAnnotations?: Record<string, string>;
  /**
   * Where to go back to.
   * @proto 3
   * @alwaysPresent
   */
  rollbackTo?: RollbackConfig;
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
   * The revision to go back to; the deployment controller clears it when that is done.
   * @proto 8
   */
  rollbackTo?: RollbackConfig;
  /**
   * Seconds without progress after which the rollout is reported as failed with reason ProgressDeadlineExceeded.
   * The controller keeps trying, and no progress is estimated while paused. Defaults to 600.
   * @proto 9
   */
  progressDeadlineSeconds?: Int32;
}

/** How a deployment replaces old Pods with new ones. */
export interface DeploymentStrategy {
  /**
   * Recreate removes all existing Pods before creating new ones, and RollingUpdate (the default) replaces them
   * gradually.
   * @proto 1
   */
  type?: DeploymentStrategyType;
  /**
   * Parameters for a rolling update; used only when type is RollingUpdate.
   * @proto 2
   */
  rollingUpdate?: RollingUpdateDeployment;
}

/** The revision that a rollback goes to. */
export interface RollbackConfig {
  /**
   * Number of the revision; 0 is the one before the current one.
   * @proto 1
   */
  revision?: Int64;
}

/**
 * How many replicas a workload shall have and has, as its scale subresource shows it.
 * @kind
 */
export interface Scale extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * How many replicas are wanted.
   * @proto 2
   * @alwaysPresent
   */
  spec: ScaleSpec;
  /**
   * How many replicas there are; read-only.
   * @proto 3
   * @alwaysPresent
   */
  status?: ScaleStatus;
}

/** How many replicas a workload has. */
export interface ScaleStatus {
  /**
   * Number of replicas that exist.
   * @proto 1
   */
  replicas?: Int32;
  /**
   * Labels of the pods, where equality of labels is all that the workload selects by.
   * @proto 2
   */
  selector?: Record<string, string>;
  /**
   * The selector of the pods in text form, as query parameters take it.
   * @proto 3
   */
  targetSelector?: string;
}

/**
 * Manages Pods that have stable, unique network names and storage, created and deleted in a defined order.
 * @kind
 */
export interface StatefulSet extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Desired behavior of the stateful set.
   * @proto 2
   * @alwaysPresent
   */
  spec: StatefulSetSpec;
  /**
   * Observed state of the stateful set, set by the system and read-only. It can be out of date by some window of
   * time.
   * @proto 3
   * @alwaysPresent
   */
  status?: StatefulSetStatus;
}

/**
 * List of StatefulSet objects.
 * @kind
 */
export interface StatefulSetList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * StatefulSet objects in the list.
   * @proto 2
   */
  items: StatefulSet[];
}

/** Desired state of a stateful set. */
export interface StatefulSetSpec {
  /**
   * Number of desired Pods. Defaults to 1.
   * @proto 1
   */
  replicas?: Int32;
  /**
   * Selects the Pods that the stateful set manages; must match the labels of the Pod template. Immutable.
   * @proto 2
   */
  selector?: LabelSelector;
  /**
   * Template for the Pods to create. Each Pod is named from the stateful set and its ordinal; the only allowed
   * restartPolicy is Always.
   * @proto 3
   */
  template: PodTemplateSpec;
  /**
   * Claims created for each Pod. A claim with the same name as a volume in the Pod template takes precedence
   * over that volume. Immutable.
   * @proto 4
   * @listType atomic
   */
  volumeClaimTemplates?: PersistentVolumeClaim[];
  /**
   * Name of the Service that governs the network identity of the Pods, which must exist before the stateful set.
   * Pods get DNS names of the form pod.serviceName.namespace.svc under it. Immutable.
   * @proto 5
   */
  serviceName?: string;
  /**
   * How Pods are created on scale-up and start and deleted on scale-down: OrderedReady (the default) or
   * Parallel. Immutable.
   * @proto 6
   */
  podManagementPolicy?: PodManagementPolicyType;
  /**
   * How Pods are replaced when the template changes. Defaults to RollingUpdate.
   * @proto 7
   * @alwaysPresent
   */
  updateStrategy?: StatefulSetUpdateStrategy;
  /**
   * Maximum number of old revisions to keep for rollback. Defaults to 10.
   * @proto 8
   */
  revisionHistoryLimit?: Int32;
  /**
   * Minimum number of seconds a new Pod must be ready, with no container crashing, before it counts as
   * available. Defaults to 0.
   * @proto 9
   */
  minReadySeconds?: Int32;
  /**
   * Lifecycle of the claims created from volumeClaimTemplates. By default, claims are retained until deleted by
   * hand.
   * @proto 10
   */
  persistentVolumeClaimRetentionPolicy?: StatefulSetPersistentVolumeClaimRetentionPolicy;
  /**
   * Numbering of the Pods. By default, the first Pod has ordinal 0 and each further Pod has the next number.
   * @proto 11
   */
  ordinals?: StatefulSetOrdinals;
}

/** Observed state of a stateful set. */
export interface StatefulSetStatus {
  /**
   * Most recent metadata.generation that the controller has acted on.
   * @proto 1
   */
  observedGeneration?: Int64;
  /**
   * Number of Pods created by the controller.
   * @proto 2
   */
  replicas: Int32;
  /**
   * Number of Pods of this stateful set that have a Ready condition.
   * @proto 3
   */
  readyReplicas?: Int32;
  /**
   * Number of Pods of the revision named by currentRevision.
   * @proto 4
   */
  currentReplicas?: Int32;
  /**
   * Number of Pods of the revision named by updateRevision.
   * @proto 5
   */
  updatedReplicas?: Int32;
  /**
   * Name of the revision used for Pods that have not been updated yet.
   * @proto 6
   */
  currentRevision?: string;
  /**
   * Name of the revision that Pods are updated to.
   * @proto 7
   */
  updateRevision?: string;
  /**
   * Number of hash collisions seen when naming controller revisions, used by the controller to avoid further
   * collisions.
   * @proto 9
   */
  collisionCount?: Int32;
  /**
   * Observed conditions of the stateful set.
   * @proto 10
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: StatefulSetCondition[];
  /**
   * Number of Pods that have been ready for at least minReadySeconds.
   * @proto 11
   */
  availableReplicas?: Int32;
}

/** How Pods of a stateful set are replaced after a template change. */
export interface StatefulSetUpdateStrategy {
  /**
   * RollingUpdate (the default) replaces Pods in reverse ordinal order, OnDelete replaces a Pod only after it is
   * deleted, and Recreate deletes all Pods before creating new ones.
   * @proto 1
   */
  type?: StatefulSetUpdateStrategyType;
  /**
   * Parameters for a rolling update; used only when type is RollingUpdate.
   * @proto 2
   */
  rollingUpdate?: RollingUpdateStatefulSetStrategy;
}
