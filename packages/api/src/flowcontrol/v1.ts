import type { ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";
import type { Int32, Time } from "../meta/v1/primitives.ts";

/** ConditionStatus. */
export type ConditionStatus = "True" | "False" | "Unknown";

/** ExemptPriorityLevelConfiguration. */
export interface ExemptPriorityLevelConfiguration {
  /**
   * ExemptPriorityLevelConfiguration.nominalConcurrencyShares.
   * @proto 1
   */
  nominalConcurrencyShares?: Int32;
  /**
   * ExemptPriorityLevelConfiguration.lendablePercent.
   * @proto 2
   */
  lendablePercent?: Int32;
}

/** FlowDistinguisherMethod. */
export interface FlowDistinguisherMethod {
  /**
   * FlowDistinguisherMethod.type.
   * @proto 1
   */
  type: FlowDistinguisherMethodType;
}

/** FlowDistinguisherMethodType. */
export type FlowDistinguisherMethodType = "ByUser" | "ByNamespace";

/**
 * FlowSchema.
 * @kind
 */
export interface FlowSchema extends TypeMeta {
  /**
   * FlowSchema.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * FlowSchema.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec: FlowSchemaSpec;
  /**
   * FlowSchema.status.
   * @proto 3
   * @alwaysPresent
   */
  status?: FlowSchemaStatus;
}

/** FlowSchemaCondition. */
export interface FlowSchemaCondition {
  /**
   * FlowSchemaCondition.type.
   * @proto 1
   */
  type?: FlowSchemaConditionType;
  /**
   * FlowSchemaCondition.status.
   * @proto 2
   */
  status?: ConditionStatus;
  /**
   * FlowSchemaCondition.lastTransitionTime.
   * @proto 3
   */
  lastTransitionTime?: Time;
  /**
   * FlowSchemaCondition.reason.
   * @proto 4
   */
  reason?: string;
  /**
   * FlowSchemaCondition.message.
   * @proto 5
   */
  message?: string;
}

/** FlowSchemaConditionType. */
export type FlowSchemaConditionType = string;

/**
 * FlowSchemaList.
 * @kind
 */
export interface FlowSchemaList extends TypeMeta {
  /**
   * FlowSchemaList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * FlowSchemaList.items.
   * @proto 2
   */
  items: FlowSchema[];
}

/** FlowSchemaSpec. */
export interface FlowSchemaSpec {
  /**
   * FlowSchemaSpec.priorityLevelConfiguration.
   * @proto 1
   */
  priorityLevelConfiguration: PriorityLevelConfigurationReference;
  /**
   * FlowSchemaSpec.matchingPrecedence.
   * @proto 2
   */
  matchingPrecedence?: Int32;
  /**
   * FlowSchemaSpec.distinguisherMethod.
   * @proto 3
   */
  distinguisherMethod?: FlowDistinguisherMethod;
  /**
   * FlowSchemaSpec.rules.
   * @proto 4
   * @listType atomic
   */
  rules?: PolicyRulesWithSubjects[];
}

/** FlowSchemaStatus. */
export interface FlowSchemaStatus {
  /**
   * FlowSchemaStatus.conditions.
   * @proto 1
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: FlowSchemaCondition[];
}

/** GroupSubject. */
export interface GroupSubject {
  /**
   * GroupSubject.name.
   * @proto 1
   */
  name: string;
}

/** LimitResponse. */
export interface LimitResponse {
  /**
   * LimitResponse.type.
   * @proto 1
   */
  type: LimitResponseType;
  /**
   * LimitResponse.queuing.
   * @proto 2
   */
  queuing?: QueuingConfiguration;
}

/** LimitResponseType. */
export type LimitResponseType = "Queue" | "Reject";

/** LimitedPriorityLevelConfiguration. */
export interface LimitedPriorityLevelConfiguration {
  /**
   * LimitedPriorityLevelConfiguration.nominalConcurrencyShares.
   * @proto 1
   */
  nominalConcurrencyShares?: Int32;
  /**
   * LimitedPriorityLevelConfiguration.limitResponse.
   * @proto 2
   * @alwaysPresent
   */
  limitResponse?: LimitResponse;
  /**
   * LimitedPriorityLevelConfiguration.lendablePercent.
   * @proto 3
   */
  lendablePercent?: Int32;
  /**
   * LimitedPriorityLevelConfiguration.borrowingLimitPercent.
   * @proto 4
   */
  borrowingLimitPercent?: Int32;
}

/** NonResourcePolicyRule. */
export interface NonResourcePolicyRule {
  /**
   * NonResourcePolicyRule.verbs.
   * @proto 1
   * @listType set
   */
  verbs: string[];
  /**
   * NonResourcePolicyRule.nonResourceURLs.
   * @proto 6
   * @listType set
   */
  nonResourceURLs: string[];
}

/** PolicyRulesWithSubjects. */
export interface PolicyRulesWithSubjects {
  /**
   * PolicyRulesWithSubjects.subjects.
   * @proto 1
   * @listType atomic
   */
  subjects: Subject[];
  /**
   * PolicyRulesWithSubjects.resourceRules.
   * @proto 2
   * @listType atomic
   */
  resourceRules?: ResourcePolicyRule[];
  /**
   * PolicyRulesWithSubjects.nonResourceRules.
   * @proto 3
   * @listType atomic
   */
  nonResourceRules?: NonResourcePolicyRule[];
}

/**
 * PriorityLevelConfiguration.
 * @kind
 */
export interface PriorityLevelConfiguration extends TypeMeta {
  /**
   * PriorityLevelConfiguration.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * PriorityLevelConfiguration.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec: PriorityLevelConfigurationSpec;
  /**
   * PriorityLevelConfiguration.status.
   * @proto 3
   * @alwaysPresent
   */
  status?: PriorityLevelConfigurationStatus;
}

/** PriorityLevelConfigurationCondition. */
export interface PriorityLevelConfigurationCondition {
  /**
   * PriorityLevelConfigurationCondition.type.
   * @proto 1
   */
  type?: PriorityLevelConfigurationConditionType;
  /**
   * PriorityLevelConfigurationCondition.status.
   * @proto 2
   */
  status?: ConditionStatus;
  /**
   * PriorityLevelConfigurationCondition.lastTransitionTime.
   * @proto 3
   */
  lastTransitionTime?: Time;
  /**
   * PriorityLevelConfigurationCondition.reason.
   * @proto 4
   */
  reason?: string;
  /**
   * PriorityLevelConfigurationCondition.message.
   * @proto 5
   */
  message?: string;
}

/** PriorityLevelConfigurationConditionType. */
export type PriorityLevelConfigurationConditionType = string;

/**
 * PriorityLevelConfigurationList.
 * @kind
 */
export interface PriorityLevelConfigurationList extends TypeMeta {
  /**
   * PriorityLevelConfigurationList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * PriorityLevelConfigurationList.items.
   * @proto 2
   */
  items: PriorityLevelConfiguration[];
}

/** PriorityLevelConfigurationReference. */
export interface PriorityLevelConfigurationReference {
  /**
   * PriorityLevelConfigurationReference.name.
   * @proto 1
   */
  name: string;
}

/** PriorityLevelConfigurationSpec. */
export interface PriorityLevelConfigurationSpec {
  /**
   * PriorityLevelConfigurationSpec.type.
   * @proto 1
   */
  type: PriorityLevelEnablement;
  /**
   * PriorityLevelConfigurationSpec.limited.
   * @proto 2
   */
  limited?: LimitedPriorityLevelConfiguration;
  /**
   * PriorityLevelConfigurationSpec.exempt.
   * @proto 3
   */
  exempt?: ExemptPriorityLevelConfiguration;
}

/** PriorityLevelConfigurationStatus. */
export interface PriorityLevelConfigurationStatus {
  /**
   * PriorityLevelConfigurationStatus.conditions.
   * @proto 1
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: PriorityLevelConfigurationCondition[];
}

/** PriorityLevelEnablement. */
export type PriorityLevelEnablement = "Exempt" | "Limited";

/** QueuingConfiguration. */
export interface QueuingConfiguration {
  /**
   * QueuingConfiguration.queues.
   * @proto 1
   */
  queues?: Int32;
  /**
   * QueuingConfiguration.handSize.
   * @proto 2
   */
  handSize?: Int32;
  /**
   * QueuingConfiguration.queueLengthLimit.
   * @proto 3
   */
  queueLengthLimit?: Int32;
}

/** ResourcePolicyRule. */
export interface ResourcePolicyRule {
  /**
   * ResourcePolicyRule.verbs.
   * @proto 1
   * @listType set
   */
  verbs: string[];
  /**
   * ResourcePolicyRule.apiGroups.
   * @proto 2
   * @listType set
   */
  apiGroups: string[];
  /**
   * ResourcePolicyRule.resources.
   * @proto 3
   * @listType set
   */
  resources: string[];
  /**
   * ResourcePolicyRule.clusterScope.
   * @proto 4
   */
  clusterScope?: boolean;
  /**
   * ResourcePolicyRule.namespaces.
   * @proto 5
   * @listType set
   */
  namespaces?: string[];
}

/** ServiceAccountSubject. */
export interface ServiceAccountSubject {
  /**
   * ServiceAccountSubject.namespace.
   * @proto 1
   */
  namespace: string;
  /**
   * ServiceAccountSubject.name.
   * @proto 2
   */
  name: string;
}

/** Subject. */
export interface Subject {
  /**
   * Subject.kind.
   * @proto 1
   */
  kind: SubjectKind;
  /**
   * Subject.user.
   * @proto 2
   */
  user?: UserSubject;
  /**
   * Subject.group.
   * @proto 3
   */
  group?: GroupSubject;
  /**
   * Subject.serviceAccount.
   * @proto 4
   */
  serviceAccount?: ServiceAccountSubject;
}

/** SubjectKind. */
export type SubjectKind = "User" | "Group" | "ServiceAccount";

/** UserSubject. */
export interface UserSubject {
  /**
   * UserSubject.name.
   * @proto 1
   */
  name: string;
}
