import type { FailurePolicyType, MatchCondition, MatchPolicyType } from "./validating-admission-policy.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Bytes, Int32 } from "../../meta/v1/primitives.ts";
import type { LabelSelector } from "../../meta/v1/selector.ts";

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
   * Operations and resources that the webhook is called for; one of them has to match. Webhooks are never called for
   * webhook configurations.
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
   * Labels of the namespace of the object, or of the object if it is a namespace; other objects without namespace are
   * never left out. Defaults to everything.
   * @proto 5
   */
  namespaceSelector?: LabelSelector;
  /**
   * Labels of the object or the old object; one of them has to match. Users can evade webhooks by labels, so use it
   * for opting in. Defaults to everything.
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
   * Versions of AdmissionReview that the webhook understands, best first. The server sends the first that it knows,
   * and fails the call if it knows none.
   * @proto 8
   * @listType atomic
   */
  admissionReviewVersions: string[];
  /**
   * Whether the webhook may be called again when later plugins change the object: Never or IfNeeded. Webhooks that
   * are called again have to be idempotent. Defaults to Never.
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
 * An operation that rules match.
 * @enumeration
 */
export type OperationType = "*" | "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

/**
 * Whether a webhook or policy may be run twice for one request.
 * @enumeration
 */
export type ReinvocationPolicyType = "Never" | "IfNeeded";

/** Which resources match. */
export interface Rule {
  /**
   * API groups that match; `*` alone for all. Required.
   * @proto 1
   * @listType atomic
   */
  apiGroups?: string[];
  /**
   * Versions that match; `*` alone for all. Required.
   * @proto 2
   * @listType atomic
   */
  apiVersions?: string[];
  /**
   * Resources that match: `pods`, `pods/log`, `pods/*` for all subresources, `*` for all resources without
   * subresources. A star before the slash stands for all resources, and two stars for everything. Required.
   * @proto 3
   * @listType atomic
   */
  resources?: string[];
  /**
   * Which scope matches: Cluster, Namespaced or `*`. Namespaces are of scope Cluster. Defaults to `*`.
   * @proto 4
   */
  scope?: ScopeType;
}

/** Which operations on which resources match. */
export interface RuleWithOperations extends Rule {
  /**
   * Operations that match: CREATE, UPDATE, DELETE, CONNECT, or `*` alone for all. Required.
   * @proto 1
   * @listType atomic
   */
  operations?: OperationType[];
}

/**
 * A scope that rules match.
 * @enumeration
 */
export type ScopeType = "Cluster" | "Namespaced" | "*";

/** A Service. */
export interface ServiceReference {
  /**
   * Namespace of the Service. Required.
   * @proto 1
   */
  namespace: string;
  /**
   * Name of the Service. Required.
   * @proto 2
   */
  name: string;
  /**
   * URL path that is called.
   * @proto 3
   */
  path?: string;
  /**
   * Port of the Service, from 1 to 65535. Defaults to 443.
   * @proto 4
   */
  port?: Int32;
}

/**
 * What a webhook changes elsewhere.
 * @enumeration
 */
export type SideEffectClass = "Unknown" | "None" | "Some" | "NoneOnDryRun";

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
   * Operations and resources that the webhook is called for; one of them has to match. Webhooks are never called for
   * webhook configurations.
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
   * Labels of the namespace of the object, or of the object if it is a namespace; other objects without namespace are
   * never left out. Defaults to everything.
   * @proto 5
   */
  namespaceSelector?: LabelSelector;
  /**
   * Labels of the object or the old object; one of them has to match. Users can evade webhooks by labels, so use it
   * for opting in. Defaults to everything.
   * @proto 10
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
   * Versions of AdmissionReview that the webhook understands, best first. The server sends the first that it knows,
   * and fails the call if it knows none.
   * @proto 8
   * @listType atomic
   */
  admissionReviewVersions: string[];
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

/** Where a webhook is called; exactly one of url and service is set. */
export interface WebhookClientConfig {
  /**
   * URL of the webhook, `https://host:port/path`, without user information, fragment or query. The host should not
   * name a Service of the cluster; use service then.
   * @proto 3
   */
  url?: string;
  /**
   * The Service in front of the webhook.
   * @proto 1
   */
  service?: ServiceReference;
  /**
   * PEM certificates of the authorities that may have signed the webhook's certificate; those of the system when
   * unset.
   * @proto 2
   */
  caBundle?: Bytes;
}
