import type { Secret } from "@kube-ts/api/core/v1";
import { nameOf } from "@kube-ts/api/object";
import { parseTime } from "@kube-ts/api/rfc3339";

export const bootstrapTokenType = "bootstrap.kubernetes.io/token";
export const bootstrapTokenNamespace = "kube-system";

export interface BootstrapToken {
  readonly id: string;
  readonly secret: string;
}

/** The token that the secret holds for signing; undefined for one that is incomplete, over, or for other uses only. */
export function signingToken(secret: Secret, nowMs: number): BootstrapToken | undefined {
  const [, id] = /^bootstrap-token-([a-z0-9]{6})$/.exec(nameOf(secret)) ?? [];
  const tokenSecret = field(secret, "token-secret");
  if (id === undefined || field(secret, "token-id") !== id || tokenSecret === "") return undefined;
  if (secret.type !== bootstrapTokenType || secret.metadata.deletionTimestamp) return undefined;
  if (field(secret, "usage-bootstrap-signing") !== "true" || remainingMs(secret, nowMs) <= 0) return undefined;
  return { id, secret: tokenSecret };
}

/** Timers hold no more than 24 days; whoever waits for a token's end looks again after this time at the latest. */
export const longestWaitMs = 24 * 3_600_000;

/** How long the token is good still; infinite for one without an end, 0 when its end has passed or cannot be read. */
export function remainingMs(secret: Secret, nowMs: number): number {
  const expiration = field(secret, "expiration");
  if (expiration === "") return Infinity;
  const endMs = parseTime(expiration);
  return endMs === undefined ? 0 : Math.max(0, endMs - nowMs);
}

function field(secret: Secret, key: string): string {
  return Buffer.from(secret.data?.[key] ?? "", "base64").toString("utf8");
}
