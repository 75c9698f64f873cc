import assert from "node:assert/strict";
import { Resolver } from "node:dns/promises";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Namespace, Service } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { resolveClientConfig } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { TinyServer } from "@kube-ts/client/testing/tiny-server";
import { systemClock } from "@kube-ts/std/clock";
import type { DaemonContext } from "@kube-ts/std/daemon";
import { parseFlags } from "@kube-ts/std/flags";
import { silentLogger } from "@kube-ts/std/log";
import { Registry } from "@kube-ts/std/metrics";
import { systemRandom } from "@kube-ts/std/random";
import { runClusterDns } from "./cluster-dns.ts";
import { configureDns, dnsFlags } from "./dns-flags.ts";
import { bindHosts } from "./host-addresses.ts";
import { makeService } from "./testing/dns-fixtures.ts";

const host = "127.0.0.1";
const configure = (...args: string[]) => configureDns(parseFlags(dnsFlags, "cluster-dns", args));

interface FakeApi extends AsyncDisposable {
  readonly url: string;
  /** Lets lists be answered; before that they wait. */
  open(): void;
  /** Tells watches of a new Service. */
  add(service: Service): void;
}

/** An API server with these objects, as far as informers need one. */
async function startApi(objects: Readonly<Record<string, readonly KubeObject[]>>): Promise<FakeApi> {
  const opened = Promise.withResolvers<void>();
  const watches = new Set<(service: Service) => void>();
  const server = await TinyServer.start((request, response) => {
    const url = new URL(request.url, "http://localhost");
    const plural = url.pathname.split("/").at(-1) ?? "";
    response.setHeader("content-type", "application/json");
    if (url.searchParams.has("watch")) {
      response.flushHeaders();
      const tell = (object: Service) => void response.write(`${JSON.stringify({ type: "ADDED", object })}\n`);
      if (plural === "services") watches.add(tell);
      response.once("close", () => watches.delete(tell));
      return;
    }
    const items = objects[plural] ?? [];
    const list = { kind: "List", apiVersion: "v1", metadata: { resourceVersion: "10" }, items };
    void opened.promise.then(() => response.end(JSON.stringify(list)));
  });
  return {
    url: server.url,
    open: () => opened.resolve(),
    add: (service) => {
      for (const tell of watches) tell(service);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const stamped = <T extends KubeObject>(object: T, version: number): T => ({
  ...object,
  metadata: { ...object.metadata, uid: `uid-${version}`, resourceVersion: String(version) },
});

test("the daemon serves once it knows the cluster, follows changes, and ends when told", async () => {
  const namespace: Namespace = { metadata: { name: "default" }, spec: {} };
  const web = makeService("default", "web", { clusterIP: "10.96.0.10" });
  await using api = await startApi({ services: [stamped(web, 1)], namespaces: [stamped(namespace, 2)] });
  await using cleanup = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "cluster-dns-"));
  cleanup.defer(() => rm(directory, { recursive: true }));
  const [port, healthPort, metricsPort] = await freePorts(3);
  const resolvConf = join(directory, "resolv.conf");
  await writeFile(resolvConf, "search example.com\n");
  const config = configure(
    `--bind-address=${host}`,
    `--port=${port}`,
    `--health-port=${healthPort}`,
    `--metrics-port=${metricsPort}`,
    `--resolv-conf=${resolvConf}`,
  );
  const stop = new AbortController();
  cleanup.defer(() => stop.abort(new Error("the test ended")));
  const readied = Promise.withResolvers<void>();
  const context: DaemonContext = {
    signal: stop.signal,
    log: silentLogger,
    clock: systemClock,
    random: systemRandom,
    registry: new Registry(),
    ready: () => readied.resolve(),
  };
  const kubeconfig = {
    clusters: [{ name: "c", cluster: { server: api.url } }],
    contexts: [{ name: "c", context: { cluster: "c" } }],
  };
  await using client = createClient(resolveClientConfig(kubeconfig, { context: "c" }), { userAgent: "test" });
  const running = runClusterDns(config, client, context);
  const get = async (where: number | undefined, path: string) => fetch(`http://${host}:${where}${path}`);
  const resolver = new Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([`${host}:${port}`]);

  await until(async () => (await get(healthPort, "/health").catch(() => undefined))?.status === 200);
  assert.equal((await get(healthPort, "/ready")).status, 503);
  // Anybody may ask, and ask for what is no URL.
  assert.equal((await get(healthPort, "//")).status, 404);
  await until(async () => (await codeOf(resolver.resolve4("web.default.svc.cluster.local"))) === "ESERVFAIL");

  api.open();
  await readied.promise;
  assert.equal((await get(healthPort, "/ready")).status, 200);
  assert.deepEqual(await resolver.resolve4("web.default.svc.cluster.local"), ["10.96.0.10"]);
  assert.equal(await codeOf(resolver.resolve4("new.default.svc.cluster.local")), "ENOTFOUND");
  await until(async () => {
    api.add(stamped(makeService("default", "new", { clusterIP: "10.96.0.11" }), 20));
    return (await codeOf(resolver.resolve4("new.default.svc.cluster.local"))) === undefined;
  });
  assert.equal(await codeOf(resolver.resolve4("example.com")), "EREFUSED");
  const metrics = await (await get(metricsPort, "/metrics")).text();
  assert.match(metrics, /coredns_dns_requests_total\{zone="cluster\.local\.",proto="udp",type="A"\} [1-9]/);
  assert.match(metrics, /coredns_dns_responses_total\{zone="\.",proto="udp",rcode="REFUSED"\} 1/);

  stop.abort(new Error("stop"));
  await running;
  await assert.rejects(get(healthPort, "/health"));
});

test("flags are checked", () => {
  assert.equal(configure("--cluster-domain=Kube.Example.").clusterDomain, "kube.example");
  assert.throws(() => configure("--cluster-domain=-x"), /--cluster-domain: "-x" is not a domain name/);
  assert.throws(() => configure("--bind-address=localhost"), /--bind-address: "localhost" is not an IP address/);
  assert.throws(() => configure("--port=70000"), /--port: 70000 is not a port/);
  for (const address of ["0.0.0.0", "::1", "127.0.0.1", "fe80::1"]) {
    const flags = ["--register-endpoint-slice", `--bind-address=192.0.2.1,${address}`];
    assert.throws(() => configure(...flags), /--bind-address \S+ cannot be told to others/);
  }
  assert.equal(configure("--register-endpoint-slice", "--bind-address=192.0.2.1,fd00::1").registerEndpointSlice, true);
});

test("an unspecified address stands for every address of the host that can be asked", () => {
  const own = ["127.0.0.1", "10.0.0.5", "::1", "fe80::1", "fd00::5"];
  assert.deepEqual(bindHosts(["0.0.0.0"], own), ["127.0.0.1", "10.0.0.5"]);
  assert.deepEqual(bindHosts(["::", "10.9.9.9"], own), ["::1", "fd00::5", "10.9.9.9"]);
});

async function codeOf(answer: Promise<unknown>): Promise<string | undefined> {
  try {
    await answer;
    return undefined;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + 10_000;
  while (!(await condition())) {
    assert.ok(Date.now() < deadlineMs, `still false: ${condition.toString()}`);
    await systemClock.sleep(20, AbortSignal.timeout(1_000));
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    ports.push((server.address() as AddressInfo).port);
  }
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  return ports;
}
