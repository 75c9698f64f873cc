import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  farNode,
  makeHost,
  makeNode,
  makeRoute,
  makeSettings,
  nearNode,
  ownNode,
} from "../testing/network-fixtures.ts";
import type { ClusterNode } from "./cluster-node.ts";
import { overlayMac, planNetwork } from "./network-plan.ts";
import type { NetworkPlan, NetworkSettings } from "./network-plan.ts";

function plan(
  settings: Partial<NetworkSettings>,
  others: readonly ClusterNode[],
  own = ownNode,
  host = makeHost(),
): NetworkPlan {
  const planned = planNetwork(makeSettings(settings), own, others, host);
  assert.equal(planned.kind, "plan");
  return planned;
}

const routesOf = ({ routes }: NetworkPlan) =>
  routes.map(({ destination, gateway, device, table }) => `${destination} via ${gateway} dev ${device} table ${table}`);

describe("routes", () => {
  test("lead to nodes of the segment by their address of each family", () => {
    const found = plan({}, [nearNode]);
    assert.deepEqual(routesOf(found), [
      "10.244.2.0/24 via 192.0.2.2 dev eth0 table 254",
      "fd00:2::/64 via 2001:db8::2 dev eth0 table 254",
    ]);
    assert.deepEqual([found.podMtu, found.link, found.rules, found.forwarding], [1500, undefined, [], []]);
    assert.deepEqual(found.unreachable, []);
  });

  const unreachable: readonly [string, ClusterNode, readonly string[]][] = [
    ["a node behind a router", farNode, ["IPv4 OffSegment", "IPv6 OffSegment"]],
    ["a node without an address of the family", makeNode("d", ["fd00:4::/64"], ["192.0.2.4"]), ["IPv6 NoAddress"]],
    ["a node with this node's range", makeNode("d", ["10.244.1.0/24"], ["192.0.2.4"]), ["IPv4 RangeConflict"]],
  ];
  for (const [name, node, reasons] of unreachable) {
    test(`${name} is reported and has none`, () => {
      const found = plan({}, [node]);
      assert.deepEqual(found.routes, []);
      assert.deepEqual(
        found.unreachable.map(({ family, reason }) => `${family} ${reason}`),
        reasons,
      );
    });
  }

  test("of two nodes with one range the first by name has it", () => {
    const twin = makeNode("z", ["10.244.2.0/24"], ["192.0.2.9"]);
    const found = plan({}, [twin, nearNode]);
    assert.deepEqual(found.unreachable, [{ node: "z", family: "IPv4", reason: "RangeConflict" }]);
    assert.equal(found.routes.find(({ destination }) => destination === "10.244.2.0/24")?.gateway, "192.0.2.2");
  });

  test("families that this node's pods lack are left out, and not reported", () => {
    const own = makeNode("a", ["10.244.1.0/24"], ["192.0.2.1"]);
    const found = plan({}, [nearNode, makeNode("d", ["fd00:4::/64"], ["192.0.2.4"])], own);
    assert.deepEqual(routesOf(found), ["10.244.2.0/24 via 192.0.2.2 dev eth0 table 254"]);
    assert.deepEqual(found.unreachable, []);
  });

  test("nodes without a range have none", () => {
    assert.deepEqual(plan({}, [makeNode("d", [], ["192.0.2.4"])]).routes, []);
  });

  test("a link of its own in the table counts before the router", () => {
    const host = makeHost();
    const routes = [...host.routes, makeRoute({ destination: "198.51.100.3/32", device: "eth1" })];
    const found = plan({}, [farNode], ownNode, { ...host, routes });
    assert.deepEqual(routesOf(found), ["10.244.3.0/24 via 198.51.100.3 dev eth1 table 254"]);
  });
});

