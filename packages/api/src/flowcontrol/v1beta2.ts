import type {
  ExemptPriorityLevelConfiguration,
  FlowSchemaCondition,
  FlowSchemaSpec,
  LimitResponse,
  PriorityLevelConfigurationCondition,
  PriorityLevelEnablement,
} from "./v1.ts";
import type { Int32, ListMeta, ObjectMeta, TypeMeta } from "../meta/v1.ts";
export type {
  ConditionStatus,
  ExemptPriorityLevelConfiguration,
  FlowDistinguisherMethod,
  FlowDistinguisherMethodType,
  FlowSchemaCondition,
  FlowSchemaConditionType,
  FlowSchemaSpec,
  GroupSubject,
  LimitResponse,
  LimitResponseType,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  PriorityLevelConfigurationCondition,
  PriorityLevelConfigurationConditionType,
  PriorityLevelConfigurationReference,
  PriorityLevelEnablement,
  QueuingConfiguration,
  ResourcePolicyRule,
  ServiceAccountSubject,
  Subject,
  SubjectKind,
  UserSubject,
} from "./v1.ts";

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

/** State of a FlowSchema. */
export interface FlowSchemaStatus {
  /**
   * Current conditions.
   * @proto 1
   * @listType map
   * @listMapKey type
   */
  conditions?: FlowSchemaCondition[];
}

/** How requests of a limited level are handled: how many run at once, and what becomes of the rest. */
export interface LimitedPriorityLevelConfiguration {
  /**
   * The level's share of the server's concurrency, relative to other levels. Defaults to 30.
   * @proto 1
   */
  assuredConcurrencyShares?: Int32;
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
   * How much the level may borrow from others at most, as percentage of its own nominal concurrency; it may
   * exceed 100. Unlimited when unset.
   * @proto 4
   */
  borrowingLimitPercent?: Int32;
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
   */
  conditions?: PriorityLevelConfigurationCondition[];
}
