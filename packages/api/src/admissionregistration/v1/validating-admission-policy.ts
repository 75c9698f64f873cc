import type { RuleWithOperations } from "./webhook.ts";
import type { Condition, ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int64 } from "../../meta/v1/primitives.ts";
import type { LabelSelector } from "../../meta/v1/selector.ts";
import type { StatusReason } from "../../meta/v1/status.ts";

/** An annotation that a policy adds to the audit event of a request. */
export interface AuditAnnotation {
  /**
   * Key of the annotation, unique in the policy. Together with the name of the policy (`policy/key`) it has to be a
   * qualified name.
   * @proto 1
   */
  key: string;
  /**
   * CEL expression of the value: a string, which is cut at 10 KiB, or null for no annotation. At most 5 KiB.
   * @proto 2
   */
  valueExpression: string;
}

/** A problem that type checking found in an expression. */
export interface ExpressionWarning {
  /**
   * Path of the expression, such as `spec.validations[0].expression`.
   * @proto 2
   */
  fieldRef: string;
  /**
   * What was found, for each type that was checked.
   * @proto 3
   */
  warning: string;
}

/**
 * What happens when a webhook or policy fails.
 * @enumeration
 */
export type FailurePolicyType = "Ignore" | "Fail";

/** A condition that a request has to meet. */
export interface MatchCondition {
  /**
   * Identifies the condition in its list and in logs; a qualified name.
   * @proto 1
   */
  name: string;
  /**
   * CEL expression, true or false. It may use object, oldObject, request, authorizer and, in policies with
   * parameters, params.
   * @proto 2
   */
  expression: string;
}

/**
 * How rules match requests.
 * @enumeration
 */
export type MatchPolicyType = "Exact" | "Equivalent";

/**
 * Which requests match: those that fit the selectors, at least one of the resourceRules and none of the
 * excludeResourceRules.
 * @mapType atomic
 */
export interface MatchResources {
  /**
   * Labels of the namespace of the object, or of the object if it is a namespace; other objects without namespace
   * always match. Defaults to everything.
   * @proto 1
   */
  namespaceSelector?: LabelSelector;
  /**
   * Labels of the object or the old object; one of them has to match. Objects without labels match an empty selector
   * only. Defaults to everything.
   * @proto 2
   */
  objectSelector?: LabelSelector;
  /**
   * Operations and resources that match.
   * @proto 3
   * @listType atomic
   */
  resourceRules?: NamedRuleWithOperations[];
  /**
   * Operations and resources that do not match; they win over resourceRules.
   * @proto 4
   * @listType atomic
   */
  excludeResourceRules?: NamedRuleWithOperations[];
  /**
   * Whether rules match requests of other versions of the same resource too: Equivalent does, Exact does not.
   * Defaults to Equivalent.
   * @proto 7
   */
  matchPolicy?: MatchPolicyType;
}

/**
 * A rule that can be restricted to objects by name.
 * @mapType atomic
 */
export interface NamedRuleWithOperations extends RuleWithOperations {
  /**
   * Names of the objects that match; any when empty.
   * @proto 1
   * @listType atomic
   */
  resourceNames?: string[];
}

/**
 * Kind of the parameters of a policy.
 * @mapType atomic
 */
export interface ParamKind {
  /**
   * Group and version of the kind, as `group/version`. Required.
   * @proto 1
   */
  apiVersion?: string;
  /**
   * Name of the kind. Required.
   * @proto 2
   */
  kind?: string;
}

/**
 * The objects that a policy is evaluated with: one by name, or all that match a selector.
 * @mapType atomic
 */
export interface ParamRef {
  /**
   * Name of the object; excludes selector.
   * @proto 1
   */
  name?: string;
  /**
   * Namespace in which parameters are looked for. Unset, it is that of the request's object. Only for kinds that have
   * namespaces.
   * @proto 2
   */
  namespace?: string;
  /**
   * Labels of the objects, each of which the policy is evaluated with; excludes name.
   * @proto 3
   */
  selector?: LabelSelector;
  /**
   * What happens when no parameters are found: Allow passes the binding over, Deny follows the failurePolicy.
   * Required.
   * @proto 4
   */
  parameterNotFoundAction?: ParameterNotFoundActionType;
}

/** What happens when parameters are missing. */
export type ParameterNotFoundActionType = "Allow" | "Deny";

/** What type checking of a policy found. */
export interface TypeChecking {
  /**
   * Problems in expressions.
   * @proto 1
   * @listType atomic
   */
  expressionWarnings?: ExpressionWarning[];
}

/**
 * Accepts or refuses objects by CEL expressions, without changing them. It takes effect through bindings.
 * @kind
 */
export interface ValidatingAdmissionPolicy extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * What the policy checks, and how.
   * @proto 2
   * @alwaysPresent
   */
  spec: ValidatingAdmissionPolicySpec;
  /**
   * What is known of the policy, such as the outcome of type checking.
   * @proto 3
   * @alwaysPresent
   */
  status?: ValidatingAdmissionPolicyStatus;
}

