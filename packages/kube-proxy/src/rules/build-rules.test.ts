import assert from "node:assert/strict";
import { test } from "node:test";
import type { Service, ServiceSpec } from "@kube-ts/api/core/v1";
import { endpointsByPort } from "../model/endpoint.ts";
import { servicePortKey, servicePorts } from "../model/service-port.ts";
import { traceDistribution, tracePacket } from "../testing/packet-tracer.ts";
import type { Packet, TracedHost } from "../testing/packet-tracer.ts";
import { makeService, makeSlice, ruleOptions } from "../testing/proxy-fixtures.ts";
import type { EndpointState } from "../testing/proxy-fixtures.ts";
import { buildRules, createRuleBuilder } from "./build-rules.ts";
import type { RuleOptions } from "./rule-options.ts";
import type { RuleSet } from "./rule-set.ts";

const node: TracedHost = { addresses: ["192.168.0.1", "127.0.0.1"] };

function rulesFor(service: Service, endpoints: readonly EndpointState[], options: RuleOptions = ruleOptions): RuleSet {
  const slices = [makeSlice(endpoints)];
  const byPort = endpointsByPort(slices, options.family, options.topology.nodeName);
  const ports = servicePorts(service, options.family).map((port) => ({
    port,
    endpoints: byPort.get(servicePortKey(port.id, port.protocol)) ?? [],
  }));
  return buildRules(ports, options).rules;
}

const fromPod: Omit<Packet, "destination" | "port"> = { source: "10.244.1.9", protocol: "tcp", inInterface: "cni0" };
const fromOutside: Omit<Packet, "destination" | "port"> = {
  source: "203.0.113.7",
  protocol: "tcp",
  inInterface: "eth0",
};
const fromNode: Omit<Packet, "destination" | "port"> = { source: "192.168.0.1", protocol: "tcp" };

const here: EndpointState = { ip: "10.244.1.2", nodeName: "n1" };
const there: EndpointState = { ip: "10.244.2.2", nodeName: "n2" };
const elsewhere: EndpointState = { ip: "10.244.3.2", nodeName: "n3" };
const notReady = { conditions: { ready: false, serving: false, terminating: false } };
const draining = { conditions: { ready: false, serving: true, terminating: true } };

const nodePort: Partial<ServiceSpec> = {
  type: "NodePort",
  ports: [{ name: "http", protocol: "TCP", port: 80, nodePort: 30080 }],
};
const balanced = (spec: Partial<ServiceSpec> = {}) =>
  makeService(
    { ...nodePort, type: "LoadBalancer", ...spec },
    { loadBalancer: { ingress: [{ ip: "198.51.100.1" }, { ip: "198.51.100.2", ipMode: "Proxy" }] } },
  );
const half = 0.5;
const third = 0.333333;

