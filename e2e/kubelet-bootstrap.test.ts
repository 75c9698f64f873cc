import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import type { PeerCertificate, TLSSocket } from "node:tls";
import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import type { Lease } from "@kube-ts/api/coordination/v1";
import { repositoryRoot } from "../deploy/local/layout.ts";
import { TestAuthority } from "../packages/kubelet/src/testing/test-authority.ts";
import { ApiRequests, adminTls } from "./harness/api-requests.ts";
import { eventually } from "./harness/eventually.ts";
import { serverForTests } from "./harness/server-for-tests.ts";

// A node that knows nothing but a bootstrap token gets its identities, and keeps them. It has no container engine: its
// certificates do not depend on one.

const nodeName = "bootstrapped-1";
const token = "abcdef.0123456789abcdef";
const csrs = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";

const server = serverForTests({
  extraArgs: ["--enable-bootstrap-token-auth=true", "--enable-admission-plugins=NodeRestriction"],
  prepare: async () => {
    const [tokenId, tokenSecret] = token.split(".");
    await create("/api/v1/namespaces/kube-system/secrets", {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: `bootstrap-token-${tokenId}` },
      type: "bootstrap.kubernetes.io/token",
      stringData: { "token-id": tokenId, "token-secret": tokenSecret, "usage-bootstrap-authentication": "true" },
    });
    await create(bindings, {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "bootstrappers" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:node-bootstrapper" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:bootstrappers" }],
    });
  },
});
const api = new ApiRequests(server);
let directory: string;
let port: number;
let kubelet: ChildProcess | undefined;

async function create(path: string, body: object): Promise<void> {
  const { code, text: answer } = await api.ask("POST", path, { body });
  assert.equal(code, 201, answer);
}

before(async () => {
  directory = mkdtempSync(join(tmpdir(), "kube-ts-bootstrap-"));
  port = await freePort();
});

after(async () => {
  await stopKubelet();
  rmSync(directory, { recursive: true });
});

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port: found } = listener.address() as AddressInfo;
  listener.close();
  return found;
}

function startKubelet(): void {
  const at = (name: string) => join(directory, name);
  const cluster = { server: server.url, "certificate-authority": server.ca };
  const bootstrap = {
    kind: "Config",
    clusters: [{ name: "c", cluster }],
    users: [{ name: "u", user: { token } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  };
  writeFileSync(at("bootstrap.conf"), JSON.stringify(bootstrap));
  const config = {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: "127.0.0.1",
    port,
    healthzPort: 0,
    podLogsDir: at("logs"),
    containerRuntimeEndpoint: `unix://${at("no-engine.sock")}`,
    rotateCertificates: true,
    serverTLSBootstrap: true,
    nodeLeaseDurationSeconds: 4,
    authentication: { x509: { clientCAFile: server.ca } },
    failSwapOn: false,
  };
  writeFileSync(at("kubelet.json"), JSON.stringify(config));
  const args = [
    `--kubeconfig=${at("kubelet.conf")}`,
    `--bootstrap-kubeconfig=${at("bootstrap.conf")}`,
    `--config=${at("kubelet.json")}`,
    `--cert-dir=${at("pki")}`,
    `--root-dir=${at("root")}`,
    `--cni-conf-dir=${at("cni")}`,
    `--hostname-override=${nodeName}`,
    "--node-ip=127.0.0.1",
  ];
  const log = openSync(at("kubelet.log"), "a");
  kubelet = spawn(join(repositoryRoot, "packages/kubelet/bin/kubelet"), args, { stdio: ["ignore", log, log] });
  closeSync(log);
}

async function stopKubelet(): Promise<void> {
  const running = kubelet;
  kubelet = undefined;
  if (!running || running.exitCode !== null) return;
  const ended = once(running, "exit");
  running.kill("SIGTERM");
  await ended;
}

/** The request for the signer that nobody has answered yet. */
async function pendingRequest(signer: string): Promise<CertificateSigningRequest> {
  return eventually(
    `a request for ${signer} (the kubelet's log is in ${directory})`,
    async () => {
      const { items } = await api.json<{ items: CertificateSigningRequest[] }>("GET", csrs);
      return items.find(({ spec, status }) => spec.signerName === signer && !status?.conditions);
    },
    (found) => found !== undefined,
  ) as Promise<CertificateSigningRequest>;
}

/** Approves and signs, as the controllers for certificates do. */
async function issue(csr: CertificateSigningRequest, lifetimeSeconds: number): Promise<void> {
  const path = `${csrs}/${csr.metadata.name}`;
  const conditions = [{ type: "Approved", status: "True", reason: "Test", message: "approved" }];
  const approved = await api.ask("PUT", `${path}/approval`, { body: { ...csr, status: { conditions } } });
  assert.equal(approved.code, 200, approved.text);
  const pki = (name: string) => readFileSync(join(server.directory, "pki", name), "utf8");
  const authority = await TestAuthority.of(pki("ca.crt"), pki("ca.key"));
  const usage = csr.spec.usages?.includes("client auth") ? "client" : "server";
  const terms = { usage, notBefore: Date.now() - 1_000, notAfter: Date.now() + lifetimeSeconds * 1_000 } as const;
  const certificate = await authority.sign(Buffer.from(csr.spec.request, "base64").toString("utf8"), terms);
  const current = JSON.parse(approved.text) as CertificateSigningRequest;
  const status = { ...current.status, certificate: Buffer.from(certificate).toString("base64") };
  const signed = await api.ask("PUT", `${path}/status`, { body: { ...current, status } });
  assert.equal(signed.code, 200, signed.text);
}

/** Asks the kubelet as the cluster's administrator, trusting only the cluster's authority. */
async function askKubelet(path: string): Promise<{ body: string; certificate: PeerCertificate }> {
  const outgoing = request({ host: "127.0.0.1", port, path, agent: false, ...adminTls(server) });
  const answer = new Promise<{ body: string; certificate: PeerCertificate }>((resolve, reject) => {
    outgoing.once("error", reject);
    outgoing.once("response", (response) => {
      const certificate = (response.socket as TLSSocket).getPeerCertificate();
      text(response).then((body) => resolve({ body, certificate }), reject);
    });
  });
  outgoing.end();
  return answer;
}

function metric(exposition: string, name: string): number {
  const line = exposition.split("\n").find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length) ?? NaN);
}

