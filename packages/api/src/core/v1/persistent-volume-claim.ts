import type { PersistentVolumeAccessMode, PersistentVolumeMode } from "./persistent-volume.ts";
import type { ConditionStatus, TypedLocalObjectReference } from "./reference.ts";
import type { ResourceList } from "./resources.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Time } from "../../meta/v1/primitives.ts";
import type { LabelSelector } from "../../meta/v1/selector.ts";

/**
 * Progress of a resize of a claim's resource. One of ControllerResizeInProgress,
 * ControllerResizeInfeasible, NodeResizePending, NodeResizeInProgress, NodeResizeInfeasible.
 * @enumeration
 */
export type ClaimResourceStatus =
  | "ControllerResizeInProgress"
  | "ControllerResizeInfeasible"
  | "NodeResizePending"
  | "NodeResizeInProgress"
  | "NodeResizeInfeasible";

/** Progress of a change of a claim's volume attributes class. */
export interface ModifyVolumeStatus {
  /**
   * Name of the VolumeAttributesClass the claim is being moved to.
   * @proto 1
   */
  targetVolumeAttributesClassName?: string;
  /**
   * State of the modification: Pending, InProgress or Infeasible. Clients should treat an unknown value as
   * still in progress.
   * @proto 2
   */
  status: PersistentVolumeClaimModifyVolumeStatus;
}

/**
 * A request for storage made by a user in a namespace, satisfied by binding to a persistent volume.
 * @kind
 */
export interface PersistentVolumeClaim extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Characteristics of the volume that is wanted.
   * @proto 2
   * @alwaysPresent
   */
  spec: PersistentVolumeClaimSpec;
  /**
   * Current state of the claim. Set by the system and read-only for users.
   * @proto 3
   * @alwaysPresent
   */
  status?: PersistentVolumeClaimStatus;
}

/** One observed aspect of a claim's state, such as a resize in progress. */
export interface PersistentVolumeClaimCondition {
  /**
   * Kind of claim condition, such as Resizing or FileSystemResizePending.
   * @proto 1
   */
  type: PersistentVolumeClaimConditionType;
  /**
   * Whether the condition holds: True, False or Unknown.
   * @proto 2
   */
  status: ConditionStatus;
  /**
   * When the condition was last checked.
   * @proto 3
   */
  lastProbeTime?: Time | null;
  /**
   * When the condition last changed from one status to another.
   * @proto 4
   */
  lastTransitionTime?: Time | null;
  /**
   * Short machine-readable word for the cause of the last transition. Resizing means the underlying volume
   * is being resized.
   * @proto 5
   */
  reason?: string;
  /**
   * Human-readable details about the last transition.
   * @proto 6
   */
  message?: string;
}

/**
 * Kind of claim condition. The known values cover volume resizing, filesystem resizing, changes of volume
 * attributes, and whether any pod uses the claim.
 * @knownValues Resizing, FileSystemResizePending, ControllerResizeError, NodeResizeError, ModifyVolumeError, ModifyingVolume, Unused
 */
export type PersistentVolumeClaimConditionType = string;

/**
 * A list of PersistentVolumeClaim objects.
 * @kind
 */
export interface PersistentVolumeClaimList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The PersistentVolumeClaim objects in the list.
   * @proto 2
   */
  items: PersistentVolumeClaim[];
}

/**
 * State of a volume modification. Pending waits for a requirement such as the class to exist, InProgress is
 * being carried out, Infeasible was rejected by the driver.
 * @enumeration
 */
export type PersistentVolumeClaimModifyVolumeStatus = "Pending" | "InProgress" | "Infeasible";

/**
 * Stage of a claim: Pending while not yet bound, Bound once it has a volume, Lost when the volume it was
 * bound to no longer exists.
 * @enumeration
 */
export type PersistentVolumeClaimPhase = "Pending" | "Bound" | "Lost";

/**
 * Attributes of the storage that a claim asks for. Largely immutable after creation, except for the storage
 * request and the volume attributes class.
 */
