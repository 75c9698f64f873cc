import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { programs } from "../../deploy/packages/programs.ts";
import type { Program } from "../../deploy/packages/programs.ts";
import { Authority, signingKeyFiles } from "../../deploy/pki/authority.ts";
import { eventually } from "../../e2e/harness/eventually.ts";
import { EtcdProcess } from "../../packages/apiserver/src/storage/testing/etcd-process.ts";
import { localProgram, root } from "../run-program.ts";
import { bundleProgram } from "./bundle.ts";

/** Far from the checkout, so that nothing is found there by chance. */
const directory = mkdtempSync(join(tmpdir(), "kube-ts-bundles-"));
const bundleFile = (name: string) => join(directory, `${name}.mjs`);

before(async () => {
  for (const program of programs) writeFileSync(bundleFile(program.name), (await bundleProgram(program)).code);
});
after(() => rmSync(directory, { recursive: true, force: true }));

function answer(main: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(localProgram("node"), [main, ...args], { cwd: "/", encoding: "utf8" });
  return `${status}\n${stdout}\n${stderr.replaceAll(/^.*(?:ExperimentalWarning|--trace-warnings).*\n/gm, "")}`;
}

for (const { name, source, idle } of programs) {
  test(`${name} says from a bundle what it says from the checkout`, () => {
    for (const args of [["--help"], idle.split(" "), ["--no-such-flag"]]) {
      const bundled = answer(bundleFile(name), args);
      assert.equal(bundled, answer(join(root, source), args));
      if (args.join(" ") === idle) assert.match(bundled, /^0\n.*v1\.\d+/s);
    }
  });
}

test("a bundle is ASCII, so that V8 keeps it in one byte a character", () => {
  for (const { name } of programs)
    assert.doesNotMatch(readFileSync(bundleFile(name), "latin1"), /[\u0080-\u00ff]/, name);
});

test("the same source makes the same bundle", async () => {
  const [program] = programs.filter(({ name }) => name === "kube-proxy");
  assert.ok(program);
  const [one, other] = [await bundleProgram(program), await bundleProgram(program)];
  assert.ok(one.code === other.code && one.sourceMap === other.sourceMap);
});

test("the kubelet's relay into pods' networks needs nothing around it", async () => {
  const code = readFileSync(bundleFile("kubelet"), "utf8");
  const source = /^function netnsRelay\([^]*?^\}$/m.exec(code)?.[0];
  assert.ok(source);
  const socket = join(directory, "relay.sock");
  const relay = spawn(localProgram("node"), ["-e", `(${source})(${JSON.stringify(socket)})`], {
    stdio: "pipe",
    env: {},
  });
  try {
    const said = await Promise.race([once(relay.stdout, "data"), once(relay.stderr, "data")]);
    assert.equal(String(said[0]), "ready\n");
    assert.ok(existsSync(socket));
  } finally {
    relay.stdin.end();
    await once(relay, "exit");
  }
});

interface RunningServer extends AsyncDisposable {
  get(path: string, init?: { readonly body: string; readonly type: string }): Promise<{ status: number; body: string }>;
}

