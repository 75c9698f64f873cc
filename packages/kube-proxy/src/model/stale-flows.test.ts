import assert from "node:assert/strict";
import { test } from "node:test";
import { makeService, makeSlice } from "../testing/proxy-fixtures.ts";
import type { EndpointState } from "../testing/proxy-fixtures.ts";
import { parseConntrack } from "../writer/conntrack.ts";
import { createPortJoin } from "./proxied-ports.ts";
import { hasLostServer, staleTcpAttempts, staleUdpFlows } from "./stale-flows.ts";

const service = makeService({
  type: "NodePort",
  externalIPs: ["203.0.113.9"],
  ports: [
    { name: "dns", protocol: "UDP", port: 53, nodePort: 30053 },
    { name: "dns-tcp", protocol: "TCP", port: 53, nodePort: 30054 },
  ],
});

function portsWith(...endpoints: EndpointState[]) {
  const ports = [
    { name: "dns", protocol: "UDP" as const, port: 53 },
    { name: "dns-tcp", protocol: "TCP" as const, port: 53 },
  ];
  return createPortJoin("IPv4", "n1")([service], [makeSlice(endpoints, { ports })]);
}

const flow = (destination: string, destinationPort: number, replySource: string) => ({
  destination,
  destinationPort,
  replySource,
});

test("flows to endpoints that went away are stale, by every way in", () => {
  const ports = portsWith({ ip: "10.244.1.2" });
  const flows = [
    flow("10.96.0.10", 53, "10.244.1.2"),
    flow("10.96.0.10", 53, "10.244.9.9"),
    flow("10.96.0.10", 53, "10.244.9.9"),
    flow("10.96.0.10", 53, "10.96.0.10"),
    flow("203.0.113.9", 53, "10.244.9.9"),
    flow("192.168.0.1", 30053, "10.244.9.9"),
    flow("8.8.8.8", 30053, "8.8.8.8"),
    flow("8.8.8.8", 53, "8.8.8.8"),
    flow("10.244.1.2", 53, "10.244.1.2"),
  ];
  assert.deepEqual(staleUdpFlows(flows, ports, ["192.168.0.1"]), [
    flow("10.96.0.10", 53, "10.244.9.9"),
    flow("10.96.0.10", 53, "10.96.0.10"),
    flow("203.0.113.9", 53, "10.244.9.9"),
    flow("192.168.0.1", 30053, "10.244.9.9"),
  ]);
});

test("an endpoint that drains but serves keeps its flows; one that does not serve loses them", () => {
  const draining = { conditions: { ready: false, serving: true, terminating: true } };
  const gone = { conditions: { ready: false, serving: false, terminating: true } };
  const ports = portsWith({ ip: "10.244.1.2", ...draining }, { ip: "10.244.1.3", ...gone });
  const flows = [flow("10.96.0.10", 53, "10.244.1.2"), flow("10.96.0.10", 53, "10.244.1.3")];
  assert.deepEqual(staleUdpFlows(flows, ports, []), [flow("10.96.0.10", 53, "10.244.1.3")]);
});

test("a Service without serving endpoints keeps its flows", () => {
  assert.deepEqual(staleUdpFlows([flow("10.96.0.10", 53, "10.244.9.9")], portsWith(), []), []);
});

test("attempts to connect to endpoints that serve no longer are stale, also when none is left", () => {
  const unreachable = { conditions: { ready: false, serving: false } };
  const published = { conditions: { ready: true, serving: false } };
  const flows = [
    flow("10.96.0.10", 53, "10.244.1.2"),
    flow("10.96.0.10", 53, "10.244.1.3"),
    flow("10.96.0.10", 53, "10.244.1.4"),
    flow("192.168.0.1", 30054, "10.244.1.3"),
    flow("192.168.0.1", 30053, "10.244.1.3"),
    flow("8.8.8.8", 53, "8.8.8.8"),
  ];
  const some = portsWith(
    { ip: "10.244.1.2" },
    { ip: "10.244.1.3", ...unreachable },
    { ip: "10.244.1.4", ...published },
  );
  assert.deepEqual(staleTcpAttempts(flows, some, ["192.168.0.1"]), [
    flow("10.96.0.10", 53, "10.244.1.3"),
    flow("192.168.0.1", 30054, "10.244.1.3"),
  ]);
  assert.equal(staleTcpAttempts(flows, portsWith(), ["192.168.0.1"]).length, 4);
});

test("a server is lost when it serves no longer, and not when it is joined by another", () => {
  const join = createPortJoin("IPv4", "n1");
  const ports = [{ name: "dns-tcp", protocol: "TCP" as const, port: 53 }];
  const having = (...endpoints: EndpointState[]) => join([service], [makeSlice(endpoints, { ports })]);
  const [one, two] = [{ ip: "10.244.1.2" }, { ip: "10.244.1.3" }];
  const before = having(one);
  assert.equal(hasLostServer(before, before), false);
  assert.equal(hasLostServer(before, having(one, two)), false);
  assert.equal(hasLostServer(having(one, two), having(one)), true);
  assert.equal(hasLostServer(before, having({ ...one, conditions: { ready: false, serving: false } })), true);
  assert.equal(hasLostServer(before, having({ ...one, conditions: { ready: false, serving: true } })), false);
  assert.equal(hasLostServer(before, having()), true);
  assert.equal(hasLostServer([], before), false);
});

test("reads what conntrack prints", () => {
  const text = `udp      17 27 src=10.244.0.5 dst=10.96.0.10 sport=40000 dport=53 [UNREPLIED] src=10.244.1.2 dst=10.244.0.5 sport=5353 dport=40000 mark=0 use=1
udp      17 118 src=fd00::5 dst=fd00:96::a sport=1 dport=53 src=fd00:244::2 dst=fd00::5 sport=53 dport=1 [ASSURED] mark=0 use=1
something else
`;
  assert.deepEqual(parseConntrack(text), [flow("10.96.0.10", 53, "10.244.1.2"), flow("fd00:96::a", 53, "fd00:244::2")]);
});
