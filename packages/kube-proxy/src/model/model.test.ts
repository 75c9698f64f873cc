import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node, Service } from "@kube-ts/api/core/v1";
import { ChangeTracker } from "../change-tracker.ts";
import { defaultProxyConfig } from "../config/proxy-config.ts";
import { makeService, makeSlice } from "../testing/proxy-fixtures.ts";
import { conntrackSysctls } from "../writer/conntrack-settings.ts";
import { endpointsByPort } from "./endpoint.ts";
import { healthCheckPorts } from "./health-check-ports.ts";
import { localTraffic } from "./local-traffic.ts";
import { nodeFacts } from "./node-facts.ts";
import { acceptsLoopback, nodePortAddresses } from "./node-port-addresses.ts";
import { createPortJoin } from "./proxied-ports.ts";
import { servicePorts } from "./service-port.ts";

test("Services that are not the proxy's have no ports", () => {
  const labelled = makeService();
  labelled.metadata.labels = { "service.kubernetes.io/service-proxy-name": "other" };
  const none: readonly Service[] = [
    labelled,
    makeService({ clusterIP: "None", clusterIPs: ["None"] }),
    makeService({ type: "ExternalName", externalName: "example.com", clusterIP: "", clusterIPs: [] }),
    makeService({ clusterIP: "", clusterIPs: [] }),
    makeService({ ports: [] }),
  ];
  for (const service of none) assert.deepEqual(servicePorts(service, "IPv4"), []);
  assert.deepEqual(servicePorts(makeService(), "IPv6"), []);
});

test("a port of a Service, read for one family", () => {
  const service = makeService(
    {
      type: "LoadBalancer",
      clusterIPs: ["10.96.0.10", "fd00:96::10"],
      ports: [{ port: 53, protocol: "UDP", nodePort: 30053 }],
      externalIPs: ["203.0.113.9", "FD00::9", "203.0.113.9", "not an address"],
      loadBalancerSourceRanges: ["fd00::1/8", "10.0.0.1/8"],
      sessionAffinity: "ClientIP",
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
      externalTrafficPolicy: "Local",
      healthCheckNodePort: 32000,
    },
    { loadBalancer: { ingress: [{ ip: "fd00::5" }, { hostname: "example.com" }] } },
  );
  assert.deepEqual(servicePorts(service, "IPv6"), [
    {
      namespace: "ns",
      name: "web",
      id: "ns/web",
      protocol: "udp",
      clusterIp: "fd00:96::10",
      port: 53,
      nodePort: 30053,
      externalIps: ["fd00::9"],
      loadBalancerIps: ["fd00::5"],
      loadBalancerSourceRanges: ["fd00::/8"],
      affinitySeconds: 60,
      externalPolicyLocal: true,
      internalPolicyLocal: false,
      healthCheckNodePort: 32000,
    },
  ]);
});

test("an endpoint in two slices counts once, as the one that can do more", () => {
  const gone = makeSlice([{ ip: "10.244.1.2", conditions: { ready: false, serving: false } }]);
  const here = makeSlice([{ ip: "10.244.1.2" }]);
  for (const slices of [
    [gone, here],
    [here, gone],
  ]) {
    const endpoints = endpointsByPort(slices, "IPv4", "n1").get("ns/web:http/tcp");
    assert.deepEqual(
      endpoints?.map((endpoint) => [endpoint.address, endpoint.ready]),
      [["10.244.1.2:8080", true]],
    );
  }
});

test("slices of other kinds of address, without a Service or without a port are left out", () => {
  const slices = [
    makeSlice([{ ip: "example.com" }], { addressType: "FQDN" }),
    makeSlice([{ ip: "10.244.1.2" }], { metadata: { namespace: "ns", name: "alone" } }),
    makeSlice([{ ip: "10.244.1.2" }], { ports: [{ name: "http" }] }),
    makeSlice([{ ip: "fd00::2" }]),
  ];
  const found = [...endpointsByPort(slices, "IPv4", "n1").values()].flat();
  assert.deepEqual(found, []);
});

