import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import { certificateSigningRequests } from "@kube-ts/api/resource-types";
import { CertificateRequestError, parseCertificateRequest } from "../../registry/certificates/certificate-request.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "../admission.ts";
import { admissionForbidden, isWriteOf } from "../forbidden.ts";

const clientSigner = "kubernetes.io/kube-apiserver-client";
const administrators = "system:masters";

/** Refuses requests for client certificates that would make their holders administrators for good. */
export class CertificateSubjectRestriction implements AdmissionPlugin {
  readonly name = "CertificateSubjectRestriction";

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE";
  }

  validate(attributes: AdmissionAttributes): void {
    if (!isWriteOf(attributes, certificateSigningRequests) || !attributes.object) return;
    const { spec } = attributes.object as CertificateSigningRequest;
    if (spec.signerName !== clientSigner) return;
    if (!organizationsOf(spec.request, attributes).includes(administrators)) return;
    throw admissionForbidden(attributes, `use of ${clientSigner} signer with ${administrators} group is not allowed`);
  }
}

function organizationsOf(request: string | undefined, attributes: AdmissionAttributes): string[] {
  try {
    const pem = Buffer.from(request ?? "", "base64").toString("latin1");
    return parseCertificateRequest(pem).subjectName.getField("O");
  } catch (error) {
    if (!(error instanceof CertificateRequestError)) throw error;
    throw admissionForbidden(attributes, `failed to parse CSR: ${error.message}`);
  }
}
