import type { NonResourceAttributes, ResourceAttributes, SubjectAccessReviewStatus } from "./v1.ts";
import type { ObjectMeta, TypeMeta } from "../meta/v1.ts";
export type {
  NonResourceAttributes,
  NonResourceRule,
  ResourceAttributes,
  ResourceRule,
  SelfSubjectAccessReview,
  SelfSubjectAccessReviewSpec,
  SelfSubjectRulesReview,
  SelfSubjectRulesReviewSpec,
  SubjectAccessReviewStatus,
  SubjectRulesReviewStatus,
} from "./v1.ts";

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
   * User to check. With user set but groups unset, the question is whether the user alone may act, without any
   * group.
   * @proto 3
   */
  user?: string;
  /**
   * Groups of the user to check for.
   * @proto 4
   * @listType atomic
   */
  group?: string[];
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
