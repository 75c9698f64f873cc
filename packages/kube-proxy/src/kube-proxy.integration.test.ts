import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Node, Service } from "@kube-ts/api/core/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { serverFields } from "@kube-ts/client/server-list";
import { systemClock } from "@kube-ts/std/clock";
import { makeService, makeSlice } from "./testing/proxy-fixtures.ts";
import { createProxyNetwork, nextLine } from "./testing/proxy-network.ts";
import type { ProxyNetwork } from "./testing/proxy-network.ts";

const signal = AbortSignal.timeout(180_000);
const fakeApi = fileURLToPath(import.meta.resolve("@kube-ts/client/testing/fake-api"));
const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

interface Objects {
  readonly services: readonly Service[];
  readonly endpointslices: readonly EndpointSlice[];
  readonly nodes: readonly Node[];
}

const service = makeService({
  type: "NodePort",
  ports: [{ name: "http", protocol: "TCP", port: 80, nodePort: 30080 }],
});

const empty: Objects = { services: [], endpointslices: [], nodes: [] };
const withEndpoint = (ip: string): Objects => ({
  ...empty,
  services: [stamped(service)],
  endpointslices: [stamped(makeSlice([{ ip }]))],
});

let stamp = 0;

function stamped<T extends KubeObject>(object: T): T {
  stamp += 1;
  return { ...object, metadata: { ...object.metadata, uid: `uid-${stamp}`, resourceVersion: String(stamp) } };
}

