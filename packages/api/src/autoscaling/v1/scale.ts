import type { ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32 } from "../../meta/v1/primitives.ts";

/**
 * The desired and observed replica count of a resource that can be scaled.
 * @kind
 */
export interface Scale extends TypeMeta {
  /**
   * Standard object metadata, taken from the scaled object.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Desired state of the scale.
   * @proto 2
   * @alwaysPresent
   */
  spec: ScaleSpec;
  /**
   * Observed state of the scale. Read-only.
   * @proto 3
   * @alwaysPresent
   */
  status?: ScaleStatus;
}

/** The desired state of a scale. */
export interface ScaleSpec {
  /**
   * Number of instances wanted.
   * @proto 1
   * @default 0
   */
  replicas?: Int32;
}

/** The observed state of a scale. */
export interface ScaleStatus {
  /**
   * Number of instances observed.
   * @proto 1
   */
  replicas: Int32;
  /**
   * Label selector, in its text form, of the pods that are counted.
   * @proto 2
   */
  selector?: string;
}
