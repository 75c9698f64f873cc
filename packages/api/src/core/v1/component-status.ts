import type { ConditionStatus } from "./reference.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Bytes } from "../../meta/v1/primitives.ts";

/** State of one aspect of a control plane component. */
export interface ComponentCondition {
  /**
   * Aspect that the condition reports. The only valid value is Healthy.
   * @proto 1
   */
  type: ComponentConditionType;
  /**
   * Result of the check: True, False or Unknown.
   * @proto 2
   */
  status: ConditionStatus;
  /**
   * Human-readable information about the condition, such as the outcome of the health check.
   * @proto 3
   */
  message?: string;
  /**
   * Error code of the failed check, for example from a health probe.
   * @proto 4
   */
  error?: string;
}

/**
 * Aspect reported by a component condition. The only value is Healthy.
 * @knownValues Healthy
 */
export type ComponentConditionType = string;

/**
 * Health of one component of the control plane. Deprecated since v1.19.
 * @kind
 */
export interface ComponentStatus extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Conditions observed for the component.
   * @proto 2
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: ComponentCondition[];
}

/**
 * List of ComponentStatus objects. Deprecated since v1.19.
 * @kind
 */
export interface ComponentStatusList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * ComponentStatus objects in the list.
   * @proto 2
   */
  items: ComponentStatus[];
}

/**
 * Internal record of which values of a range, such as service IPs or node ports, are in use. Not meant for
 * end users.
 * @kind
 */
export interface RangeAllocation extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Text form of the range being tracked, for example a CIDR or a span of port numbers.
   * @proto 2
   */
  range: string;
  /**
   * Base64-encoded bitmap that marks the allocated values of the range.
   * @proto 3
   */
  data: Bytes;
}
