import { isRecord } from "@kube-ts/std/config-schema";
import type { AuthenticationOutcome } from "../authenticator.ts";
import type { TokenAuthenticator } from "../tokens/token-authenticator.ts";
import { withAuthenticatedGroup } from "../user.ts";
import type { ReviewWebhook } from "./review-webhook.ts";

export interface TokenWebhookOptions {
  /** `--authentication-token-webhook-version`: `v1` or `v1beta1`. */
  readonly version: string;
  readonly apiAudiences: readonly string[];
}

/** Lets a webhook say whose bearer tokens are, by TokenReviews. */
export class TokenWebhook implements TokenAuthenticator {
  readonly #webhook: ReviewWebhook;
  readonly #options: TokenWebhookOptions;

  constructor(webhook: ReviewWebhook, options: TokenWebhookOptions) {
    this.#webhook = webhook;
    this.#options = options;
  }

  async authenticateToken(
    token: string,
    audiences: readonly string[] | undefined,
    signal: AbortSignal,
  ): Promise<AuthenticationOutcome> {
    const { version, apiAudiences } = this.#options;
    const wanted = audiences ?? apiAudiences;
    const review = {
      kind: "TokenReview",
      apiVersion: `authentication.k8s.io/${version}`,
      metadata: { creationTimestamp: null },
      spec: { token, ...(wanted.length > 0 && { audiences: wanted }) },
      status: { user: {} },
    };
    try {
      const { status } = await this.#webhook.post(review, signal);
      return outcomeOf(isRecord(status) ? status : {}, audiences === undefined ? undefined : wanted, apiAudiences);
    } catch (error) {
      signal.throwIfAborted();
      return { kind: "refused", reason: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** `wanted` are the audiences that somebody asked for; without them those of the server are implied. */
function outcomeOf(
  status: Readonly<Record<string, unknown>>,
  wanted: readonly string[] | undefined,
  apiAudiences: readonly string[],
): AuthenticationOutcome {
  const { authenticated, error, user, audiences } = status;
  if (authenticated !== true) {
    return typeof error === "string" && error !== "" ? { kind: "refused", reason: error } : { kind: "unknown" };
  }
  const asked = wanted ?? apiAudiences;
  // A webhook that knows no audiences speaks for those of this server only.
  const given = textList(audiences);
  const offered = given.length > 0 ? given : apiAudiences;
  const matching = offered.filter((audience) => asked.includes(audience));
  if (asked.length > 0 && matching.length === 0) return { kind: "unknown" };
  const { username, uid, groups, extra } = isRecord(user) ? user : {};
  const found = { name: text(username), uid: text(uid), groups: textList(groups), extra: extraOf(extra) };
  return { kind: "user", user: withAuthenticatedGroup(found), audiences: matching };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function extraOf(value: unknown): Record<string, readonly string[]> {
  const extra = Object.create(null) as Record<string, readonly string[]>;
  for (const [key, values] of Object.entries(isRecord(value) ? value : {})) extra[key] = textList(values);
  return extra;
}