test("the daemon follows the cluster, repairs what others change, and cleans up when asked", async () => {
  await using network = await createProxyNetwork(signal);
  await using stack = new AsyncDisposableStack();
  const kubeconfig = await writeKubeconfig(stack, ["http://127.0.0.1:8001"]);
  const { namespace } = network.node;
  const proxy = network.start(network.node, [
    script("./main.ts"),
    `--kubeconfig=${kubeconfig}`,
    "--hostname-override=n1",
    "--cluster-cidr=10.244.0.0/16",
    "--iptables-sync-period=1s",
    "--iptables-min-sync-period=100ms",
    "--oom-score-adj=0",
  ]);
  const saved = () => namespace.run("iptables-save");
  const get = (port: number, path: string) => fetchInside(network, port, path);
  const answer = async () => (await network.outside.call("tcp", "192.168.77.1", 30080))[0]?.name;

  await until(async () => (await get(10256, "/healthz")).startsWith("200"), "healthz before there is an API server");
  assert.doesNotMatch(await saved(), /KUBE/);

  const api = network.start(network.node, [fakeApi, "8001"]);
  const tell = (objects: Objects) => void api.stdin?.write(`${JSON.stringify(objects)}\n`);
  await nextLine(api, signal);
  tell(withEndpoint("10.244.1.2"));
  await until(async () => (await answer()) === "pod2", "the first endpoint");
  assert.equal((await namespace.run("cat", "/proc/sys/net/ipv4/conf/all/route_localnet")).trim(), "1");

  tell(withEndpoint("10.244.1.3"));
  await until(async () => (await answer()) === "pod3", "the second endpoint");
  await namespace.run("iptables", "-t", "nat", "-F");
  assert.notEqual(await answer(), "pod3");
  await until(async () => (await answer()) === "pod3", "repair");

  const metrics = await get(10249, "/metrics");
  for (const name of [
    'kubeproxy_sync_proxy_rules_duration_seconds_count{ip_family="IPv4"}',
    'kubeproxy_sync_full_proxy_rules_duration_seconds_count{ip_family="IPv4"}',
    'kubeproxy_sync_proxy_rules_iptables_total{table="nat",ip_family="IPv4"}',
    "kubeproxy_network_programming_duration_seconds",
    "kubeproxy_sync_proxy_rules_service_changes_total",
  ]) {
    assert.ok(metrics.includes(name), name);
  }
  assert.match(await get(10249, "/proxyMode"), /iptables$/);
  assert.match(await get(10256, "/livez"), /^200 \{"lastUpdated": "2/);

  proxy.kill("SIGTERM");
  const [code] = (await once(proxy, "exit")) as [number | null];
  assert.equal(code, 0);
  assert.equal(await answer(), "pod3");

  const cleanup = network.start(network.node, [script("./main.ts"), "--cleanup"]);
  const [cleanupCode] = (await once(cleanup, "exit")) as [number | null];
  assert.equal(cleanupCode, 0);
  assert.doesNotMatch(await saved(), /KUBE/);
  assert.doesNotMatch(await namespace.run("ip6tables-save"), /KUBE/);
  assert.equal((await namespace.run("cat", "/proc/sys/net/ipv4/conf/all/route_localnet")).trim(), "0");
});

test("rules stay and follow the cluster when an API server is gone, and when another one hangs", async () => {
  await using network = await createProxyNetwork(signal);
  await using stack = new AsyncDisposableStack();
  const ports = [8001, 8002];
  const kubeconfig = await writeKubeconfig(
    stack,
    ports.map((port) => `http://127.0.0.1:${port}`),
  );
  const answer = async () => (await network.outside.call("tcp", "192.168.77.1", 30080))[0]?.name;
  /** A server that has seen as many changes as there are addresses. */
  const serve = async (port: number, ...addresses: string[]) => {
    const api = network.start(network.node, [fakeApi, String(port)]);
    const tell = (ip: string) => void api.stdin?.write(`${JSON.stringify(withEndpoint(ip))}\n`);
    await nextLine(api, signal);
    for (const ip of addresses) tell(ip);
    return { api, tell };
  };
  const first = await serve(8001, "10.244.1.2");
  const second = await serve(8002, "10.244.1.2");
  const proxy = network.start(network.node, [
    script("./main.ts"),
    `--kubeconfig=${kubeconfig}`,
    "--hostname-override=n1",
    "--cluster-cidr=10.244.0.0/16",
    "--oom-score-adj=0",
  ]);
  await until(async () => (await answer()) === "pod2", "the first endpoint");

  first.api.kill("SIGKILL");
  await once(first.api, "exit");
  assert.equal(await answer(), "pod2");
  second.tell("10.244.1.3");
  await until(async () => (await answer()) === "pod3", "a change that the second server tells");

  await serve(8001, "10.244.1.3", "10.244.1.3", "10.244.1.2");
  second.api.kill("SIGSTOP");
  assert.equal(await answer(), "pod3");
  const startMs = performance.now();
  await until(async () => (await answer()) === "pod2", "a change that the first server tells again");
  process.stdout.write(`left the API server that hangs after ${Math.round((performance.now() - startMs) / 1_000)} s\n`);
  second.api.kill("SIGKILL");
  assert.equal(proxy.exitCode, null);
});

async function writeKubeconfig(stack: AsyncDisposableStack, servers: readonly string[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "kube-proxy-"));
  stack.defer(() => rm(directory, { recursive: true }));
  const kubeconfig = join(directory, "kubeconfig");
  const document = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: serverFields(servers, "first") }],
    contexts: [{ name: "c", context: { cluster: "c" } }],
    "current-context": "c",
  };
  await writeFile(kubeconfig, JSON.stringify(document));
  return kubeconfig;
}

/** Status and body of a request from inside the node, or the reason why there is none. */
async function fetchInside(network: ProxyNetwork, port: number, path: string): Promise<string> {
  const code =
    "fetch(process.argv[1]).then(async (r) => console.log(r.status + ' ' + (await r.text())), (e) => console.log(String(e)))";
  const url = `http://127.0.0.1:${port}${path}`;
  return (await network.node.namespace.run(process.execPath, "-e", code, url)).trim();
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const deadlineMs = Date.now() + 40_000;
  while (!(await condition())) {
    assert.ok(Date.now() < deadlineMs, `not in time: ${what}`);
    await systemClock.sleep(50, signal);
  }
}
