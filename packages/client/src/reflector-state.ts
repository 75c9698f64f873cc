import { findApiError, isGone, isResourceExpired, isTooManyRequests, statusCause } from "@kube-ts/api/status-error";
import { isNewerVersion } from "./resource-version.ts";

/** How fresh a list has to be. */
export type ListStart =
  /** Anything that the server has cached: for the very first list. */
  | { readonly kind: "cached" }
  /** No older than what is known already. */
  | { readonly kind: "notOlderThan"; readonly resourceVersion: string }
  /** The server's latest state; in one piece when its pages expired too soon. */
  | { readonly kind: "latest"; readonly paged: boolean };

/** What a reflector does next. */
export type ReflectorState =
  | { readonly kind: "list"; readonly start: ListStart }
  | { readonly kind: "watch"; readonly resourceVersion: string }
  /** Waits for the back-off of one more failure, then goes on. */
  | { readonly kind: "pause"; readonly next: ReflectorState };

export const initialState: ReflectorState = { kind: "list", start: { kind: "cached" } };

/** After a complete list. One that is older than what was asked for is not to be believed. */
export function afterList(start: ListStart, resourceVersion: string): ReflectorState {
  if (start.kind === "notOlderThan" && isNewerVersion(start.resourceVersion, resourceVersion)) {
    return { kind: "pause", next: { kind: "list", start: { kind: "latest", paged: true } } };
  }
  return { kind: "watch", resourceVersion };
}

/** After a list failed with an ApiError or without an answer. */
export function afterListFailure(start: ListStart, error: unknown): ReflectorState {
  const expired = isResourceExpired(error) || isGone(error);
  if (start.kind === "latest") {
    const retry: ReflectorState = { kind: "list", start: { kind: "latest", paged: start.paged && !expired } };
    return expired && start.paged ? retry : { kind: "pause", next: retry };
  }
  if (expired || statusCause(error, "ResourceVersionTooLarge")) {
    return { kind: "list", start: { kind: "latest", paged: true } };
  }
  return { kind: "pause", next: { kind: "list", start } };
}

/** A watch that ends this soon without an event is taken for a failure, or a broken server would be hammered. */
const minWatchMs = 1_000;

/** After a watch ended without an error. */
export function afterWatchEnd(resourceVersion: string, eventCount: number, durationMs: number): ReflectorState {
  const resume: ReflectorState = { kind: "watch", resourceVersion };
  return eventCount === 0 && durationMs < minWatchMs ? { kind: "pause", next: resume } : resume;
}

/** After a watch failed. Without an answer, or when the server is busy, the position is still good: resume there. */
export function afterWatchFailure(resourceVersion: string, error: unknown): ReflectorState {
  if (isResourceExpired(error) || isGone(error)) return { kind: "list", start: { kind: "latest", paged: true } };
  const refused = findApiError(error);
  const transient = !refused || isTooManyRequests(error) || refused.code === 401 || refused.code >= 502;
  if (transient) return { kind: "pause", next: { kind: "watch", resourceVersion } };
  return { kind: "pause", next: { kind: "list", start: { kind: "notOlderThan", resourceVersion } } };
}
