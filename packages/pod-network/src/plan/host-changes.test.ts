import assert from "node:assert/strict";
import { test } from "node:test";
import { farNode, makeHost, makeRoute, makeSettings, nearNode, ownNode } from "../testing/network-fixtures.ts";
import type { ClusterNode } from "./cluster-node.ts";
import { planHostChanges, planLinkChanges } from "./host-changes.ts";
import type { HostCommand } from "./host-changes.ts";
import type { HostLink, HostState } from "./host-state.ts";
import { overlayMac, planNetwork } from "./network-plan.ts";
import type { NetworkMode, NetworkPlan } from "./network-plan.ts";

function planFor(mode: NetworkMode, ...others: readonly ClusterNode[]): NetworkPlan {
  const plan = planNetwork(makeSettings({ mode }), ownNode, others, makeHost());
  assert.equal(plan.kind, "plan");
  return plan;
}

/** What the host shows once everything was carried out. */
function hostOf(plan: NetworkPlan): HostState {
  const host = makeHost();
  const { link, neighbours, forwarding, routes, rules } = plan;
  const shown: readonly HostLink[] = link
    ? [
        {
          name: link.name,
          mtu: link.mtu,
          mac: link.mac,
          up: true,
          addresses: link.addresses.map(({ family, text }) => {
            return { family, address: text, prefixLength: family === "IPv4" ? 32 : 128 };
          }),
          vxlan: { id: link.id, port: link.port, local: link.local, device: link.device, learning: false },
        },
      ]
    : [];
  return {
    links: [...host.links, ...shown],
    routes: [...host.routes, ...routes.map((route) => ({ ...route, protocol: 107, metric: 107 }))],
    rules,
    neighbours: new Map(link ? [[link.name, neighbours]] : []),
    forwarding: new Map(link ? [[link.name, forwarding]] : []),
  };
}

const lines = (commands: readonly HostCommand[]) => commands.map(({ tool, line }) => `${tool} ${line}`);
const both = (plan: NetworkPlan, state: HostState) => [
  ...lines(planLinkChanges(plan.link, state)),
  ...lines(planHostChanges(plan, state)),
];

for (const mode of ["routes", "vxlan", "auto"] as const) {
  test(`a host that is as wanted is left alone: ${mode}`, () => {
    const plan = planFor(mode, nearNode, farNode);
    assert.deepEqual(both(plan, hostOf(plan)), []);
  });
}

test("routes come, change and go; those of others stay", () => {
  const state = makeHost();
  const plan = planFor("routes", nearNode);
  assert.deepEqual(both(plan, state), [
    "ip route replace 10.244.2.0/24 via 192.0.2.2 dev eth0 table 254 protocol 107 metric 107",
    "ip route replace fd00:2::/64 via 2001:db8::2 dev eth0 table 254 protocol 107 metric 107",
  ]);
  const ours = { protocol: 107, metric: 107, device: "eth0" };
  const routes = [
    ...state.routes,
    makeRoute({ destination: "10.244.2.0/24", gateway: "192.0.2.7", ...ours }),
    makeRoute({ destination: "10.244.9.0/24", gateway: "192.0.2.9", ...ours }),
    makeRoute({ destination: "10.244.8.0/24", gateway: "192.0.2.8", device: "eth0" }),
    makeRoute({ destination: "10.244.7.0/24", gateway: "192.0.2.7", ...ours, metric: 5 }),
  ];
  assert.deepEqual(both(plan, { ...state, routes }), [
    "ip route replace 10.244.2.0/24 via 192.0.2.2 dev eth0 table 254 protocol 107 metric 107",
    "ip route replace fd00:2::/64 via 2001:db8::2 dev eth0 table 254 protocol 107 metric 107",
    "ip route delete 10.244.9.0/24 via 192.0.2.9 dev eth0 table 254 protocol 107 metric 107",
  ]);
});

test("the overlay device is made, entries before routes, rules last", () => {
  const plan = planFor("vxlan", farNode);
  const mac = overlayMac(farNode);
  assert.deepEqual(lines(planLinkChanges(plan.link, makeHost())), [
    `ip link add podnet.1 address ${overlayMac(ownNode)} mtu 1450 type vxlan id 1 dstport 8472 local 192.0.2.1 dev eth0 nolearning`,
    "ip link set podnet.1 addrgenmode none up",
  ]);
  assert.deepEqual(lines(planHostChanges(plan, makeHost())), [
    "ip address add 10.244.1.0/32 dev podnet.1",
    "ip address add fd00:1::/128 dev podnet.1 nodad",
    `ip neighbour replace 10.244.3.0 lladdr ${mac} dev podnet.1 nud permanent`,
    `ip neighbour replace fd00:3:: lladdr ${mac} dev podnet.1 nud permanent`,
    `bridge fdb replace ${mac} dev podnet.1 dst 198.51.100.3 self permanent`,
    "ip route replace 10.244.3.0/24 via 10.244.3.0 dev podnet.1 onlink table 254 protocol 107 metric 107",
    "ip route replace 198.51.100.3/32 via 10.244.3.0 dev podnet.1 onlink table 107 protocol 107 metric 107",
    "ip route replace fd00:3::/64 via fd00:3:: dev podnet.1 onlink table 254 protocol 107 metric 107",
    "ip route replace 2001:db8:1::3/128 via fd00:3:: dev podnet.1 onlink table 107 protocol 107 metric 107",
    "ip rule add from 10.244.1.0/24 lookup 107 priority 107 protocol 107",
    "ip -6 rule add from fd00:1::/64 lookup 107 priority 107 protocol 107",
  ]);
});

