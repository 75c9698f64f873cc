import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import type { SubjectAccessReview } from "@kube-ts/api/authorization/v1";
import type { CertificateNames } from "./certificate-names.ts";
import { kubeletClientProblem } from "./signer-rules.ts";

/** A reason for which a request may be approved without asking anybody. */
export interface AutoApproval {
  /** Subresource of certificatesigningrequests that the requester must be allowed to create. */
  readonly permission: "selfnodeclient" | "nodeclient";
  readonly message: string;
}

const selfNodeClient: AutoApproval = {
  permission: "selfnodeclient",
  message: "Auto approving self kubelet client certificate after SubjectAccessReview.",
};
const nodeClient: AutoApproval = {
  permission: "nodeclient",
  message: "Auto approving kubelet client certificate after SubjectAccessReview.",
};

/** What would have to be permitted for the request to be approved, in the order of trying; any one suffices. */
export function autoApprovals({ spec }: CertificateSigningRequest, names: CertificateNames): readonly AutoApproval[] {
  if (spec.signerName !== "kubernetes.io/kube-apiserver-client-kubelet") return [];
  if (kubeletClientProblem(names, spec.usages ?? []) !== undefined) return [];
  return spec.username === names.subject.commonName ? [selfNodeClient, nodeClient] : [nodeClient];
}

/** The question whether the requester has a permission, a subresource of requests; `name` restricts it to one of them. */
export function permissionReview(
  { spec }: CertificateSigningRequest,
  permission: string,
  name?: string,
): SubjectAccessReview {
  return {
    metadata: {},
    spec: {
      ...(spec.username !== undefined && { user: spec.username }),
      ...(spec.uid !== undefined && { uid: spec.uid }),
      ...(spec.groups && { groups: [...spec.groups] }),
      ...(spec.extra && { extra: structuredClone(spec.extra) }),
      resourceAttributes: {
        group: "certificates.k8s.io",
        version: "*",
        resource: "certificatesigningrequests",
        subresource: permission,
        ...(name !== undefined && { name }),
        verb: "create",
      },
    },
  };
}
