import type {
  DaemonSetStatus,
  DeploymentStatus,
  RollingUpdateDaemonSet,
  RollingUpdateDeployment,
  RollingUpdateStatefulSetStrategy,
  StatefulSetOrdinals,
  StatefulSetPersistentVolumeClaimRetentionPolicy,
  StatefulSetStatus,
} from "./v1.ts";
import type { PersistentVolumeClaim, PodTemplateSpec } from "../core/v1.ts";
import type { Int32, LabelSelector, ListMeta, ObjectMeta, TypeMeta } from "../meta/v1.ts";
export type {
  ControllerRevision,
  ControllerRevisionList,
  DaemonSetCondition,
  DaemonSetConditionType,
  DaemonSetStatus,
  DeploymentCondition,
  DeploymentConditionType,
  DeploymentStatus,
  PersistentVolumeClaimRetentionPolicyType,
  ReplicaSet,
  ReplicaSetCondition,
  ReplicaSetConditionType,
  ReplicaSetList,
  ReplicaSetSpec,
  ReplicaSetStatus,
  RollingUpdateDaemonSet,
  RollingUpdateDeployment,
  RollingUpdateStatefulSetStrategy,
  StatefulSetCondition,
  StatefulSetConditionType,
  StatefulSetOrdinals,
  StatefulSetPersistentVolumeClaimRetentionPolicy,
  StatefulSetStatus,
} from "./v1.ts";

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
   * Observed state of the daemon set, set by the system and read-only. It can be out of date by some window of
   * time.
   * @proto 3
   * @alwaysPresent
   */
  status?: DaemonSetStatus;
}

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
 * @knownValues RollingUpdate, OnDelete
 */
export type DaemonSetUpdateStrategyType = string;

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

/**
 * Deployment strategy: Recreate or RollingUpdate.
 * @knownValues Recreate, RollingUpdate
 */
export type DeploymentStrategyType = string;

/**
 * How a stateful set creates and deletes Pods: OrderedReady (one at a time, in ordinal order, waiting for
 * readiness) or Parallel (all at once).
 * @knownValues OrderedReady, Parallel
 */
export type PodManagementPolicyType = string;

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

/** How many replicas are wanted. */
export interface ScaleSpec {
  /**
   * Number of wanted replicas.
   * @proto 1
   * @default 0
   */
  replicas?: Int32;
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
   * @mapType atomic
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

/**
 * Update strategy of a stateful set: RollingUpdate, OnDelete or Recreate.
 * @knownValues RollingUpdate, OnDelete
 */
export type StatefulSetUpdateStrategyType = string;
