import type { RuleWithOperations } from "./webhook.ts";
import type { Condition, ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int64 } from "../../meta/v1/primitives.ts";
import type { LabelSelector } from "../../meta/v1/selector.ts";
import type { StatusReason } from "../../meta/v1/status.ts";

/** AuditAnnotation. */
export interface AuditAnnotation {
  /**
   * AuditAnnotation.key.
   * @proto 1
   */
  key: string;
  /**
   * AuditAnnotation.valueExpression.
   * @proto 2
   */
  valueExpression: string;
}

/** ExpressionWarning. */
export interface ExpressionWarning {
  /**
   * ExpressionWarning.fieldRef.
   * @proto 2
   */
  fieldRef: string;
  /**
   * ExpressionWarning.warning.
   * @proto 3
   */
  warning: string;
}

/**
 * FailurePolicyType.
 * @enumeration
 */
export type FailurePolicyType = "Ignore" | "Fail";

/** MatchCondition. */
export interface MatchCondition {
  /**
   * MatchCondition.name.
   * @proto 1
   */
  name: string;
  /**
   * MatchCondition.expression.
   * @proto 2
   */
  expression: string;
}

/**
 * MatchPolicyType.
 * @enumeration
 */
export type MatchPolicyType = "Exact" | "Equivalent";

/**
 * MatchResources.
 * @mapType atomic
 */
export interface MatchResources {
  /**
   * MatchResources.namespaceSelector.
   * @proto 1
   */
  namespaceSelector?: LabelSelector;
  /**
   * MatchResources.objectSelector.
   * @proto 2
   */
  objectSelector?: LabelSelector;
  /**
   * MatchResources.resourceRules.
   * @proto 3
   * @listType atomic
   */
  resourceRules?: NamedRuleWithOperations[];
  /**
   * MatchResources.excludeResourceRules.
   * @proto 4
   * @listType atomic
   */
  excludeResourceRules?: NamedRuleWithOperations[];
  /**
   * MatchResources.matchPolicy.
   * @proto 7
   */
  matchPolicy?: MatchPolicyType;
}

/**
 * NamedRuleWithOperations.
 * @mapType atomic
 */
export interface NamedRuleWithOperations extends RuleWithOperations {
  /**
   * NamedRuleWithOperations.resourceNames.
   * @proto 1
   * @listType atomic
   */
  resourceNames?: string[];
}

/**
 * ParamKind.
 * @mapType atomic
 */
export interface ParamKind {
  /**
   * ParamKind.apiVersion.
   * @proto 1
   */
  apiVersion?: string;
  /**
   * ParamKind.kind.
   * @proto 2
   */
  kind?: string;
}

/**
 * ParamRef.
 * @mapType atomic
 */
export interface ParamRef {
  /**
   * ParamRef.name.
   * @proto 1
   */
  name?: string;
  /**
   * ParamRef.namespace.
   * @proto 2
   */
  namespace?: string;
  /**
   * ParamRef.selector.
   * @proto 3
   */
  selector?: LabelSelector;
  /**
   * ParamRef.parameterNotFoundAction.
   * @proto 4
   */
  parameterNotFoundAction?: ParameterNotFoundActionType;
}

/** ParameterNotFoundActionType. */
export type ParameterNotFoundActionType = "Allow" | "Deny";

/** TypeChecking. */
export interface TypeChecking {
  /**
   * TypeChecking.expressionWarnings.
   * @proto 1
   * @listType atomic
   */
  expressionWarnings?: ExpressionWarning[];
}

/**
 * ValidatingAdmissionPolicy.
 * @kind
 */
export interface ValidatingAdmissionPolicy extends TypeMeta {
  /**
   * ValidatingAdmissionPolicy.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * ValidatingAdmissionPolicy.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec: ValidatingAdmissionPolicySpec;
  /**
   * ValidatingAdmissionPolicy.status.
   * @proto 3
   * @alwaysPresent
   */
  status?: ValidatingAdmissionPolicyStatus;
}

/**
 * ValidatingAdmissionPolicyBinding.
 * @kind
 */
