import type { SelfSubjectReview, TokenReview } from "@kube-ts/api/authentication/v1";
import { formatTime } from "@kube-ts/api/rfc3339";
import { badRequest } from "@kube-ts/api/status-error";
import type { TokenAuthenticator } from "../../auth/tokens/token-authenticator.ts";
import { reviewToken } from "../../auth/tokens/token-review.ts";
import { decodeBodyAs } from "../request-object.ts";
import { sendObject } from "../respond.ts";
import type { VirtualResource } from "../subresource.ts";
import { parseWriteOptions } from "../write-options.ts";

const group = "authentication.k8s.io";

/** `tokenreviews`: whether a token is good, and whose it is. */
export function tokenReviews(
  tokens: TokenAuthenticator,
  apiAudiences: readonly string[],
  version = "v1",
): VirtualResource {
  return {
    group,
    version,
    plural: "tokenreviews",
    singular: "tokenreview",
    kind: "TokenReview",
    namespaced: false,
    handle: async (context) => {
      const { exchange, form, info } = context;
      const { fieldValidation } = parseWriteOptions(info);
      const type = { group, version, kind: "TokenReview" };
      const review = await decodeBodyAs<TokenReview>(context, type, fieldValidation);
      if (!review.spec.token) throw badRequest("token is required for TokenReview in authentication");
      await sendObject(exchange, 201, form, await reviewToken(review, tokens, apiAudiences, exchange.signal));
    },
  };
}

/** `selfsubjectreviews`: who the server takes the client for. */
export const selfSubjectReviews = (version = "v1"): VirtualResource => ({
  group,
  version,
  plural: "selfsubjectreviews",
  singular: "selfsubjectreview",
  kind: "SelfSubjectReview",
  namespaced: false,
  handle: async (context) => {
    const { exchange, form, info } = context;
    const { fieldValidation } = parseWriteOptions(info);
    await decodeBodyAs<SelfSubjectReview>(context, { group, version, kind: "SelfSubjectReview" }, fieldValidation);
    const { name, uid, groups, extra } = exchange.user;
    const userInfo = {
      ...(name !== "" && { username: name }),
      ...(uid !== "" && { uid }),
      ...(groups.length > 0 && { groups: [...groups] }),
      ...(Object.keys(extra).length > 0 && {
        extra: Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]])),
      }),
    };
    const review: SelfSubjectReview = {
      kind: "SelfSubjectReview",
      apiVersion: `${group}/${version}`,
      metadata: { creationTimestamp: formatTime(exchange.nowMs) },
      status: { userInfo },
    };
    await sendObject(exchange, 201, form, review);
  },
});
