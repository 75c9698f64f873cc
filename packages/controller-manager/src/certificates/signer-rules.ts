import type { KeyUsage } from "@kube-ts/api/certificates/v1";
import { assertNever } from "@kube-ts/std/assert-never";
import type { CertificateNames } from "./certificate-names.ts";

/** The signers that the cluster itself provides. */
const signerNames = [
  "kubernetes.io/kubelet-serving",
  "kubernetes.io/kube-apiserver-client-kubelet",
  "kubernetes.io/kube-apiserver-client",
  "kubernetes.io/legacy-unknown",
] as const;

export type SignerName = (typeof signerNames)[number];

export function isSignerName(name: string): name is SignerName {
  return (signerNames as readonly string[]).includes(name);
}

type Usages = readonly KeyUsage[];

/** Why the signer does not issue what is asked for; undefined when it does. */
export function signerProblem(signer: SignerName, names: CertificateNames, usages: Usages): string | undefined {
  switch (signer) {
    case "kubernetes.io/kubelet-serving":
      return kubeletServingProblem(names, usages);
    case "kubernetes.io/kube-apiserver-client-kubelet":
      return kubeletClientProblem(names, usages);
    case "kubernetes.io/kube-apiserver-client":
      return clientUsageProblem(usages);
    case "kubernetes.io/legacy-unknown":
      return undefined;
    default:
      return assertNever(signer);
  }
}

function kubeletServingProblem(names: CertificateNames, usages: Usages): string | undefined {
  if (!isNodeOrganization(names)) return wrongOrganization;
  if (names.dnsNames.length === 0 && names.ipAddresses.length === 0) return "DNS or IP subjectAltName is required";
  if (names.emailAddresses.length > 0) return "Email subjectAltNames are not allowed";
  if (names.uris.length > 0) return "URI subjectAltNames are not allowed";
  return usageProblem(usages, "server auth") ?? commonNameProblem(names);
}

/** Why this is no request for the certificate with which a kubelet authenticates itself. */
export function kubeletClientProblem(names: CertificateNames, usages: Usages): string | undefined {
  if (!isNodeOrganization(names)) return wrongOrganization;
  if (names.dnsNames.length > 0) return "DNS subjectAltNames are not allowed";
  if (names.emailAddresses.length > 0) return "Email subjectAltNames are not allowed";
  if (names.ipAddresses.length > 0) return "IP subjectAltNames are not allowed";
  if (names.uris.length > 0) return "URI subjectAltNames are not allowed";
  return commonNameProblem(names) ?? usageProblem(usages, "client auth");
}

const wrongOrganization = "subject organization is not system:nodes";

function isNodeOrganization({ subject }: CertificateNames): boolean {
  return subject.organizations.length === 1 && subject.organizations[0] === "system:nodes";
}

function commonNameProblem({ subject }: CertificateNames): string | undefined {
  if (subject.commonName.startsWith("system:node:")) return undefined;
  return "subject common name does not begin with system:node:";
}

/** Kubelets ask for `key encipherment` with RSA keys only, so it may be missing. */
function usageProblem(usages: Usages, extended: KeyUsage): string | undefined {
  const asked = new Set(usages);
  asked.delete("key encipherment");
  if (asked.size === 2 && asked.has("digital signature") && asked.has(extended)) return undefined;
  const wanted = ["digital signature", "key encipherment", extended].toSorted();
  return `usages did not match [${wanted.join(" ")}]`;
}

const clientUsages: Usages = ["digital signature", "key encipherment", "client auth"];

function clientUsageProblem(usages: Usages): string | undefined {
  const wrong = usages.find((usage) => !clientUsages.includes(usage));
  if (wrong !== undefined) return `invalid usage for client certificate: ${wrong}`;
  return usages.includes("client auth") ? undefined : "missing required usage for client certificate: client auth";
}