async function leaseTime(): Promise<number> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${nodeName}`;
  const { spec } = await api.json<Partial<Lease>>("GET", path);
  return Date.parse(spec?.renewTime ?? "");
}

const clientSigner = "kubernetes.io/kube-apiserver-client-kubelet";
const servingSigner = "kubernetes.io/kubelet-serving";
const shortSeconds = 24;

test("a node joins with a bootstrap token, and renews its certificates while it runs", async () => {
  startKubelet();
  const joining = await pendingRequest(clientSigner);
  assert.equal(joining.spec.username, "system:bootstrap:abcdef");
  assert.deepEqual(joining.spec.usages, ["digital signature", "client auth"]);
  assert.match(joining.metadata.name ?? "", /^node-csr-/);
  await assert.rejects(askKubelet("/healthz"), "there is no server yet");
  await issue(joining, shortSeconds);
  const firstEndsMs = Date.now() + shortSeconds * 1_000;

  const serving = await pendingRequest(servingSigner);
  assert.equal(serving.spec.username, `system:node:${nodeName}`);
  assert.deepEqual(serving.spec.usages, ["digital signature", "server auth"]);
  await assert.rejects(askKubelet("/healthz"), "without a certificate no connection comes about");
  await issue(serving, shortSeconds);
  const first = await eventually("the server answers", () => askKubelet("/metrics"));
  assert.equal(first.certificate.subject.CN, `system:node:${nodeName}`);
  assert.equal(first.certificate.subjectaltname, `DNS:${nodeName}, IP Address:127.0.0.1`);
  for (const whose of ["client", "server"]) {
    const seconds = metric(first.body, `kubelet_certificate_manager_${whose}_ttl_seconds`);
    assert.ok(seconds > 0 && seconds < shortSeconds, `${whose}: ${seconds}`);
  }
  await eventually("the node is there", leaseTime, (time) => time > 0);

  const next = await pendingRequest(clientSigner);
  assert.equal(next.spec.username, `system:node:${nodeName}`, "the node itself asks");
  assert.match(next.metadata.name ?? "", /^csr-/);
  assert.ok(Date.now() < firstEndsMs, "before the old one has ended");
  await issue(next, 3_600);
  await issue(await pendingRequest(servingSigner), 3_600);
  const renewed = await eventually(
    "the server shows its new certificate",
    () => askKubelet("/metrics"),
    ({ certificate }) => certificate.serialNumber !== first.certificate.serialNumber,
  );
  assert.equal(metric(renewed.body, "kubelet_certificate_manager_server_rotation_seconds_count"), 1);
  await eventually(
    "the node speaks as itself when its first certificate has ended",
    leaseTime,
    (time) => time > firstEndsMs,
  );

  await stopKubelet();
  const before = (await api.json<{ items: unknown[] }>("GET", csrs)).items.length;
  startKubelet();
  const again = await eventually("the server answers after a restart", () => askKubelet("/metrics"));
  assert.equal(again.certificate.serialNumber, renewed.certificate.serialNumber);
  await eventually("the node is alive", leaseTime, (time) => time > Date.now() - 4_000);
  assert.equal((await api.json<{ items: unknown[] }>("GET", csrs)).items.length, before, "nothing was asked again");
  assert.doesNotMatch(readFileSync(join(directory, "kubelet.log"), "utf8"), /PRIVATE KEY|0123456789abcdef/);
});
