import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { type ConnectionOptions, type PeerCertificate, connect } from "node:tls";
import { startServer } from "../../bench/api-server-process.ts";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";
import { Authority } from "../../deploy/pki/authority.ts";
import type { KeyPairFiles } from "../../deploy/pki/authority.ts";
import { EtcdStore } from "../../packages/apiserver/src/storage/etcd/etcd-store.ts";
import { EtcdProcess } from "../../packages/apiserver/src/storage/testing/etcd-process.ts";
import { ApiRequests, adminTls } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";

/** A server of the suite, with a certificate authority whose directory exists before it starts. */
function serverWith(argsFor: (authority: Authority) => Promise<readonly string[]> | readonly string[]) {
  const state: { server?: ServerUnderTest } = {};
  const pki = mkdtempSync(join(tmpdir(), "kube-ts-options-"));
  before(async () => {
    const authority = await Authority.open(pki, "ca", "kubernetes");
    state.server = await startServer(await argsFor(authority), { pki });
  });
  after(async () => {
    await state.server?.[Symbol.asyncDispose]();
    rmSync(pki, { recursive: true, force: true });
  });
  return () => {
    if (!state.server) throw new Error("the API server of these tests does not run yet");
    return state.server;
  };
}

function issue(authority: Authority, name: string, hosts: readonly string[] = []): Promise<KeyPairFiles> {
  const usages = ["server"] as const;
  return authority.issue(name, { commonName: name, hosts: ["127.0.0.1", ...hosts], usages });
}

