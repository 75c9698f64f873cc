import type { PersistentVolumeClaim } from "../../core/v1/persistent-volume-claim.ts";
import type { PodTemplateSpec } from "../../core/v1/pod.ts";
import type { ConditionStatus } from "../../core/v1/reference.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32, Int64, IntOrString, Time } from "../../meta/v1/primitives.ts";
import type { LabelSelector } from "../../meta/v1/selector.ts";

/** What happens to the persistent volume claims of a stateful set: Retain keeps them, Delete removes them. */
export type PersistentVolumeClaimRetentionPolicyType = "Retain" | "Delete";

/**
 * How a stateful set creates and deletes Pods: OrderedReady (one at a time, in ordinal order, waiting for
 * readiness) or Parallel (all at once).
 * @enumeration
 */
export type PodManagementPolicyType = "OrderedReady" | "Parallel";

/** Parameters of a stateful set rolling update. */
export interface RollingUpdateStatefulSetStrategy {
  /**
   * Ordinal at which the update stops: Pods with an ordinal equal to or above it are updated, and lower
   * ones keep the old version. Defaults to 0.
   * @proto 1
   */
  partition?: Int32;
  /**
   * Most Pods that may be unavailable during the update, as a number or a percentage (rounded down, but
   * at least 1) of desired Pods. Defaults to 1; must not be 0. Requires the MaxUnavailableStatefulSet feature gate.
   * @proto 2
   */
  maxUnavailable?: IntOrString;
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
   * Observed state of the stateful set, set by the system and read-only. It can be out of date by some
   * window of time.
   * @proto 3
   * @alwaysPresent
   */
  status?: StatefulSetStatus;
}

/** Observed aspect of a stateful set's current state. */
export interface StatefulSetCondition {
  /**
   * Condition type; Progressing is the defined value.
   * @proto 1
   */
  type: StatefulSetConditionType;
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
 * Type of a stateful set condition; Progressing is the defined value.
 * @knownValues Progressing
 */
export type StatefulSetConditionType = string;

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

/** Settings that control how ordinals are assigned to the Pods of a stateful set. */
export interface StatefulSetOrdinals {
  /**
   * Ordinal of the first Pod. Ordinals range from this value up to start + replicas - 1. Defaults to 0.
   * @proto 1
   * @alwaysPresent
   */
  start: Int32;
}

/**
 * What happens to claims created from volumeClaimTemplates when the stateful set is deleted or scaled down.
 */
export interface StatefulSetPersistentVolumeClaimRetentionPolicy {
  /**
   * Fate of the claims when the stateful set is deleted: Retain (the default) or Delete.
   * @proto 1
   */
  whenDeleted?: PersistentVolumeClaimRetentionPolicyType;
  /**
   * Fate of the claims of Pods that a scale-down removes: Retain (the default) or Delete.
   * @proto 2
   */
  whenScaled?: PersistentVolumeClaimRetentionPolicyType;
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
   * Template for the Pods to create. Each Pod is named from the stateful set and its ordinal; the only
   * allowed restartPolicy is Always.
   * @proto 3
   */
  template: PodTemplateSpec;
  /**
   * Claims created for each Pod. A claim with the same name as a volume in the Pod template takes
   * precedence over that volume. Immutable.
   * @proto 4
   * @listType atomic
   */
  volumeClaimTemplates?: PersistentVolumeClaim[];
  /**
   * Name of the Service that governs the network identity of the Pods, which must exist before the stateful
   * set. Pods get DNS names of the form pod.serviceName.namespace.svc under it. Immutable.
   * @proto 5
   * @alwaysPresent
   */
  serviceName: string;
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
   * Lifecycle of the claims created from volumeClaimTemplates. By default, claims are retained until
   * deleted by hand.
   * @proto 10
   */
  persistentVolumeClaimRetentionPolicy?: StatefulSetPersistentVolumeClaimRetentionPolicy;
  /**
   * Numbering of the Pods. By default, the first Pod has ordinal 0 and each further Pod has the next
   * number.
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
   * Number of hash collisions seen when naming controller revisions, used by the controller to avoid
   * further collisions.
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
   * @alwaysPresent
   */
  availableReplicas: Int32;
}

/** How Pods of a stateful set are replaced after a template change. */
export interface StatefulSetUpdateStrategy {
  /**
   * RollingUpdate (the default) replaces Pods in reverse ordinal order, OnDelete replaces a Pod only after
   * it is deleted.
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
 * Update strategy of a stateful set: RollingUpdate or OnDelete.
 * @enumeration
 */
export type StatefulSetUpdateStrategyType = "RollingUpdate" | "OnDelete";
