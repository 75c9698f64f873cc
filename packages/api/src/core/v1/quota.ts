import type { ResourceList } from "./resources.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";

/**
 * Sets minimums, maximums and defaults for the resource use of each kind of object in a namespace.
 * @kind
 */
export interface LimitRange extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Limits that are enforced.
   * @proto 2
   * @alwaysPresent
   */
  spec: LimitRangeSpec;
}

/** One set of resource constraints that applies to every object of a given kind in the namespace. */
export interface LimitRangeItem {
  /**
   * Kind of object this limit applies to: Pod, Container or PersistentVolumeClaim.
   * @proto 1
   */
  type: LimitType;
  /**
   * Largest amount allowed for each named resource. Requests and limits above it are rejected.
   * @proto 2
   */
  max?: ResourceList;
  /**
   * Smallest amount allowed for each named resource. Requests and limits below it are rejected.
   * @proto 3
   */
  min?: ResourceList;
  /**
   * Resource limits given to a container that does not set its own limit for that resource. Only used when
   * type is Container.
   * @proto 4
   */
  default?: ResourceList;
  /**
   * Resource requests given to a container that does not set its own request for that resource. Only used
   * when type is Container.
   * @proto 5
   */
  defaultRequest?: ResourceList;
  /**
   * Highest allowed quotient of limit divided by request for each named resource. Both request and limit
   * must then be set and nonzero, which bounds overcommitment.
   * @proto 6
   */
  maxLimitRequestRatio?: ResourceList;
}

/**
 * A list of LimitRange objects.
 * @kind
 */
export interface LimitRangeList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The LimitRange objects in the list.
   * @proto 2
   */
  items: LimitRange[];
}

/** The minimum, maximum and default resource amounts enforced in a namespace. */
export interface LimitRangeSpec {
  /**
   * The limit items that are enforced, one per constrained kind of object.
   * @proto 1
   * @listType atomic
   */
  limits: LimitRangeItem[] | null;
}

/**
 * Kind of object that a limit range item constrains: Pod, Container or PersistentVolumeClaim.
 * @knownValues Pod, Container, PersistentVolumeClaim
 */
export type LimitType = string;

/**
 * Limits on the total resources and object counts that a namespace may consume.
 * @kind
 */
export interface ResourceQuota extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * The limits to enforce and the objects to which they apply.
   * @proto 2
   * @alwaysPresent
   */
  spec: ResourceQuotaSpec;
  /**
   * The limits in force and the usage currently counted against them.
   * @proto 3
   * @alwaysPresent
   */
  status?: ResourceQuotaStatus;
}

/**
 * A list of ResourceQuota objects.
 * @kind
 */
export interface ResourceQuotaList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The resource quotas in this list.
   * @proto 2
   */
  items: ResourceQuota[];
}

/**
 * Filter that narrows the objects a quota tracks, such as Terminating, NotTerminating, BestEffort,
 * NotBestEffort, PriorityClass, CrossNamespacePodAffinity or VolumeAttributesClass.
 * @knownValues Terminating, NotTerminating, BestEffort, NotBestEffort, PriorityClass, CrossNamespacePodAffinity, VolumeAttributesClass
 * @enumeration
 */
export type ResourceQuotaScope = string;

/** Hard limits to enforce in a namespace and the filters that choose what they count. */
export interface ResourceQuotaSpec {
  /**
   * Upper bound for each named resource in the namespace.
   * @proto 1
   */
  hard?: ResourceList;
  /**
   * Filters that every tracked object must match. All objects are tracked when unset. Immutable.
   * @proto 2
   * @listType atomic
   */
  scopes?: ResourceQuotaScope[];
  /**
   * Filters like those in scopes, expressed with operators and values; an object must match these as well
   * as scopes to be tracked. Immutable.
   * @proto 3
   */
  scopeSelector?: ScopeSelector;
}

/** Enforced limits and observed usage of a quota. */
export interface ResourceQuotaStatus {
  /**
   * Limit in force for each named resource.
   * @proto 1
   */
  hard?: ResourceList;
  /**
   * Total currently observed usage of each named resource in the namespace.
   * @proto 2
   */
  used?: ResourceList;
}

/**
 * A set of scope requirements that are combined with AND.
 * @mapType atomic
 */
export interface ScopeSelector {
  /**
   * Requirements on the scopes of an object; all of them must be met.
   * @proto 1
   * @listType atomic
   */
  matchExpressions?: ScopedResourceSelectorRequirement[];
}

/**
 * How a scope is compared with values: In, NotIn, Exists or DoesNotExist.
 * @enumeration
 */
export type ScopeSelectorOperator = "In" | "NotIn" | "Exists" | "DoesNotExist";

/** A requirement made of a quota scope, an operator and, for some operators, a set of values. */
export interface ScopedResourceSelectorRequirement {
  /**
   * Quota scope to which the requirement applies.
   * @proto 1
   */
  scopeName: ResourceQuotaScope;
  /**
   * Relation of the scope to the values: In, NotIn, Exists or DoesNotExist.
   * @proto 2
   */
  operator: ScopeSelectorOperator;
  /**
   * Values to compare with. Must be nonempty for In and NotIn, and empty for Exists and DoesNotExist.
   * @proto 3
   * @listType atomic
   */
  values?: string[];
}
