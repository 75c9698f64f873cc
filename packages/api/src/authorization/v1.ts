import type { ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";
import type { FieldSelectorRequirement, LabelSelectorRequirement } from "../meta/v1/selector.ts";

/** Field selector restrictions of a request, as raw text or as parsed requirements, but not both. */
export interface FieldSelectorAttributes {
  /**
   * Field selector as sent in a query string; the API server parses it. Webhook authorizers are advised to
   * ignore it.
   * @proto 1
   */
  rawSelector?: string;
  /**
   * Parsed requirements of the field selector; all of them must hold. Authorizers that cannot handle some
   * may ignore them, which only widens the request.
   * @proto 2
   * @listType atomic
   */
  requirements?: FieldSelectorRequirement[];
}

/** Label selector restrictions of a request, as raw text or as parsed requirements, but not both. */
export interface LabelSelectorAttributes {
  /**
   * Label selector as sent in a query string; the API server parses it. Webhook authorizers are advised to
   * ignore it.
   * @proto 1
   */
  rawSelector?: string;
  /**
   * Parsed requirements of the label selector; all of them must hold. Authorizers that cannot handle some
   * may ignore them, which only widens the request.
   * @proto 2
   * @listType atomic
   */
  requirements?: LabelSelectorRequirement[];
}

/**
 * Checks whether a user or group may act in one namespace; a namespaced form of SubjectAccessReview.
 * @kind
 */
export interface LocalSubjectAccessReview extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Request to check. Its namespace must equal the one in the URL; if left empty, that one is used.
   * @proto 2
   */
  spec: SubjectAccessReviewSpec;
  /**
   * Whether the request is allowed; filled in by the server.
   * @proto 3
   * @alwaysPresent
   */
  status?: SubjectAccessReviewStatus;
}

/** Attributes of a request that does not address an API resource. */
export interface NonResourceAttributes {
  /**
   * URL path of the request.
   * @proto 1
   */
  path?: string;
  /**
   * Standard lowercase HTTP verb.
   * @proto 2
   */
  verb?: string;
}

/** Actions allowed on non-resource URLs. */
export interface NonResourceRule {
  /**
   * HTTP verbs allowed by the rule, such as get or post; an asterisk means all.
   * @proto 1
   * @listType atomic
   */
  verbs: string[];
  /**
   * URL paths the rule covers; an asterisk is allowed only as a whole final path step and then matches all
   * paths below it.
   * @proto 2
   * @listType atomic
   */
  nonResourceURLs?: string[];
}

/** Attributes of a request for an API resource. */
export interface ResourceAttributes {
  /**
   * Namespace of the action. Empty means no namespace for cluster-scoped resources and, in
   * SubjectAccessReview and SelfSubjectAccessReview, all namespaces for namespaced ones;
   * LocalSubjectAccessReview defaults it.
   * @proto 1
   */
  namespace?: string;
  /**
   * API verb, such as get, list, watch, create, update, delete or proxy; an asterisk means all.
   * @proto 2
   */
  verb?: string;
  /**
   * API group of the resource; an asterisk means all.
   * @proto 3
   */
  group?: string;
  /**
   * API version of the resource; an asterisk means all.
   * @proto 4
   */
  version?: string;
  /**
   * Plural resource name; an asterisk means all.
   * @proto 5
   */
  resource?: string;
  /**
   * Subresource of the resource; empty means none.
   * @proto 6
   */
  subresource?: string;
  /**
   * Name of the object; empty means all.
   * @proto 7
   */
  name?: string;
  /**
   * Field selector that limits the request; it can only narrow access.
   * @proto 8
   */
  fieldSelector?: FieldSelectorAttributes;
  /**
   * Label selector that limits the request; it can only narrow access.
   * @proto 9
   */
  labelSelector?: LabelSelectorAttributes;
}

/** Actions allowed on resources; the order of rules has no meaning and rules may repeat. */
export interface ResourceRule {
  /**
   * API verbs allowed by the rule; an asterisk means all.
   * @proto 1
   * @listType atomic
   */
  verbs: string[];
  /**
   * API groups of the resources; an asterisk means all.
   * @proto 2
   * @listType atomic
   */
  apiGroups?: string[];
  /**
   * Resources the rule covers; an asterisk means all resources in the given groups, and an asterisk
   * followed by /foo means the subresource foo of all of them.
   * @proto 3
   * @listType atomic
   */
  resources?: string[];
  /**
   * Names of the specific objects allowed. An empty list allows all objects; an asterisk means all.
   * @proto 4
   * @listType atomic
   */
  resourceNames?: string[];
}

