import "reflect-metadata";
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import type { ConfigMap } from "@kube-ts/api/core/v1";
import { Authority } from "../../deploy/pki/authority.ts";
import type { KeyPairFiles } from "../../deploy/pki/authority.ts";
import {
  type RequestContent,
  certificateRequest,
} from "../../packages/controller-manager/src/certificates/testing/certificate-requests.ts";
import { ControllerManagerProcess } from "../../packages/controller-manager/src/testing/controller-manager-process.ts";
import { ApiRequests, type RequestOptions } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { writeKubeconfig } from "../harness/kubeconfig.ts";
import { KubectlOnServer } from "../harness/kubectl-on-server.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// Certificates by way of the API, with the controller manager at work: kubelets get theirs, others after an approval.

const server = serverForTests({
  extraArgs: ["--enable-bootstrap-token-auth", "--enable-admission-plugins=NodeRestriction"],
  prepare: startControllers,
});
const api = new ApiRequests(server);
const kubectl = new KubectlOnServer(server);
let daemon: ControllerManagerProcess;
let signing: KeyPairFiles;

async function startControllers(): Promise<void> {
  const { directory } = server;
  const authority = await Authority.open(join(directory, "pki"), "ca", "kubernetes");
  const user = await authority.issue("controllers", {
    commonName: "system:kube-controller-manager",
    usages: ["client"],
  });
  const kubeconfig = writeKubeconfig(server, "controllers", user);
  signing = { cert: join(directory, "signing.crt"), key: join(directory, "signing.key") };
  copyFileSync(join(directory, "pki", "ca.crt"), signing.cert);
  copyFileSync(join(directory, "pki", "ca.key"), signing.key);
  daemon = new ControllerManagerProcess(directory, [
    `--kubeconfig=${kubeconfig}`,
    "--secure-port=0",
    "--use-service-account-credentials",
    "--controllers=*,bootstrapsigner,tokencleaner",
    `--cluster-signing-cert-file=${signing.cert}`,
    `--cluster-signing-key-file=${signing.key}`,
    "--cluster-signing-duration=48h",
  ]);
}

// The server and its directory are gone by now; the daemon must end all the same.
after(async () => {
  await daemon[Symbol.asyncDispose]();
  assert.equal(daemon.exitCode, 0, "the daemon drains and ends cleanly");
});

const path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const clientSigner = "kubernetes.io/kube-apiserver-client";
const kubeletSigner = "kubernetes.io/kube-apiserver-client-kubelet";
const servingSigner = "kubernetes.io/kubelet-serving";
const node = (name: string): RequestContent["subject"] => [{ O: ["system:nodes"] }, { CN: [`system:node:${name}`] }];

type Spec = Partial<CertificateSigningRequest["spec"]> & { readonly signerName: string };

/** Asks for a certificate; answers the PEM of its key. */
async function ask(
  name: string,
  content: RequestContent,
  spec: Spec,
  as: RequestOptions["as"] = "admin",
): Promise<string> {
  const { request, key } = await certificateRequest(content);
  const body = { metadata: { name }, spec: { usages: ["digital signature", "client auth"], ...spec, request } };
  const answer = await api.ask("POST", path, { body, as });
  assert.equal(answer.code, 201, answer.text);
  return key;
}

async function issued(name: string): Promise<X509Certificate> {
  const request = await eventually(
    `a certificate for ${name}`,
    () => api.json<CertificateSigningRequest>("GET", `${path}/${name}`),
    ({ status }) => status?.certificate !== undefined,
  );
  return new X509Certificate(Buffer.from(request.status?.certificate ?? "", "base64"));
}

/** The files with which a holder of the certificate authenticates. */
function identity(name: string, certificate: X509Certificate, key: string): KeyPairFiles {
  const files = { cert: join(server.directory, `${name}.crt`), key: join(server.directory, `${name}.key`) };
  writeFileSync(files.cert, certificate.toString());
  writeFileSync(files.key, key);
  return files;
}

async function whoIs(as: RequestOptions["as"]): Promise<{ username: string; groups: string[] }> {
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const review = await api.json<{ status: { userInfo: { username: string; groups: string[] } } }>(
    "POST",
    "/apis/authentication.k8s.io/v1/selfsubjectreviews",
    { body, as },
  );
  const { username, groups } = review.status.userInfo;
  return { username, groups };
}

function bootstrapToken(id: string, expiresInMs = 3_600_000): object {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { namespace: "kube-system", name: `bootstrap-token-${id}` },
    type: "bootstrap.kubernetes.io/token",
    stringData: {
      "token-id": id,
      "token-secret": "0123456789abcdef",
      "usage-bootstrap-authentication": "true",
      "usage-bootstrap-signing": "true",
      expiration: new Date(Date.now() + expiresInMs).toISOString().replace(/\.\d+Z/, "Z"),
    },
  };
}

