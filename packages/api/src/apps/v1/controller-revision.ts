import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int64, RawExtension } from "../../meta/v1/primitives.ts";

/**
 * Immutable snapshot of a controller's state, used by DaemonSet and StatefulSet controllers for update and
 * rollback. It is meant for internal use by controllers.
 * @kind
 */
export interface ControllerRevision extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Serialized state captured by this revision; cannot be changed after creation.
   * @proto 2
   * @alwaysPresent
   */
  data: RawExtension;
  /**
   * Number of this revision in the controller's history; higher is newer. It may change while the data
   * cannot.
   * @proto 3
   */
  revision: Int64;
}

/**
 * List of ControllerRevision objects.
 * @kind
 */
export interface ControllerRevisionList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * ControllerRevision objects in the list.
   * @proto 2
   */
  items: ControllerRevision[];
}