const cases: readonly {
  readonly name: string;
  readonly service: Service;
  readonly endpoints: readonly EndpointState[];
  readonly packet: Packet;
  readonly options?: Partial<RuleOptions>;
  readonly remembered?: readonly string[];
  readonly expected: Readonly<Record<string, number>>;
}[] = [
  {
    name: "a pod reaches each endpoint with the same probability",
    service: makeService(),
    endpoints: [here, there, elsewhere],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    expected: { "10.244.1.2:8080": third, "10.244.2.2:8080": third, "10.244.3.2:8080": third },
  },
  {
    name: "the node reaches a cluster IP, masqueraded because it is no pod",
    service: makeService(),
    endpoints: [there],
    packet: { ...fromNode, destination: "10.96.0.10", port: 80 },
    expected: { "10.244.2.2:8080 masqueraded": 1 },
  },
  {
    name: "an endpoint that reaches itself is masqueraded",
    service: makeService(),
    endpoints: [here],
    packet: { ...fromPod, source: "10.244.1.2", destination: "10.96.0.10", port: 80 },
    expected: { "10.244.1.2:8080 masqueraded": 1 },
  },
  {
    name: "traffic from outside of the cluster to a cluster IP is masqueraded",
    service: makeService(),
    endpoints: [here, there],
    packet: { ...fromOutside, destination: "10.96.0.10", port: 80 },
    expected: { "10.244.1.2:8080 masqueraded": half, "10.244.2.2:8080 masqueraded": half },
  },
  {
    name: "without a way to tell pods apart nothing to a cluster IP is masqueraded",
    service: makeService(),
    endpoints: [here],
    packet: { ...fromOutside, destination: "10.96.0.10", port: 80 },
    options: { localTraffic: undefined },
    expected: { "10.244.1.2:8080": 1 },
  },
  {
    name: "masquerade-all covers pods too",
    service: makeService(),
    endpoints: [there],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    options: { masqueradeAll: true },
    expected: { "10.244.2.2:8080 masqueraded": 1 },
  },
  {
    name: "pods can be told by their interface",
    service: makeService(),
    endpoints: [there],
    packet: { ...fromPod, source: "172.20.0.5", destination: "10.96.0.10", port: 80 },
    options: { localTraffic: { by: "interface", name: "cni+" } },
    expected: { "10.244.2.2:8080": 1 },
  },
  {
    name: "another port of the same address is not touched",
    service: makeService(),
    endpoints: [here],
    packet: { ...fromPod, destination: "10.96.0.10", port: 81 },
    expected: { "10.96.0.10:81": 1 },
  },
  {
    name: "another protocol is not touched",
    service: makeService(),
    endpoints: [here],
    packet: { ...fromPod, protocol: "udp", destination: "10.96.0.10", port: 80 },
    expected: { "10.96.0.10:80": 1 },
  },
  {
    name: "no endpoints: a pod is refused",
    service: makeService(),
    endpoints: [],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    expected: { reject: 1 },
  },
  {
    name: "no endpoints: the node is refused",
    service: makeService(),
    endpoints: [],
    packet: { ...fromNode, destination: "10.96.0.10", port: 80 },
    expected: { reject: 1 },
  },
  {
    name: "an endpoint that is not ready gets nothing",
    service: makeService(),
    endpoints: [here, { ...there, ...notReady }],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    expected: { "10.244.1.2:8080": 1 },
  },
  {
    name: "only endpoints that are not ready: refused",
    service: makeService(),
    endpoints: [{ ...there, ...notReady }],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    expected: { reject: 1 },
  },
  {
    name: "an endpoint that drains gets nothing while another is ready",
    service: makeService(),
    endpoints: [here, { ...there, ...draining }],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    expected: { "10.244.1.2:8080": 1 },
  },
  {
    name: "when all drain, those that still serve take the traffic",
    service: makeService(),
    endpoints: [
      { ...here, ...draining },
      { ...there, ...notReady },
    ],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    expected: { "10.244.1.2:8080": 1 },
  },
  {
    name: "headless: left alone",
    service: makeService({ clusterIP: "None", clusterIPs: ["None"] }),
    endpoints: [here],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    expected: { "10.96.0.10:80": 1 },
  },
  {
    name: "internal policy Local: only endpoints on this node",
    service: makeService({ internalTrafficPolicy: "Local" }),
    endpoints: [here, there],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    expected: { "10.244.1.2:8080": 1 },
  },
  {
    name: "internal policy Local without local endpoints: dropped",
    service: makeService({ internalTrafficPolicy: "Local" }),
    endpoints: [there],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    expected: { drop: 1 },
  },
  {
    name: "internal policy Local without any endpoints: refused",
    service: makeService({ internalTrafficPolicy: "Local" }),
    endpoints: [],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    expected: { reject: 1 },
  },
  {
    name: "internal policy Local: a draining local endpoint is better than none",
    service: makeService({ internalTrafficPolicy: "Local" }),
    endpoints: [{ ...here, ...draining }, there],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    expected: { "10.244.1.2:8080": 1 },
  },
  {
    name: "node port from outside, masqueraded",
    service: makeService(nodePort),
    endpoints: [here, there],
    packet: { ...fromOutside, destination: "192.168.0.1", port: 30080 },
    expected: { "10.244.1.2:8080 masqueraded": half, "10.244.2.2:8080 masqueraded": half },
  },
  {
    name: "node port on loopback, from the node",
    service: makeService(nodePort),
    endpoints: [there],
    packet: { ...fromNode, source: "127.0.0.1", destination: "127.0.0.1", port: 30080 },
    expected: { "10.244.2.2:8080 masqueraded": 1 },
  },
  {
    name: "node port on loopback when that is off",
    service: makeService(nodePort),
    endpoints: [there],
    packet: { ...fromNode, source: "127.0.0.1", destination: "127.0.0.1", port: 30080 },
    options: { nodePortAddresses: { kind: "all", loopback: false } },
    expected: { "127.0.0.1:30080": 1 },
  },
  {
    name: "a neighbour's packet to a loopback address is dropped",
    service: makeService(nodePort),
    endpoints: [there],
    packet: { ...fromOutside, destination: "127.0.0.1", port: 2379 },
    expected: { drop: 1 },
  },
  {
    name: "the node's own loopback traffic passes",
    service: makeService(nodePort),
    endpoints: [there],
    packet: { ...fromNode, source: "127.0.0.1", destination: "127.0.0.1", port: 2379 },
    expected: { "127.0.0.1:2379": 1 },
  },
  {
    name: "node port on an address that is not chosen",
    service: makeService(nodePort),
    endpoints: [here],
    packet: { ...fromOutside, destination: "192.168.0.1", port: 30080 },
    options: { nodePortAddresses: { kind: "some", addresses: ["10.0.0.1"] } },
    expected: { "192.168.0.1:30080": 1 },
  },
  {
    name: "node port on the chosen address",
    service: makeService(nodePort),
    endpoints: [here],
    packet: { ...fromOutside, destination: "192.168.0.1", port: 30080 },
    options: { nodePortAddresses: { kind: "some", addresses: ["192.168.0.1"] } },
    expected: { "10.244.1.2:8080 masqueraded": 1 },
  },
  {
    name: "node port without endpoints: refused",
    service: makeService(nodePort),
    endpoints: [],
    packet: { ...fromOutside, destination: "192.168.0.1", port: 30080 },
    expected: { reject: 1 },
  },
  {
    name: "a port of the node that no Service has",
    service: makeService(nodePort),
    endpoints: [here],
    packet: { ...fromOutside, destination: "192.168.0.1", port: 22 },
    expected: { "192.168.0.1:22": 1 },
  },
  {
    name: "external policy Local keeps the client's address",
    service: makeService({ ...nodePort, externalTrafficPolicy: "Local" }),
    endpoints: [here, there],
    packet: { ...fromOutside, destination: "192.168.0.1", port: 30080 },
    expected: { "10.244.1.2:8080": 1 },
  },
  {
    name: "external policy Local without local endpoints: dropped",
    service: makeService({ ...nodePort, externalTrafficPolicy: "Local" }),
    endpoints: [there],
    packet: { ...fromOutside, destination: "192.168.0.1", port: 30080 },
    expected: { drop: 1 },
  },
  {
    name: "external policy Local: a pod reaches every endpoint through the node port",
    service: makeService({ ...nodePort, externalTrafficPolicy: "Local" }),
    endpoints: [there],
    packet: { ...fromPod, destination: "192.168.0.1", port: 30080 },
    expected: { "10.244.2.2:8080": 1 },
  },
  {
    name: "external policy Local: the node reaches every endpoint, masqueraded",
    service: makeService({ ...nodePort, externalTrafficPolicy: "Local" }),
    endpoints: [there],
    packet: { ...fromNode, destination: "192.168.0.1", port: 30080 },
    expected: { "10.244.2.2:8080 masqueraded": 1 },
  },
  {
    name: "external policy Local does not bind the cluster IP",
    service: makeService({ ...nodePort, externalTrafficPolicy: "Local" }),
    endpoints: [there],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    expected: { "10.244.2.2:8080": 1 },
  },
  {
    name: "external IP",
    service: makeService({ externalIPs: ["203.0.113.99", "fd00::99"] }),
    endpoints: [here],
    packet: { ...fromOutside, destination: "203.0.113.99", port: 80 },
    expected: { "10.244.1.2:8080 masqueraded": 1 },
  },
  {
    name: "external IP without endpoints: refused",
    service: makeService({ externalIPs: ["203.0.113.99"] }),
    endpoints: [],
    packet: { ...fromOutside, destination: "203.0.113.99", port: 80 },
    expected: { reject: 1 },
  },
  {
    name: "load balancer",
    service: balanced(),
    endpoints: [here],
    packet: { ...fromOutside, destination: "198.51.100.1", port: 80 },
    expected: { "10.244.1.2:8080 masqueraded": 1 },
  },
  {
    name: "load balancer that is itself a proxy: left alone",
    service: balanced(),
    endpoints: [here],
    packet: { ...fromOutside, destination: "198.51.100.2", port: 80 },
    expected: { "198.51.100.2:80": 1 },
  },
  {
    name: "load balancer: an admitted source",
    service: balanced({ loadBalancerSourceRanges: [" 203.0.113.0/24 ", "fd00::/8"] }),
    endpoints: [here],
    packet: { ...fromOutside, destination: "198.51.100.1", port: 80 },
    expected: { "10.244.1.2:8080 masqueraded": 1 },
  },
  {
    name: "load balancer: a source that is not admitted is dropped",
    service: balanced({ loadBalancerSourceRanges: ["203.0.113.0/24"] }),
    endpoints: [here],
    packet: { ...fromOutside, source: "203.0.114.1", destination: "198.51.100.1", port: 80 },
    expected: { drop: 1 },
  },
  {
    name: "load balancer: source ranges do not bind the node port",
    service: balanced({ loadBalancerSourceRanges: ["203.0.113.0/24"] }),
    endpoints: [here],
    packet: { ...fromOutside, source: "203.0.114.1", destination: "192.168.0.1", port: 30080 },
    expected: { "10.244.1.2:8080 masqueraded": 1 },
  },
  {
    name: "load balancer: an admitted node may send from the balancer's address",
    service: balanced({ loadBalancerSourceRanges: ["192.168.0.0/24"] }),
    endpoints: [there],
    packet: { ...fromNode, source: "198.51.100.1", destination: "198.51.100.1", port: 80 },
    expected: { "10.244.2.2:8080 masqueraded": 1 },
  },
  {
    name: "load balancer: the range of all addresses admits all",
    service: balanced({ loadBalancerSourceRanges: ["0.0.0.0/0"] }),
    endpoints: [here],
    packet: { ...fromOutside, destination: "198.51.100.1", port: 80 },
    expected: { "10.244.1.2:8080 masqueraded": 1 },
  },
  {
    name: "load balancer under policy Local without local endpoints: dropped",
    service: balanced({ externalTrafficPolicy: "Local" }),
    endpoints: [there],
    packet: { ...fromOutside, destination: "198.51.100.1", port: 80 },
    expected: { drop: 1 },
  },
  {
    name: "hints for this node win",
    service: makeService(),
    endpoints: [
      { ...here, hints: { forNodes: [{ name: "n1" }], forZones: [{ name: "z1" }] } },
      { ...there, hints: { forNodes: [{ name: "n2" }], forZones: [{ name: "z1" }] } },
    ],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    expected: { "10.244.1.2:8080": 1 },
  },
  {
    name: "hints for this zone",
    service: makeService(),
    endpoints: [
      { ...here, hints: { forZones: [{ name: "z1" }] } },
      { ...there, hints: { forZones: [{ name: "z1" }, { name: "z2" }] } },
      { ...elsewhere, hints: { forZones: [{ name: "z2" }] } },
    ],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    expected: { "10.244.1.2:8080": half, "10.244.2.2:8080": half },
  },
  {
    name: "hints that an endpoint lacks are not followed",
    service: makeService(),
    endpoints: [{ ...here, hints: { forZones: [{ name: "z1" }] } }, there],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    expected: { "10.244.1.2:8080": half, "10.244.2.2:8080": half },
  },
  {
    name: "hints that leave this zone without endpoints are not followed",
    service: makeService(),
    endpoints: [{ ...there, hints: { forZones: [{ name: "z2" }] } }],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    expected: { "10.244.2.2:8080": 1 },
  },
  {
    name: "an invalid packet is dropped on its way through",
    service: makeService(),
    endpoints: [here],
    packet: { ...fromOutside, destination: "10.244.1.2", port: 8080, state: "INVALID" },
    expected: { drop: 1 },
  },
  {
    name: "an invalid packet passes when told so",
    service: makeService(),
    endpoints: [here],
    packet: { ...fromOutside, destination: "10.244.1.2", port: 8080, state: "INVALID" },
    options: { dropInvalid: false },
    expected: { "10.244.1.2:8080": 1 },
  },
  {
    name: "affinity: a client that was seen returns to its endpoint",
    service: makeService({ sessionAffinity: "ClientIP" }),
    endpoints: [here, there],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    remembered: ["KUBE-SEP-W2BONUJLCZBKNJQR"],
    expected: { "10.244.2.2:8080": 1 },
  },
  {
    name: "affinity: a new client goes anywhere",
    service: makeService({ sessionAffinity: "ClientIP" }),
    endpoints: [here, there],
    packet: { ...fromPod, destination: "10.96.0.10", port: 80 },
    expected: { "10.244.1.2:8080": half, "10.244.2.2:8080": half },
  },
];

