import type { FailurePolicyType, MatchCondition, MatchPolicyType } from "./validating-admission-policy.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Bytes, Int32 } from "../../meta/v1/primitives.ts";
import type { LabelSelector } from "../../meta/v1/selector.ts";

/** MutatingWebhook. */
export interface MutatingWebhook {
  /**
   * MutatingWebhook.name.
   * @proto 1
   */
  name: string;
  /**
   * MutatingWebhook.clientConfig.
   * @proto 2
   */
  clientConfig: WebhookClientConfig;
  /**
   * MutatingWebhook.rules.
   * @proto 3
   * @listType atomic
   */
  rules?: RuleWithOperations[];
  /**
   * MutatingWebhook.failurePolicy.
   * @proto 4
   */
  failurePolicy?: FailurePolicyType;
  /**
   * MutatingWebhook.matchPolicy.
   * @proto 9
   */
  matchPolicy?: MatchPolicyType;
  /**
   * MutatingWebhook.namespaceSelector.
   * @proto 5
   */
  namespaceSelector?: LabelSelector;
  /**
   * MutatingWebhook.objectSelector.
   * @proto 11
   */
  objectSelector?: LabelSelector;
  /**
   * MutatingWebhook.sideEffects.
   * @proto 6
   */
  sideEffects?: SideEffectClass;
  /**
   * MutatingWebhook.timeoutSeconds.
   * @proto 7
   */
  timeoutSeconds?: Int32;
  /**
   * MutatingWebhook.admissionReviewVersions.
   * @proto 8
   * @listType atomic
   */
  admissionReviewVersions: string[];
  /**
   * MutatingWebhook.reinvocationPolicy.
   * @proto 10
   */
  reinvocationPolicy?: ReinvocationPolicyType;
  /**
   * MutatingWebhook.matchConditions.
   * @proto 12
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  matchConditions?: MatchCondition[];
}

/**
 * MutatingWebhookConfiguration.
 * @kind
 */
export interface MutatingWebhookConfiguration extends TypeMeta {
  /**
   * MutatingWebhookConfiguration.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * MutatingWebhookConfiguration.webhooks.
   * @proto 2
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  webhooks?: MutatingWebhook[];
}

/**
 * MutatingWebhookConfigurationList.
 * @kind
 */
export interface MutatingWebhookConfigurationList extends TypeMeta {
  /**
   * MutatingWebhookConfigurationList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * MutatingWebhookConfigurationList.items.
   * @proto 2
   */
  items: MutatingWebhookConfiguration[];
}

/**
 * OperationType.
 * @enumeration
 */
export type OperationType = "*" | "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

/**
 * ReinvocationPolicyType.
 * @enumeration
 */
export type ReinvocationPolicyType = "Never" | "IfNeeded";

/** Rule. */
export interface Rule {
  /**
   * Rule.apiGroups.
   * @proto 1
   * @listType atomic
   */
  apiGroups?: string[];
  /**
   * Rule.apiVersions.
   * @proto 2
   * @listType atomic
   */
  apiVersions?: string[];
  /**
   * Rule.resources.
   * @proto 3
   * @listType atomic
   */
  resources?: string[];
  /**
   * Rule.scope.
   * @proto 4
   */
  scope?: ScopeType;
}

/** RuleWithOperations. */
export interface RuleWithOperations extends Rule {
  /**
   * RuleWithOperations.operations.
   * @proto 1
   * @listType atomic
   */
  operations?: OperationType[];
}

/**
 * ScopeType.
 * @enumeration
 */
export type ScopeType = "Cluster" | "Namespaced" | "*";

/** ServiceReference. */
export interface ServiceReference {
  /**
   * ServiceReference.namespace.
   * @proto 1
   */
  namespace: string;
  /**
   * ServiceReference.name.
   * @proto 2
   */
  name: string;
  /**
   * ServiceReference.path.
   * @proto 3
   */
  path?: string;
  /**
   * ServiceReference.port.
   * @proto 4
   */
  port?: Int32;
}

/**
 * SideEffectClass.
 * @enumeration
 */
export type SideEffectClass = "Unknown" | "None" | "Some" | "NoneOnDryRun";

/** ValidatingWebhook. */
export interface ValidatingWebhook {
  /**
   * ValidatingWebhook.name.
   * @proto 1
   */
  name: string;
  /**
   * ValidatingWebhook.clientConfig.
   * @proto 2
   */
  clientConfig: WebhookClientConfig;
  /**
   * ValidatingWebhook.rules.
   * @proto 3
   * @listType atomic
   */
  rules?: RuleWithOperations[];
  /**
   * ValidatingWebhook.failurePolicy.
   * @proto 4
   */
  failurePolicy?: FailurePolicyType;
  /**
   * ValidatingWebhook.matchPolicy.
   * @proto 9
   */
  matchPolicy?: MatchPolicyType;
  /**
   * ValidatingWebhook.namespaceSelector.
   * @proto 5
   */
  namespaceSelector?: LabelSelector;
  /**
   * ValidatingWebhook.objectSelector.
   * @proto 10
   */
  objectSelector?: LabelSelector;
  /**
   * ValidatingWebhook.sideEffects.
   * @proto 6
   */
  sideEffects?: SideEffectClass;
  /**
   * ValidatingWebhook.timeoutSeconds.
   * @proto 7
   */
  timeoutSeconds?: Int32;
  /**
   * ValidatingWebhook.admissionReviewVersions.
   * @proto 8
   * @listType atomic
   */
  admissionReviewVersions: string[];
  /**
   * ValidatingWebhook.matchConditions.
   * @proto 11
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  matchConditions?: MatchCondition[];
}

/**
 * ValidatingWebhookConfiguration.
 * @kind
 */
export interface ValidatingWebhookConfiguration extends TypeMeta {
  /**
   * ValidatingWebhookConfiguration.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * ValidatingWebhookConfiguration.webhooks.
   * @proto 2
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  webhooks?: ValidatingWebhook[];
}

/**
 * ValidatingWebhookConfigurationList.
 * @kind
 */
export interface ValidatingWebhookConfigurationList extends TypeMeta {
  /**
   * ValidatingWebhookConfigurationList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * ValidatingWebhookConfigurationList.items.
   * @proto 2
   */
  items: ValidatingWebhookConfiguration[];
}

/** WebhookClientConfig. */
export interface WebhookClientConfig {
  /**
   * WebhookClientConfig.url.
   * @proto 3
   */
  url?: string;
  /**
   * WebhookClientConfig.service.
   * @proto 1
   */
  service?: ServiceReference;
  /**
   * WebhookClientConfig.caBundle.
   * @proto 2
   */
  caBundle?: Bytes;
}
