import type { PreemptionPolicy } from "../core/v1/pod.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";
import type { Int32 } from "../meta/v1/primitives.ts";

/**
 * Maps a class name to a priority value that Pods can request by name.
 * @kind
 */
export interface PriorityClass extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Priority that Pods of this class receive; higher means more important. Immutable; values above
   * 1000000000 are reserved for system classes.
   * @proto 2
   * @alwaysPresent
   */
  value: Int32;
  /**
   * When true, this class applies to Pods that name no class. Only one class should set it; if several do,
   * the one with the smallest value is used.
   * @proto 3
   */
  globalDefault?: boolean;
  /**
   * Text describing when the class should be used.
   * @proto 4
   */
  description?: string;
  /**
   * Whether Pods of this class may preempt lower-priority Pods: PreemptLowerPriority (the default) or
   * Never. Immutable.
   * @proto 5
   */
  preemptionPolicy?: PreemptionPolicy;
}

/**
 * List of PriorityClass objects.
 * @kind
 */
export interface PriorityClassList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * PriorityClass objects in the list.
   * @proto 2
   */
  items: PriorityClass[];
}