export interface PersistentVolumeClaimSpec {
  /**
   * Access modes the volume must support.
   * @proto 1
   * @listType atomic
   */
  accessModes?: PersistentVolumeAccessMode[];
  /**
   * Label query that limits which volumes may be bound to the claim.
   * @proto 4
   */
  selector?: LabelSelector;
  /**
   * Minimum resources the volume should have. The storage request of a bound claim may be raised to expand
   * the volume when its class allows it.
   * @proto 2
   * @alwaysPresent
   */
  resources?: VolumeResourceRequirements;
  /**
   * Name of the persistent volume that backs this claim.
   * @proto 3
   */
  volumeName?: string;
  /**
   * Name of the StorageClass the claim requires. If unset the cluster's default class may be filled in; an
   * empty string asks for a volume without a class.
   * @proto 5
   */
  storageClassName?: string;
  /**
   * Whether the volume is used as a Filesystem or as a raw Block device. Defaults to Filesystem.
   * @proto 6
   */
  volumeMode?: PersistentVolumeMode;
  /**
   * Object used to pre-fill the new volume: a VolumeSnapshot or another claim in the same namespace. Kept
   * in step with dataSourceRef when that has no namespace.
   * @proto 7
   */
  dataSource?: TypedLocalObjectReference;
  /**
   * Object used to pre-fill the new volume. Unlike dataSource it accepts any custom resource with a
   * populator, rejects invalid values rather than dropping them, and may name another namespace if that
   * feature is enabled.
   * @proto 8
   */
  dataSourceRef?: TypedObjectReference;
  /**
   * Name of the VolumeAttributesClass that sets mutable attributes of the volume. It may be changed after
   * creation to have the driver modify the volume.
   * @proto 9
   */
  volumeAttributesClassName?: string;
}

/** Current state of a claim. */
export interface PersistentVolumeClaimStatus {
  /**
   * Stage of the claim: Pending, Bound or Lost.
   * @proto 1
   */
  phase?: PersistentVolumeClaimPhase;
  /**
   * Access modes that the backing volume actually has.
   * @proto 2
   * @listType atomic
   */
  accessModes?: PersistentVolumeAccessMode[];
  /**
   * Actual resources of the backing volume.
   * @proto 3
   */
  capacity?: ResourceList;
  /**
   * Latest observations about the claim, such as an ongoing resize. Unique by type.
   * @proto 4
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: PersistentVolumeClaimCondition[];
  /**
   * Resources allocated to the claim, including capacity requested by an expansion still in progress. May
   * exceed the actual capacity, and quota uses the larger of this and the request.
   * @proto 5
   */
  allocatedResources?: ResourceList;
  /**
   * State of the resize of each resource: ControllerResizeInProgress, ControllerResizeInfeasible,
   * NodeResizePending, NodeResizeInProgress or NodeResizeInfeasible. Unset when no resize is under way.
   * @proto 7
   * @mapType granular
   */
  allocatedResourceStatuses?: Record<string, ClaimResourceStatus>;
  /**
   * Name of the VolumeAttributesClass now in effect. Unset when no class has been applied to the claim.
   * @proto 8
   */
  currentVolumeAttributesClassName?: string;
  /**
   * Progress of a change of volume attributes class. Unset when no change is being attempted.
   * @proto 9
   */
  modifyVolumeStatus?: ModifyVolumeStatus;
}

/** Template from which a claim is created for an ephemeral volume. */
export interface PersistentVolumeClaimTemplate {
  /**
   * Labels and annotations to copy onto the created claim. Other metadata fields are rejected.
   * @proto 1
   * @alwaysPresent
   */
  metadata?: ObjectMeta;
  /**
   * Specification of the claim, copied unchanged into the claim that gets created.
   * @proto 2
   */
  spec: PersistentVolumeClaimSpec;
}

/** Identifies an object of a given type, optionally in another namespace. */
export interface TypedObjectReference {
  /**
   * API group of the object. When unset, the kind must belong to the core group.
   * @proto 1
   */
  apiGroup?: string | null;
  /**
   * Kind of the object.
   * @proto 2
   */
  kind: string;
  /**
   * Name of the object.
   * @proto 3
   */
  name: string;
  /**
   * Namespace of the object. A ReferenceGrant in that namespace must permit the reference. Requires the
   * CrossNamespaceVolumeDataSource feature gate.
   * @proto 4
   */
  namespace?: string;
}

/** Storage resources requested for a volume. */
export interface VolumeResourceRequirements {
  /**
   * Largest amount of each resource allowed for the volume.
   * @proto 1
   */
  limits?: ResourceList;
  /**
   * Least amount of each resource the volume needs. Where omitted, it defaults to the limit if one is
   * given, and otherwise to an implementation-defined value; it cannot exceed the limit.
   * @proto 2
   */
  requests?: ResourceList;
}