for (const { name, service, endpoints, packet, options, remembered, expected } of cases) {
  test(name, () => {
    const rules = rulesFor(service, endpoints, { ...ruleOptions, ...options });
    const host = { ...node, ...(remembered ? { remembered } : {}) };
    assert.deepEqual(traceDistribution(rules, packet, host), expected);
  });
}

test("affinity: the endpoint that a client reached is remembered under its chain's name", () => {
  const rules = rulesFor(makeService({ sessionAffinity: "ClientIP" }), [there]);
  const [outcome] = tracePacket(rules, { ...fromPod, destination: "10.96.0.10", port: 80 }, node);
  assert.deepEqual(outcome?.remembers, ["KUBE-SEP-W2BONUJLCZBKNJQR"]);
});

test("IPv6 has the same rules with its own addresses and no loopback guard", () => {
  const service = makeService({
    ...nodePort,
    clusterIP: "10.96.0.10",
    clusterIPs: ["10.96.0.10", "FD00:96::10"],
  });
  const options: RuleOptions = {
    ...ruleOptions,
    family: "IPv6",
    localTraffic: { by: "source", cidr: "fd00:244::/64" },
    nodePortAddresses: { kind: "all", loopback: false },
    nodeIp: "fd00::1",
  };
  const slice = makeSlice([{ ip: "fd00:244::2" }], { addressType: "IPv6" });
  const [port] = servicePorts(service, "IPv6");
  assert.ok(port);
  const endpoints = endpointsByPort([slice], "IPv6", "n1").get(servicePortKey(port.id, port.protocol)) ?? [];
  const { rules } = buildRules([{ port, endpoints }], options);
  const host = { addresses: ["fd00::1", "::1"] };
  const pod = { source: "fd00:244::9", protocol: "tcp", inInterface: "cni0" } as const;
  assert.deepEqual(traceDistribution(rules, { ...pod, destination: "fd00:96::10", port: 80 }, host), {
    "[fd00:244::2]:8080": 1,
  });
  assert.deepEqual(traceDistribution(rules, { ...pod, destination: "fd00::1", port: 30080 }, host), {
    "[fd00:244::2]:8080 masqueraded": 1,
  });
  assert.deepEqual(rules.get("filter")?.shared, []);
});

