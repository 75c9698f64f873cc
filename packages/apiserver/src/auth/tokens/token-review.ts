import type { TokenReview } from "@kube-ts/api/authentication/v1";
import type { TokenAuthenticator } from "./token-authenticator.ts";

/** Answers a TokenReview. `apiAudiences` are assumed where the review asks for none. */
export async function reviewToken(
  review: TokenReview,
  tokens: TokenAuthenticator,
  apiAudiences: readonly string[],
  signal: AbortSignal,
): Promise<TokenReview> {
  const { token = "", audiences = [] } = review.spec;
  const wanted = audiences.length > 0 ? audiences : apiAudiences;
  const outcome = await tokens.authenticateToken(token, wanted.length > 0 ? wanted : undefined, signal);
  if (outcome.kind !== "user") {
    const error = outcome.kind === "refused" ? outcome.reason : "invalid bearer token";
    return { ...review, status: { user: {}, error } };
  }
  const { user } = outcome;
  const matching = (outcome.audiences ?? wanted).filter((audience) => wanted.includes(audience));
  return {
    ...review,
    status: {
      authenticated: true,
      user: {
        username: user.name,
        ...(user.uid !== "" && { uid: user.uid }),
        groups: [...user.groups],
        ...(Object.keys(user.extra).length > 0 && { extra: copyExtra(user.extra) }),
      },
      ...(matching.length > 0 && { audiences: matching }),
    },
  };
}

function copyExtra(extra: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]]));
}
