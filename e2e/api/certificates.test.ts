import "reflect-metadata";
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Pkcs10CertificateRequestGenerator } from "@peculiar/x509";
import { KubectlOnServer } from "../harness/kubectl-on-server.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// Upstream's kubectl on the resources of certificates.

const kubectl = new KubectlOnServer(serverForTests());

async function certificateRequest(name: string): Promise<string> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const parts = { name, keys, signingAlgorithm: algorithm };
  const request = await Pkcs10CertificateRequestGenerator.create(parts, webcrypto);
  return Buffer.from(request.toString("pem")).toString("base64");
}

test("certificate signing requests", async () => {
  const signerName = "kubernetes.io/kube-apiserver-client";
  const csr = async (name: string, subject: string) => ({
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name },
    spec: { request: await certificateRequest(subject), signerName, usages: ["client auth"], expirationSeconds: 86400 },
  });
  await kubectl.create(await csr("alice", "CN=alice,O=team"));
  assert.deepEqual(await kubectl.table("get csr -o wide"), [
    "NAME  AGE  SIGNERNAME  REQUESTOR  REQUESTEDDURATION  CONDITION",
    `alice  T  ${signerName}  admin  T  Pending`,
  ]);
  await kubectl.exercise("csr", "alice", "spec.usages");
  await kubectl.run("certificate approve alice");
  const certificate = Buffer.from(readFileSync(kubectl.server.ca)).toString("base64");
  const patch = JSON.stringify({ status: { certificate } });
  await kubectl.run(`patch csr alice --subresource=status --type=merge -p ${patch}`);
  assert.match((await kubectl.table("get csr alice"))[1] ?? "", /Approved,Issued$/);
  assert.equal(
    await kubectl.run(`get csr --field-selector=spec.signerName=${signerName} -o name`),
    "certificatesigningrequest.certificates.k8s.io/alice\n",
  );
  const masters = JSON.stringify(await csr("root", "CN=root,O=system:masters"));
  assert.match(
    (await kubectl.attempt(["create", "-f", "-"], masters)).stderr,
    /with system:masters group is not allowed/,
  );
});

test("approvals and signatures are for those who may act for the signer", async () => {
  await kubectl.create({
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name: "bob" },
    spec: { request: await certificateRequest("CN=bob"), signerName: "example.com/signer", usages: ["client auth"] },
  });
  await kubectl.run(
    "create clusterrole approver --verb=get,update --resource=certificatesigningrequests,certificatesigningrequests/approval",
  );
  await kubectl.run("create clusterrolebinding approver --clusterrole=approver --user=carol");
  const refused = await kubectl.attempt(["certificate", "approve", "bob", "--as=carol"]);
  assert.match(refused.stderr, /user not permitted to approve requests with signerName "example\.com\/signer"/);
  await kubectl.create({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "signer" },
    rules: [
      {
        verbs: ["approve"],
        apiGroups: ["certificates.k8s.io"],
        resources: ["signers"],
        resourceNames: ["example.com/*"],
      },
    ],
  });
  await kubectl.run("create clusterrolebinding signer --clusterrole=signer --user=carol");
  await kubectl.run("certificate deny bob --as=carol");
  assert.match((await kubectl.table("get csr bob"))[1] ?? "", /Denied$/);
});
