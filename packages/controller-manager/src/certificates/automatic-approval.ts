import type { SubjectAccessReview } from "@kube-ts/api/authorization/v1";
import type { CertificateSigningRequest, CertificateSigningRequestCondition } from "@kube-ts/api/certificates/v1";
import { nameOf } from "@kube-ts/api/object";
import { certificateSigningRequests, subjectAccessReviews } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";

/** What the review's user may do, as the API server's authorizers see it. */
export async function isPermitted(client: Client, review: SubjectAccessReview, signal: AbortSignal): Promise<boolean> {
  const { status } = await client.resource(subjectAccessReviews).create(review, { signal });
  return status?.allowed ?? false;
}

/** Approves a request. One that is gone or has changed meanwhile is left to the next look at it. */
export async function approve(
  client: Client,
  request: CertificateSigningRequest,
  message: string,
  signal: AbortSignal,
): Promise<void> {
  const approved: CertificateSigningRequestCondition = {
    type: "Approved",
    status: "True",
    reason: "AutoApproved",
    message,
  };
  const conditions = [...(request.status?.conditions ?? []), approved];
  const next = { ...request, status: { ...request.status, conditions } };
  const resource = client.resource(certificateSigningRequests);
  try {
    await resource.updateSubresource({ name: nameOf(request) }, "approval", next, { signal });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
