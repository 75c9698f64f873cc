import assert from "node:assert/strict";
import { test } from "node:test";
import { parseForwarding, parseLinks, parseNeighbours, parseRoutes, parseRules } from "./parse-host.ts";

// Texts are what iproute2 6.1 prints, shortened.

test("links with their addresses and the properties of vxlan devices", () => {
  const text = `[{"ifname":"eth0","flags":["BROADCAST","UP","LOWER_UP"],"mtu":1500,"address":"8a:df:b1:38:0e:a4",
    "addr_info":[{"family":"inet","local":"10.0.0.1","prefixlen":24,"scope":"0"},
    {"family":"inet6","local":"fe80::88df","prefixlen":64,"scope":"253"}]},
    {"ifname":"podnet.1","flags":["BROADCAST"],"mtu":1450,"address":"02:11:22:33:44:55","linkinfo":{"info_kind":"vxlan",
    "info_data":{"id":1,"local6":"2001:DB8:0::1","link":"eth0","port":8472,"learning":false}},"addr_info":[]},{}]`;
  const [eth0, overlay] = parseLinks(text);
  assert.deepEqual(eth0, {
    name: "eth0",
    mtu: 1500,
    mac: "8a:df:b1:38:0e:a4",
    up: true,
    addresses: [{ family: "IPv4", address: "10.0.0.1", prefixLength: 24 }],
  });
  assert.equal(overlay?.up, false);
  assert.deepEqual(overlay?.vxlan, { id: 1, port: 8472, local: "2001:db8::1", device: "eth0", learning: false });
});

test("unicast routes of all tables", () => {
  const text = `[{"dst":"default","gateway":"10.0.0.254","dev":"eth0","flags":[]},
    {"dst":"10.0.0.2","gateway":"10.244.2.0","dev":"podnet.1","table":"107","protocol":"107","metric":107,"flags":["onlink"]},
    {"type":"2","dst":"127.0.0.0/8","dev":"lo","table":"255","protocol":"2","flags":[]},
    {"dst":"10.5.0.0/16","nexthops":[{"gateway":"10.0.0.3","dev":"eth0"}],"flags":[]},
    {"type":"6","dst":"10.6.0.0/16","flags":[]}]`;
  assert.deepEqual(parseRoutes(text, "IPv4"), [
    {
      family: "IPv4",
      table: 254,
      protocol: 0,
      metric: 0,
      destination: "0.0.0.0/0",
      gateway: "10.0.0.254",
      device: "eth0",
      onlink: false,
    },
    {
      family: "IPv4",
      table: 107,
      protocol: 107,
      metric: 107,
      destination: "10.0.0.2/32",
      gateway: "10.244.2.0",
      device: "podnet.1",
      onlink: true,
    },
    { family: "IPv4", table: 254, protocol: 0, metric: 0, destination: "10.5.0.0/16", onlink: false },
  ]);
  assert.equal(parseRoutes(`[{"dst":"default","gateway":"fd00::1","dev":"eth0"}]`, "IPv6")[0]?.destination, "::/0");
});

test("rules with our mark only", () => {
  const text = `[{"priority":0,"src":"all","table":"255"},
    {"priority":107,"src":"10.244.1.0","srclen":24,"table":"107","protocol":"107"},
    {"priority":107,"src":"10.9.0.0","srclen":16,"table":"107","protocol":"3"}]`;
  assert.deepEqual(parseRules(text, "IPv4"), [{ family: "IPv4", source: "10.244.1.0/24", table: 107, priority: 107 }]);
});

test("entries of the overlay device", () => {
  const neighbours = `[{"dst":"fd00:2::","lladdr":"02:00:00:00:00:02","state":["PERMANENT"]}]`;
  assert.deepEqual(parseNeighbours(neighbours), [{ family: "IPv6", address: "fd00:2::", mac: "02:00:00:00:00:02" }]);
  const forwarding = `[{"mac":"02:00:00:00:00:02","dst":"10.0.0.2","flags":["self"],"state":"permanent"},{"mac":"33:33:00:00:00:01"}]`;
  assert.deepEqual(parseForwarding(forwarding), [{ mac: "02:00:00:00:00:02", remote: "10.0.0.2" }]);
  assert.deepEqual([parseNeighbours(""), parseForwarding("[]")], [[], []]);
});

test("anything but an array is an error", () => {
  assert.throws(() => parseLinks(`{"error":1}`), /did not print an array/);
});
