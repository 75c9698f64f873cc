import type { Toleration } from "../core/v1/affinity.ts";
import type { ResourceList } from "../core/v1/resources.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";

/** Resources that running a Pod takes beyond those of its containers. */
export interface Overhead {
  /**
   * Amounts that every Pod of the class takes in addition.
   * @proto 1
   */
  podFixed?: ResourceList;
}

/**
 * A way in which nodes can run containers. Pods choose one by its name.
 * @kind
 */
export interface RuntimeClass extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Name under which the container runtimes of the nodes know their configuration; a DNS label, which cannot change.
   * @proto 2
   */
  handler: string;
  /**
   * Resources that each Pod of the class takes beyond those of its containers.
   * @proto 3
   */
  overhead?: Overhead;
  /**
   * Which nodes support the class; all of them when it is left out.
   * @proto 4
   */
  scheduling?: Scheduling;
}

/**
 * List of RuntimeClass objects.
 * @kind
 */
export interface RuntimeClassList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * RuntimeClass objects in the list.
   * @proto 2
   */
  items: RuntimeClass[];
}

/** What Pods of a class need in order to land on the nodes that support it. */
export interface Scheduling {
  /**
   * Labels of the nodes that support the class. Merged with the selector of each Pod, which is rejected where the two
   * disagree.
   * @proto 1
   * @mapType atomic
   */
  nodeSelector?: Record<string, string>;
  /**
   * Tolerations that are added to those of each Pod of the class.
   * @proto 2
   * @listType atomic
   */
  tolerations?: Toleration[];
}