/**
 * Checks whether the current user may perform an action.
 * @kind
 */
export interface SelfSubjectAccessReview extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Request to check, evaluated for the user making the call; one of resource or non-resource attributes
   * must be set.
   * @proto 2
   */
  spec: SelfSubjectAccessReviewSpec;
  /**
   * Whether the request is allowed; filled in by the server.
   * @proto 3
   * @alwaysPresent
   */
  status?: SubjectAccessReviewStatus;
}

/** Action to check; exactly one of resourceAttributes and nonResourceAttributes must be set. */
export interface SelfSubjectAccessReviewSpec {
  /**
   * Attributes of a resource request.
   * @proto 1
   */
  resourceAttributes?: ResourceAttributes;
  /**
   * Attributes of a request that does not address a resource.
   * @proto 2
   */
  nonResourceAttributes?: NonResourceAttributes;
}

/**
 * Lists the actions the current user may perform in a namespace. The result may be incomplete and is meant
 * for display, not for external authorization decisions.
 * @kind
 */
export interface SelfSubjectRulesReview extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Namespace to evaluate.
   * @proto 2
   */
  spec: SelfSubjectRulesReviewSpec;
  /**
   * Actions that the user may perform; filled in by the server.
   * @proto 3
   * @alwaysPresent
   */
  status?: SubjectRulesReviewStatus;
}

/** Namespace for a rules review. */
export interface SelfSubjectRulesReviewSpec {
  /**
   * Namespace to evaluate rules for; required.
   * @proto 1
   */
  namespace?: string;
}

/**
 * Checks whether a user or group may perform an action.
 * @kind
 */
export interface SubjectAccessReview extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Request to check.
   * @proto 2
   */
  spec: SubjectAccessReviewSpec;
  /**
   * Whether the request is allowed; filled in by the server.
   * @proto 3
   * @alwaysPresent
   */
  status?: SubjectAccessReviewStatus;
}

/** Action and identity to check; exactly one of resourceAttributes and nonResourceAttributes must be set. */
export interface SubjectAccessReviewSpec {
  /**
   * Attributes of a resource request.
   * @proto 1
   */
  resourceAttributes?: ResourceAttributes;
  /**
   * Attributes of a request that does not address a resource.
   * @proto 2
   */
  nonResourceAttributes?: NonResourceAttributes;
  /**
   * User to check. With user set but groups unset, the question is whether the user alone may act, without
   * any group.
   * @proto 3
   */
  user?: string;
  /**
   * Groups to check for.
   * @proto 4
   * @listType atomic
   */
  groups?: string[];
  /**
   * Extra attributes of the user, corresponding to those from authentication.
   * @proto 5
   */
  extra?: Record<string, string[]>;
  /**
   * UID of the requesting user.
   * @proto 6
   */
  uid?: string;
}

/** Result of an access check. */
export interface SubjectAccessReviewStatus {
  /**
   * True when the action would be allowed.
   * @proto 1
   */
  allowed: boolean;
  /**
   * True when the action would be denied outright. When both allowed and denied are false, the authorizer
   * has no opinion; both cannot be true.
   * @proto 4
   */
  denied?: boolean;
  /**
   * Why the request was allowed or denied.
   * @proto 2
   */
  reason?: string;
  /**
   * Errors met during evaluation; the check may still continue and produce a result.
   * @proto 3
   */
  evaluationError?: string;
}

/** Result of a rules review, which may be incomplete depending on the authorizers in use. */
export interface SubjectRulesReviewStatus {
  /**
   * Actions permitted on resources, in no particular order and possibly repeated.
   * @proto 1
   * @listType atomic
   */
  resourceRules: ResourceRule[];
  /**
   * Actions permitted on non-resource URLs, in no particular order and possibly repeated.
   * @proto 2
   * @listType atomic
   */
  nonResourceRules: NonResourceRule[];
  /**
   * True when the rules are incomplete, which usually means an authorizer does not support enumerating
   * them.
   * @proto 3
   */
  incomplete: boolean;
  /**
   * Errors met while evaluating rules; the result may be incomplete when set.
   * @proto 4
   */
  evaluationError?: string;
}
