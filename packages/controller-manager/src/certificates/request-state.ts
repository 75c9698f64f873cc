import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import { findCondition } from "@kube-ts/api/conditions";

export function isIssued({ status }: CertificateSigningRequest): boolean {
  return Boolean(status?.certificate);
}

export function isDecided({ status }: CertificateSigningRequest): boolean {
  return ["Approved", "Denied"].some((type) => findCondition(status?.conditions, type) !== undefined);
}

/** Whether a signer has still to answer: it is approved, neither denied nor failed, and has no certificate. */
export function awaitsSigning(request: CertificateSigningRequest): boolean {
  const conditions = request.status?.conditions;
  const isApproved = findCondition(conditions, "Approved") !== undefined;
  const isOver = findCondition(conditions, "Denied") !== undefined || findCondition(conditions, "Failed") !== undefined;
  return isApproved && !isOver && !isIssued(request);
}
