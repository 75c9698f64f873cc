import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
import { adminKubeconfig } from "./harness/kubeconfig.ts";
import { ApiRequests, adminTls } from "./harness/api-requests.ts";
import { eventually } from "./harness/eventually.ts";
import { serverForTests } from "./harness/server-for-tests.ts";

// A node that knows nothing but a bootstrap token gets its identities, and keeps them. It has no container engine: its
// certificates do not depend on one.

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
interface TestNode {
  readonly nodeName: string;
  readonly directory: string;
  readonly port: number;
}

let directory: string;
let kubelet: ChildProcess | undefined;

async function create(path: string, body: object): Promise<void> {
  const { code, text: answer } = await api.ask("POST", path, { body });
  assert.equal(code, 201, answer);
}

before(async () => {
  directory = mkdtempSync(join(tmpdir(), "kube-ts-bootstrap-"));
});

async function newNode(nodeName: string): Promise<TestNode> {
  const own = join(directory, nodeName);
  mkdirSync(own);
  return { nodeName, directory: own, port: await freePort() };
}

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

function startKubelet({ nodeName, directory, port }: TestNode): void {
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

async function approve(csr: CertificateSigningRequest): Promise<CertificateSigningRequest> {
  const conditions = [{ type: "Approved", status: "True", reason: "Test", message: "approved" }];
  const path = `${csrs}/${csr.metadata.name}/approval`;
  const approved = await api.ask("PUT", path, { body: { ...csr, status: { conditions } } });
  assert.equal(approved.code, 200, approved.text);
  return JSON.parse(approved.text) as CertificateSigningRequest;
}

/** Approves and signs, as the controllers for certificates do. */
async function issue(csr: CertificateSigningRequest, lifetimeSeconds: number): Promise<void> {
  const current = await approve(csr);
  const pki = (name: string) => readFileSync(join(server.directory, "pki", name), "utf8");
  const authority = await TestAuthority.of(pki("ca.crt"), pki("ca.key"));
  const usage = csr.spec.usages?.includes("client auth") ? "client" : "server";
  const terms = { usage, notBefore: Date.now() - 1_000, notAfter: Date.now() + lifetimeSeconds * 1_000 } as const;
  const certificate = await authority.sign(Buffer.from(csr.spec.request, "base64").toString("utf8"), terms);
  const status = { ...current.status, certificate: Buffer.from(certificate).toString("base64") };
  const signed = await api.ask("PUT", `${csrs}/${csr.metadata.name}/status`, { body: { ...current, status } });
  assert.equal(signed.code, 200, signed.text);
}

/** Asks the kubelet as the cluster's administrator, trusting only the cluster's authority. */
async function askKubelet({ port }: TestNode, path: string): Promise<{ body: string; certificate: PeerCertificate }> {
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

async function leaseTime({ nodeName }: TestNode): Promise<number> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${nodeName}`;
  const { spec } = await api.json<Partial<Lease>>("GET", path);
  return Date.parse(spec?.renewTime ?? "");
}

const clientSigner = "kubernetes.io/kube-apiserver-client-kubelet";
const servingSigner = "kubernetes.io/kubelet-serving";
const shortSeconds = 24;

test("a node joins with a bootstrap token, and renews its certificates while it runs", async () => {
  const node = await newNode("bootstrapped-1");
  startKubelet(node);
  const joining = await pendingRequest(clientSigner);
  assert.equal(joining.spec.username, "system:bootstrap:abcdef");
  assert.deepEqual(joining.spec.usages, ["digital signature", "client auth"]);
  assert.match(joining.metadata.name ?? "", /^node-csr-/);
  await assert.rejects(askKubelet(node, "/healthz"), "there is no server yet");
  await issue(joining, shortSeconds);
  const firstEndsMs = Date.now() + shortSeconds * 1_000;

  const serving = await pendingRequest(servingSigner);
  assert.equal(serving.spec.username, `system:node:${node.nodeName}`);
  assert.deepEqual(serving.spec.usages, ["digital signature", "server auth"]);
  await assert.rejects(askKubelet(node, "/healthz"), "without a certificate no connection comes about");
  await issue(serving, shortSeconds);
  const first = await eventually("the server answers", () => askKubelet(node, "/metrics"));
  assert.equal(first.certificate.subject.CN, `system:node:${node.nodeName}`);
  assert.equal(first.certificate.subjectaltname, `DNS:${node.nodeName}, IP Address:127.0.0.1`);
  for (const whose of ["client", "server"]) {
    const seconds = metric(first.body, `kubelet_certificate_manager_${whose}_ttl_seconds`);
    assert.ok(seconds > 0 && seconds < shortSeconds, `${whose}: ${seconds}`);
  }
  await eventually(
    "the node is there",
    () => leaseTime(node),
    (time) => time > 0,
  );

  const next = await pendingRequest(clientSigner);
  assert.equal(next.spec.username, `system:node:${node.nodeName}`, "the node itself asks");
  assert.match(next.metadata.name ?? "", /^csr-/);
  assert.ok(Date.now() < firstEndsMs, "before the old one has ended");
  await issue(next, 3_600);
  await issue(await pendingRequest(servingSigner), 3_600);
  const renewed = await eventually(
    "the server shows its new certificate",
    () => askKubelet(node, "/metrics"),
    ({ certificate }) => certificate.serialNumber !== first.certificate.serialNumber,
  );
  assert.equal(metric(renewed.body, "kubelet_certificate_manager_server_rotation_seconds_count"), 1);
  await eventually(
    "the node speaks as itself when its first certificate has ended",
    () => leaseTime(node),
    (time) => time > firstEndsMs,
  );

  await stopKubelet();
  const before = (await api.json<{ items: unknown[] }>("GET", csrs)).items.length;
  startKubelet(node);
  const again = await eventually("the server answers after a restart", () => askKubelet(node, "/metrics"));
  assert.equal(again.certificate.serialNumber, renewed.certificate.serialNumber);
  await eventually(
    "the node is alive",
    () => leaseTime(node),
    (time) => time > Date.now() - 4_000,
  );
  assert.equal((await api.json<{ items: unknown[] }>("GET", csrs)).items.length, before, "nothing was asked again");
  assert.doesNotMatch(readFileSync(join(node.directory, "kubelet.log"), "utf8"), /PRIVATE KEY|0123456789abcdef/);
});

/** The controllers for certificates alone. */
async function startControllers(): Promise<AsyncDisposable> {
  const pki = (name: string) => join(server.directory, "pki", name);
  const args = [
    `--kubeconfig=${adminKubeconfig(server)}`,
    "--controllers=csrapproving,csrsigning",
    "--bind-address=127.0.0.1",
    `--secure-port=${await freePort()}`,
    "--leader-elect=false",
    `--cluster-signing-cert-file=${pki("ca.crt")}`,
    `--cluster-signing-key-file=${pki("ca.key")}`,
  ];
  const log = openSync(join(directory, "controllers.log"), "a");
  const program = join(repositoryRoot, "packages/controller-manager/bin/kube-controller-manager");
  const child = spawn(program, args, { stdio: ["ignore", log, log] });
  closeSync(log);
  return {
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

test("with the cluster's controllers a node joins by itself; its serving certificate waits for somebody", async () => {
  await stopKubelet();
  await create(bindings, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "approved-bootstrappers" },
    roleRef: {
      apiGroup: "rbac.authorization.k8s.io",
      kind: "ClusterRole",
      name: "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
    },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:bootstrappers" }],
  });
  const node = await newNode("bootstrapped-2");
  await using _controllers = await startControllers();
  startKubelet(node);
  await eventually(
    "the node is there",
    () => leaseTime(node),
    (time) => time > 0,
  );
  const serving = await pendingRequest(servingSigner);
  assert.equal(serving.spec.username, `system:node:${node.nodeName}`);
  await approve(serving);
  const { certificate } = await eventually("the server answers", () => askKubelet(node, "/metrics"));
  assert.equal(certificate.subjectaltname, `DNS:${node.nodeName}, IP Address:127.0.0.1`);
  await stopKubelet();
});
