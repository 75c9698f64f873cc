import type { ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Uid } from "../../meta/v1/primitives.ts";

/**
 * Assigns one object to another; in practice, assigns a pod to a node. Creating it through the binding
 * subresource of a pod sets the pod's node.
 * @kind
 */
export interface Binding extends TypeMeta {
  /**
   * Standard object metadata. The name identifies the pod being bound.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Object to bind to, normally a reference of kind Node. Required.
   * @proto 2
   */
  target: ObjectReference;
}

/** Whether a condition holds. One of True, False, Unknown (it cannot be determined). */
export type ConditionStatus = "True" | "False" | "Unknown";

/**
 * Names an object that lives in the same namespace as the object holding the reference.
 * @mapType atomic
 */
export interface LocalObjectReference {
  /**
   * Name of the referenced object. Defaults to the empty string, which is accepted for compatibility but is
   * almost always a mistake.
   * @proto 1
   * @default ""
   */
  name?: string;
}

/**
 * Information that identifies another object, or a part of one.
 * @mapType atomic
 * @kind
 */
export interface ObjectReference {
  /**
   * Kind of the referenced object.
   * @proto 1
   */
  kind?: string;
  /**
   * Namespace of the referenced object.
   * @proto 2
   */
  namespace?: string;
  /**
   * Name of the referenced object.
   * @proto 3
   */
  name?: string;
  /**
   * Unique ID of the referenced object.
   * @proto 4
   */
  uid?: Uid;
  /**
   * API version of the referenced object.
   * @proto 5
   */
  apiVersion?: string;
  /**
   * Specific resource version of the object this reference was made to, if any.
   * @proto 6
   */
  resourceVersion?: string;
  /**
   * Path to a part of the object when the reference is not to the whole of it, for example
   * spec.containers{name} for one container.
   * @proto 7
   */
  fieldPath?: string;
}

/** Requirements an object must satisfy before an operation such as a delete is carried out. */
export interface Preconditions {
  /**
   * UID the target object must have; the operation is rejected when it differs.
   * @proto 1
   */
  uid?: Uid;
}

/**
 * Identifies a Secret by name and namespace.
 * @mapType atomic
 */
export interface SecretReference {
  /**
   * Name of the Secret, unique within its namespace.
   * @proto 1
   */
  name?: string;
  /**
   * Namespace that contains the Secret.
   * @proto 2
   */
  namespace?: string;
}

/**
 * An object reference wrapped so that it can be stored in serialized form.
 * @kind
 */
export interface SerializedReference extends TypeMeta {
  /**
   * The object being referred to.
   * @proto 1
   * @alwaysPresent
   */
  reference?: ObjectReference;
}

/**
 * Identifies an object of a given type in the same namespace.
 * @mapType atomic
 */
export interface TypedLocalObjectReference {
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
}
