import "reflect-metadata";
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import { certificateSigningRequests } from "@kube-ts/api/resource-types";
import { Pkcs10CertificateRequestGenerator } from "@peculiar/x509";
import type { AuthorizationAttributes, Authorizer } from "../../auth/authorizer.ts";
import type { AdmissionAttributes } from "../admission.ts";
import { refusalOf, writeOf } from "../testing/attributes.ts";
import { CertificateApproval } from "./certificate-approval.ts";
import { CertificateSigning } from "./certificate-signing.ts";
import { CertificateSubjectRestriction } from "./certificate-subject-restriction.ts";

const { signal } = new AbortController();

function csr(certificate?: string, more: Partial<CertificateSigningRequest["spec"]> = {}): CertificateSigningRequest {
  return {
    metadata: { name: "a" },
    spec: { request: "", signerName: "example.com/signer", ...more },
    status: certificate === undefined ? {} : { certificate },
  };
}

function update(subresource: string, next: CertificateSigningRequest): AdmissionAttributes {
  const oldObject = csr();
  return writeOf(certificateSigningRequests, next, { operation: "UPDATE", subresource, oldObject });
}

/** Allows `verb name` only. */
function allowing(...grants: readonly string[]): Authorizer {
  return {
    authorize(attributes: AuthorizationAttributes) {
      const asked =
        attributes.kind === "resource" ? `${attributes.verb} ${attributes.resource} ${attributes.name}` : "";
      return { decision: grants.includes(asked) ? "allow" : "noOpinion", reason: "" };
    },
  };
}

const approvalRefused =
  '403 certificatesigningrequests.certificates.k8s.io "a" is forbidden: user not permitted to approve requests with signerName "example.com/signer"';
const signingRefused = approvalRefused.replace("approve", "sign");

const approvals: readonly [string, Authorizer | undefined, AdmissionAttributes, string][] = [
  ["those who may, for the signer", allowing("approve signers example.com/signer"), update("approval", csr()), ""],
  ["those who may, for the domain", allowing("approve signers example.com/*"), update("approval", csr()), ""],
  ["nobody else", allowing("sign signers example.com/signer"), update("approval", csr()), approvalRefused],
  ["nobody without an authorizer", undefined, update("approval", csr()), approvalRefused],
  [
    "nobody by another signer's name",
    allowing("approve signers example.org/signer"),
    update("approval", csr(undefined, { signerName: "example.org/signer" })),
    approvalRefused,
  ],
  ["whatever else anybody does", allowing(), update("", csr()), ""],
];
for (const [who, authorizer, attributes, expected] of approvals) {
  test(`requests are approved by ${who}`, async () => {
    const plugin = new CertificateApproval(authorizer);
    assert.equal(await refusalOf(() => plugin.validate(attributes, signal)), expected);
  });
}

const signings: readonly [string, Authorizer, AdmissionAttributes, string][] = [
  ["those who may, for the signer", allowing("sign signers example.com/signer"), update("status", csr("YQ==")), ""],
  ["those who may, for the domain", allowing("sign signers example.com/*"), update("status", csr("YQ==")), ""],
  ["nobody else", allowing("approve signers example.com/signer"), update("status", csr("YQ==")), signingRefused],
  ["anybody who leaves the certificate alone", allowing(), update("status", csr()), ""],
];
for (const [who, authorizer, attributes, expected] of signings) {
  test(`requests are signed by ${who}`, async () => {
    const plugin = new CertificateSigning(authorizer);
    assert.equal(await refusalOf(() => plugin.validate(attributes, signal)), expected);
  });
}

test("nobody gets a certificate of an administrator", async () => {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const requestFor = async (name: string) => {
    const parts = { name, keys, signingAlgorithm: algorithm };
    const request = await Pkcs10CertificateRequestGenerator.create(parts, webcrypto);
    return Buffer.from(request.toString("pem")).toString("base64");
  };
  const refusal = (request: string, signerName: string) => {
    const plugin = new CertificateSubjectRestriction();
    const attributes = writeOf(certificateSigningRequests, csr(undefined, { request, signerName }));
    return refusalOf(() => plugin.validate(attributes));
  };
  const clientSigner = "kubernetes.io/kube-apiserver-client";
  const masters = await requestFor("CN=a,O=team,O=system:masters");
  assert.match(
    await refusal(masters, clientSigner),
    /^403 .* is forbidden: use of kubernetes\.io\/kube-apiserver-client signer with system:masters group is not allowed$/,
  );
  assert.equal(await refusal(masters, "example.com/signer"), "");
  assert.equal(await refusal(await requestFor("CN=system:masters,O=team"), clientSigner), "");
  assert.match(await refusal("", clientSigner), /failed to parse CSR: PEM block type must be CERTIFICATE REQUEST$/);
});