const linkChanges: readonly [string, Partial<HostLink>, readonly RegExp[]][] = [
  ["another size", { mtu: 1300 }, [/^ip link set podnet\.1 mtu 1450$/]],
  ["another hardware address", { mac: "02:00:00:00:00:09" }, [/^ip link set podnet\.1 address /]],
  ["being down", { up: false }, [/^ip link set podnet\.1 up$/]],
  [
    "another port",
    { vxlan: { id: 1, port: 4789, local: "192.0.2.1", device: "eth0", learning: false } },
    [/^ip link delete podnet\.1$/, /^ip link add podnet\.1 /, /^ip link set podnet\.1 addrgenmode none up$/],
  ],
];
for (const [name, change, expected] of linkChanges) {
  test(`the overlay device is repaired: ${name}`, () => {
    const plan = planFor("vxlan", farNode);
    const state = hostOf(plan);
    const links = state.links.map((link) => (link.name === "podnet.1" ? { ...link, ...change } : link));
    const commands = lines(planLinkChanges(plan.link, { links }));
    assert.equal(commands.length, expected.length);
    for (const [index, pattern] of expected.entries()) assert.match(commands[index] ?? "", pattern);
  });
}

test("a node that moved has its entry replaced; one that is gone leaves nothing", () => {
  const before = hostOf(planFor("vxlan", farNode));
  const moved = { ...farNode, addresses: [{ family: "IPv4", text: "198.51.100.4" } as const] };
  const mac = overlayMac(farNode);
  const replaced = lines(planHostChanges(planFor("vxlan", moved), before)).filter((line) => line.includes("fdb"));
  assert.deepEqual(replaced, [`bridge fdb replace ${mac} dev podnet.1 dst 198.51.100.4 self permanent`]);
  assert.deepEqual(lines(planHostChanges(planFor("vxlan"), before)), [
    "ip rule delete from 10.244.1.0/24 lookup 107 priority 107 protocol 107",
    "ip -6 rule delete from fd00:1::/64 lookup 107 priority 107 protocol 107",
    "ip route delete 10.244.3.0/24 via 10.244.3.0 dev podnet.1 onlink table 254 protocol 107 metric 107",
    "ip route delete 198.51.100.3/32 via 10.244.3.0 dev podnet.1 onlink table 107 protocol 107 metric 107",
    "ip route delete fd00:3::/64 via fd00:3:: dev podnet.1 onlink table 254 protocol 107 metric 107",
    "ip route delete 2001:db8:1::3/128 via fd00:3:: dev podnet.1 onlink table 107 protocol 107 metric 107",
    "ip neighbour delete 10.244.3.0 dev podnet.1",
    "ip neighbour delete fd00:3:: dev podnet.1",
    `bridge fdb delete ${mac} dev podnet.1 dst 198.51.100.3 self`,
  ]);
});

test("a second entry of a hardware address goes once the right one is there", () => {
  const plan = planFor("vxlan", farNode);
  const state = hostOf(plan);
  const mac = overlayMac(farNode);
  const forwarding = new Map([["podnet.1", [...plan.forwarding, { mac, remote: "203.0.113.9" }]]]);
  assert.deepEqual(lines(planHostChanges(plan, { ...state, forwarding })), [
    `bridge fdb delete ${mac} dev podnet.1 dst 203.0.113.9 self`,
  ]);
});

test("where the mode changes, routes lead past the device before it goes", () => {
  const before = hostOf(planFor("vxlan", nearNode));
  const commands = lines(planHostChanges(planFor("routes", nearNode), before));
  assert.equal(commands[0], "ip route replace 10.244.2.0/24 via 192.0.2.2 dev eth0 table 254 protocol 107 metric 107");
  assert.equal(commands.at(-1), "ip link delete podnet.1");
});

test("a device of another kind with a name like ours is not ours", () => {
  const host = makeHost();
  const links = [...host.links, { name: "podnet.7", mtu: 1500, mac: "", up: true, addresses: [] }];
  assert.deepEqual(both(planFor("routes"), { ...host, links }), []);
});
