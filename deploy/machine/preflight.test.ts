import assert from "node:assert/strict";
import { test } from "node:test";
import { parseClusterConfig } from "../cluster/cluster-config.ts";
import type { MachineFacts } from "./machine-facts.ts";
import { preflight } from "./preflight.ts";
import { parseTimestamp } from "./systemd.ts";

const config = parseClusterConfig(`
apiVersion: deploy.kube-ts.io/v1
kind: Cluster
machines:
- {name: one, roles: [etcd, control-plane, worker], addresses: [192.0.2.1]}
- {name: two, roles: [etcd], addresses: [192.0.2.2]}
`);
const [one, two] = config.machines;
assert.ok(one && two);

const fit: MachineFacts = {
  isRoot: true,
  hasSystemd: true,
  hostName: "one",
  addresses: ["127.0.0.1", "192.0.2.1"],
  packages: new Map(
    ["kube-ts-runtime", "kube-ts-etcd", "kube-ts-control-plane", "kube-ts-node"].map((name) => [name, "1.36.0-1"]),
  ),
  listeners: new Map([[22, "ssh.service"]]),
  hasSwap: false,
  sysctls: new Map([["net.bridge.bridge-nf-call-iptables", "1"]]),
  hasOverlay: true,
  hasPacketFilter: true,
  clockIsSynchronized: true,
  programs: new Set(["dockerd", "iptables-restore", "conntrack", "ip"]),
  freeBytes: 1e12,
};

test("a machine that is fit passes", () => {
  assert.deepEqual(preflight(config, one, fit), { errors: [], warnings: [] });
});

const faults: readonly (readonly [string, Partial<MachineFacts>, RegExp])[] = [
  ["not root", { isRoot: false }, /needs root/],
  ["no systemd", { hasSystemd: false }, /systemd does not run/],
  [
    "no package",
    { packages: new Map([["kube-ts-runtime", "1.36.0-1"]]) },
    /kube-ts-etcd is not installed.*apt-get install/s,
  ],
  [
    "other version",
    { packages: new Map([...fit.packages, ["kube-ts-node", "1.36.1-1"]]) },
    /kube-ts-node is of version 1.36.1/,
  ],
  ["address", { addresses: ["192.0.2.9"] }, /no interface of this machine has the address 192.0.2.1/],
  [
    "port",
    { listeners: new Map([[6443, undefined]]) },
    /port 6443, which kube-apiserver needs, is taken by another program/,
  ],
  ["port of a unit", { listeners: new Map([[2379, "other.service"]]) }, /port 2379, .* taken by other.service/],
  ["swap", { hasSwap: true }, /swap is on/],
  ["overlay", { hasOverlay: false }, /overlay/],
  ["packet filter", { hasPacketFilter: false }, /packet filter/],
  ["program", { programs: new Set(["dockerd"]) }, /conntrack is not there/],
];

for (const [name, facts, expected] of faults) {
  test(`a machine that is not fit: ${name}`, () => {
    assert.match(preflight(config, one, { ...fit, ...facts }).errors.join("\n"), expected);
  });
}

test("what belongs to a role is asked of machines with it", () => {
  const addresses = ["192.0.2.2"];
  const bare = { ...fit, hostName: "two", addresses, hasSwap: true, programs: new Set<string>(), hasOverlay: false };
  assert.deepEqual(preflight(config, two, bare), { errors: [], warnings: [] });
  const swap = { ...config, kubelet: { failSwapOn: false } };
  assert.deepEqual(preflight(swap, one, { ...fit, hasSwap: true }).errors, []);
});

test("a daemon that listens on its own port is at home", () => {
  assert.deepEqual(preflight(config, one, { ...fit, listeners: new Map([[10_250, "kubelet.service"]]) }).errors, []);
});

test("what may be is only said", () => {
  const odd = { ...fit, hostName: "other", clockIsSynchronized: false, sysctls: new Map(), freeBytes: 1e6 };
  const { errors, warnings } = preflight(config, one, odd);
  assert.deepEqual(errors, []);
  assert.equal(warnings.length, 4);
});

test("times as systemd writes them", () => {
  const expected = Date.UTC(2026, 10, 23, 8, 38, 48) + 123.456;
  assert.equal(parseTimestamp("Mon 2026-11-23 08:38:48.123456 UTC"), expected);
  assert.equal(parseTimestamp("Mon 2026-11-23 08:38:48 UTC"), Date.UTC(2026, 10, 23, 8, 38, 48));
  assert.equal(parseTimestamp(""), undefined);
  assert.equal(parseTimestamp("n/a"), undefined);
});
