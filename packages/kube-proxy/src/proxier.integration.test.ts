import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Service, ServiceSpec } from "@kube-ts/api/core/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import { createIptables } from "@kube-ts/iptables/iptables";
import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { Registry } from "@kube-ts/std/metrics";
import type { Sysctl } from "@kube-ts/std/sysctl";
import { ChangeTracker } from "./change-tracker.ts";
import { defaultProxyConfig } from "./config/proxy-config.ts";
import { validateConfig } from "./config/validate-config.ts";
import { FamilyProxy } from "./family-proxy.ts";
import { ProxyHealth } from "./health/proxy-health.ts";
import { ServiceHealthServers } from "./health/service-health-servers.ts";
import { Proxier } from "./proxier.ts";
import { createProxyMetrics } from "./proxy-metrics.ts";
import { makeService, makeSlice } from "./testing/proxy-fixtures.ts";
import type { EndpointState } from "./testing/proxy-fixtures.ts";
import { createProxyNetwork } from "./testing/proxy-network.ts";
import type { Answer, ProxyNetwork } from "./testing/proxy-network.ts";
import { createConntrack } from "./writer/conntrack.ts";
import { FlowCleaner } from "./writer/flow-cleaner.ts";
import { cleanTables } from "./writer/rule-writer.ts";

const signal = AbortSignal.timeout(120_000);

let network: ProxyNetwork;
let proxier: Proxier;
const cluster: { services: Service[]; slices: EndpointSlice[] } = { services: [], slices: [] };

const pod2: EndpointState = { ip: "10.244.1.2", nodeName: "n1" };
const pod3: EndpointState = { ip: "10.244.1.3", nodeName: "n1" };
const nodePort: Partial<ServiceSpec> = {
  type: "NodePort",
  ports: [{ name: "http", protocol: "TCP", port: 80, nodePort: 30080 }],
};
const udp = (port: number): Partial<ServiceSpec> => ({ ports: [{ name: "http", protocol: "UDP", port }] });

/** Makes the cluster hold this Service with these endpoints and writes the rules. */
async function apply(service: Service, endpoints: readonly EndpointState[], protocol: "TCP" | "UDP" = "TCP") {
  cluster.services = [service];
  cluster.slices = [makeSlice(endpoints, { ports: [{ name: "http", protocol, port: 8080 }] })];
  await proxier.sync(false, signal);
}

function newProxier(namespaced: ProxyNetwork): Proxier {
  const { namespace } = namespaced.node;
  const sysctl: Sysctl = {
    read: async (name) => (await namespace.run("cat", `/proc/sys/${name}`)).trim(),
    write: async (name, value) => void (await namespace.run("sysctl", "-qw", `${name.replaceAll("/", ".")}=${value}`)),
  };
  const config = validateConfig({ ...defaultProxyConfig, clusterCidr: "10.244.0.0/16,fd00:244::/64" });
  return new Proxier({
    families: (["IPv4", "IPv6"] as const).map((family) => ({
      proxy: new FamilyProxy(createIptables({ family }, namespace.runner), config, "n1"),
      flows: new FlowCleaner(createConntrack(family, namespace.runner), silentLogger),
    })),
    view: () => ({ ...cluster, node: undefined, hostAddresses: ["127.0.0.1", "192.168.77.1"] }),
    changes: new ChangeTracker(0),
    health: new ProxyHealth(systemClock, 60_000),
    serviceHealth: new ServiceHealthServers(() => true, silentLogger),
    sysctl,
    metrics: createProxyMetrics(new Registry()),
    clock: systemClock,
    log: silentLogger,
  });
}

const saveRules = (tool = "iptables-save") => network.node.namespace.run(tool);
const names = (answers: readonly Answer[]) =>
  [...new Set(answers.map((answer) => answer.name ?? answer.error ?? ""))].sort();
const clients = (answers: readonly Answer[]) => [...new Set(answers.map((answer) => answer.client ?? answer.error))];

