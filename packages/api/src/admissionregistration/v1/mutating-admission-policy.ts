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

/** ApplyConfiguration. */
export interface ApplyConfiguration {
  /**
   * ApplyConfiguration.expression.
   * @proto 1
   */
  expression?: string;
}

/** JSONPatch. */
export interface JSONPatch {
  /**
   * JSONPatch.expression.
   * @proto 1
   */
  expression?: string;
}

/**
 * MutatingAdmissionPolicy.
 * @kind
 */
export interface MutatingAdmissionPolicy extends TypeMeta {
  /**
   * MutatingAdmissionPolicy.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * MutatingAdmissionPolicy.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec: MutatingAdmissionPolicySpec;
}

/**
 * MutatingAdmissionPolicyBinding.
 * @kind
 */
export interface MutatingAdmissionPolicyBinding extends TypeMeta {
  /**
   * MutatingAdmissionPolicyBinding.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * MutatingAdmissionPolicyBinding.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec: MutatingAdmissionPolicyBindingSpec;
}

/**
 * MutatingAdmissionPolicyBindingList.
 * @kind
 */
export interface MutatingAdmissionPolicyBindingList extends TypeMeta {
  /**
   * MutatingAdmissionPolicyBindingList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * MutatingAdmissionPolicyBindingList.items.
   * @proto 2
   */
  items: MutatingAdmissionPolicyBinding[];
}

/** MutatingAdmissionPolicyBindingSpec. */
export interface MutatingAdmissionPolicyBindingSpec {
  /**
   * MutatingAdmissionPolicyBindingSpec.policyName.
   * @proto 1
   */
  policyName?: string;
  /**
   * MutatingAdmissionPolicyBindingSpec.paramRef.
   * @proto 2
   */
  paramRef?: ParamRef;
  /**
   * MutatingAdmissionPolicyBindingSpec.matchResources.
   * @proto 3
   */
  matchResources?: MatchResources;
}

/**
 * MutatingAdmissionPolicyList.
 * @kind
 */
export interface MutatingAdmissionPolicyList extends TypeMeta {
  /**
   * MutatingAdmissionPolicyList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * MutatingAdmissionPolicyList.items.
   * @proto 2
   */
  items: MutatingAdmissionPolicy[];
}

/** MutatingAdmissionPolicySpec. */
export interface MutatingAdmissionPolicySpec {
  /**
   * MutatingAdmissionPolicySpec.paramKind.
   * @proto 1
   */
  paramKind?: ParamKind;
  /**
   * MutatingAdmissionPolicySpec.matchConstraints.
   * @proto 2
   */
  matchConstraints?: MatchResources;
  /**
   * MutatingAdmissionPolicySpec.variables.
   * @proto 3
   * @listType atomic
   */
  variables?: Variable[];
  /**
   * MutatingAdmissionPolicySpec.mutations.
   * @proto 4
   * @listType atomic
   */
  mutations?: Mutation[];
  /**
   * MutatingAdmissionPolicySpec.failurePolicy.
   * @proto 5
   */
  failurePolicy?: FailurePolicyType;
  /**
   * MutatingAdmissionPolicySpec.matchConditions.
   * @proto 6
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  matchConditions?: MatchCondition[];
  /**
   * MutatingAdmissionPolicySpec.reinvocationPolicy.
   * @proto 7
   */
  reinvocationPolicy?: ReinvocationPolicyType;
}

/** Mutation. */
export interface Mutation {
  /**
   * Mutation.patchType.
   * @proto 2
   */
  patchType: PatchType;
  /**
   * Mutation.applyConfiguration.
   * @proto 3
   */
  applyConfiguration?: ApplyConfiguration;
  /**
   * Mutation.jsonPatch.
   * @proto 4
   */
  jsonPatch?: JSONPatch;
}

/**
 * PatchType.
 * @enumeration
 */
export type PatchType = "ApplyConfiguration" | "JSONPatch";
