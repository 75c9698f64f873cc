import type { ListMeta, ObjectMeta, TypeMeta } from "../meta/v1.ts";
import type { Overhead, Scheduling } from "./v1.ts";
export type { Overhead, Scheduling } from "./v1.ts";

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
   * What the class stands for.
   * @proto 2
   */
  spec: RuntimeClassSpec;
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

/** What a runtime class stands for. */
export interface RuntimeClassSpec {
  /**
   * Name of the handler that the container runtime's configuration knows. A DNS label. Immutable.
   * @proto 1
   */
  runtimeHandler: string;
  /**
   * Resources that running a pod of this class takes besides its containers.
   * @proto 2
   */
  overhead?: Overhead;
  /**
   * Which nodes support the class; absent: all of them.
   * @proto 3
   */
  scheduling?: Scheduling;
}