test("what did not change keeps its identity", () => {
  const join = createPortJoin("IPv4", "n1");
  const service = makeService();
  const slice = makeSlice([{ ip: "10.244.1.2" }]);
  const [first] = join([service], [slice]);
  const [second] = join([service], [slice]);
  assert.equal(second?.port, first?.port);
  assert.equal(second?.endpoints, first?.endpoints);
  const [third] = join([service], [makeSlice([{ ip: "10.244.1.2" }])]);
  assert.equal(third?.port, first?.port);
  assert.notEqual(third?.endpoints, first?.endpoints);
});

test("a health check counts the ready endpoints of this node", () => {
  const service = makeService({ type: "LoadBalancer", externalTrafficPolicy: "Local", healthCheckNodePort: 32000 });
  const slice = makeSlice([
    { ip: "10.244.1.2", nodeName: "n1" },
    { ip: "10.244.1.3", nodeName: "n1", conditions: { ready: false, serving: true, terminating: true } },
    { ip: "10.244.2.2", nodeName: "n2" },
  ]);
  assert.deepEqual(healthCheckPorts(createPortJoin("IPv4", "n1")([service, makeService()], [slice])), [
    { nodePort: 32000, namespace: "ns", name: "web", readyLocalEndpoints: 1 },
  ]);
});

const own = ["127.0.0.1", "192.168.0.1", "10.0.0.5", "::1", "fd00::5"];
const addressCases = [
  { ranges: [], family: "IPv4", localhost: true, expected: { kind: "all", loopback: true } },
  { ranges: [], family: "IPv4", localhost: false, expected: { kind: "all", loopback: false } },
  { ranges: [], family: "IPv6", localhost: true, expected: { kind: "all", loopback: false } },
  { ranges: ["0.0.0.0/0"], family: "IPv4", localhost: true, expected: { kind: "all", loopback: true } },
  { ranges: ["10.0.0.0/8"], family: "IPv4", localhost: true, expected: { kind: "some", addresses: ["10.0.0.5"] } },
  {
    ranges: ["10.0.0.0/8", "127.0.0.0/8"],
    family: "IPv4",
    localhost: true,
    expected: { kind: "some", addresses: ["10.0.0.5", "127.0.0.1"] },
  },
  {
    ranges: ["10.0.0.0/8", "127.0.0.0/8"],
    family: "IPv4",
    localhost: false,
    expected: { kind: "some", addresses: ["10.0.0.5"] },
  },
  { ranges: ["10.0.0.0/8"], family: "IPv6", localhost: true, expected: { kind: "some", addresses: [] } },
  { ranges: ["primary"], family: "IPv4", localhost: true, expected: { kind: "some", addresses: ["192.168.0.1"] } },
] as const;
for (const { ranges, family, localhost, expected } of addressCases) {
  test(`node ports on ${family} for [${ranges.join(" ")}], localhost ${localhost}`, () => {
    const found = nodePortAddresses({ ranges, localhost }, family, own, "192.168.0.1");
    assert.deepEqual(found, expected);
    const loopback =
      expected.kind === "all" ? expected.loopback : (expected.addresses as readonly string[]).includes("127.0.0.1");
    assert.equal(acceptsLoopback(found), loopback);
  });
}

