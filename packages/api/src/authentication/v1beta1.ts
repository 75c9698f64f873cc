import type { TokenReviewSpec } from "./v1.ts";
import type { ObjectMeta, TypeMeta } from "../meta/v1.ts";
export type { SelfSubjectReview, SelfSubjectReviewStatus, TokenReviewSpec } from "./v1.ts";

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
   * Audiences that match both the token and the request, for authenticators that are audience-aware. Clients
   * that requested audiences should check this list; when empty, the token is valid for the API server's
   * audience.
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
