import { X509Certificate } from "node:crypto";
import { formatIpAddress, parseIpAddress } from "@kube-ts/std/ip-address";
import type { CertificateRequest } from "../pki/authority.ts";

/** What a certificate says of itself. */
export interface CertificateFacts {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** Its alternative names, host names and addresses. */
  readonly hosts: readonly string[];
  readonly usages: CertificateRequest["usages"];
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

const clientAuth = "1.3.6.1.5.5.7.3.2";
const serverAuth = "1.3.6.1.5.5.7.3.1";

/** Reads the first certificate of a PEM text. Throws when there is none. */
export function certificateFacts(pem: string): CertificateFacts {
  const certificate = new X509Certificate(pem);
  const subject = certificate.subject?.split("\n") ?? [];
  const field = (name: string) =>
    subject.filter((line) => line.startsWith(`${name}=`)).map((line) => line.slice(name.length + 1));
  const usages = certificate.keyUsage ?? [];
  return {
    commonName: field("CN").at(-1) ?? "",
    organizations: field("O"),
    hosts: hostsOf(certificate),
    usages: [
      ...(usages.includes(serverAuth) ? (["server"] as const) : []),
      ...(usages.includes(clientAuth) ? (["client"] as const) : []),
    ],
    notBeforeMs: certificate.validFromDate.getTime(),
    notAfterMs: certificate.validToDate.getTime(),
  };
}

function hostsOf({ subjectAltName = "" }: X509Certificate): readonly string[] {
  return subjectAltName.split(", ").flatMap((name) => {
    const [, kind, value] = /^(DNS|IP Address):(.+)$/.exec(name) ?? [];
    if (kind === "DNS" && value !== undefined) return [value];
    const address = parseIpAddress(value ?? "");
    return address ? [formatIpAddress(address)] : [];
  });
}

/** A certificate is due when less than a third of its life is left. */
export function isDue({ notBeforeMs, notAfterMs }: CertificateFacts, nowMs: number): boolean {
  return (notAfterMs - nowMs) * 3 < notAfterMs - notBeforeMs;
}
