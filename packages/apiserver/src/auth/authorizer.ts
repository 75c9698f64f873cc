import type { UserInfo } from "./user.ts";

/** What a request wants to do. */
export type AuthorizationAttributes =
  | {
      readonly kind: "resource";
      readonly user: UserInfo;
      readonly verb: string;
      readonly group: string;
      readonly version: string;
      readonly resource: string;
      readonly subresource: string;
      readonly namespace: string;
      readonly name: string;
      readonly labelSelector?: string;
      readonly fieldSelector?: string;
    }
  | { readonly kind: "path"; readonly user: UserInfo; readonly verb: string; readonly path: string };

export interface AuthorizationDecision {
  /** "noOpinion" lets the next authorizer decide; when none allows, the request is forbidden. */
  readonly decision: "allow" | "deny" | "noOpinion";
  /** Why; shown to the client when the request is forbidden, so it holds nothing secret. */
  readonly reason: string;
  /** What went wrong while deciding; without anybody who allows, the request fails for it. Holds nothing secret. */
  readonly problem?: string;
}

export interface Authorizer {
  authorize(
    attributes: AuthorizationAttributes,
    signal: AbortSignal,
  ): Promise<AuthorizationDecision> | AuthorizationDecision;
}
