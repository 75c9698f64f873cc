import type { Toleration } from "../core/v1/affinity.ts";
import type { ResourceList } from "../core/v1/resources.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";

/** Overhead. */
export interface Overhead {
  /**
   * Overhead.podFixed.
   * @proto 1
   */
  podFixed?: ResourceList;
}

/**
 * RuntimeClass.
 * @kind
 */
export interface RuntimeClass extends TypeMeta {
  /**
   * RuntimeClass.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * RuntimeClass.handler.
   * @proto 2
   */
  handler: string;
  /**
   * RuntimeClass.overhead.
   * @proto 3
   */
  overhead?: Overhead;
  /**
   * RuntimeClass.scheduling.
   * @proto 4
   */
  scheduling?: Scheduling;
}

/**
 * RuntimeClassList.
 * @kind
 */
export interface RuntimeClassList extends TypeMeta {
  /**
   * RuntimeClassList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * RuntimeClassList.items.
   * @proto 2
   */
  items: RuntimeClass[];
}

/** Scheduling. */
export interface Scheduling {
  /**
   * Scheduling.nodeSelector.
   * @proto 1
   * @mapType atomic
   */
  nodeSelector?: Record<string, string>;
  /**
   * Scheduling.tolerations.
   * @proto 2
   * @listType atomic
   */
  tolerations?: Toleration[];
}
