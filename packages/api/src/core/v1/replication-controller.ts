import type { PodTemplateSpec } from "./pod.ts";
import type { ConditionStatus } from "./reference.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32, Int64, Time } from "../../meta/v1/primitives.ts";

/**
 * Keeps a chosen number of identical pods running, replacing those that go away. Deployments and
 * ReplicaSets are its successors.
 * @kind
 */
export interface ReplicationController extends TypeMeta {
  /**
   * Standard object metadata. When labels are empty, they are set to those of the pod template.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Desired state of the replication controller.
   * @proto 2
   * @alwaysPresent
   */
  spec: ReplicationControllerSpec;
  /**
   * Most recently observed state of the replication controller, which may lag reality. Written by the
   * system and read-only.
   * @proto 3
   * @alwaysPresent
   */
  status?: ReplicationControllerStatus;
}

/** One aspect of a replication controller's state at a point in time. */
export interface ReplicationControllerCondition {
  /**
   * Kind of condition; ReplicaFailure is the one in use.
   * @proto 1
   */
  type: ReplicationControllerConditionType;
  /**
   * Whether the condition holds: True, False or Unknown.
   * @proto 2
   */
  status: ConditionStatus;
  /**
   * Time at which the condition's status last changed.
   * @proto 3
   */
  lastTransitionTime?: Time | null;
  /**
   * Short machine-readable cause of the last status change.
   * @proto 4
   */
  reason?: string;
  /**
   * Human-readable details about the last status change.
   * @proto 5
   */
  message?: string;
}

/**
 * Kind of replication controller condition. ReplicaFailure means one of its pods could not be created or
 * deleted.
 * @knownValues ReplicaFailure
 */
export type ReplicationControllerConditionType = string;

/**
 * A list of ReplicationController objects.
 * @kind
 */
export interface ReplicationControllerList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The replication controllers in this list.
   * @proto 2
   */
  items: ReplicationController[];
}

/** Desired state of a replication controller. */
export interface ReplicationControllerSpec {
  /**
   * Number of pods to keep running. Defaults to 1; an explicit 0 is distinguished from an unset value.
   * @proto 1
   * @default 1
   */
  replicas?: Int32;
  /**
   * Seconds a new pod must stay ready, with no container crashing, before it counts as available. Defaults
   * to 0, meaning available as soon as ready.
   * @proto 4
   * @default 0
   */
  minReadySeconds?: Int32;
  /**
   * Labels that pods must all carry to be counted and managed by this controller. Defaults to the pod
   * template's labels when empty.
   * @proto 2
   * @mapType atomic
   */
  selector?: Record<string, string>;
  /**
   * Pod template used to create missing replicas; its labels must match the selector.
   * @proto 3
   */
  template?: PodTemplateSpec;
}

/** Observed state of a replication controller. */
export interface ReplicationControllerStatus {
  /**
   * Number of pods most recently observed.
   * @proto 1
   */
  replicas: Int32;
  /**
   * Number of observed pods that carry all labels of the pod template.
   * @proto 2
   */
  fullyLabeledReplicas?: Int32;
  /**
   * Number of observed pods that are ready.
   * @proto 4
   */
  readyReplicas?: Int32;
  /**
   * Number of observed pods that have been ready for at least minReadySeconds.
   * @proto 5
   */
  availableReplicas?: Int32;
  /**
   * Generation of the replication controller that the controller last acted on.
   * @proto 3
   */
  observedGeneration?: Int64;
  /**
   * Latest observations of the controller's state, keyed by type.
   * @proto 6
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: ReplicationControllerCondition[];
}