/**
 * Puts a ValidatingAdmissionPolicy into effect, for some objects and with some parameters. A policy with several
 * bindings is evaluated for each.
 * @kind
 */
export interface ValidatingAdmissionPolicyBinding extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Which policy is bound, where, and what its failures lead to.
   * @proto 2
   * @alwaysPresent
   */
  spec: ValidatingAdmissionPolicyBindingSpec;
}

/**
 * List of ValidatingAdmissionPolicyBinding objects.
 * @kind
 */
export interface ValidatingAdmissionPolicyBindingList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The ValidatingAdmissionPolicyBinding objects.
   * @proto 2
   */
  items: ValidatingAdmissionPolicyBinding[];
}

/** What a binding binds. */
export interface ValidatingAdmissionPolicyBindingSpec {
  /**
   * Name of the policy. While it does not exist, the binding does nothing. Required.
   * @proto 1
   */
  policyName?: string;
  /**
   * The parameters that the policy is evaluated with; only for policies with a paramKind.
   * @proto 2
   */
  paramRef?: ParamRef;
  /**
   * Restricts which of the objects that the policy matches it is evaluated for; all of them when unset.
   * @proto 3
   */
  matchResources?: MatchResources;
  /**
   * What a failed validation leads to: Deny refuses the request, Warn warns the client, Audit notes it in the audit
   * event. Deny and Warn exclude each other. Required.
   * @proto 4
   * @listType set
   */
  validationActions?: ValidationAction[];
}

/** Type of a condition of a policy. */
export type ValidatingAdmissionPolicyConditionType = string;

/**
 * List of ValidatingAdmissionPolicy objects.
 * @kind
 */
export interface ValidatingAdmissionPolicyList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The ValidatingAdmissionPolicy objects.
   * @proto 2
   */
  items: ValidatingAdmissionPolicy[];
}

/** What a policy checks, and how. */
export interface ValidatingAdmissionPolicySpec {
  /**
   * Kind of the parameters; a policy without one has no params.
   * @proto 1
   */
  paramKind?: ParamKind;
  /**
   * Which requests the policy is for; at least one of its resourceRules has to match. Required. Policies cannot match
   * policies and their bindings.
   * @proto 2
   */
  matchConstraints?: MatchResources;
  /**
   * The checks, all of which have to pass. Validations or auditAnnotations are required.
   * @proto 3
   * @listType atomic
   */
  validations?: Validation[];
  /**
   * What happens when an expression or the configuration fails: Ignore goes on, Fail treats it as a failed
   * validation. Defaults to Fail.
   * @proto 4
   */
  failurePolicy?: FailurePolicyType;
  /**
   * Annotations for the audit event, at most 20.
   * @proto 5
   * @listType atomic
   */
  auditAnnotations?: AuditAnnotation[];
  /**
   * Conditions that a request has to meet as well, at most 64. One that is false leaves the policy out.
   * @proto 6
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  matchConditions?: MatchCondition[];
  /**
   * Expressions that others refer to by `variables.name`, each to those before it only. Match conditions cannot use
   * them.
   * @proto 7
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  variables?: Variable[];
}

/** What is known of a policy. */
export interface ValidatingAdmissionPolicyStatus {
  /**
   * Generation that was last looked at.
   * @proto 1
   */
  observedGeneration?: Int64;
  /**
   * What type checking found; unset while it has not been done.
   * @proto 2
   */
  typeChecking?: TypeChecking;
  /**
   * Latest observations of the policy.
   * @proto 3
   * @listType map
   * @listMapKey type
   */
  conditions?: Condition[];
}

/** One check of a policy. */
export interface Validation {
  /**
   * CEL expression that has to be true. It may use object, oldObject, request, params, namespaceObject, variables and
   * authorizer, and the name, namespace, kind, apiVersion and generateName of any object's metadata. Field names that
   * CEL cannot spell are escaped. Required.
   * @proto 1
   */
  expression: string;
  /**
   * What is said when the check fails, on one line; `failed expression: ` and the expression when unset. Required if
   * the expression has line breaks.
   * @proto 2
   */
  message?: string;
  /**
   * Reason of the refusal, which decides the status code: Forbidden, Invalid or RequestEntityTooLarge. Defaults to
   * Invalid.
   * @proto 3
   */
  reason?: StatusReason;
  /**
   * CEL expression of the message, which wins over message. If it fails or makes nothing that fits on a line, message
   * is used. It may use what expression does, but for authorizer.
   * @proto 4
   */
  messageExpression?: string;
}

/**
 * What a failed validation leads to.
 * @enumeration
 */
export type ValidationAction = "Deny" | "Warn" | "Audit";

/**
 * An expression with a name.
 * @mapType atomic
 */
export interface Variable {
  /**
   * Name of the variable, a CEL identifier, unique in the policy.
   * @proto 1
   */
  name: string;
  /**
   * CEL expression of the value. It may use what validations use, and the variables before it.
   * @proto 2
   */
  expression: string;
}
