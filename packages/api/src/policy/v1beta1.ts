import type { IntOrString, LabelSelector, ListMeta, ObjectMeta, TypeMeta } from "../meta/v1.ts";
import type { PodDisruptionBudgetStatus, UnhealthyPodEvictionPolicyType } from "./v1.ts";
export type { Eviction, PodDisruptionBudgetStatus, UnhealthyPodEvictionPolicyType } from "./v1.ts";

/**
 * Limits how many Pods of a set may be disrupted voluntarily at the same time.
 * @kind
 */
export interface PodDisruptionBudget extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Desired limits.
   * @proto 2
   * @alwaysPresent
   */
  spec: PodDisruptionBudgetSpec;
  /**
   * Most recently observed state of the budget; set by the system and read-only.
   * @proto 3
   * @alwaysPresent
   */
  status?: PodDisruptionBudgetStatus;
}

/**
 * List of PodDisruptionBudget objects.
 * @kind
 */
export interface PodDisruptionBudgetList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * PodDisruptionBudget objects in the list.
   * @proto 2
   */
  items: PodDisruptionBudget[];
}

/** Limits on voluntary disruptions of the selected Pods. */
export interface PodDisruptionBudgetSpec {
  /**
   * Pods that must remain available after an eviction, as a number or a percentage. Mutually exclusive with
   * maxUnavailable; 100% prevents all voluntary evictions.
   * @proto 1
   */
  minAvailable?: IntOrString;
  /**
   * Selects the Pods the budget covers. Null selects no Pods, and an empty selector selects every Pod in the
   * namespace.
   * @proto 2
   */
  selector?: LabelSelector;
  /**
   * Pods that may be unavailable after an eviction, as a number or a percentage. Mutually exclusive with
   * minAvailable; 0 prevents all voluntary evictions.
   * @proto 3
   */
  maxUnavailable?: IntOrString;
  /**
   * When running but not ready Pods may be evicted: IfHealthyBudget (the default) allows it only while the
   * guarded application is not disrupted, AlwaysAllow always does. Unknown values are treated as no eviction.
   * @proto 4
   */
  unhealthyPodEvictionPolicy?: UnhealthyPodEvictionPolicyType;
}