function bind(name: string, role: string, group: string): Promise<string> {
  return kubectl.run(`create clusterrolebinding ${name} --clusterrole=${role} --group=${group}`);
}

test("a kubelet gets its first certificate with a bootstrap token, and the next one with the first", async () => {
  await kubectl.create(bootstrapToken("aaaaaa"));
  await bind("bootstrap", "system:node-bootstrapper", "system:bootstrappers");
  const token = { token: "aaaaaa.0123456789abcdef" };
  await eventually(
    "the token is known",
    () => api.ask("GET", path, { as: token }),
    ({ code }) => code === 200,
  );
  const key = await ask("first", { subject: node("a") }, { signerName: kubeletSigner }, token);
  // Nothing tells the controller of a role that is bound later: it asks again.
  await eventually(
    "it is asked whether the token may have it",
    () => daemon.log,
    (log) => log.includes('recognized csr \\"first\\" as [nodeclient] but subject access review was not approved'),
  );
  const roles = "system:certificates.k8s.io:certificatesigningrequests";
  await bind("approve", `${roles}:nodeclient`, "system:bootstrappers");
  const certificate = await issued("first");
  const { status } = await api.json<CertificateSigningRequest>("GET", `${path}/first`);
  assert.deepEqual(
    status?.conditions?.map(({ type, reason, message }) => ({ type, reason, message })),
    [
      {
        type: "Approved",
        reason: "AutoApproved",
        message: "Auto approving kubelet client certificate after SubjectAccessReview.",
      },
    ],
  );
  const first = identity("first", certificate, key);
  assert.deepEqual(await whoIs(first), {
    username: "system:node:a",
    groups: ["system:nodes", "system:authenticated"],
  });

  await bind("renew-ask", "system:node-bootstrapper", "system:nodes");
  await bind("renew", `${roles}:selfnodeclient`, "system:nodes");
  const nextKey = await ask("next", { subject: node("a") }, { signerName: kubeletSigner }, first);
  assert.equal((await whoIs(identity("next", await issued("next"), nextKey))).username, "system:node:a");
  const next = await api.json<CertificateSigningRequest>("GET", `${path}/next`);
  assert.match(next.status?.conditions?.[0]?.message ?? "", /^Auto approving self kubelet client certificate/);
  const { request } = await certificateRequest({ subject: node("b") });
  const body = { metadata: { name: "other" }, spec: { request, signerName: kubeletSigner, usages: ["client auth"] } };
  assert.equal((await api.ask("POST", path, { body, as: first })).code, 403);
});

test("what a signer does not issue fails, approved or not", async () => {
  await ask("no-name", { subject: node("a") }, { signerName: servingSigner });
  await ask("no-node", { subject: [{ CN: ["system:node:a"] }] }, { signerName: kubeletSigner });
  await ask("for-servers", { subject: [{ CN: ["a"] }] }, { signerName: clientSigner, usages: ["server auth"] });
  const problems = {
    "no-name": "DNS or IP subjectAltName is required",
    "no-node": "subject organization is not system:nodes",
    "for-servers": "invalid usage for client certificate: server auth",
  };
  for (const [name, message] of Object.entries(problems)) {
    await kubectl.run(`certificate approve ${name}`);
    const failed = await eventually(`${name} fails`, async () => {
      const { status } = await api.json<CertificateSigningRequest>("GET", `${path}/${name}`);
      return status?.conditions?.find(({ type }) => type === "Failed");
    });
    assert.deepEqual([failed?.reason, failed?.message], ["SignerValidationFailure", message]);
    assert.match((await kubectl.table(`get csr ${name}`))[1] ?? "", /Approved,Failed$/);
  }
});

