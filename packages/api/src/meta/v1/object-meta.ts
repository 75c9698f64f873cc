import type { FieldsV1, Int64, Time, Uid } from "./primitives.ts";

/**
 * One observed aspect of an object's current state, expressed as a typed True, False or Unknown status with
 * a reason and message.
 */
export interface Condition {
  /**
   * Condition type, in CamelCase and optionally prefixed with a DNS subdomain, as in example.com/Ready. A
   * conditions list holds at most one entry per type.
   * @proto 1
   */
  type: string;
  /**
   * Status of the condition: True, False or Unknown.
   * @proto 2
   */
  status: ConditionStatus;
  /**
   * The metadata.generation of the object that this condition was computed from. If it is lower than the
   * current generation, the condition is out of date.
   * @proto 3
   */
  observedGeneration?: Int64;
  /**
   * Time at which the status last changed from one value to another.
   * @proto 4
   */
  lastTransitionTime: Time;
  /**
   * Short CamelCase identifier explaining the last transition, intended for programs; must not be empty.
   * @proto 5
   */
  reason: string;
  /**
   * Human-readable details about the last transition; may be an empty string.
   * @proto 6
   */
  message: string;
}

/**
 * Value of a condition's status: True, False or Unknown. Unknown means the controller cannot tell whether
 * the condition holds.
 */
export type ConditionStatus = "True" | "False" | "Unknown";

/**
 * Metadata carried by lists and by responses such as Status. An object carries either this or object
 * metadata, never both.
 */
export interface ListMeta {
  /**
   * Deprecated; formerly the URL of this object. The system no longer fills it in.
   * @proto 1
   */
  selfLink?: string;
  /**
   * Opaque version of the list as a whole, usable to start a watch from this point. Set by the system and
   * read-only; clients must pass it back unchanged.
   * @proto 2
   */
  resourceVersion?: string;
  /**
   * Opaque token for fetching the next page, set when a limit left more items to return. It expires after a
   * short time, typically a few minutes, or when server configuration changes.
   * @proto 3
   */
  continue?: string;
  /**
   * Number of items not included in this page. Unset when the list is complete or when a label or field
   * selector was used; treat it as an estimate.
   * @proto 4
   */
  remainingItemCount?: Int64;
  /**
   * Present when the response is limited to one shard, and identifies the shard selector applied. Unset
   * means the list was not sharded. Requires the ShardedListAndWatch feature gate.
   * @proto 5
   */
  shardInfo?: ShardInfo;
}

/** Record of one field manager, the operation it used and the set of fields it owns. */
export interface ManagedFieldsEntry {
  /**
   * Name of the actor that owns these fields.
   * @proto 1
   */
  manager?: string;
  /**
   * Type of operation that produced this entry: Apply or Update.
   * @proto 2
   */
  operation?: ManagedFieldsOperationType;
  /**
   * API version of the resource that the field set is expressed in, in the form group/version.
   * @proto 3
   */
  apiVersion?: string;
  /**
   * When the entry was created or its field set last changed. It is not updated when fields are removed
   * because another manager took them over.
   * @proto 4
   */
  time?: Time;
  /**
   * Format of the field set; FieldsV1 is the only possible value.
   * @proto 6
   */
  fieldsType?: string;
  /**
   * Set of owned fields, in the FieldsV1 format.
   * @proto 7
   */
  fieldsV1?: FieldsV1;
  /**
   * Name of the subresource used for the update, or empty when the main resource was used. Entries for
   * different subresources are tracked separately.
   * @proto 8
   */
  subresource?: string;
}

/** Operation that created a managed fields entry: Apply or Update. */
export type ManagedFieldsOperationType = "Apply" | "Update";

