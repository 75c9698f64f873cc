import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import type { CertificateSigningRequest as LegacyRequest } from "@kube-ts/api/certificates/v1beta1";
import { certificateSigningRequests } from "@kube-ts/api/resource-types";
import { legacyVersion } from "../legacy-version.ts";
import type { AlternateVersion } from "../resource-definition.ts";
import { CertificateRequestError, parseCertificateRequest } from "./certificate-request.ts";

const legacySigner = "kubernetes.io/legacy-unknown";
const alternativeNames = "2.5.29.17";

export const legacyCertificateSigningRequests: readonly AlternateVersion<CertificateSigningRequest>[] = [
  legacyVersion<CertificateSigningRequest, LegacyRequest>(certificateSigningRequests, "certificates.k8s.io/v1beta1", {
    fromStored: (request) => request,
    toStored: (request) => request as CertificateSigningRequest,
    defaults({ spec, status }) {
      if (!spec) return;
      if (spec.usages === undefined) spec.usages = ["digital signature", "key encipherment"];
      spec.signerName ??= signerOf(spec.request ?? "", spec.usages);
      for (const condition of status?.conditions ?? []) condition.status ||= "True";
    },
    tolerates: ({ path, value }) => path === "spec.signerName" && value === legacySigner,
  }),
];

/** The signer of a request that names none, by what it asks for. `request` is the PEM form in base64. */
function signerOf(request: string, usages: readonly string[]): string {
  let names: Names;
  try {
    names = namesIn(request);
  } catch (error) {
    if (error instanceof CertificateRequestError) return legacySigner;
    throw error;
  }
  const isNode = names.organizations.join() === "system:nodes" && names.commonName.startsWith("system:node:");
  if (!isNode) return legacySigner;
  const asks = usages
    .filter((usage) => usage !== "key encipherment")
    .toSorted()
    .join();
  if (names.hasAlternatives && asks === "digital signature,server auth") return "kubernetes.io/kubelet-serving";
  if (!names.hasAlternatives && asks === "client auth,digital signature") {
    return "kubernetes.io/kube-apiserver-client-kubelet";
  }
  return legacySigner;
}

interface Names {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** Whether it is for host names, addresses or the like, too. */
  readonly hasAlternatives: boolean;
}

function namesIn(request: string): Names {
  const { subjectName, extensions } = parseCertificateRequest(Buffer.from(request, "base64").toString());
  const [commonName = ""] = subjectName.getField("CN");
  return {
    commonName,
    organizations: subjectName.getField("O"),
    hasAlternatives: extensions.some(({ type }) => type === alternativeNames),
  };
}
