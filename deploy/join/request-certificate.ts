import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { PemConverter, Pkcs10CertificateRequestGenerator } from "@peculiar/x509";
import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { certificateSigningRequests } from "@kube-ts/api/resource-types";
import type { Client } from "@kube-ts/client/client";
import type { Clock } from "@kube-ts/std/clock";
import type { CertificateRequest, KeyPairTexts } from "../pki/authority.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const pollMs = 500;

export interface SigningOptions {
  /** Whose requests are approved by other rules: those of kubelets, and those of all other clients. */
  readonly signerName: "kubernetes.io/kube-apiserver-client" | "kubernetes.io/kube-apiserver-client-kubelet";
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/**
 * Has the cluster sign a client certificate with a new key. Rejects when the request is refused, or is not approved and
 * signed in time.
 */
export async function requestClientCertificate(
  client: Client,
  { commonName, organizations = [] }: CertificateRequest,
  { signerName, timeoutMs, clock }: SigningOptions,
  signal: AbortSignal,
): Promise<KeyPairTexts> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const request = await Pkcs10CertificateRequestGenerator.create(
    {
      name: [...organizations.map((organization) => ({ O: [organization] })), { CN: [commonName] }],
      keys,
      signingAlgorithm: algorithm,
    },
    webcrypto,
  );
  const requests = client.resource(certificateSigningRequests);
  const { metadata } = await requests.create(
    {
      metadata: { generateName: "csr-" },
      spec: {
        request: Buffer.from(`${request.toString("pem")}\n`).toString("base64"),
        signerName,
        usages: ["digital signature", "client auth"],
      },
    },
    { signal },
  );
  const name = metadata.name ?? "";
  const deadlineMs = clock.monotonicMs() + timeoutMs;
  for (;;) {
    const certificate = certificateOf(await requests.get({ name }, { signal }));
    if (certificate !== undefined) return { cert: certificate, key: await privatePem(keys.privateKey) };
    if (clock.monotonicMs() > deadlineMs) {
      throw new Error(`certificate signing request ${name} for ${commonName} was not approved and signed in time`);
    }
    await clock.sleep(pollMs, signal);
  }
}

/** Undefined while there is no answer. Throws when the answer is no. */
function certificateOf({ metadata, status }: CertificateSigningRequest): string | undefined {
  for (const type of ["Denied", "Failed"]) {
    const condition = findCondition(status?.conditions, type);
    if (!condition) continue;
    const { reason = "", message = "" } = condition;
    throw new Error(`certificate signing request ${metadata.name}: ${type}: ${reason}: ${message}`);
  }
  const { certificate } = status ?? {};
  return certificate ? Buffer.from(certificate, "base64").toString("utf8") : undefined;
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  return `${PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;
}