/** Metadata that every persisted object carries: identity, labels, ownership, lifecycle and versioning. */
export interface ObjectMeta {
  /**
   * Name of the object, unique per resource within its namespace, or within the cluster for cluster-scoped
   * resources. Required on creation unless generateName is used; immutable.
   * @proto 1
   */
  name?: string;
  /**
   * Prefix from which the server makes a unique name by adding a random suffix, used only if name is empty.
   * If the generated name is taken, the request fails with 409.
   * @proto 2
   */
  generateName?: string;
  /**
   * Namespace that contains the object; empty for cluster-scoped objects. Immutable.
   * @proto 3
   */
  namespace?: string;
  /**
   * Deprecated; formerly the URL of this object. The system no longer fills it in.
   * @proto 4
   */
  selfLink?: string;
  /**
   * Unique identifier assigned by the server at creation, never reused even if an object of the same name
   * is recreated. Read-only.
   * @proto 5
   */
  uid?: Uid;
  /**
   * Opaque version that changes whenever the object changes, used for optimistic concurrency and for
   * watches. Set by the system; clients must pass it back unchanged.
   * @proto 6
   */
  resourceVersion?: string;
  /**
   * Sequence number that increases when the desired state changes. Set by the system and read-only.
   * @proto 7
   */
  generation?: Int64;
  /**
   * Server time at which the object was created, in RFC 3339 form and UTC. Set by the system and read-only;
   * null for lists.
   * @proto 8
   */
  creationTimestamp?: Time;
  /**
   * Time at or after which the object is due to be removed; it stays visible until its finalizers list is
   * empty. Set by the server when a graceful deletion is requested and read-only.
   * @proto 9
   */
  deletionTimestamp?: Time;
  /**
   * Seconds allowed for graceful termination, set only once deletion has been requested. Read-only; it may
   * only be shortened.
   * @proto 10
   */
  deletionGracePeriodSeconds?: Int64;
  /**
   * Key/value pairs used to organize and select objects.
   * @proto 11
   */
  labels?: Record<string, string>;
  /**
   * Unstructured key/value data attached by users and tools; it cannot be used in selectors.
   * @proto 12
   */
  annotations?: Record<string, string>;
  /**
   * Objects that this object depends on. When all owners have been deleted, the object is garbage
   * collected; at most one entry may have controller set to true.
   * @proto 13
   * @listType map
   * @listMapKey uid
   * @patchStrategy merge
   * @patchMergeKey uid
   */
  ownerReferences?: OwnerReference[];
  /**
   * Identifiers that must all be removed before a deleted object is actually removed. Once deletion has
   * started, entries can be removed but not added.
   * @proto 14
   * @listType set
   * @patchStrategy merge
   */
  finalizers?: string[];
  /**
   * Which manager owns which fields, maintained by the server for server-side apply. Users rarely need to
   * set or interpret it.
   * @proto 17
   * @listType atomic
   */
  managedFields?: ManagedFieldsEntry[];
}

/**
 * Reference to an owning object, which must be in the same namespace as the dependent or be cluster-scoped.
 * @mapType atomic
 */
export interface OwnerReference {
  /**
   * API version of the owner.
   * @proto 5
   */
  apiVersion: string;
  /**
   * Kind of the owner.
   * @proto 1
   */
  kind: string;
  /**
   * Name of the owner.
   * @proto 3
   */
  name: string;
  /**
   * UID of the owner.
   * @proto 4
   */
  uid: Uid;
  /**
   * True when this owner is the managing controller of the object.
   * @proto 6
   */
  controller?: boolean;
  /**
   * When true and the owner has the foregroundDeletion finalizer, the owner cannot be removed until this
   * reference is gone. Defaults to false; setting it requires permission to delete the owner.
   * @proto 7
   */
  blockOwnerDeletion?: boolean;
}

/** Describes the shard selector that was applied to a list, marking the list as a subset. */
export interface ShardInfo {
  /**
   * Shard selector from the request, returned so that clients can identify the shard they received.
   * @proto 1
   */
  selector: string;
}

/** Kind and API version that identify the schema of an object. */
export interface TypeMeta {
  /**
   * Kind of the object, in CamelCase, for example Pod. It may be inferred from the endpoint and cannot be
   * changed.
   * @proto 1
   */
  kind?: string;
  /**
   * Versioned schema of the object, for example apps/v1. Unsupported values are rejected.
   * @proto 2
   */
  apiVersion?: string;
}