/** What the server shows to a client that connects so. */
function handshake(
  server: ServerUnderTest,
  options: ConnectionOptions,
): Promise<{ cert: PeerCertificate; cipher: string }> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const ca = readFileSync(server.ca);
    const socket = connect({ host: hostname, port: Number(port), ca, ...options }, () => {
      resolve({ cert: socket.getPeerCertificate(), cipher: socket.getCipher().standardName });
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

suite("TLS", () => {
  const files: { main?: KeyPairFiles; next?: KeyPairFiles } = {};
  const server = serverWith(async (authority) => {
    files.main = await issue(authority, "main");
    files.next = await issue(authority, "next");
    const named = await issue(authority, "named", ["named.example"]);
    const wide = await issue(authority, "wide");
    return [
      `--tls-cert-file=${files.main.cert}`,
      `--tls-private-key-file=${files.main.key}`,
      `--tls-sni-cert-key=${named.cert},${named.key}`,
      `--tls-sni-cert-key=${wide.cert},${wide.key}:*.wide.example,Exact.example`,
      "--tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    ];
  });
  const shown = async (servername: string) => {
    const { cert } = await handshake(server(), { servername, checkServerIdentity: () => undefined });
    return cert.subject.CN;
  };

  test("the certificate is that of the name that the client asks for", async () => {
    for (const [name, expected] of [
      ["named.example", "named"],
      ["named", "named"],
      ["a.wide.example", "wide"],
      ["exact.example", "wide"],
      ["a.b.wide.example", "main"],
      ["other.example", "main"],
      ["", "main"],
    ] as const) {
      assert.equal(await shown(name), expected, name);
    }
  });

  test("only the cipher suites of the flag are spoken, and nothing older than TLS 1.2", async () => {
    const old = { checkServerIdentity: () => undefined, maxVersion: "TLSv1.2" } as const;
    const { cipher } = await handshake(server(), old);
    assert.equal(cipher, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    await assert.rejects(handshake(server(), { ...old, ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256" }));
    await assert.rejects(
      handshake(server(), { maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" }),
      /protocol version|EPROTO|ECONNRESET|disconnected/i,
    );
    const metrics = await new ApiRequests(server()).ask("GET", "/metrics");
    assert.match(metrics.text, /^apiserver_tls_handshake_errors_total [1-9]/m);
  });

  test("a certificate that is replaced is shown to new connections, and a bad one is not", async () => {
    const { main, next } = files;
    assert.ok(main && next);
    copyFileSync(next.cert, main.cert);
    assert.equal(await shown(""), "main");
    copyFileSync(next.key, main.key);
    await eventually(
      "the new certificate",
      () => shown(""),
      (name) => name === "next",
    );
    const answer = await new ApiRequests(server()).ask("GET", "/api/v1/namespaces/default");
    assert.equal(answer.code, 200);
  });
});

suite("a server that made its own certificate and speaks TLS 1.3 only", () => {
  const certificates = mkdtempSync(join(tmpdir(), "kube-ts-cert-dir-"));
  after(() => rmSync(certificates, { recursive: true, force: true }));
  const server = serverWith(() => [
    "--tls-cert-file=",
    "--tls-private-key-file=",
    `--cert-dir=${certificates}`,
    "--tls-min-version=VersionTLS13",
    "--strict-transport-security-directives=max-age=31536000,includeSubDomains",
    "--cors-allowed-origins=//app\\.example(:|$)",
  ]);

  const ask = (method: string, path: string, headers: Readonly<Record<string, string>> = {}) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const ca = readFileSync(join(certificates, "apiserver.crt"));
      const outgoing = request(server().url + path, { ...adminTls(server()), ca, method, headers }, (answer) => {
        answer.resume();
        resolve(answer);
      });
      outgoing.on("error", reject);
      outgoing.end();
    });

  test("its certificate is in the directory", async () => {
    assert.equal((await ask("GET", "/livez")).statusCode, 200);
    await assert.rejects(
      handshake(server(), { ca: readFileSync(join(certificates, "apiserver.crt")), maxVersion: "TLSv1.2" }),
    );
  });

  test("answers tell browsers to stay with HTTPS, errors too", async () => {
    for (const path of ["/livez", "/api/v1/namespaces/none", "/none"]) {
      const { headers } = await ask("GET", path);
      assert.equal(headers["strict-transport-security"], "max-age=31536000; includeSubDomains", path);
    }
  });

  test("pages of allowed origins may use the API", async () => {
    const preflight = await ask("OPTIONS", "/api/v1/pods", { Origin: "https://app.example:8443" });
    assert.equal(preflight.statusCode, 204);
    assert.equal(preflight.headers["access-control-allow-origin"], "https://app.example:8443");
    assert.equal(preflight.headers["access-control-allow-methods"], "POST, GET, OPTIONS, PUT, DELETE, PATCH");
    assert.equal(preflight.headers["access-control-allow-credentials"], "true");
    const missing = await ask("GET", "/api/v1/namespaces/none", { Origin: "https://app.example" });
    assert.deepEqual(
      [missing.statusCode, missing.headers["access-control-allow-origin"]],
      [404, "https://app.example"],
    );
    const stranger = await ask("GET", "/livez", { Origin: "https://app.example.evil" });
    assert.equal(stranger.headers["access-control-allow-origin"], undefined);
    const refused = await ask("OPTIONS", "/api/v1/pods", { Origin: "https://app.example.evil" });
    assert.notEqual(refused.statusCode, 204);
  });
});

suite("health checks", () => {
  const server = serverWith(() => []);
  const ask = (path: string) => new ApiRequests(server()).ask("GET", path);

  test("say ok, and all that they checked when they are asked to", async () => {
    const brief = await ask("/readyz");
    assert.deepEqual([brief.code, brief.text], [200, "ok"]);
    assert.equal(brief.headers["content-type"], "text/plain; charset=utf-8");
    const { text } = await ask("/readyz?verbose");
    const lines = text.trimEnd().split("\n");
    assert.deepEqual(lines.slice(0, 5), [
      "[+]ping ok",
      "[+]log ok",
      "[+]etcd ok",
      "[+]etcd-readiness ok",
      "[+]informer-sync ok",
    ]);
    assert.ok(lines.includes("[+]poststarthook/rbac/bootstrap-roles ok"));
    assert.deepEqual(lines.slice(-3), ["[+]autoregister-completion ok", "[+]shutdown ok", "readyz check passed"]);
    const live = (await ask("/livez?verbose")).text;
    assert.doesNotMatch(live, /etcd-readiness|\]informer-sync |shutdown/);
    assert.match(live, /\nlivez check passed\n$/);
  });

  test("can be left out, or asked one by one", async () => {
    const { text } = await ask("/healthz?verbose=1&exclude=etcd&exclude=zebra&exclude=%22ape");
    assert.match(text, /^\[\+\]etcd excluded: ok$/m);
    assert.match(
      text,
      /^warn: some health checks cannot be excluded: no matches for "\\"ape","zebra"\nhealthz check passed$/m,
    );
    for (const path of ["/livez/ping", "/readyz/etcd-readiness", "/healthz/poststarthook/rbac/bootstrap-roles"]) {
      const { code, text: answer } = await ask(path);
      assert.deepEqual([code, answer], [200, "ok"], path);
    }
    assert.equal((await ask("/livez/shutdown")).code, 404);
  });
});

suite("deprecated versions", () => {
  const server = serverWith(() => ["--runtime-config=api/legacy=true"]);
  const warningOf = async (path: string) => (await new ApiRequests(server()).ask("GET", path)).headers["warning"];

  test("say so in the words of the release that deprecated them", async () => {
    const expected: Readonly<Record<string, string | undefined>> = {
      "/api/v1/endpoints": "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
      "/api/v1/componentstatuses": "v1 ComponentStatus is deprecated in v1.19+",
      "/apis/batch/v1beta1/cronjobs":
        "batch/v1beta1 CronJob is deprecated in v1.21+, unavailable in v1.25+; use batch/v1 CronJob",
      "/apis/extensions/v1beta1/deployments":
        "extensions/v1beta1 Deployment is deprecated in v1.8+, unavailable in v1.16+; use apps/v1 Deployment",
      "/apis/apps/v1/deployments": undefined,
    };
    for (const [path, text] of Object.entries(expected)) {
      assert.equal(await warningOf(path), text && `299 - "${text}"`, path);
    }
  });

  test("are in the metrics once somebody asked, and requests are counted by what there is", async () => {
    const api = new ApiRequests(server());
    await api.ask("GET", "/apis/batch/v1beta1/cronjobs");
    await api.ask("PATCH", "/api/v1/namespaces/default/configmaps/applied?fieldManager=test&dryRun=All", {
      headers: { "Content-Type": "application/apply-patch+yaml" },
      body: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\n",
    });
    await api.ask("GET", "/api/v1/namespaces/default/pods/x/made-up");
    const { text } = await api.ask("GET", "/metrics");
    const lines = new Set(text.split("\n"));
    const deprecated = 'group="batch",version="v1beta1",resource="cronjobs",subresource="",removed_release="1.25"';
    assert.ok(lines.has(`apiserver_requested_deprecated_apis{${deprecated}} 1`));
    const about = 'group="",version="v1",resource="configmaps",subresource="",scope="resource",component="apiserver"';
    assert.ok(lines.has(`apiserver_request_total{verb="APPLY",dry_run="All",${about},code="201"} 1`));
    assert.ok(text.includes(`apiserver_request_duration_seconds_count{verb="APPLY",dry_run="All",${about}} 1`));
    assert.ok(text.includes(`apiserver_request_sli_duration_seconds_count{verb="APPLY",${about}} 1`));
    assert.match(text, /^apiserver_response_sizes_bucket\{le="1000",verb="LIST",group="batch",/m);
    assert.match(text, /^apiserver_admission_step_admission_duration_seconds_count\{type="admit",operation="CREATE",/m);
    assert.match(text, /^apiserver_storage_objects\{resource="clusterroles\.rbac\.authorization\.k8s\.io"\} [1-9]/m);
    assert.doesNotMatch(text, /made-up/);
  });

  test("watches are counted while they last, and so are their events", async () => {
    const api = new ApiRequests(server());
    const scope =
      'group="",version="v1",resource="serviceaccounts",subresource="",scope="namespace",component="apiserver"';
    const running = async () => {
      const { text } = await api.ask("GET", "/metrics");
      return new RegExp(`^apiserver_longrunning_requests\\{verb="WATCH",${scope}\\} (.*)$`, "m").exec(text)?.[1];
    };
    const watch = api.watch("/api/v1/namespaces/default/serviceaccounts?watch=true");
    const first = watch.next();
    await api.ask("POST", "/api/v1/namespaces/default/serviceaccounts", { body: { metadata: { name: "seen" } } });
    await first;
    assert.equal(await running(), "1");
    const { text } = await api.ask("GET", "/metrics");
    assert.match(text, /^apiserver_watch_events_total\{group="",version="v1",resource="serviceaccounts"\} [1-9]/m);
    await watch.return(undefined);
    await eventually("the watch is gone", running, (count) => count === "0");
  });
});

suite("debugging", () => {
  const server = serverWith(() => []);

  test("profiles are for administrators, one at a time, and in the form of pprof", async () => {
    const api = new ApiRequests(server());
    assert.equal((await api.ask("GET", "/debug/pprof/profile", { as: "anonymous" })).code, 403);
    assert.match((await api.ask("GET", "/debug/pprof/")).text, /^profile: CPU profile/m);
    const taking = api.ask("GET", "/debug/pprof/profile?seconds=1");
    const second = await eventually(
      "a profile is being taken",
      () => api.ask("GET", "/debug/pprof/heap?seconds=0.01"),
      ({ code }) => code === 500,
      900,
    );
    assert.equal(second.text, "Could not enable heap profiling: profiling already in use\n");
    const profile = await taking;
    assert.deepEqual([profile.code, profile.headers["content-type"]], [200, "application/octet-stream"]);
    assert.ok(gunzipSync(profile.bytes).includes("nanoseconds"));
    const heap = await api.ask("GET", "/debug/pprof/heap?seconds=0.1");
    assert.ok(gunzipSync(heap.bytes).includes("inuse_space"));
  });

  test("the log says more when it is told to", async () => {
    const api = new ApiRequests(server());
    const log = () => readFileSync(join(server().directory, "kube-apiserver.log"), "utf8");
    const set = (body: string) => api.ask("PUT", "/debug/flags/v", { body });
    assert.equal((await api.ask("PUT", "/debug/flags/v", { body: "4", as: "anonymous" })).code, 403);
    const refused = { as: { token: "no.such.token" } } as const;
    await api.ask("GET", "/api", refused);
    assert.doesNotMatch(log(), /"level":"debug"/);
    const answer = await set("4");
    assert.deepEqual([answer.code, answer.text], [200, "successfully set klog.logging.verbosity to 4"]);
    await api.ask("GET", "/api", refused);
    assert.match(log(), /"level":"debug"/);
    const wrong = await set("much");
    assert.equal(wrong.code, 400);
    assert.match(
      wrong.text,
      /^failed set klog\.logging\.verbosity much: strconv\.ParseInt: parsing "much": invalid syntax/,
    );
    const read = await api.ask("GET", "/debug/flags/v");
    assert.deepEqual([read.code, read.text], [406, "unsupported http method"]);
  });
});

suite("etcd servers for single resources", () => {
  const other: { etcd?: EtcdProcess } = {};
  const server = serverWith(async () => {
    other.etcd = await EtcdProcess.start();
    return [
      `--etcd-servers-overrides=/configmaps#${other.etcd.endpoint}`,
      "--watch-cache-sizes=configmaps#500",
      "--lease-reuse-duration-seconds=1",
    ];
  });
  after(() => other.etcd?.[Symbol.asyncDispose]());

  test("keep these resources and no others, and are watched", async () => {
    const api = new ApiRequests(server());
    const { etcd } = other;
    assert.ok(etcd);
    const watch = api.watch<{ type: string; object: { metadata: { name: string } } }>(
      "/api/v1/namespaces/default/configmaps?watch=true&fieldSelector=metadata.name%3Dhere",
    );
    const seen = watch.next();
    const metadata = { name: "here" };
    assert.equal((await api.ask("POST", "/api/v1/namespaces/default/configmaps", { body: { metadata } })).code, 201);
    assert.equal(
      (await api.ask("POST", "/api/v1/namespaces/default/serviceaccounts", { body: { metadata } })).code,
      201,
    );
    assert.equal((await seen).value?.object.metadata.name, "here");
    await watch.return(undefined);
    assert.deepEqual(await keysOf(etcd.endpoint, "/here"), ["/registry/configmaps/default/here"]);
    assert.deepEqual(await keysOf(server().etcdUrl, "/here"), ["/registry/serviceaccounts/default/here"]);
    const list = await api.json<{ items: object[] }>("GET", "/api/v1/namespaces/default/configmaps");
    assert.ok(list.items.length > 0);
  });
});

suite("the endpoints of the service kubernetes", () => {
  const pki = mkdtempSync(join(tmpdir(), "kube-ts-options-"));
  const started: { etcd?: EtcdProcess; first?: ServerUnderTest; second?: ServerUnderTest } = {};
  const addresses = ["192.0.2.1", "192.0.2.2"] as const;
  before(async () => {
    const etcd = (started.etcd = await EtcdProcess.start());
    const start = (address: string) =>
      startServer([`--advertise-address=${address}`, "--kubernetes-service-node-port=30443"], { etcd: [etcd], pki });
    started.first = await start(addresses[0]);
    started.second = await start(addresses[1]);
  });
  after(async () => {
    await started.first?.[Symbol.asyncDispose]();
    await started.second?.[Symbol.asyncDispose]();
    await started.etcd?.[Symbol.asyncDispose]();
    rmSync(pki, { recursive: true, force: true });
  });

  test("are those of the servers that are alive", async () => {
    const { etcd, first, second } = started;
    assert.ok(etcd && first && second);
    const api = new ApiRequests(first);
    type Endpoints = { subsets?: { addresses: { ip: string }[] }[] };
    const listed = async () => {
      const { subsets } = await api.json<Endpoints>("GET", "/api/v1/namespaces/default/endpoints/kubernetes");
      return subsets?.[0]?.addresses.map(({ ip }) => ip).join();
    };
    await eventually("both servers", listed, (all) => all === addresses.join(), 30_000);
    const leases = (await keysOf(etcd.endpoint, "")).filter((key) => key.includes("/masterleases/"));
    assert.deepEqual(
      leases,
      addresses.map((address) => `/registry/masterleases/${address}`),
    );
    type Service = { spec: { type: string; ports: { nodePort: number }[] } };
    const { spec } = await api.json<Service>("GET", "/api/v1/namespaces/default/services/kubernetes");
    assert.deepEqual([spec.type, spec.ports[0]?.nodePort], ["NodePort", 30_443]);

    process.kill(second.pid, "SIGKILL");
    await eventually("the server that lives", listed, (all) => all === addresses[0], 45_000);
  });
});

/** The keys with this end. */
async function keysOf(endpoint: string, end: string): Promise<string[]> {
  await using store = new EtcdStore({ endpoints: [endpoint] });
  const page = await store.list({ prefix: "/registry/", limit: 10_000 }, AbortSignal.timeout(10_000));
  return page.values.map(({ key }) => key).filter((key) => key.endsWith(end));
}

suite("a server that is told to stop", () => {
  const server = serverWith(() => ["--shutdown-delay-duration=3s", "--shutdown-send-retry-after=true"]);

  test("is no longer ready but serves, then refuses new requests while it answers the open ones", async () => {
    const api = new ApiRequests(server());
    assert.equal((await api.ask("GET", "/readyz")).code, 200);
    const body = JSON.stringify({ metadata: { name: "slow" } });
    const slow = slowRequest(server(), "/api/v1/namespaces/default/configmaps", body);
    const watch = await api.open("GET", "/api/v1/configmaps?watch=true");
    watch.resume();
    const watchEnded = new Promise<void>((resolve) => watch.on("close", resolve));
    process.kill(server().pid, "SIGTERM");

    const unready = await eventually(
      "not ready",
      () => api.ask("GET", "/readyz"),
      ({ code }) => code !== 200,
      2_000,
    );
    assert.equal(unready.code, 500);
    assert.match(unready.text, /^\[-\]shutdown failed: reason withheld\nreadyz check failed$/m);
    assert.equal((await api.ask("GET", "/livez")).code, 200);
    assert.equal((await api.ask("GET", "/api/v1/namespaces/default")).code, 200);

    const late = await eventually(
      "draining",
      () => api.ask("GET", "/api/v1/namespaces/default"),
      ({ code }) => code !== 200,
      10_000,
    );
    assert.equal(late.code, 429);
    assert.equal(late.text, "The apiserver is shutting down, please try again later.\n");
    assert.equal(late.headers["retry-after"], "5");
    assert.equal(late.headers.connection, "close");
    assert.equal((await api.ask("GET", "/livez")).code, 200);
    await watchEnded;

    slow.finish();
    assert.equal((await slow.answer).statusCode, 201);
    await eventually("the server ends", () => isRefused(api), Boolean, 10_000);
  });
});

/** A request whose body is sent only in part until it is told to finish. */
function slowRequest({ url, ca, admin }: ServerUnderTest, path: string, body: string) {
  const identity = { ca: readFileSync(ca), cert: readFileSync(admin.cert), key: readFileSync(admin.key) };
  const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
  const outgoing = request(url + path, { ...identity, method: "POST", headers });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on("response", (incoming) => {
      incoming.resume();
      resolve(incoming);
    });
    outgoing.on("error", reject);
  });
  outgoing.write(body.slice(0, 5));
  return { answer, finish: () => outgoing.end(body.slice(5)) };
}

function isRefused(api: ApiRequests): Promise<boolean> {
  const refused = (error: unknown) => (error as { code?: unknown }).code === "ECONNREFUSED";
  return api.ask("GET", "/livez").then(() => false, refused);
}