export interface ValidatingAdmissionPolicyBinding extends TypeMeta {
  /**
   * ValidatingAdmissionPolicyBinding.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * ValidatingAdmissionPolicyBinding.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec: ValidatingAdmissionPolicyBindingSpec;
}

/**
 * ValidatingAdmissionPolicyBindingList.
 * @kind
 */
export interface ValidatingAdmissionPolicyBindingList extends TypeMeta {
  /**
   * ValidatingAdmissionPolicyBindingList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * ValidatingAdmissionPolicyBindingList.items.
   * @proto 2
   */
  items: ValidatingAdmissionPolicyBinding[];
}

/** ValidatingAdmissionPolicyBindingSpec. */
export interface ValidatingAdmissionPolicyBindingSpec {
  /**
   * ValidatingAdmissionPolicyBindingSpec.policyName.
   * @proto 1
   */
  policyName?: string;
  /**
   * ValidatingAdmissionPolicyBindingSpec.paramRef.
   * @proto 2
   */
  paramRef?: ParamRef;
  /**
   * ValidatingAdmissionPolicyBindingSpec.matchResources.
   * @proto 3
   */
  matchResources?: MatchResources;
  /**
   * ValidatingAdmissionPolicyBindingSpec.validationActions.
   * @proto 4
   * @listType set
   */
  validationActions?: ValidationAction[];
}

/** ValidatingAdmissionPolicyConditionType. */
export type ValidatingAdmissionPolicyConditionType = string;

/**
 * ValidatingAdmissionPolicyList.
 * @kind
 */
export interface ValidatingAdmissionPolicyList extends TypeMeta {
  /**
   * ValidatingAdmissionPolicyList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * ValidatingAdmissionPolicyList.items.
   * @proto 2
   */
  items: ValidatingAdmissionPolicy[];
}

/** ValidatingAdmissionPolicySpec. */
export interface ValidatingAdmissionPolicySpec {
  /**
   * ValidatingAdmissionPolicySpec.paramKind.
   * @proto 1
   */
  paramKind?: ParamKind;
  /**
   * ValidatingAdmissionPolicySpec.matchConstraints.
   * @proto 2
   */
  matchConstraints?: MatchResources;
  /**
   * ValidatingAdmissionPolicySpec.validations.
   * @proto 3
   * @listType atomic
   */
  validations?: Validation[];
  /**
   * ValidatingAdmissionPolicySpec.failurePolicy.
   * @proto 4
   */
  failurePolicy?: FailurePolicyType;
  /**
   * ValidatingAdmissionPolicySpec.auditAnnotations.
   * @proto 5
   * @listType atomic
   */
  auditAnnotations?: AuditAnnotation[];
  /**
   * ValidatingAdmissionPolicySpec.matchConditions.
   * @proto 6
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  matchConditions?: MatchCondition[];
  /**
   * ValidatingAdmissionPolicySpec.variables.
   * @proto 7
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  variables?: Variable[];
}

/** ValidatingAdmissionPolicyStatus. */
export interface ValidatingAdmissionPolicyStatus {
  /**
   * ValidatingAdmissionPolicyStatus.observedGeneration.
   * @proto 1
   */
  observedGeneration?: Int64;
  /**
   * ValidatingAdmissionPolicyStatus.typeChecking.
   * @proto 2
   */
  typeChecking?: TypeChecking;
  /**
   * ValidatingAdmissionPolicyStatus.conditions.
   * @proto 3
   * @listType map
   * @listMapKey type
   */
  conditions?: Condition[];
}

/** Validation. */
export interface Validation {
  /**
   * Validation.expression.
   * @proto 1
   */
  expression: string;
  /**
   * Validation.message.
   * @proto 2
   */
  message?: string;
  /**
   * Validation.reason.
   * @proto 3
   */
  reason?: StatusReason;
  /**
   * Validation.messageExpression.
   * @proto 4
   */
  messageExpression?: string;
}

/**
 * ValidationAction.
 * @enumeration
 */
export type ValidationAction = "Deny" | "Warn" | "Audit";

/**
 * Variable.
 * @mapType atomic
 */
export interface Variable {
  /**
   * Variable.name.
   * @proto 1
   */
  name: string;
  /**
   * Variable.expression.
   * @proto 2
   */
  expression: string;
}
