import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import { CertificateRequestError, parseCertificateRequest } from "../registry/certificates/certificate-request.ts";
import type { AdmissionAttributes } from "./admission.ts";

const nodeSigners: readonly string[] = ["kubernetes.io/kubelet-serving", "kubernetes.io/kube-apiserver-client-kubelet"];

/** Why a node may not ask for this certificate: what kubelets show is for the node itself only. */
export function nodeCertificateProblem(node: string, { operation, object }: AdmissionAttributes): string | undefined {
  if (operation !== "CREATE" || !object) return undefined;
  const { spec } = object as CertificateSigningRequest;
  if (!nodeSigners.includes(spec.signerName)) return undefined;
  try {
    const pem = Buffer.from(spec.request, "base64").toString("latin1");
    const names = parseCertificateRequest(pem).subjectName.getField("CN");
    return names.at(-1) === `system:node:${node}`
      ? undefined
      : `can only create a node CSR with CN=system:node:${node}`;
  } catch (error) {
    if (error instanceof CertificateRequestError) return `unable to parse csr: ${error.message}`;
    throw error;
  }
}