/** Starts an API server from its main file and waits until it is ready. */
async function startApiServer(
  main: string,
  etcd: string,
  pki: string,
  more: readonly string[],
): Promise<RunningServer> {
  const authority = await Authority.open(pki, "ca", "kubernetes");
  const serving = await authority.issue("apiserver", { commonName: "a", hosts: ["127.0.0.1"], usages: ["server"] });
  const admin = await authority.issue("admin", {
    commonName: "admin",
    organizations: ["system:masters"],
    usages: ["client"],
  });
  const { key } = await signingKeyFiles(pki, "sa");
  const port = await freePort();
  const args = [
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    `--tls-cert-file=${serving.cert}`,
    `--tls-private-key-file=${serving.key}`,
    `--client-ca-file=${authority.certFile}`,
    `--etcd-servers=${etcd}`,
    "--service-cluster-ip-range=10.96.0.0/16",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-signing-key-file=${key}`,
    ...more,
  ];
  const child = spawn(localProgram("node"), [main, ...args], { cwd: "/", stdio: ["ignore", "ignore", "inherit"] });
  const get: RunningServer["get"] = (path, init) =>
    new Promise((resolve, reject) => {
      const options = {
        host: "127.0.0.1",
        port,
        path,
        method: init ? "POST" : "GET",
        ca: readFileSync(authority.certFile),
        cert: readFileSync(admin.cert),
        key: readFileSync(admin.key),
        headers: init ? { "content-type": init.type } : {},
      };
      const sent = request(options, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text: string) => (body += text));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      });
      sent.on("error", reject);
      sent.end(init?.body);
    });
  await eventually(
    "the API server is ready, or has ended",
    () => (child.exitCode === null ? get("/readyz") : { status: 200 }),
    ({ status }) => status === 200,
  );
  assert.equal(child.exitCode, null, "the API server has ended");
  return { get, [Symbol.asyncDispose]: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number | null];
  assert.equal(code, 0, "the API server stops cleanly");
}

function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  return new Promise((resolve) =>
    probe.once("listening", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    }),
  );
}

const anyConfigMap = { apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"], operations: ["CREATE"] };

const apiServer = programs.find(({ name }) => name === "kube-apiserver") as Program;

test("the API server serves from a bundle what it serves from the checkout", { timeout: 120_000 }, async () => {
  await using etcd = await EtcdProcess.start();
  const pki = join(directory, "pki");
  await using bundled = await startApiServer(bundleFile("kube-apiserver"), etcd.endpoint, pki, []);
  await using checkout = await startApiServer(join(root, apiServer.source), etcd.endpoint, pki, []);
  // Documents of all types, made of tables that are read on first use.
  for (const path of ["/version", "/apis", "/openapi/v2", "/openapi/v3/api/v1", "/openapi/v3/apis/apps/v1"]) {
    const [one, other] = [await bundled.get(path), await checkout.get(path)];
    assert.equal(one.status, 200, path);
    assert.ok(one.body === other.body, `${path} differs`);
  }
  // YAML is read by a library that is loaded late.
  const yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: 'µ – ∞'}\n";
  const made = await bundled.get("/api/v1/namespaces/default/configmaps", { body: yaml, type: "application/yaml" });
  assert.equal(made.status, 201, made.body);
  assert.match((await checkout.get("/api/v1/namespaces/default/configmaps/a")).body, /"k":"µ – ∞"/);
  // Patterns of strangers are compiled by a library that is loaded late.
  const policy = JSON.stringify({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: "p" },
    spec: {
      matchConstraints: { resourceRules: [anyConfigMap] },
      validations: [{ expression: "object.metadata.name.matches('^a+$')" }],
    },
  });
  const path = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
  const accepted = await bundled.get(path, { body: policy, type: "application/json" });
  assert.equal(accepted.status, 201, accepted.body);
  // So are certificates, of which this is none.
  const csr = JSON.stringify({
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name: "c" },
    spec: {
      signerName: "kubernetes.io/kube-apiserver-client",
      usages: ["client auth"],
      request: Buffer.from("-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n").toString(
        "base64",
      ),
    },
  });
  const csrs = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  const [one, other] = [
    await bundled.get(csrs, { body: csr, type: "application/json" }),
    await checkout.get(csrs, { body: csr, type: "application/json" }),
  ];
  assert.deepEqual(one, other);
  assert.equal(one.status, 422);
});

test("workers of a bundled API server are processes of the bundle", { timeout: 120_000 }, async () => {
  await using etcd = await EtcdProcess.start();
  const main = bundleFile("kube-apiserver");
  await using server = await startApiServer(main, etcd.endpoint, join(directory, "pki"), ["--workers=2"]);
  assert.equal((await server.get("/api/v1/namespaces/default")).status, 200);
});
