import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import { parseTime } from "@kube-ts/api/rfc3339";
import { isIssued } from "./request-state.ts";

const hourMs = 3_600_000;
const answeredMs = hourMs;
const pendingMs = 24 * hourMs;

/** Why a request is of no use any more. */
export type Obsolescence = "issued" | "denied" | "failed" | "never answered" | "certificate expired";

/**
 * Why a request may be deleted; undefined while it may not. `certificateEndMs` answers when its certificate ends, and
 * is asked only about requests that have one.
 */
export function obsolescence(
  request: CertificateSigningRequest,
  nowMs: number,
  certificateEndMs: (request: CertificateSigningRequest) => number | undefined,
): Obsolescence | undefined {
  const conditions = request.status?.conditions ?? [];
  const isOld = (type: string) =>
    conditions.some((each) => each.type === type && isOlderThan(each.lastUpdateTime, answeredMs, nowMs));
  if (isIssued(request)) {
    if (isOld("Approved")) return "issued";
    const endMs = certificateEndMs(request);
    const isApproved = conditions.some(({ type }) => type === "Approved");
    if (isApproved && endMs !== undefined && nowMs > endMs) return "certificate expired";
  }
  if (isOld("Denied")) return "denied";
  if (isOld("Failed")) return "failed";
  const { creationTimestamp } = request.metadata;
  return conditions.length === 0 && isOlderThan(creationTimestamp, pendingMs, nowMs) ? "never answered" : undefined;
}

function isOlderThan(time: string | null | undefined, ageMs: number, nowMs: number): boolean {
  const timeMs = time ? parseTime(time) : undefined;
  return timeMs !== undefined && nowMs - timeMs > ageMs;
}