test("two Services that share nothing but the node", () => {
  const other = makeService({ clusterIP: "10.96.0.11", clusterIPs: ["10.96.0.11"] });
  other.metadata.name = "other";
  const ports = [...servicePorts(makeService(), "IPv4"), ...servicePorts(other, "IPv4")].map((port) => ({
    port,
    endpoints: endpointsByPort([makeSlice([here])], "IPv4", "n1").get(servicePortKey(port.id, port.protocol)) ?? [],
  }));
  const { rules } = buildRules(ports, ruleOptions);
  assert.deepEqual(traceDistribution(rules, { ...fromPod, destination: "10.96.0.10", port: 80 }, node), {
    "10.244.1.2:8080": 1,
  });
  assert.deepEqual(traceDistribution(rules, { ...fromPod, destination: "10.96.0.11", port: 80 }, node), { reject: 1 });
});

test("health checks of a load balancer pass a firewall once for all ports", () => {
  const ports = [80, 81].map((port) => ({ name: `p${port}`, port, nodePort: 30000 + port }));
  const service = balanced({ externalTrafficPolicy: "Local", healthCheckNodePort: 32000, ports });
  const checks = rulesFor(service, []).get("filter")?.chains.get("KUBE-NODEPORTS");
  assert.deepEqual(checks, [
    {
      protocol: "tcp",
      destinationPort: 32000,
      comment: "ns/web health check node port",
      target: { kind: "accept" },
    },
  ]);
});

