import { X509Certificate } from "node:crypto";
import { type FieldError, invalidField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";

/** What is wrong with the certificates, base64 of PEM, by which a webhook is known. */
export function caBundleErrors(caBundle: string, path: FieldPath): FieldError[] {
  const problem = caBundleProblem(caBundle);
  return problem === undefined ? [] : [invalidField(path, caBundle, `unable to load root certificates: ${problem}`)];
}

function caBundleProblem(caBundle: string): string | undefined {
  const pem = Buffer.from(caBundle, "base64").toString();
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  try {
    const certificates = blocks.map((block) => new X509Certificate(block));
    return certificates.length === 0 ? "unable to parse bytes as PEM block" : undefined;
  } catch (error) {
    return `failed to parse certificate: ${error instanceof Error ? error.message : String(error)}`;
  }
}