describe("packets through the rules", () => {
  before(async () => {
    network = await createProxyNetwork(signal);
  });
  after(() => network[Symbol.asyncDispose]());
  beforeEach(() => {
    proxier = newProxier(network);
  });

  test("a cluster IP spreads over the endpoints; pods keep their address", async () => {
    await apply(makeService(), [pod2, pod3]);
    const fromPod = await network.pod2.call("tcp", "10.96.0.10", 80, 30);
    assert.deepEqual(names(fromPod), ["pod2", "pod3"]);
    assert.deepEqual(clients(fromPod.filter((answer) => answer.name === "pod3")), ["10.244.1.2"]);
    // A pod that reaches itself sees the node.
    assert.deepEqual(clients(fromPod.filter((answer) => answer.name === "pod2")), ["10.244.1.1"]);
    assert.deepEqual(names(await network.node.call("tcp", "10.96.0.10", 80, 30)), ["pod2", "pod3"]);
    const fromOutside = await network.outside.call("tcp", "10.96.0.10", 80, 30);
    assert.deepEqual(names(fromOutside), ["pod2", "pod3"]);
    assert.deepEqual(clients(fromOutside), ["10.244.1.1"]);
  });

  test("a Service without endpoints refuses its clients", async () => {
    await apply(makeService(nodePort), []);
    assert.deepEqual(names(await network.pod2.call("tcp", "10.96.0.10", 80)), ["ECONNREFUSED"]);
    assert.deepEqual(names(await network.node.call("tcp", "10.96.0.10", 80)), ["ECONNREFUSED"]);
    assert.deepEqual(names(await network.outside.call("tcp", "192.168.77.1", 30080)), ["ECONNREFUSED"]);
  });

  test("an endpoint that is not ready gets nothing, one that went away leaves no chain", async () => {
    await apply(makeService(), [pod2, { ...pod3, conditions: { ready: false } }]);
    assert.deepEqual(names(await network.outside.call("tcp", "10.96.0.10", 80, 20)), ["pod2"]);
    await apply(makeService(), [pod3]);
    assert.deepEqual(names(await network.outside.call("tcp", "10.96.0.10", 80, 20)), ["pod3"]);
    assert.equal((await saveRules()).match(/^:KUBE-SEP-/gm)?.length, 1);
    cluster.services = [];
    await proxier.sync(false, signal);
    assert.doesNotMatch(await saveRules(), /^:KUBE-(SEP|SVC|EXT)-/m);
  });

  test("a node port answers from outside and on the node's own addresses", async () => {
    await apply(makeService(nodePort), [pod2, pod3]);
    assert.deepEqual(names(await network.outside.call("tcp", "192.168.77.1", 30080, 30)), ["pod2", "pod3"]);
    assert.deepEqual(names(await network.node.call("tcp", "192.168.77.1", 30080)).length, 1);
    assert.match(names(await network.node.call("tcp", "127.0.0.1", 30080))[0] ?? "", /^pod/);
  });

  test("external policy Local keeps the client's address", async () => {
    await apply(makeService({ ...nodePort, externalTrafficPolicy: "Local" }), [pod2]);
    assert.deepEqual(await network.outside.call("tcp", "192.168.77.1", 30080), [
      { name: "pod2", client: "192.168.77.2" },
    ]);
    await apply(makeService({ ...nodePort, externalTrafficPolicy: "Local" }), [{ ...pod2, nodeName: "n2" }]);
    assert.deepEqual(await network.outside.call("tcp", "192.168.77.1", 30080), [{ error: "timeout" }]);
  });

  test("session affinity binds each client to one endpoint, until that is gone", async () => {
    const service = makeService({ sessionAffinity: "ClientIP" });
    await apply(service, [pod2, pod3]);
    const [first, ...others] = names(await network.outside.call("tcp", "10.96.0.10", 80, 30));
    assert.ok(first?.startsWith("pod"));
    assert.deepEqual(others, []);
    const left = first === "pod2" ? pod3 : pod2;
    await apply(service, [left]);
    assert.deepEqual(names(await network.outside.call("tcp", "10.96.0.10", 80, 5)), [
      first === "pod2" ? "pod3" : "pod2",
    ]);
  });

  test("rules that others flush or change come back", async () => {
    await apply(makeService(nodePort), [pod2]);
    const { namespace } = network.node;
    const saved = withoutCounters(await saveRules());
    const damages: readonly (readonly string[])[] = [
      ["-t", "nat", "-F"],
      ["-F"],
      ["-t", "nat", "-A", "KUBE-SERVICES", "-j", "RETURN"],
      ["-t", "nat", "-D", "PREROUTING", "1"],
      ["-t", "nat", "-I", "KUBE-NODEPORTS", "-p", "tcp", "--dport", "30080", "-j", "RETURN"],
    ];
    for (const damage of damages) {
      await namespace.run("iptables", ...damage);
      assert.notEqual(withoutCounters(await saveRules()), saved, damage.join(" "));
      await proxier.sync(true, signal);
      assert.equal(withoutCounters(await saveRules()), saved, damage.join(" "));
    }
    assert.deepEqual(names(await network.outside.call("tcp", "192.168.77.1", 30080, 3)), ["pod2"]);
  });

  test("a proxy that starts anew takes over what is there without writing it again", async () => {
    await apply(makeService(nodePort), [pod2, pod3]);
    await network.node.namespace.run("iptables", "-t", "nat", "-N", "KUBE-SVC-LEFTOVER");
    await network.outside.call("tcp", "192.168.77.1", 30080, 3);
    const saved = await network.node.namespace.run("iptables-save", "-c", "-t", "nat");
    proxier = newProxier(network);
    await proxier.sync(false, signal);
    const expected = saved.replace(":KUBE-SVC-LEFTOVER - [0:0]\n", "");
    // Counters are kept only by chains that were not written.
    assert.equal(
      withoutDates(await network.node.namespace.run("iptables-save", "-c", "-t", "nat")),
      withoutDates(expected),
    );
  });

  test("a UDP client moves to the new endpoint at once", async () => {
    await apply(makeService(udp(53)), [pod2], "UDP");
    assert.deepEqual(names(await network.outside.call("udp", "10.96.0.10", 53, 3)), ["pod2"]);
    await apply(makeService(udp(53)), [pod3], "UDP");
    assert.deepEqual(names(await network.outside.call("udp", "10.96.0.10", 53, 3)), ["pod3"]);
  });

  test("a UDP client that sent before there was an endpoint is served once there is one", async () => {
    cluster.services = [];
    await proxier.sync(false, signal);
    assert.deepEqual(names(await network.outside.call("udp", "10.96.0.10", 54)), ["timeout"]);
    await apply(makeService(udp(54)), [pod3], "UDP");
    assert.deepEqual(names(await network.outside.call("udp", "10.96.0.10", 54)), ["pod3"]);
  });

  test("a TCP client that called an endpoint in vain reaches another one from the same port once it is lost", async () => {
    const node = network.node.namespace;
    // Whoever has this address swallows every packet.
    const silent = { ip: "10.244.1.9", nodeName: "n1" };
    await node.run("ip", "route", "replace", "10.244.1.9/32", "dev", "pod2");
    await node.run("ip", "neigh", "replace", "10.244.1.9", "lladdr", "02:00:00:00:00:09", "dev", "pod2");
    await apply(makeService(), [silent]);
    assert.equal((await network.outside.connectFrom(40_001, "10.96.0.10", 80)).error, "timeout");
    await apply(makeService(), [{ ...silent, conditions: { ready: false, serving: false } }, pod3]);
    assert.equal((await network.outside.connectFrom(40_001, "10.96.0.10", 80)).name, "pod3");
  });

  test("what listens on the node's loopback address stays private", async () => {
    await apply(makeService(nodePort), [pod2]);
    await network.serve(network.node, "private", 9999, "127.0.0.9");
    assert.equal((await network.node.namespace.run("cat", "/proc/sys/net/ipv4/conf/all/route_localnet")).trim(), "1");
    const callers = [
      { place: network.outside, route: ["via", "192.168.77.1", "src", "192.168.77.2"] },
      { place: network.pod2, route: ["via", "10.244.1.1", "dev", "eth0", "onlink", "src", "10.244.1.2"] },
    ];
    for (const { place, route } of callers) {
      await place.namespace.run("sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1");
      await place.namespace.run("ip", "route", "del", "local", "127.0.0.0/8", "dev", "lo", "table", "local");
      await place.namespace.run("ip", "route", "add", "127.0.0.9/32", ...route);
      assert.deepEqual(await place.call("tcp", "127.0.0.9", 9999), [{ error: "timeout" }]);
    }
    // Without the guard the kernel would let them through.
    await network.node.namespace.run("iptables", "-F", "KUBE-FIREWALL");
    for (const { place } of callers) assert.deepEqual(names(await place.call("tcp", "127.0.0.9", 9999)), ["private"]);
    await proxier.sync(true, signal);
    for (const { place } of callers)
      assert.deepEqual(await place.call("tcp", "127.0.0.9", 9999), [{ error: "timeout" }]);
  });

  test("IPv6", async () => {
    const service = makeService({ ...nodePort, clusterIPs: ["10.96.0.10", "fd00:96::10"] });
    cluster.services = [service];
    cluster.slices = [makeSlice([{ ip: "fd00:244::2" }, { ip: "fd00:244::3" }], { addressType: "IPv6" })];
    await proxier.sync(false, signal);
    assert.deepEqual(names(await network.outside.call("tcp", "fd00:96::10", 80, 30)), ["pod2", "pod3"]);
    assert.deepEqual(names(await network.outside.call("tcp", "fd77::1", 30080, 30)), ["pod2", "pod3"]);
    const fromPod = await network.pod2.call("tcp", "fd00:96::10", 80, 30);
    assert.deepEqual(clients(fromPod.filter((answer) => answer.name === "pod3")), ["fd00:244::2"]);
    const saved = withoutCounters(await saveRules("ip6tables-save"));
    proxier = newProxier(network);
    await proxier.sync(true, signal);
    assert.equal(withoutCounters(await saveRules("ip6tables-save")), saved);
  });

  test("cleanup leaves no trace", async () => {
    await apply(makeService(nodePort), [pod2, pod3]);
    for (const family of ["IPv4", "IPv6"] as const) {
      const iptables = createIptables({ family }, network.node.namespace.runner);
      const removed = await cleanTables(iptables, async () => {}, signal);
      assert.ok(removed.length > 0);
    }
    for (const tool of ["iptables-save", "ip6tables-save"]) assert.doesNotMatch(await saveRules(tool), /KUBE/);
  });
});

function withoutDates(text: string): string {
  return text.replaceAll(/^#.*\n/gm, "");
}

function withoutCounters(text: string): string {
  return withoutDates(text).replaceAll(/\[\d+:\d+\]/g, "");
}
