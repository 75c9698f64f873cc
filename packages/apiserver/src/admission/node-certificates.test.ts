import "reflect-metadata";
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { certificateSigningRequests } from "@kube-ts/api/resource-types";
import { Pkcs10CertificateRequestGenerator } from "@peculiar/x509";
import { nodeCertificateProblem } from "./node-certificates.ts";
import { writeOf } from "./testing/attributes.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

async function problem(signerName: string, subject: string, request?: string): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const made = await Pkcs10CertificateRequestGenerator.create(
    { name: subject, keys, signingAlgorithm: algorithm },
    webcrypto,
  );
  const pem = request ?? made.toString("pem");
  const object = {
    metadata: { name: "x" },
    spec: { signerName, request: Buffer.from(pem).toString("base64"), usages: [] },
  };
  return nodeCertificateProblem("n1", writeOf(certificateSigningRequests, object)) ?? "";
}

test("a node asks for certificates of its own only", async () => {
  const own = "can only create a node CSR with CN=system:node:n1";
  for (const signer of ["kubernetes.io/kubelet-serving", "kubernetes.io/kube-apiserver-client-kubelet"]) {
    assert.equal(await problem(signer, "O=system:nodes, CN=system:node:n1"), "");
    assert.equal(await problem(signer, "O=system:nodes, CN=system:node:n2"), own);
    assert.equal(await problem(signer, "CN=system:node:n1, CN=system:node:n2"), own);
    assert.equal(await problem(signer, "CN=admin"), own);
    assert.match(await problem(signer, "CN=x", "nonsense"), /^unable to parse csr: /);
  }
  assert.equal(await problem("example.com/other", "CN=system:node:n2"), "");
});
