import type { Pod, Secret, ServiceAccount } from "@kube-ts/api/core/v1";
import { nameOf, uidOf } from "@kube-ts/api/object";
import { visitPodReferences } from "@kube-ts/api/pod-references";
import { timeMs } from "@kube-ts/api/rfc3339";
import { legacyTokenLastUsedLabel, serviceAccountUidAnnotation } from "@kube-ts/api/well-known-labels";

export const invalidSinceLabel = "kubernetes.io/legacy-token-invalid-since";

const dayMs = 24 * 3_600_000;

/** Since when every use of a token is noted, given what the API server wrote down; undefined when that is no day. */
export function trackedSinceMs(day: string | undefined): number | undefined {
  // The tracking may have begun at any time of its first day.
  return day !== undefined && isDay(day) ? Date.parse(day) + dayMs : undefined;
}

/** A token kept in a secret, and all that matters for whether it may go. */
export interface TokenView {
  readonly secret: Secret;
  /** The service account that the secret names, if there is one. */
  readonly account: ServiceAccount | undefined;
  readonly isMounted: () => boolean;
}

export type TokenStep =
  | { readonly kind: "keep" }
  | { readonly kind: "mark"; readonly day: string }
  | { readonly kind: "delete" };

const keep: TokenStep = { kind: "keep" };

/**
 * What becomes of a token that was made automatically: when nobody has used it for the period it is marked and thereby
 * refused, and when nobody takes the mark away for another period it is deleted.
 */
export function planToken({ secret, account, isMounted }: TokenView, nowMs: number, periodMs: number): TokenStep {
  const { creationTimestamp, deletionTimestamp, labels = {} } = secret.metadata;
  const oldestKeptMs = nowMs - periodMs;
  const oldestKeptDay = dayOf(oldestKeptMs);
  if (deletionTimestamp || timeMs(creationTimestamp) >= oldestKeptMs) return keep;
  const lastUsed = labels[legacyTokenLastUsedLabel];
  if (lastUsed !== undefined && (!isDay(lastUsed) || lastUsed >= oldestKeptDay)) return keep;
  if (!account || !isOwn(secret, account) || isMounted()) return keep;
  const invalidSince = labels[invalidSinceLabel];
  if (invalidSince === undefined || !isDay(invalidSince)) return { kind: "mark", day: dayOf(nowMs) };
  return invalidSince >= oldestKeptDay ? keep : { kind: "delete" };
}

/** Only tokens that were made automatically are in their account's list. */
function isOwn(secret: Secret, account: ServiceAccount): boolean {
  const uid = secret.metadata.annotations?.[serviceAccountUidAnnotation];
  if (uid && uid !== uidOf(account)) return false;
  return account.secrets?.some(({ name }) => name === nameOf(secret)) ?? false;
}

/** The names of the secrets that the pods use. */
export function usedSecrets(pods: readonly Pod[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const pod of pods) {
    visitPodReferences(pod, (kind, name) => {
      if (kind === "secret") names.add(name);
    });
  }
  return names;
}

function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}
