import type {
  FailurePolicyType,
  MatchCondition,
  MatchResources,
  ParamKind,
  ParamRef,
  Variable,
} from "./validating-admission-policy.ts";
import type { ReinvocationPolicyType } from "./webhook.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";

/** Changes an object by a server-side apply of what an expression makes. */
export interface ApplyConfiguration {
  /**
   * CEL expression that makes the apply configuration, in the form `Object{spec: Object.spec{replicas: 1}}`. It may
   * use object, oldObject, request, params, namespaceObject, variables and authorizer. It must not name atomic lists,
   * maps or structs partly, and cannot remove fields.
   * @proto 1
   */
  expression?: string;
}

/** Changes an object by a JSON patch. */
export interface JSONPatch {
  /**
   * CEL expression that makes a list of JSONPatch objects, each with op, path and, where needed, from and value. It
   * may use the same variables as apply configurations, and jsonpatch.escapeKey for parts of paths.
   * @proto 1
   */
  expression?: string;
}

/**
 * Changes objects on their way to the store by CEL expressions. It takes effect through bindings.
 * @kind
 */
export interface MutatingAdmissionPolicy extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * What the policy changes, and how.
   * @proto 2
   * @alwaysPresent
   */
  spec: MutatingAdmissionPolicySpec;
}

/**
 * Puts a MutatingAdmissionPolicy into effect, for some objects and with some parameters. A policy with several
 * bindings is evaluated for each.
 * @kind
 */
export interface MutatingAdmissionPolicyBinding extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Which policy is bound, where, and with which parameters.
   * @proto 2
   * @alwaysPresent
   */
  spec: MutatingAdmissionPolicyBindingSpec;
}

/**
 * List of MutatingAdmissionPolicyBinding objects.
 * @kind
 */
export interface MutatingAdmissionPolicyBindingList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The MutatingAdmissionPolicyBinding objects.
   * @proto 2
   */
  items: MutatingAdmissionPolicyBinding[];
}

/** What a binding binds. */
export interface MutatingAdmissionPolicyBindingSpec {
  /**
   * Name of the policy. While it does not exist, the binding does nothing.
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
}

/**
 * List of MutatingAdmissionPolicy objects.
 * @kind
 */
export interface MutatingAdmissionPolicyList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The MutatingAdmissionPolicy objects.
   * @proto 2
   */
  items: MutatingAdmissionPolicy[];
}

/** What a policy changes, and how. */
export interface MutatingAdmissionPolicySpec {
  /**
   * Kind of the parameters; a policy without one has no params.
   * @proto 1
   */
  paramKind?: ParamKind;
  /**
   * Which requests the policy is for; at least one of its resourceRules has to match. Required. Policies cannot match
   * policies and their bindings. Operation DELETE is not allowed, and not part of `*`.
   * @proto 2
   */
  matchConstraints?: MatchResources;
  /**
   * Expressions that others refer to by `variables.name`, each to those before it only.
   * @proto 3
   * @listType atomic
   */
  variables?: Variable[];
  /**
   * The changes, made in this order; at least one.
   * @proto 4
   * @listType atomic
   */
  mutations?: Mutation[];
  /**
   * What happens when an expression or the configuration fails: Ignore goes on, Fail refuses the request. Defaults to
   * Fail.
   * @proto 5
   */
  failurePolicy?: FailurePolicyType;
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
   * Whether the policy is evaluated again after other plugins changed the object: Never or IfNeeded. Required.
   * @proto 7
   */
  reinvocationPolicy?: ReinvocationPolicyType;
}

/** One change that a policy makes. */
export interface Mutation {
  /**
   * How the change is made: ApplyConfiguration or JSONPatch. The field of that name is set.
   * @proto 2
   */
  patchType: PatchType;
  /**
   * The change as an apply configuration.
   * @proto 3
   */
  applyConfiguration?: ApplyConfiguration;
  /**
   * The change as a JSON patch.
   * @proto 4
   */
  jsonPatch?: JSONPatch;
}

/**
 * How a policy makes a change.
 * @enumeration
 */
export type PatchType = "ApplyConfiguration" | "JSONPatch";
