import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import type { ClientConfig } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { serverFields } from "@kube-ts/client/server-list";
import { eventually } from "@kube-ts/client/testing/eventually";
import { TinyServer, type TinyRequest } from "@kube-ts/client/testing/tiny-server";
import { FakeClock, systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { Registry } from "@kube-ts/std/metrics";
import { seededRandom, systemRandom } from "@kube-ts/std/random";
import { TestAuthority } from "../testing/test-authority.ts";
import { servingCertificateMetrics } from "./certificate-metrics.ts";
import { certificateRequest } from "./certificate-request.ts";
import { newPrivateKey, nodeSubject } from "./certificate-subject.ts";
import { CertificateRotation } from "./certificate-rotation.ts";
import { CertificateStore } from "./certificate-store.ts";
import { clientIdentity } from "./client-identity.ts";
import { coversHosts, keyPairFrom, renewalTimeMs } from "./key-pair.ts";
import { servingSigner } from "./request-certificate.ts";

const hourMs = 3_600_000;
let ca: TestAuthority;
let directory: string;

before(async () => {
  ca = await TestAuthority.create();
  directory = mkdtempSync(join(tmpdir(), "kubelet-certificates-"));
});

after(() => rmSync(directory, { recursive: true }));

/** Certificate signing requests as an API server keeps them; the test is their approver and signer. */
class Requests implements AsyncDisposable {
  readonly all: CertificateSigningRequest[] = [];
  /** Whether requests are signed as soon as they come. */
  signing = true;
  /** The certificate's validity from now, on the clock of the kubelet. */
  validity: () => { readonly notBefore: number; readonly notAfter: number } = () => ({
    notBefore: Date.now() - 60_000,
    notAfter: Date.now() + hourMs,
  });
  server!: TinyServer;

  static async start(): Promise<Requests> {
    const requests = new Requests();
    requests.server = await TinyServer.start((request, response) => void requests.#answer(request, response));
    return requests;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }

  get last(): CertificateSigningRequest {
    const last = this.all.at(-1);
    assert.ok(last);
    return last;
  }

  async sign(request: CertificateSigningRequest): Promise<void> {
    const pem = Buffer.from(request.spec.request, "base64").toString("utf8");
    const usage = request.spec.usages?.includes("client auth") ? "client" : "server";
    const certificate = Buffer.from(await ca.sign(pem, { usage, ...this.validity() })).toString("base64");
    request.status = { conditions: [{ type: "Approved", status: "True" }], certificate };
  }

  deny(request: CertificateSigningRequest): void {
    request.status = { conditions: [{ type: "Denied", status: "True", reason: "No", message: "not you" }] };
  }

  async #answer({ method, url, body }: TinyRequest, response: ServerResponse): Promise<void> {
    const send = (status: number, value: object) =>
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
    const failure = (code: number, reason: string) =>
      send(code, { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message: reason });
    const path = url.split("?")[0];
    if (method === "POST") {
      const request = JSON.parse(body) as CertificateSigningRequest;
      request.metadata.name ??= `${request.metadata.generateName}${this.all.length}`;
      if (this.all.some(({ metadata }) => metadata.name === request.metadata.name))
        return void failure(409, "AlreadyExists");
      this.all.push(request);
      if (this.signing) await this.sign(request);
      return void send(201, request);
    }
    const found = this.all.find(({ metadata }) => metadata.name === path?.split("/").at(-1));
    return found ? void send(200, found) : void failure(404, "NotFound");
  }
}

function setup(name: string, requests: Requests, further: readonly string[] = []) {
  const at = (file: string) => join(directory, name, file);
  const bootstrap = join(directory, `${name}-bootstrap.json`);
  const cluster = serverFields([...further, requests.server.url], "first");
  const document = {
    kind: "Config",
    clusters: [{ name: "c", cluster }],
    users: [{ name: "u", user: { token: "abcdef.0123456789abcdef" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  };
  writeFileSync(bootstrap, JSON.stringify(document));
  const options = {
    kubeconfig: at("kubelet.conf"),
    bootstrapKubeconfig: bootstrap,
    certDirectory: at("pki"),
    rotate: true,
    nodeName: "node-1",
    connect: (config: ClientConfig) => createClient(config, { userAgent: "test", clock: systemClock }),
    clock: systemClock,
    random: systemRandom,
    log: silentLogger,
  };
  return { at, options };
}

const signal = AbortSignal.timeout(60_000);

test("renewals are spread between 70 and 90 percent of the lifetime", () => {
  const pair = { notBeforeMs: 1_000, notAfterMs: 2_000 };
  assert.deepEqual([0, 0.5, 1].map((chance) => renewalTimeMs(pair, chance)), [1_700, 1_800, 1_900]); // prettier-ignore
});

test("a node without an identity asks for one, waits, and keeps it", async () => {
  await using requests = await Requests.start();
  requests.signing = false;
  const { at, options } = setup("fresh", requests);
  const identity = clientIdentity(options, signal);
  await eventually(() => assert.equal(requests.all.length, 1));
  const { metadata, spec } = requests.last;
  assert.match(metadata.name ?? "", /^node-csr-/);
  assert.equal(spec.signerName, "kubernetes.io/kube-apiserver-client-kubelet");
  assert.deepEqual(spec.usages, ["digital signature", "client auth"]);
  assert.equal(requests.server.requests[0]?.headers.authorization, "Bearer abcdef.0123456789abcdef");
  assert.equal(existsSync(at("kubelet.conf")), false);
  await requests.sign(requests.last);
  const { config, store, current } = await identity;
  assert.match(current?.certificate.subject ?? "", /O=system:nodes\nCN=system:node:node-1/);
  assert.deepEqual(config.tls.cert, { file: at("pki/kubelet-client-current.pem") });
  assert.equal(statSync(store.currentPath).mode & 0o777, 0o600);
  assert.equal(statSync(at("kubelet.conf")).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(at("pki")).filter((name) => name.includes("tmp")), []); // prettier-ignore
  assert.equal((await clientConfigFromFile(at("kubelet.conf"))).server, requests.server.url);
  assert.doesNotMatch(readFileSync(at("kubelet.conf"), "utf8"), /abcdef/);

  await clientIdentity(options, signal);
  assert.equal(requests.all.length, 1, "what counts is kept");
});

test("the servers that the bootstrap names are those of the node, too, and any of them will do", async () => {
  await using requests = await Requests.start();
  const gone = "http://127.0.0.1:1";
  const { at, options } = setup("several", requests, [gone]);
  await clientIdentity(options, signal);
  const config = await clientConfigFromFile(at("kubelet.conf"));
  assert.deepEqual(config.serverList, { servers: [gone, requests.server.url], start: "first" });
});

test("a request that is under way is found again after a restart", async () => {
  await using requests = await Requests.start();
  requests.signing = false;
  const { options } = setup("restarted", requests);
  const first = new AbortController();
  const abandoned = assert.rejects(clientIdentity(options, first.signal), /restart/);
  await eventually(() => assert.equal(requests.all.length, 1));
  first.abort(new Error("restart"));
  await abandoned;
  const identity = clientIdentity(options, signal);
  await requests.sign(requests.last);
  assert.ok((await identity).current);
  assert.equal(requests.all.length, 1);
});

test("an identity that has ended is asked for anew with the bootstrap credentials", async () => {
  await using requests = await Requests.start();
  const { options } = setup("expired", requests);
  requests.validity = () => ({ notBefore: Date.now() - 2 * hourMs, notAfter: Date.now() - hourMs });
  await clientIdentity(options, signal);
  requests.validity = () => ({ notBefore: Date.now() - 1_000, notAfter: Date.now() + hourMs });
  const { current } = await clientIdentity(options, signal);
  assert.equal(requests.all.length, 2);
  assert.ok((current?.notAfterMs ?? 0) > Date.now());
});

test("a certificate for another key is not taken", async () => {
  const [mine, other] = [await newPrivateKey(), await newPrivateKey()];
  const cert = await ca.sign(await certificateRequest(nodeSubject("node-1"), other), { usage: "client" });
  assert.throws(() => keyPairFrom(cert, mine), /private key does not match public key/);
  const store = new CertificateStore(join(directory, "store"), "kubelet-client");
  await assert.rejects(store.update({ cert, key: mine }, 0), /does not match/);
  assert.equal(await store.current(), undefined);
});

test("a serving certificate is renewed in time, and again when asking failed", async () => {
  await using requests = await Requests.start();
  const clock = new FakeClock(Date.now());
  requests.validity = () => ({ notBefore: clock.now(), notAfter: clock.now() + 100 * hourMs });
  const { at, options } = setup("serving", requests);
  await using client = options.connect({ server: requests.server.url, namespace: "", tls: {}, auth: { kind: "none" } });
  const registry = new Registry();
  const store = new CertificateStore(at("pki"), "kubelet-server");
  const hosts = ["node-1", "10.0.0.1", "fd00::1"];
  const renewed: string[] = [];
  const rotation = new CertificateRotation({
    store,
    subject: nodeSubject("node-1", hosts),
    signerName: servingSigner,
    client: async () => ({ client, [Symbol.asyncDispose]: async () => {} }),
    metrics: (ttlSeconds) => servingCertificateMetrics(registry, ttlSeconds),
    onRenewed: ({ certificate }) => void renewed.push(certificate.serialNumber),
    clock,
    random: seededRandom(1),
    log: silentLogger,
  });
  const stop = new AbortController();
  const running = assert.rejects(rotation.run(stop.signal), /stopped/);
  await eventually(() => assert.equal(renewed.length, 1));
  assert.deepEqual(requests.last.spec.usages, ["digital signature", "server auth"]);
  assert.equal(requests.last.spec.signerName, "kubernetes.io/kubelet-serving");
  const first = await store.current();
  assert.ok(first && coversHosts(first, hosts));

  await clock.advance(69 * hourMs);
  assert.equal(requests.all.length, 1, "not before its time");
  requests.signing = false;
  await clock.advance(22 * hourMs);
  await eventually(() => assert.equal(requests.all.length, 2));
  requests.deny(requests.last);
  requests.signing = true;
  await eventually(async () => {
    await clock.advance(1_000);
    assert.equal(renewed.length, 2);
  });
  assert.equal(requests.all.length, 3);
  assert.equal(readdirSync(at("pki")).length, 2, "one file and the link to it");
  assert.notEqual((await store.current())?.certificate.serialNumber, first.certificate.serialNumber);
  const metrics = await registry.metrics();
  assert.match(metrics, /^kubelet_server_expiration_renew_errors 1$/m);
  assert.match(metrics, /^kubelet_certificate_manager_server_rotation_seconds_count 1$/m);
  const [, ttl] = /^kubelet_certificate_manager_server_ttl_seconds (\d+)/m.exec(metrics) ?? [];
  assert.ok(Number(ttl) > 99 * 3_600, metrics);
  stop.abort(new Error("stopped"));
  await running;
});
