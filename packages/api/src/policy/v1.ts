import type { Condition, ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";
import type { DeleteOptions } from "../meta/v1/options.ts";
import type { Int32, Int64, IntOrString, Time } from "../meta/v1/primitives.ts";
import type { LabelSelector } from "../meta/v1/selector.ts";

/**
 * Evicts a Pod subject to its disruption budgets, sent to the eviction subresource of the Pod.
 * @kind
 */
export interface Eviction extends TypeMeta {
  /**
   * Standard object metadata naming the Pod to evict.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Options for the deletion of the Pod, such as a grace period or dry run.
   * @proto 2
   */
  deleteOptions?: DeleteOptions;
}

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
   * Selects the Pods the budget covers. Null selects no Pods, and an empty selector selects every Pod in
   * the namespace.
   * @proto 2
   * @patchStrategy replace
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
   * guarded application is not disrupted, AlwaysAllow always does. Unknown values are treated as no
   * eviction.
   * @proto 4
   */
  unhealthyPodEvictionPolicy?: UnhealthyPodEvictionPolicyType;
}

/** Observed state of a disruption budget. */
export interface PodDisruptionBudgetStatus {
  /**
   * Most recent metadata.generation that the controller has acted on; the other status fields are valid
   * only if it matches.
   * @proto 1
   */
  observedGeneration?: Int64;
  /**
   * Pods whose eviction was processed but whose removal has not been observed yet, keyed by Pod name with
   * the time of processing. Entries are cleared when the Pod is deleted or after a timeout.
   * @proto 2
   */
  disruptedPods?: Record<string, Time>;
  /**
   * Number of Pod disruptions currently allowed.
   * @proto 3
   * @alwaysPresent
   */
  disruptionsAllowed: Int32;
  /**
   * Number of Pods currently healthy.
   * @proto 4
   * @alwaysPresent
   */
  currentHealthy: Int32;
  /**
   * Minimum number of healthy Pods wanted.
   * @proto 5
   * @alwaysPresent
   */
  desiredHealthy: Int32;
  /**
   * Total number of Pods counted by this budget.
   * @proto 6
   * @alwaysPresent
   */
  expectedPods: Int32;
  /**
   * Conditions of the budget. DisruptionAllowed is set by the controller, with reason SyncFailed,
   * InsufficientPods or SufficientPods.
   * @proto 7
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: Condition[];
}

/**
 * When unhealthy Pods may be evicted: IfHealthyBudget or AlwaysAllow.
 * @enumeration
 */
export type UnhealthyPodEvictionPolicyType = "IfHealthyBudget" | "AlwaysAllow";
