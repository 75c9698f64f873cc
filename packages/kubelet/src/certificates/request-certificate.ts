import { createHash, createPublicKey } from "node:crypto";
import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import { certificateSigningRequests } from "@kube-ts/api/resource-types";
import type { Client } from "@kube-ts/client/client";
import { isAlreadyExists } from "@kube-ts/api/status-error";
import type { Clock } from "@kube-ts/std/clock";
import type { CertificateSubject } from "./certificate-subject.ts";

export const clientSigner = "kubernetes.io/kube-apiserver-client-kubelet";
export const servingSigner = "kubernetes.io/kubelet-serving";

export interface CertificateOrder {
  readonly subject: CertificateSubject;
  readonly signerName: typeof clientSigner | typeof servingSigner;
  readonly privateKey: string;
  /** Whether the request's name follows from its key, so that one that was made before is found again. */
  readonly named: boolean;
}

/** How long one request waits for its certificate. */
const waitMs = 15 * 60_000;
const pollMs = 1_000;
const requestTimeoutMs = 30_000;

/** Has the API server's signers make a certificate, PEM. Rejects when it is refused or does not come in time. */
export async function requestCertificate(
  client: Client,
  order: CertificateOrder,
  clock: Clock,
  signal: AbortSignal,
): Promise<string> {
  const requests = client.resource(certificateSigningRequests);
  const { name } = (await create(client, order, signal)).metadata;
  const deadlineMs = clock.monotonicMs() + waitMs;
  for (;;) {
    const { status } = await requests.get({ name: name ?? "" }, { signal, timeoutMs: requestTimeoutMs });
    const condition = (type: string) => status?.conditions?.find((one) => one.type === type);
    for (const type of ["Denied", "Failed"] as const) {
      const { reason = "", message = "" } = condition(type) ?? {};
      if (condition(type)) {
        const what = type === "Denied" ? "is denied" : "failed";
        throw new Error(`certificate signing request ${name} ${what}, reason: ${reason}, message: ${message}`);
      }
    }
    if (condition("Approved") && status?.certificate) return Buffer.from(status.certificate, "base64").toString("utf8");
    if (clock.monotonicMs() > deadlineMs) throw new Error(`certificate signing request ${name} was not signed in time`);
    await clock.sleep(pollMs, signal);
  }
}

async function create(
  client: Client,
  order: CertificateOrder,
  signal: AbortSignal,
): Promise<CertificateSigningRequest> {
  const requests = client.resource(certificateSigningRequests);
  const { subject, signerName, privateKey, named } = order;
  const usages = ["digital signature", signerName === clientSigner ? "client auth" : "server auth"] as const;
  const name = named ? nameOf(subject, usages, privateKey) : undefined;
  // A node asks seldom: what makes requests is loaded then.
  const { certificateRequest } = await import("./certificate-request.ts");
  const request = Buffer.from(await certificateRequest(subject, privateKey)).toString("base64");
  const object: CertificateSigningRequest = {
    metadata: name === undefined ? { generateName: "csr-" } : { name },
    spec: { request, signerName, usages: [...usages] },
  };
  try {
    return await requests.create(object, { signal, timeoutMs: requestTimeoutMs });
  } catch (error) {
    if (name === undefined || !isAlreadyExists(error)) throw error;
    const found = await requests.get({ name }, { signal, timeoutMs: requestTimeoutMs });
    if (found.spec.signerName === signerName) return found;
    throw new Error(`certificate signing request ${name} exists for another signer`, { cause: error });
  }
}

function nameOf(subject: CertificateSubject, usages: readonly string[], privateKey: string): string {
  const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const digest = createHash("sha256").update(publicKey);
  for (const part of [subject.organization, subject.commonName, ...usages]) digest.update(`\0${part}`);
  return `node-csr-${digest.digest("hex").slice(0, 43)}`;
}
