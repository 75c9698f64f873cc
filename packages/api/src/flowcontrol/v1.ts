import type { ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";
import type { Int32, Time } from "../meta/v1/primitives.ts";

/** Status of a condition. */
export type ConditionStatus = "True" | "False" | "Unknown";

/**
 * How requests of an exempt level count: they are never limited, but other levels may borrow what the level does not
 * use.
 */
export interface ExemptPriorityLevelConfiguration {
  /**
   * Share of the server's concurrency that counts as the level's own, relative to the shares of the other levels;
   * other levels may borrow of it. Defaults to 0.
   * @proto 1
   */
  nominalConcurrencyShares?: Int32;
  /**
   * Percentage of the level's nominal concurrency that other levels may borrow, from 0 to 100. Defaults to 0.
   * @proto 2
   */
  lendablePercent?: Int32;
}

/** How requests are told apart into flows. */
export interface FlowDistinguisherMethod {
  /**
   * ByUser or ByNamespace.
   * @proto 1
   */
  type: FlowDistinguisherMethodType;
}

/** What tells the flows of a schema apart. */
export type FlowDistinguisherMethodType = "ByUser" | "ByNamespace";

/**
 * Groups requests into flows and assigns them to a priority level. A flow is a pair of schema and distinguisher.
 * @kind
 */
export interface FlowSchema extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Which requests match and which level they go to.
   * @proto 2
   * @alwaysPresent
   */
  spec: FlowSchemaSpec;
  /**
   * State of the schema.
   * @proto 3
   * @alwaysPresent
   */
  status?: FlowSchemaStatus;
}

/** One aspect of the state of a FlowSchema. */
export interface FlowSchemaCondition {
  /**
   * What the condition is about, such as Dangling.
   * @proto 1
   */
  type?: FlowSchemaConditionType;
  /**
   * True, False or Unknown.
   * @proto 2
   */
  status?: ConditionStatus;
  /**
   * When the status last changed.
   * @proto 3
   */
  lastTransitionTime?: Time | null;
  /**
   * Why the status is as it is, in one CamelCase word.
   * @proto 4
   */
  reason?: string;
  /**
   * Details of the last change, for people.
   * @proto 5
   */
  message?: string;
}

/** Type of a condition of a FlowSchema. */
export type FlowSchemaConditionType = string;

/**
 * List of FlowSchema objects.
 * @kind
 */
export interface FlowSchemaList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The FlowSchema objects.
   * @proto 2
   */
  items: FlowSchema[];
}

/** Which requests a schema matches, and what becomes of them. */
export interface FlowSchemaSpec {
  /**
   * The priority level of matching requests. While it does not exist, the server ignores the schema.
   * @proto 1
   */
  priorityLevelConfiguration: PriorityLevelConfigurationReference;
  /**
   * Which schema wins when several match a request: that with the lowest number, from 1 to 10000. Defaults to 1000.
   * @proto 2
   * @alwaysPresent
   */
  matchingPrecedence: Int32;
  /**
   * How matching requests are told apart into flows; one flow for all when unset.
   * @proto 3
   */
  distinguisherMethod?: FlowDistinguisherMethod;
  /**
   * What matches: a request that fits one of the rules; nothing when there is none.
   * @proto 4
   * @listType atomic
   */
  rules?: PolicyRulesWithSubjects[];
}

/** State of a FlowSchema. */
export interface FlowSchemaStatus {
  /**
   * Current conditions.
   * @proto 1
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: FlowSchemaCondition[];
}

/** Users by their group. */
export interface GroupSubject {
  /**
   * Name of the group, or `*` for all users.
   * @proto 1
   */
  name: string;
}

/** What becomes of requests that cannot be executed at once. */
export interface LimitResponse {
  /**
   * Queue to let them wait within limits, Reject to refuse them.
   * @proto 1
   */
  type: LimitResponseType;
  /**
   * How they are queued; only for type Queue.
   * @proto 2
   */
  queuing?: QueuingConfiguration;
}

/** What becomes of requests beyond the limit. */
export type LimitResponseType = "Queue" | "Reject";

/** How requests of a limited level are handled: how many run at once, and what becomes of the rest. */
export interface LimitedPriorityLevelConfiguration {
  /**
   * Share of the server's concurrency that is the level's own, relative to the shares of all levels. Defaults to 30.
   * @proto 1
   */
  nominalConcurrencyShares?: Int32;
  /**
   * What becomes of requests that cannot run at once.
   * @proto 2
   * @alwaysPresent
   */
  limitResponse?: LimitResponse;
  /**
   * Percentage of the level's nominal concurrency that other levels may borrow, from 0 to 100. Defaults to 0.
   * @proto 3
   */
  lendablePercent?: Int32;
  /**
   * How much the level may borrow from others at most, as percentage of its own nominal concurrency; it may exceed
   * 100. Unlimited when unset.
   * @proto 4
   */
  borrowingLimitPercent?: Int32;
}

/** Matches requests that are not for resources, by verb and path. */
export interface NonResourcePolicyRule {
  /**
   * Verbs that match; `*` alone for all.
   * @proto 1
   * @listType set
   */
  verbs: string[];
  /**
   * Paths that match; a path may end in `/*`, and `*` alone matches all.
   * @proto 6
   * @listType set
   */
  nonResourceURLs: string[];
}

/** Matches requests that are of one of the subjects and fit one of the resource or non-resource rules. */
export interface PolicyRulesWithSubjects {
  /**
   * Users, groups and service accounts whose requests match; at least one.
   * @proto 1
   * @listType atomic
   */
  subjects: Subject[];
  /**
   * Requests for resources that match.
   * @proto 2
   * @listType atomic
   */
  resourceRules?: ResourcePolicyRule[];
  /**
   * Other requests that match.
   * @proto 3
   * @listType atomic
   */
  nonResourceRules?: NonResourcePolicyRule[];
}

/**
 * A priority level: how many of its requests run at once, and how the rest wait.
 * @kind
 */
export interface PriorityLevelConfiguration extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Limits of the level.
   * @proto 2
   * @alwaysPresent
   */
  spec: PriorityLevelConfigurationSpec;
  /**
   * State of the level.
   * @proto 3
   * @alwaysPresent
   */
  status?: PriorityLevelConfigurationStatus;
}

