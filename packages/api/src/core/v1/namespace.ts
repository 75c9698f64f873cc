import type { ConditionStatus } from "./reference.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Time } from "../../meta/v1/primitives.ts";

/**
 * Name of a finalizer in a namespace's spec. The predefined value is kubernetes.
 * @knownValues kubernetes
 */
export type FinalizerName = string;

/**
 * A scope for names that separates groups of objects within a cluster.
 * @kind
 */
export interface Namespace extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Desired behavior of the namespace.
   * @proto 2
   * @alwaysPresent
   */
  spec: NamespaceSpec;
  /**
   * Most recently observed state of the namespace.
   * @proto 3
   * @alwaysPresent
   */
  status?: NamespaceStatus;
}

/** One observed aspect of a namespace's state, mainly the progress of its deletion. */
export interface NamespaceCondition {
  /**
   * Kind of namespace condition being reported.
   * @proto 1
   */
  type: NamespaceConditionType;
  /**
   * Whether the condition holds: True, False or Unknown.
   * @proto 2
   */
  status: ConditionStatus;
  /**
   * When the condition last changed from one status to another.
   * @proto 4
   */
  lastTransitionTime?: Time | null;
  /**
   * Short machine-readable word explaining the last transition.
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
 * Kind of namespace condition. The known values report why the deletion of a namespace failed or what
 * content and finalizers still hold it back.
 * @knownValues NamespaceDeletionDiscoveryFailure, NamespaceDeletionContentFailure, NamespaceDeletionGroupVersionParsingFailure, NamespaceContentRemaining, NamespaceFinalizersRemaining
 */
export type NamespaceConditionType = string;

/**
 * A list of Namespace objects.
 * @kind
 */
export interface NamespaceList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The Namespace objects in the list.
   * @proto 2
   */
  items: Namespace[];
}

/**
 * Stage of a namespace's life: Active while it is usable, Terminating while it is being deleted.
 * @enumeration
 */
export type NamespacePhase = "Active" | "Terminating";

/** Desired behavior of a namespace. */
export interface NamespaceSpec {
  /**
   * Names that must all be removed before the namespace is permanently deleted from storage. Usually holds
   * only kubernetes.
   * @proto 1
   * @listType atomic
   */
  finalizers?: FinalizerName[];
}

/** Current state of a namespace. */
export interface NamespaceStatus {
  /**
   * Stage of the namespace's life: Active or Terminating.
   * @proto 1
   */
  phase?: NamespacePhase;
  /**
   * Latest observations about the namespace's state, unique by type.
   * @proto 2
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: NamespaceCondition[];
}
