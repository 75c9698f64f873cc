import assert from "node:assert/strict";
import { test } from "node:test";
import { makeNode } from "../testing/network-fixtures.ts";
import { cniConfig } from "./cni-config.ts";

interface Shown {
  readonly plugins: readonly { type: string; ipMasq?: boolean; mtu?: number; ipam?: { ranges: unknown } }[];
}

const cases: readonly [string, readonly string[], readonly string[]][] = [
  ["IPv4 first", ["192.0.2.1", "2001:db8::1"], ["10.244.1.0/24", "fd00:1::/64"]],
  ["IPv6 first", ["2001:db8::1", "192.0.2.1"], ["fd00:1::/64", "10.244.1.0/24"]],
];
for (const [name, addresses, expected] of cases) {
  test(`pods get addresses of the node's ranges in the order of its own: ${name}`, () => {
    const node = makeNode("a", ["10.244.1.0/24", "fd00:1::/64"], addresses);
    const { plugins } = cniConfig(node, 1450) as Shown;
    const [bridge] = plugins;
    assert.deepEqual(
      bridge?.ipam?.ranges,
      expected.map((subnet) => [{ subnet }]),
    );
    assert.deepEqual([bridge?.ipMasq, bridge?.mtu], [false, 1450]);
    assert.deepEqual(
      plugins.map(({ type }) => type),
      ["bridge", "portmap", "bandwidth", "firewall"],
    );
  });
}
