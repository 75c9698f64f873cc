import type { ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";
import type { Int64, Time, Uid } from "../meta/v1/primitives.ts";

/** Reference to an object that a token is bound to. */
export interface BoundObjectReference {
  /**
   * Kind of the object, for example Pod or Secret.
   * @proto 1
   */
  kind?: string;
  /**
   * API version of the object.
   * @proto 2
   */
  apiVersion?: string;
  /**
   * Name of the object.
   * @proto 3
   */
  name?: string;
  /**
   * UID of the object.
   * @proto 4
   */
  uid?: Uid;
}

/**
 * Reports how the server sees the user who makes the request. The answer is filled in by the server.
 * @kind
 */
export interface SelfSubjectReview extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Attributes of the requesting user; filled in by the server.
   * @proto 2
   * @alwaysPresent
   */
  status?: SelfSubjectReviewStatus;
}

/** Result of a self subject review. */
export interface SelfSubjectReviewStatus {
  /**
   * Attributes of the user making the request.
   * @proto 1
   * @alwaysPresent
   */
  userInfo?: UserInfo;
}

/**
 * Requests a token for a service account.
 * @kind
 */
export interface TokenRequest extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Properties of the requested token.
   * @proto 2
   * @alwaysPresent
   */
  spec: TokenRequestSpec;
  /**
   * Issued token and its expiry; filled in by the server.
   * @proto 3
   * @alwaysPresent
   */
  status?: TokenRequestStatus;
}

/** Properties requested for a token. */
export interface TokenRequestSpec {
  /**
   * Intended audiences of the token; a receiver should reject a token that does not name it. Several
   * audiences imply a high level of trust between them.
   * @proto 1
   * @listType atomic
   */
  audiences?: string[] | null;
  /**
   * Requested validity in seconds; the server may issue a token with a different duration. Defaults to
   * 3600, with a minimum of 600.
   * @proto 4
   */
  expirationSeconds?: Int64;
  /**
   * Object that the token is bound to; the token is valid only while it exists. Not every receiver checks
   * this, so keep the validity short when revocation matters.
   * @proto 3
   */
  boundObjectRef?: BoundObjectReference | null;
}

/** Issued token. */
export interface TokenRequestStatus {
  /**
   * Opaque bearer token.
   * @proto 1
   * @alwaysPresent
   */
  token: string;
  /**
   * Time at which the token expires.
   * @proto 2
   */
  expirationTimestamp?: Time;
}

/**
 * Checks whether a bearer token is valid and which user it stands for. Results may be cached.
 * @kind
 */
export interface TokenReview extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Token to check.
   * @proto 2
   */
  spec: TokenReviewSpec;
  /**
   * Result of the check; filled in by the server.
   * @proto 3
   * @alwaysPresent
   */
  status?: TokenReviewStatus;
}

/** Token and audiences to check. */
export interface TokenReviewSpec {
  /**
   * Opaque bearer token to check.
   * @proto 1
   */
  token?: string;
  /**
   * Audiences the token must be intended for, at least one of which must match. When empty, the audience of
   * the API server is used.
   * @proto 2
   * @listType atomic
   */
  audiences?: string[];
}

/** Result of a token check. */
export interface TokenReviewStatus {
  /**
   * True when the token is associated with a known user.
   * @proto 1
   */
  authenticated?: boolean;
  /**
   * User that the token stands for.
   * @proto 2
   * @alwaysPresent
   */
  user?: UserInfo;
  /**
   * Audiences that match both the token and the request, for authenticators that are audience-aware.
   * Clients that requested audiences should check this list; when empty, the token is valid for the API
   * server's audience.
   * @proto 4
   * @listType atomic
   */
  audiences?: string[];
  /**
   * Reason why the token could not be checked.
   * @proto 3
   */
  error?: string;
}

/** Identity of a user, used for authentication and authorization. */
export interface UserInfo {
  /**
   * Name that uniquely identifies the user among active users.
   * @proto 1
   */
  username?: string;
  /**
   * Identifier that distinguishes this user over time, even if the name is deleted and reused.
   * @proto 2
   */
  uid?: string;
  /**
   * Names of groups the user belongs to.
   * @proto 3
   * @listType atomic
   */
  groups?: string[];
  /**
   * Additional attributes supplied by the authenticator.
   * @proto 4
   */
  extra?: Record<string, string[]>;
}