describe("vxlan", () => {
  test("leads to every node through the device, whose entries say where each is", () => {
    const found = plan({ mode: "vxlan" }, [farNode]);
    const mac = overlayMac(farNode);
    assert.deepEqual(found.link, {
      name: "podnet.1",
      id: 1,
      port: 8472,
      local: "192.0.2.1",
      device: "eth0",
      mac: overlayMac(ownNode),
      mtu: 1450,
      addresses: [
        { family: "IPv4", text: "10.244.1.0" },
        { family: "IPv6", text: "fd00:1::" },
      ],
    });
    assert.deepEqual(routesOf(found), [
      "10.244.3.0/24 via 10.244.3.0 dev podnet.1 table 254",
      "198.51.100.3/32 via 10.244.3.0 dev podnet.1 table 107",
      "fd00:3::/64 via fd00:3:: dev podnet.1 table 254",
      "2001:db8:1::3/128 via fd00:3:: dev podnet.1 table 107",
    ]);
    assert.deepEqual(
      found.rules.map(({ source, table }) => `${source} ${table}`),
      ["10.244.1.0/24 107", "fd00:1::/64 107"],
    );
    assert.deepEqual(found.forwarding, [{ mac, remote: "198.51.100.3" }]);
    assert.deepEqual(
      found.neighbours.map((entry) => `${entry.address} ${entry.mac}`),
      [`10.244.3.0 ${mac}`, `fd00:3:: ${mac}`],
    );
    assert.ok(found.routes.every(({ onlink }) => onlink));
  });

  test("has less room in packets, over IPv6 more so", () => {
    const own6 = makeNode("a", ["10.244.1.0/24"], ["2001:db8::1"]);
    assert.equal(plan({ mode: "vxlan" }, [], own6).podMtu, 1430);
    assert.equal(plan({ mode: "vxlan" }, [], own6).link?.local, "2001:db8::1");
    assert.equal(plan({ mode: "vxlan", mtu: 1400 }, []).podMtu, 1400);
  });

  test("prefers IPv4 whatever comes first, so that all nodes choose alike", () => {
    const own = makeNode("a", ["fd00:1::/64"], ["2001:db8::1", "192.0.2.1"]);
    assert.equal(plan({ mode: "vxlan" }, [], own).link?.local, "192.0.2.1");
  });

  test("a node that lacks the family of the underlay is reported", () => {
    const found = plan({ mode: "vxlan" }, [makeNode("d", ["10.244.4.0/24"], ["2001:db8::4"])]);
    assert.deepEqual(found.unreachable, [{ node: "d", family: "IPv4", reason: "NoAddress" }]);
    assert.deepEqual([found.routes, found.rules], [[], []]);
  });

  test("families that this node's pods lack are left out", () => {
    const own = makeNode("a", ["10.244.1.0/24"], ["192.0.2.1"]);
    assert.ok(plan({ mode: "vxlan" }, [farNode], own).routes.every(({ family }) => family === "IPv4"));
  });
});

test("auto takes routes on the segment and the overlay elsewhere, with the overlay's room", () => {
  const found = plan({ mode: "auto" }, [nearNode, farNode]);
  assert.deepEqual(routesOf(found), [
    "10.244.2.0/24 via 192.0.2.2 dev eth0 table 254",
    "fd00:2::/64 via 2001:db8::2 dev eth0 table 254",
    "10.244.3.0/24 via 10.244.3.0 dev podnet.1 table 254",
    "198.51.100.3/32 via 10.244.3.0 dev podnet.1 table 107",
    "fd00:3::/64 via fd00:3:: dev podnet.1 table 254",
    "2001:db8:1::3/128 via fd00:3:: dev podnet.1 table 107",
  ]);
  assert.equal(found.podMtu, 1450);
});

test("hardware addresses are of single devices, locally administered, and differ", () => {
  const macs = Array.from({ length: 200 }, (_, index) => overlayMac(makeNode("n", [`10.244.${index}.0/24`], [])));
  for (const mac of macs) assert.match(mac, /^[0-9a-f][26ae](:[0-9a-f]{2}){5}$/);
  assert.equal(new Set(macs).size, macs.length);
});

const waiting: readonly [string, Partial<NetworkSettings>, ClusterNode | undefined, RegExp][] = [
  ["there is no Node", {}, undefined, /the Node does not exist/],
  ["the Node has no range", {}, makeNode("a", [], ["192.0.2.1"]), /no range of pod addresses/],
  ["the Node has no address", {}, makeNode("a", ["10.244.1.0/24"], []), /no InternalIP/],
  [
    "the address is on no interface",
    {},
    makeNode("a", ["10.244.1.0/24"], ["192.0.2.9"]),
    /no interface has the Node's address 192\.0\.2\.9/,
  ],
  ["the interface is missing", { interface: "bond0" }, ownNode, /there is no interface bond0/],
];
for (const [name, settings, own, reason] of waiting) {
  test(`nothing is planned while ${name}`, () => {
    const planned = planNetwork(makeSettings(settings), own, [nearNode], makeHost());
    assert.equal(planned.kind, "waiting");
    assert.match(planned.kind === "waiting" ? planned.reason : "", reason);
  });
}