test("facts of the node", () => {
  assert.deepEqual(nodeFacts(undefined, "0.0.0.0"), { ips: {}, zone: undefined, podCidrs: [] });
  const node: Node = {
    metadata: { name: "n1", labels: { "topology.kubernetes.io/zone": "z1" } },
    spec: { podCIDR: "10.244.1.0/24", podCIDRs: ["10.244.1.0/24", "fd00:244::/80"] },
    status: {
      addresses: [
        { type: "Hostname", address: "n1" },
        { type: "ExternalIP", address: "203.0.113.1" },
        { type: "InternalIP", address: "192.168.0.1" },
        { type: "ExternalIP", address: "2001:db8::1" },
      ],
    },
  };
  assert.deepEqual(nodeFacts(node, "::"), {
    ips: { IPv4: "192.168.0.1", IPv6: "2001:db8::1" },
    zone: "z1",
    podCidrs: ["10.244.1.0/24", "fd00:244::/80"],
  });
  assert.equal(nodeFacts(node, "10.9.9.9").ips.IPv4, "10.9.9.9");
});

test("pods' traffic is told by range or by interface", () => {
  const settings = {
    clusterCidrs: ["fd00:244::/64", "10.244.0.0/16"],
    bridgeInterface: "cni0",
    interfaceNamePrefix: "veth",
  };
  const bySource = { by: "source", cidr: "10.244.0.0/16" };
  assert.deepEqual(localTraffic({ ...settings, mode: "ClusterCIDR" }, "IPv4", []), bySource);
  assert.equal(localTraffic({ ...settings, clusterCidrs: [], mode: "ClusterCIDR" }, "IPv4", []), undefined);
  const byNode = localTraffic({ ...settings, mode: "NodeCIDR" }, "IPv4", ["10.244.3.0/24"]);
  assert.deepEqual(byNode, { by: "source", cidr: "10.244.3.0/24" });
  assert.deepEqual(localTraffic({ ...settings, mode: "BridgeInterface" }, "IPv4", []), {
    by: "interface",
    name: "cni0",
  });
  const byPrefix = localTraffic({ ...settings, mode: "InterfaceNamePrefix" }, "IPv4", []);
  assert.deepEqual(byPrefix, { by: "interface", name: "veth+" });
});

test("settings of connection tracking in the kernel's terms", () => {
  const { conntrack } = defaultProxyConfig;
  const values = (settings: typeof conntrack, cpus: number) =>
    Object.fromEntries(conntrackSysctls(settings, cpus).map(({ name, value }) => [name.split("/").at(-1), value]));
  assert.deepEqual(values(conntrack, 2), {
    nf_conntrack_max: "131072",
    nf_conntrack_tcp_timeout_established: "86400",
    nf_conntrack_tcp_timeout_close_wait: "3600",
  });
  assert.equal(values(conntrack, 8)["nf_conntrack_max"], "262144");
  const off = { ...conntrack, maxPerCore: 0, tcpEstablishedTimeoutMs: 0, tcpCloseWaitTimeoutMs: 0 };
  assert.deepEqual(values(off, 8), {});
  assert.deepEqual(values({ ...off, tcpBeLiberal: true, udpTimeoutMs: 1_500 }, 8), {
    nf_conntrack_udp_timeout: "2",
    nf_conntrack_tcp_be_liberal: "1",
  });
});

test("changes are counted until a round has them in the rules", () => {
  const changes = new ChangeTracker(Date.UTC(2026, 0, 1));
  const at = (time: string) =>
    makeSlice([], {
      metadata: { name: "s", annotations: { "endpoints.kubernetes.io/last-change-trigger-time": time } },
    });
  changes.serviceChanged();
  changes.endpointsChanged(undefined, at("2025-12-31T23:59:59Z"));
  changes.endpointsChanged(undefined, at("2026-01-01T00:00:05Z"));
  changes.endpointsChanged(at("2026-01-01T00:00:05Z"), at("2026-01-01T00:00:05Z"));
  changes.endpointsChanged(at("2026-01-01T00:00:05Z"), undefined);
  const taken = changes.take();
  assert.deepEqual(taken, { services: 1, endpoints: 4, triggerTimesMs: [Date.UTC(2026, 0, 1, 0, 0, 5)] });
  assert.deepEqual(changes.pending, { services: 0, endpoints: 0 });
  changes.giveBack(taken);
  assert.deepEqual(changes.take(), taken);
});
