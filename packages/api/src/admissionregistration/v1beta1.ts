import type { MatchCondition, ReinvocationPolicyType, RuleWithOperations, WebhookClientConfig } from "./v1.ts";
import type { Int32, LabelSelector, ListMeta, ObjectMeta, TypeMeta } from "../meta/v1.ts";
export type { MatchCondition, ServiceReference, WebhookClientConfig } from "./v1.ts";

/**
 * What happens when a webhook or policy fails.
 * @knownValues Ignore, Fail
 */
export type FailurePolicyType = string;

/**
 * How rules match requests.
 * @knownValues Exact, Equivalent
 */
export type MatchPolicyType = string;

/** A webhook that may change objects. */
export interface MutatingWebhook {
  /**
   * Fully qualified name of the webhook, at least three parts long, such as `imagepolicy.example.com`.
   * @proto 1
   */
  name: string;
  /**
   * Where the webhook is called.
   * @proto 2
   */
  clientConfig: WebhookClientConfig;
  /**
   * Operations and resources that the webhook is called for; one of them has to match. Webhooks are never called
   * for webhook configurations.
   * @proto 3
   * @listType atomic
   */
  rules?: RuleWithOperations[];
  /**
   * What happens when the call fails: Ignore goes on, Fail refuses the request. Defaults to Fail.
   * @proto 4
   */
  failurePolicy?: FailurePolicyType;
  /**
   * Whether rules match requests of other versions of the same resource too, which are converted for the call:
   * Equivalent does, Exact does not. Defaults to Equivalent.
   * @proto 9
   */
  matchPolicy?: MatchPolicyType;
  /**
   * Labels of the namespace of the object, or of the object if it is a namespace; other objects without
   * namespace are never left out. Defaults to everything.
   * @proto 5
   */
  namespaceSelector?: LabelSelector;
  /**
   * Labels of the object or the old object; one of them has to match. Users can evade webhooks by labels, so use
   * it for opting in. Defaults to everything.
   * @proto 11
   */
  objectSelector?: LabelSelector;
  /**
   * What the webhook changes elsewhere: None, or NoneOnDryRun for none when dryRun is set. Required.
   * @proto 6
   */
  sideEffects?: SideEffectClass;
  /**
   * Seconds until the call fails, from 1 to 30. Defaults to 10.
   * @proto 7
   */
  timeoutSeconds?: Int32;
  /**
   * Versions of AdmissionReview that the webhook understands, best first. The server sends the first that it
   * knows, and fails the call if it knows none.
   * @proto 8
   * @listType atomic
   */
  admissionReviewVersions?: string[];
  /**
   * Whether the webhook may be called again when later plugins change the object: Never or IfNeeded. Webhooks
   * that are called again have to be idempotent. Defaults to Never.
   * @proto 10
   */
  reinvocationPolicy?: ReinvocationPolicyType;
  /**
   * Conditions that a request has to meet as well, at most 64. One that is false leaves the webhook out.
   * @proto 12
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  matchConditions?: MatchCondition[];
}

/**
 * Webhooks that accept, refuse or change objects on their way to the store.
 * @kind
 */
export interface MutatingWebhookConfiguration extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * The webhooks, called in the order of names of configurations, then of this list.
   * @proto 2
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  webhooks?: MutatingWebhook[];
}

/**
 * List of MutatingWebhookConfiguration objects.
 * @kind
 */
export interface MutatingWebhookConfigurationList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The MutatingWebhookConfiguration objects.
   * @proto 2
   */
  items: MutatingWebhookConfiguration[];
}

/**
 * What a webhook changes elsewhere.
 * @knownValues Unknown, None, Some, NoneOnDryRun
 */
export type SideEffectClass = string;

/** A webhook that accepts or refuses objects. */
export interface ValidatingWebhook {
  /**
   * Fully qualified name of the webhook, at least three parts long, such as `imagepolicy.example.com`.
   * @proto 1
   */
  name: string;
  /**
   * Where the webhook is called.
   * @proto 2
   */
  clientConfig: WebhookClientConfig;
  /**
   * Operations and resources that the webhook is called for; one of them has to match. Webhooks are never called
   * for webhook configurations.
   * @proto 3
   * @listType atomic
   */
  rules?: RuleWithOperations[];
  /**
   * What happens when the call fails: Ignore goes on, Fail refuses the request. Defaults to Fail.
   * @proto 4
   */
  failurePolicy?: FailurePolicyType;
  /**
   * Whether rules match requests of other versions of the same resource too, which are converted for the call:
   * Equivalent does, Exact does not. Defaults to Equivalent.
   * @proto 9
   */
  matchPolicy?: MatchPolicyType;
  /**
   * Labels of the namespace of the object, or of the object if it is a namespace; other objects without
   * namespace are never left out. Defaults to everything.
   * @proto 5
   */
  namespaceSelector?: LabelSelector;
  /**
   * Labels of the object or the old object; one of them has to match. Users can evade webhooks by labels, so use
   * it for opting in. Defaults to everything.
   * @proto 10
   */
  objectSelector?: LabelSelector;
  /**
   * What the webhook changes elsewhere: None, or NoneOnDryRun for none when dryRun is set. Required.
   * @proto 6
   * @listType atomic
   */
  sideEffects?: SideEffectClass;
  /**
   * Seconds until the call fails, from 1 to 30. Defaults to 10.
   * @proto 7
   */
  timeoutSeconds?: Int32;
  /**
   * Versions of AdmissionReview that the webhook understands, best first. The server sends the first that it
   * knows, and fails the call if it knows none.
   * @proto 8
   * @listType atomic
   */
  admissionReviewVersions?: string[];
  /**
   * Conditions that a request has to meet as well, at most 64. One that is false leaves the webhook out.
   * @proto 11
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  matchConditions?: MatchCondition[];
}

/**
 * Webhooks that accept or refuse objects without changing them.
 * @kind
 */
export interface ValidatingWebhookConfiguration extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * The webhooks, which are called at the same time.
   * @proto 2
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  webhooks?: ValidatingWebhook[];
}

/**
 * List of ValidatingWebhookConfiguration objects.
 * @kind
 */
export interface ValidatingWebhookConfigurationList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The ValidatingWebhookConfiguration objects.
   * @proto 2
   */
  items: ValidatingWebhookConfiguration[];
}
