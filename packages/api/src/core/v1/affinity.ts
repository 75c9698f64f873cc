import type { Int32, Int64, Time } from "../../meta/v1/primitives.ts";
import type { LabelSelector } from "../../meta/v1/selector.ts";

/** Groups the scheduling preferences and requirements of a pod towards nodes and towards other pods. */
export interface Affinity {
  /**
   * Rules that select nodes for the pod by node labels and fields.
   * @proto 1
   */
  nodeAffinity?: NodeAffinity;
  /**
   * Rules that place the pod in the same topology domain (node, zone, and so on) as certain other pods.
   * @proto 2
   */
  podAffinity?: PodAffinity;
  /**
   * Rules that keep the pod out of topology domains that already run certain other pods.
   * @proto 3
   */
  podAntiAffinity?: PodAntiAffinity;
}

/** Scheduling rules that tie a pod to nodes by their labels and fields. */
export interface NodeAffinity {
  /**
   * Node conditions that must be met for the pod to be scheduled onto a node. A pod already running is not
   * evicted if the node later stops matching.
   * @proto 1
   */
  requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector;
  /**
   * Weighted node preferences. The scheduler favors nodes with the largest sum of weights of matching terms
   * but may choose a node that matches none.
   * @proto 2
   * @listType atomic
   */
  preferredDuringSchedulingIgnoredDuringExecution?: PreferredSchedulingTerm[];
}

/**
 * Whether a node rule is taken into account when computing topology spread. Honor applies the rule; Ignore
 * disregards it.
 * @enumeration
 */
export type NodeInclusionPolicy = "Ignore" | "Honor";

/**
 * Combination of label and field queries over nodes. A node matches when any one of the terms matches it.
 * @mapType atomic
 */
export interface NodeSelector {
  /**
   * Terms to evaluate, combined with OR. At least one is required.
   * @proto 1
   * @listType atomic
   */
  nodeSelectorTerms: NodeSelectorTerm[];
}

/**
 * How a node selector key is compared with its values: In, NotIn, Exists, DoesNotExist, Gt or Lt.
 * @enumeration
 */
export type NodeSelectorOperator = "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";

/** A test that relates one key to a set of values. */
export interface NodeSelectorRequirement {
  /**
   * Label key or field name that the test applies to.
   * @proto 1
   */
  key: string;
  /**
   * How the key relates to the values: In, NotIn, Exists, DoesNotExist, Gt or Lt.
   * @proto 2
   */
  operator: NodeSelectorOperator;
  /**
   * Values to compare with. Must be non-empty for In and NotIn, empty for Exists and DoesNotExist, and a
   * single integer for Gt and Lt.
   * @proto 3
   * @listType atomic
   */
  values?: string[];
}

/**
 * A group of node tests that must all pass. A term that is empty matches no nodes.
 * @mapType atomic
 */
export interface NodeSelectorTerm {
  /**
   * Tests on the node's labels, all of which must pass.
   * @proto 1
   * @listType atomic
   */
  matchExpressions?: NodeSelectorRequirement[];
  /**
   * Tests on the node's fields, all of which must pass.
   * @proto 2
   * @listType atomic
   */
  matchFields?: NodeSelectorRequirement[];
}

/** Scheduling rules that place a pod near other pods, for example on the same node or zone. */
export interface PodAffinity {
  /**
   * Terms that must all be satisfied for the pod to be scheduled onto a node. A pod already running is not
   * evicted if they stop holding.
   * @proto 1
   * @listType atomic
   */
  requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];
  /**
   * Weighted preferences. The scheduler favors nodes with the largest sum of weights of matching terms but
   * may choose a node that matches none.
   * @proto 2
   * @listType atomic
   */
  preferredDuringSchedulingIgnoredDuringExecution?: WeightedPodAffinityTerm[];
}

/**
 * Selects a set of pods and the topology domain in which the pod should or should not be placed together
 * with them.
 */
export interface PodAffinityTerm {
  /**
   * Label query over the pods to consider. If unset, no pods match.
   * @proto 1
   */
  labelSelector?: LabelSelector;
  /**
   * Names of namespaces whose pods are considered, in addition to those chosen by namespaceSelector. If
   * neither is set, only the pod's own namespace is used.
   * @proto 2
   * @listType atomic
   */
  namespaces?: string[];
  /**
   * Node label whose equal values define one topology domain, such as kubernetes.io/hostname. Must not be
   * empty.
   * @proto 3
   */
  topologyKey: string;
  /**
   * Label query over the namespaces whose pods are considered, combined with namespaces. An empty selector
   * matches all namespaces; if it and namespaces are unset, the pod's own is used.
   * @proto 4
   */
  namespaceSelector?: LabelSelector;
  /**
   * Label keys whose values on the incoming pod are added to labelSelector as key in (value). Keys the pod
   * lacks are ignored, and labelSelector must be set.
   * @proto 5
   * @listType atomic
   */
  matchLabelKeys?: string[];
  /**
   * Label keys whose values on the incoming pod are added to labelSelector as key notin (value). Keys the
   * pod lacks are ignored, and labelSelector must be set.
   * @proto 6
   * @listType atomic
   */
  mismatchLabelKeys?: string[];
}