/** One aspect of the state of a priority level. */
export interface PriorityLevelConfigurationCondition {
  /**
   * What the condition is about.
   * @proto 1
   */
  type?: PriorityLevelConfigurationConditionType;
  /**
   * True, False or Unknown.
   * @proto 2
   */
  status?: ConditionStatus;
  /**
   * When the status last changed.
   * @proto 3
   */
  lastTransitionTime?: Time | null;
  /**
   * Why the status is as it is, in one CamelCase word.
   * @proto 4
   */
  reason?: string;
  /**
   * Details of the last change, for people.
   * @proto 5
   */
  message?: string;
}

/** Type of a condition of a priority level. */
export type PriorityLevelConfigurationConditionType = string;

/**
 * List of PriorityLevelConfiguration objects.
 * @kind
 */
export interface PriorityLevelConfigurationList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The PriorityLevelConfiguration objects.
   * @proto 2
   */
  items: PriorityLevelConfiguration[];
}

/** Names a priority level. */
export interface PriorityLevelConfigurationReference {
  /**
   * Name of the PriorityLevelConfiguration.
   * @proto 1
   */
  name: string;
}

/** Limits of a priority level. */
export interface PriorityLevelConfigurationSpec {
  /**
   * Exempt for requests that are never limited, Limited for others.
   * @proto 1
   */
  type: PriorityLevelEnablement;
  /**
   * Limits of a Limited level.
   * @proto 2
   */
  limited?: LimitedPriorityLevelConfiguration;
  /**
   * What an Exempt level lends. Only for type Exempt, where it is filled in when unset.
   * @proto 3
   */
  exempt?: ExemptPriorityLevelConfiguration;
}

/** State of a priority level. */
export interface PriorityLevelConfigurationStatus {
  /**
   * Current conditions.
   * @proto 1
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: PriorityLevelConfigurationCondition[];
}

/** Whether requests of a level are limited. */
export type PriorityLevelEnablement = "Exempt" | "Limited";

/** How requests of a level wait for their turn. */
export interface QueuingConfiguration {
  /**
   * Number of queues of the level. More queues mean fewer collisions of flows. Defaults to 64.
   * @proto 1
   * @alwaysPresent
   */
  queues: Int32;
  /**
   * How many queues a flow is dealt by shuffle sharding; a request joins the shortest. Not more than there are
   * queues. Defaults to 8.
   * @proto 2
   * @alwaysPresent
   */
  handSize: Int32;
  /**
   * Most requests that wait in one queue; further ones are refused. Defaults to 50.
   * @proto 3
   * @alwaysPresent
   */
  queueLengthLimit: Int32;
}

/** Matches requests for resources, by verb, group, resource and namespace. */
export interface ResourcePolicyRule {
  /**
   * Verbs that match; `*` alone for all.
   * @proto 1
   * @listType set
   */
  verbs: string[];
  /**
   * API groups that match; `*` alone for all.
   * @proto 2
   * @listType set
   */
  apiGroups: string[];
  /**
   * Resources and subresources (`nodes/status`) that match; `*` alone for all.
   * @proto 3
   * @listType set
   */
  resources: string[];
  /**
   * Whether requests without a namespace match.
   * @proto 4
   */
  clusterScope?: boolean;
  /**
   * Namespaces whose requests match; `*` alone for all of them, but not for requests without a namespace.
   * @proto 5
   * @listType set
   */
  namespaces?: string[] | null;
}

/** A service account. */
export interface ServiceAccountSubject {
  /**
   * Namespace of the service account.
   * @proto 1
   */
  namespace: string;
  /**
   * Name of the service account, or `*` for all in the namespace.
   * @proto 2
   */
  name: string;
}

/** Who makes a request; the field that belongs to the kind is set. */
export interface Subject {
  /**
   * User, Group or ServiceAccount.
   * @proto 1
   */
  kind: SubjectKind;
  /**
   * The user, for kind User.
   * @proto 2
   */
  user?: UserSubject;
  /**
   * The group, for kind Group.
   * @proto 3
   */
  group?: GroupSubject;
  /**
   * The service account, for kind ServiceAccount.
   * @proto 4
   */
  serviceAccount?: ServiceAccountSubject;
}

/** Kind of a subject. */
export type SubjectKind = "User" | "Group" | "ServiceAccount";

/** One user. */
export interface UserSubject {
  /**
   * Name of the user, or `*` for all users.
   * @proto 1
   */
  name: string;
}