test("others get theirs when they are approved, for as long as they ask and the signer allows", async () => {
  const alternatives = [
    { type: "dns", value: "a.example" },
    { type: "ip", value: "10.0.0.1" },
  ] as const;
  const hour = 3_600;
  const key = await ask(
    "user",
    { subject: [{ O: ["team"] }, { CN: ["alice"] }] },
    { signerName: clientSigner, expirationSeconds: hour },
  );
  await ask("long", { subject: [{ CN: ["bob"] }] }, { signerName: clientSigner, expirationSeconds: 90 * 24 * hour });
  const usages = ["digital signature", "server auth"] as const;
  await ask(
    "serving",
    { subject: node("a"), alternatives: [...alternatives] },
    { signerName: servingSigner, usages: [...usages] },
  );
  await kubectl.run("certificate approve user long serving");
  const user = await issued("user");
  const nowSeconds = Date.now() / 1_000;
  const secondsLeft = ({ validToDate }: X509Certificate) => validToDate.getTime() / 1_000 - nowSeconds;
  const isAbout = (seconds: number, expected: number) => assert.ok(Math.abs(seconds - expected) < 60, String(seconds));
  isAbout(secondsLeft(user), hour);
  isAbout(nowSeconds - user.validFromDate.getTime() / 1_000, 300);
  isAbout(secondsLeft(await issued("long")), 48 * hour - 300);
  const serving = await issued("serving");
  assert.equal(serving.subjectAltName, "DNS:a.example, IP Address:10.0.0.1");
  assert.deepEqual(serving.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
  assert.deepEqual(await whoIs(identity("user", user, key)), {
    username: "alice",
    groups: ["team", "system:authenticated"],
  });
  await ask("denied", { subject: [{ CN: ["eve"] }] }, { signerName: clientSigner });
  await kubectl.run("certificate deny denied");
  await ask("foreign", { subject: [{ CN: ["eve"] }] }, { signerName: "example.com/signer" });
  await kubectl.run("certificate approve foreign");
  await ask("last", { subject: [{ CN: ["bob"] }] }, { signerName: clientSigner });
  await kubectl.run("certificate approve last");
  await issued("last");
  for (const name of ["denied", "foreign"]) {
    assert.doesNotMatch((await kubectl.table(`get csr ${name}`))[1] ?? "", /Issued|Failed/);
  }
});

test("the signing authority is replaced on disk", async () => {
  const replacement = await Authority.open(join(server.directory, "replacement"), "ca", "replacement");
  copyFileSync(replacement.certFile, signing.cert);
  copyFileSync(join(server.directory, "replacement", "ca.key"), signing.key);
  await ask("after", { subject: [{ CN: ["carol"] }] }, { signerName: clientSigner });
  await kubectl.run("certificate approve after");
  const certificate = await issued("after");
  assert.equal(certificate.issuer, "CN=replacement");
  assert.ok(certificate.verify(new X509Certificate(readFileSync(signing.cert)).publicKey));
});

test("the description of the cluster is signed with the tokens there are", async () => {
  const config = { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "kube-public", name: "cluster-info" } };
  await kubectl.create({ ...config, data: { kubeconfig: "apiVersion: v1" } });
  await kubectl.create(bootstrapToken("bbbbbb", 3_000));
  const signers = async () => {
    const { data } = await api.json<ConfigMap>("GET", "/api/v1/namespaces/kube-public/configmaps/cluster-info");
    return Object.keys(data ?? {})
      .sort()
      .join();
  };
  const of = (...ids: string[]) => [...ids.map((id) => `jws-kubeconfig-${id}`), "kubeconfig"].join();
  const becomes = (expected: string) => eventually(expected, signers, (found) => found === expected);
  await becomes(of("aaaaaa", "bbbbbb"));
  await becomes(of("aaaaaa"));
  await eventually(
    "the token is deleted",
    () => api.ask("GET", "/api/v1/namespaces/kube-system/secrets/bootstrap-token-bbbbbb"),
    ({ code }) => code === 404,
  );
});

test("the authority of the kubeconfig is published where no other is given", async () => {
  const place = "/api/v1/namespaces/default/configmaps/kube-root-ca.crt";
  const published = await eventually(
    "the authority in every namespace",
    () => api.json<ConfigMap>("GET", place),
    ({ data }) => data !== undefined,
  );
  assert.deepEqual(published.data, { "ca.crt": readFileSync(server.ca, "utf8") });
});

test("a daemon that cannot read its authority ends, and says which file it is", async () => {
  const directory = join(server.directory, "broken");
  mkdirSync(directory);
  const missing = join(directory, "none.crt");
  await using broken = new ControllerManagerProcess(directory, [
    `--kubeconfig=${join(server.directory, "controllers.kubeconfig")}`,
    "--secure-port=0",
    "--leader-elect=false",
    "--controllers=csrsigning",
    `--cluster-signing-cert-file=${missing}`,
    `--cluster-signing-key-file=${signing.key}`,
  ]);
  await eventually("it ends", () => broken.exitCode !== undefined);
  assert.equal(broken.exitCode, 1);
  assert.ok(broken.log.includes(`error reading CA cert file \\"${missing}\\"`), broken.log);
});

test("every controller gets by with its own rights", () => {
  assert.equal(daemon.exitCode, undefined, "the daemon has run to the end");
  assert.doesNotMatch(daemon.log, /is forbidden/);
});