test("Services under policy Local without local endpoints are counted", () => {
  const [port] = servicePorts(makeService({ ...nodePort, internalTrafficPolicy: "Local" }), "IPv4");
  assert.ok(port);
  const endpoints = endpointsByPort([makeSlice([there])], "IPv4", "n1").get(servicePortKey(port.id, port.protocol));
  assert.ok(endpoints);
  assert.deepEqual(buildRules([{ port, endpoints }], ruleOptions).noLocalEndpoints, { internal: 1, external: 0 });
});

test("an unchanged port keeps its very arrays of rules; the outcome is that of a fresh build", () => {
  const [first] = servicePorts(makeService(), "IPv4");
  const [second] = servicePorts(makeService({ clusterIP: "10.96.0.11", clusterIPs: ["10.96.0.11"] }), "IPv4");
  assert.ok(first && second);
  const byPort = (endpoints: readonly EndpointState[]) =>
    endpointsByPort([makeSlice(endpoints)], "IPv4", "n1").get("ns/web:http/tcp") ?? [];
  const build = createRuleBuilder(ruleOptions);
  const endpoints = byPort([here, there]);
  const before = build([{ port: first, endpoints }]).rules.get("nat")?.chains;
  const after = build([
    { port: first, endpoints },
    { port: { ...second, id: "ns/z" }, endpoints: byPort([here]) },
  ]).rules.get("nat")?.chains;
  assert.ok(before && after);
  assert.equal(after.get("KUBE-SVC-HMALVVKA6APKJPPY"), before.get("KUBE-SVC-HMALVVKA6APKJPPY"));
  assert.notEqual(before.get("KUBE-SVC-HMALVVKA6APKJPPY"), undefined);
  const fresh = buildRules([{ port: first, endpoints: byPort([here]) }], ruleOptions);
  assert.deepEqual(build([{ port: first, endpoints: byPort([here]) }]), fresh);
});
