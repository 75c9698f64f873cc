import { StoreError } from "../store.ts";
import type { StoreErrorCode } from "../store.ts";

/** A call's failure as gRPC reports it. */
export interface GrpcError extends Error {
  readonly code: number;
  readonly details: string;
}

/** The gRPC status codes that this package makes or looks at. */
export const grpcStatus = {
  ok: 0,
  deadlineExceeded: 4,
  resourceExhausted: 8,
  internal: 13,
  unavailable: 14,
} as const;

/** A call that failed, or that a member answered with a failure. */
export class CallError extends Error implements GrpcError {
  readonly code: number;
  readonly details: string;

  constructor(code: number, details: string) {
    super(`gRPC status ${code}: ${details}`);
    this.code = code;
    this.details = details;
  }
}

function isGrpcError(error: unknown): error is GrpcError {
  return error instanceof Error && typeof (error as Partial<GrpcError>).code === "number" && "details" in error;
}

/**
 * Codes with which a member answers a request that would fare no better elsewhere: invalid argument, not found,
 * already exists, permission denied, failed precondition, out of range, unimplemented, unauthenticated.
 */
const answers: ReadonlySet<number> = new Set([3, 5, 6, 7, 9, 11, 12, 16]);

/** What etcd's and gRPC's error texts mean, by a part of the text. */
const meanings: readonly (readonly [text: string, code: StoreErrorCode])[] = [
  ["required revision has been compacted", "compacted"],
  ["required revision is a future revision", "future-revision"],
  ["database space exceeded", "no-space"],
  ["request is too large", "too-large"],
  ["message larger than max", "too-large"],
];

/** Translates the failure of a call to etcd; what is not understood counts as unavailable. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const text = isGrpcError(error) ? error.details : error instanceof Error ? error.message : String(error);
  const meaning = meanings.find(([part]) => text.includes(part));
  return new StoreError(meaning?.[1] ?? "unavailable", text, { cause: error });
}

/** Whether the failure is the answer of a working member rather than the lack of one. */
export function isAnswer(error: unknown): boolean {
  if (!isGrpcError(error)) return false;
  return answers.has(error.code) || meanings.some(([part]) => error.details.includes(part));
}

/** Whether the request certainly never reached a member, so that even a write may be sent again. */
export function neverSent(error: unknown): boolean {
  if (!isGrpcError(error)) return false;
  if (error.code === grpcStatus.resourceExhausted) return error.details.includes("etcdserver: too many requests");
  return (
    error.code === grpcStatus.unavailable &&
    /No connection established|Failed to connect|Name resolution/.test(error.details)
  );
}

/**
 * Whether a member has gone away, or given up, with a request that it may have carried out or not. One that only waits, or
 * that we have left, may carry it out at any time.
 */
export function isOutcomeUnknown(error: unknown): boolean {
  const cause = error instanceof StoreError ? error.cause : error;
  if (!isGrpcError(cause) || isAnswer(cause) || neverSent(cause)) return false;
  return cause.code === grpcStatus.unavailable && !/keepalive timed out|the client is closed/.test(cause.details);
}

/** Whether a lease that a write named has expired. */
export function isLeaseNotFound(error: unknown): boolean {
  const cause = error instanceof StoreError ? error.cause : error;
  return isGrpcError(cause) && cause.details.includes("requested lease not found");
}