/** Scheduling rules that keep a pod away from other pods, for example off the same node or zone. */
export interface PodAntiAffinity {
  /**
   * Terms that must all be satisfied for the pod to be scheduled onto a node. A pod already running is not
   * evicted if they stop holding.
   * @proto 1
   * @listType atomic
   */
  requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];
  /**
   * Weighted preferences. The scheduler disfavors nodes by the sum of weights of the terms they violate but
   * may still choose such a node.
   * @proto 2
   * @listType atomic
   */
  preferredDuringSchedulingIgnoredDuringExecution?: WeightedPodAffinityTerm[];
}

/**
 * A soft node preference: nodes matching it gain its weight in scoring. An empty preference matches every
 * node and therefore has no effect.
 */
export interface PreferredSchedulingTerm {
  /**
   * Score added for nodes that match the preference, from 1 to 100.
   * @proto 1
   */
  weight: Int32;
  /**
   * Node selector term that a node must match to receive the weight.
   * @proto 2
   */
  preference: NodeSelectorTerm;
}

/** A mark on a node that affects every pod that does not tolerate it. */
export interface Taint {
  /**
   * Key of the taint.
   * @proto 1
   */
  key: string;
  /**
   * Value that belongs to the key.
   * @proto 2
   */
  value?: string;
  /**
   * What happens to pods that do not tolerate the taint: NoSchedule, PreferNoSchedule or NoExecute.
   * @proto 3
   */
  effect: TaintEffect;
  /**
   * Time at which the taint was added.
   * @proto 4
   */
  timeAdded?: Time;
}

/**
 * Effect on pods lacking a toleration: NoSchedule keeps new pods away, PreferNoSchedule tries to, and
 * NoExecute also evicts those already running.
 * @enumeration
 */
export type TaintEffect = "NoSchedule" | "PreferNoSchedule" | "NoExecute";

/** Lets a pod tolerate taints that match its key, value and effect under its operator. */
export interface Toleration {
  /**
   * Taint key to match. When empty, all keys match and the operator must be Exists.
   * @proto 1
   */
  key?: string;
  /**
   * How the value is compared with the taint's: Exists matches any value, Equal requires the same value, Lt
   * and Gt compare as integers. Defaults to Equal.
   * @proto 2
   */
  operator?: TolerationOperator;
  /**
   * Taint value to compare with. Must be empty when the operator is Exists.
   * @proto 3
   */
  value?: string;
  /**
   * Taint effect to match: NoSchedule, PreferNoSchedule or NoExecute. All effects match when empty.
   * @proto 4
   */
  effect?: TaintEffect;
  /**
   * Seconds the pod may stay on the node after a matching NoExecute taint appears; only allowed with that
   * effect. Unset means forever, and zero or less means immediate eviction.
   * @proto 5
   */
  tolerationSeconds?: Int64;
}

/**
 * How a toleration compares with a taint: Exists, Equal, or the numeric comparisons Lt and Gt.
 * @enumeration
 */
export type TolerationOperator = "Exists" | "Equal" | "Lt" | "Gt";

/** Describes how evenly matching pods must be spread over the domains of a topology. */
export interface TopologySpreadConstraint {
  /**
   * Largest allowed difference between the matching pods in a domain and the lowest count among eligible
   * domains. Must be greater than 0; with ScheduleAnyway it only influences preference.
   * @proto 1
   */
  maxSkew: Int32;
  /**
   * Node label key; nodes sharing the same value for it form one domain.
   * @proto 2
   */
  topologyKey: string;
  /**
   * What to do when the constraint cannot be met: DoNotSchedule leaves the pod pending, ScheduleAnyway
   * favors nodes that reduce the skew.
   * @proto 3
   */
  whenUnsatisfiable: UnsatisfiableConstraintAction;
  /**
   * Selects the pods that are counted in each domain.
   * @proto 4
   */
  labelSelector?: LabelSelector;
  /**
   * Least number of eligible domains; with fewer, the lowest count is taken as 0. Must be greater than 0,
   * needs DoNotSchedule, and behaves as 1 when unset.
   * @proto 5
   */
  minDomains?: Int32;
  /**
   * Whether the pod's node affinity and node selector limit the nodes considered for skew: Honor or Ignore.
   * Unset means Honor.
   * @proto 6
   */
  nodeAffinityPolicy?: NodeInclusionPolicy;
  /**
   * Whether nodes with taints the pod does not tolerate are left out when computing skew: Honor leaves them
   * out, Ignore counts all nodes. Unset means Ignore.
   * @proto 7
   */
  nodeTaintsPolicy?: NodeInclusionPolicy;
  /**
   * Label keys whose values, taken from the incoming pod, further restrict the counted pods. Requires
   * labelSelector and may not repeat its keys; keys the pod lacks are ignored.
   * @proto 8
   * @listType atomic
   */
  matchLabelKeys?: string[];
}

/**
 * What to do with a pod that cannot meet a spread constraint: DoNotSchedule or ScheduleAnyway.
 * @enumeration
 */
export type UnsatisfiableConstraintAction = "DoNotSchedule" | "ScheduleAnyway";

/**
 * A soft pod affinity rule with a weight; weights of matching terms are summed per node to find the most
 * preferred ones.
 */
export interface WeightedPodAffinityTerm {
  /**
   * Weight of the term, from 1 to 100.
   * @proto 1
   */
  weight: Int32;
  /**
   * Pod affinity term to which the weight applies.
   * @proto 2
   */
  podAffinityTerm: PodAffinityTerm;
}
