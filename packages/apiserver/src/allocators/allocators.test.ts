import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@kube-ts/std/random";
import { MemoryStore } from "../storage/memory/memory-store.ts";
import { AddressRange } from "./address-range.ts";
import { staticBandSize } from "./band.ts";
import { Bitmap } from "./bitmap.ts";
import { PortAllocator } from "./port-allocator.ts";
import { planNodePorts } from "./port-assignment.ts";

const { signal } = new AbortController();

test("ranges leave out network and broadcast addresses", () => {
  const small = new AddressRange("10.0.0.7/29");
  assert.deepEqual(
    [String(small), small.size, small.firstAddress, small.at(small.size - 1)],
    ["10.0.0.0/29", 6, "10.0.0.1", "10.0.0.6"],
  );
  assert.deepEqual(
    ["10.0.0.0", "10.0.0.7", "10.0.0.8", "::1", "x"].map((text) => small.canonical(text)),
    Array(5).fill(undefined),
  );
  assert.equal(new AddressRange("10.96.0.0/12").size, 2 ** 20 - 2);
  const six = new AddressRange("fd00::/112");
  assert.deepEqual([six.size, six.firstAddress, six.at(six.size - 1)], [65535, "fd00::1", "fd00::ffff"]);
  assert.equal(six.canonical("FD00:0::A"), "fd00::a");
  assert.ok(Number.isSafeInteger(new AddressRange("fd00::/48").size));
});

test("ranges that are none, or too small, are refused", () => {
  for (const text of ["", "10.0.0.0", "10.0.0.0/30", "fd00::/126"])
    assert.throws(() => new AddressRange(text), /range|CIDR/);
});

test("automatic choices leave the start of the range to the others", () => {
  assert.deepEqual(
    [8, 16, 256, 4096, 2 ** 20].map((size) => staticBandSize(size, 16, 16, 256)),
    [0, 16, 16, 256, 256],
  );
  assert.equal(staticBandSize(2768, 32, 16, 128), 86);
  const range = new AddressRange("10.96.0.0/24");
  const random = seededRandom(3);
  for (let pick = 0; pick < 500; pick += 1) {
    const last = Number(range.randomAddress(random).split(".")[3]);
    assert.ok(last > 16 && last < 255, `${last}`);
  }
});

test("bitmaps are stored as big-endian integers without leading zeros", () => {
  const bitmap = Bitmap.empty(20);
  for (const number of [0, 9, 19]) bitmap.add(number);
  assert.equal(bitmap.encode().toString("hex"), "080201");
  const read = Bitmap.decode(20, bitmap.encode());
  assert.deepEqual(read.missing(0, 20).length, 17);
  assert.ok(read.has(9) && !read.has(8));
  read.delete(19);
  assert.equal(read.encode().toString("hex"), "0201");
  assert.equal(Bitmap.decode(10, bitmap.encode()).encode().toString("hex"), "0201");
});

function ports(store = new MemoryStore(), range = { first: 30000, last: 30039 }, seed = 1) {
  return new PortAllocator({ store, storageRoot: "/registry", range, random: seededRandom(seed) });
}

const none = new Set<number>();

test("ports are stored as upstream's range allocation", async () => {
  const store = new MemoryStore();
  await ports(store).reserve(30001, signal);
  const { value } = await store.get("/registry/ranges/servicenodeports", signal);
  assert.deepEqual(JSON.parse(value?.bytes.toString() ?? ""), {
    kind: "RangeAllocation",
    apiVersion: "v1",
    metadata: {},
    range: "30000-30039",
    data: "Ag==",
  });
});

test("a port is had once, by number or by chance, until it is released", async () => {
  const allocator = ports();
  await allocator.reserve(30020, signal);
  await assert.rejects(allocator.reserve(30020, signal), /^AllocationError: provided port is already allocated$/);
  await assert.rejects(allocator.check(30020, signal), /already allocated/);
  await assert.rejects(
    allocator.reserve(40000, signal),
    /^AllocationError: provided port is not in the valid range. The range of valid ports is 30000-30039$/,
  );
  await allocator.release([30020, 1, 30021], signal);
  await allocator.reserve(30020, signal);
});

test("every port is given out once, the static ones last, by two servers at once", async () => {
  const store = new MemoryStore();
  const [first, second] = [ports(store, undefined, 1), ports(store, undefined, 2)];
  const dynamic = await Promise.all(
    Array.from({ length: 24 }, (_, index) => (index % 2 ? first : second).reserveNext(none, signal)),
  );
  assert.equal(new Set(dynamic).size, 24);
  assert.ok(dynamic.every((port) => port >= 30016));
  const rest = await Promise.all(
    Array.from({ length: 16 }, (_, index) => (index % 2 ? first : second).reserveNext(none, signal)),
  );
  assert.equal(new Set([...dynamic, ...rest]).size, 40);
  await assert.rejects(first.reserveNext(none, signal), /^AllocationError: range is full$/);
});

test("a refusal rests on the state in the store, not on an old one", async () => {
  const store = new MemoryStore();
  const [first, second] = [ports(store), ports(store)];
  await first.reserve(30001, signal);
  await second.release([30001], signal);
  await first.reserve(30001, signal);
  await second.reserve(30002, signal);
  await first.release([30002], signal);
  assert.deepEqual(await second.taken(signal), [30001]);
});

test("a failing store fails the changes it was asked for, and only those", async () => {
  const store = new MemoryStore();
  const allocator = ports(store);
  store.available = false;
  await assert.rejects(allocator.reserve(30001, signal));
  store.available = true;
  await allocator.reserve(30001, signal);
});

test("what was stored for another range does not count", async () => {
  const store = new MemoryStore();
  await ports(store).reserve(30001, signal);
  const other = ports(store, { first: 31000, last: 31999 });
  assert.deepEqual(await other.taken(signal), []);
  await other.adopt([31005, 5], signal);
  assert.deepEqual(await other.taken(signal), [31005]);
});

const service = (type: "NodePort" | "LoadBalancer" | "ClusterIP", list: object[], more: object = {}) => ({
  metadata: { name: "s", namespace: "ns" },
  spec: { type, ports: list as { port: number }[], ...more },
});

test("node ports are planned port by port", () => {
  const plan = (...args: Parameters<typeof planNodePorts>) => planNodePorts(...args);
  assert.deepEqual(plan(service("ClusterIP", [{ port: 80 }]), undefined), []);
  assert.deepEqual(plan(service("NodePort", [{ port: 80 }, { port: 81, nodePort: 30001 }]), undefined), [
    { kind: "pick", index: 0 },
    { kind: "take", index: 1, nodePort: 30001 },
  ]);
  const dns = [
    { port: 53, protocol: "UDP" },
    { port: 53, protocol: "TCP" },
  ];
  assert.deepEqual(plan(service("NodePort", dns), undefined), [
    { kind: "pick", index: 0 },
    { kind: "share", index: 1, from: 0 },
  ]);
  const [udp, tcp] = dns;
  assert.deepEqual(plan(service("NodePort", [{ ...udp }, { ...tcp, nodePort: 30053 }]), undefined), [
    { kind: "share", index: 0, from: 1 },
    { kind: "take", index: 1, nodePort: 30053 },
  ]);
  const both = [
    { ...udp, nodePort: 30053 },
    { ...tcp, nodePort: 30053 },
  ];
  assert.deepEqual(plan(service("NodePort", both), undefined), [{ kind: "take", index: 0, nodePort: 30053 }]);
  assert.deepEqual(plan(service("NodePort", both), service("NodePort", both)), []);
  const off = { allocateLoadBalancerNodePorts: false };
  assert.deepEqual(plan(service("LoadBalancer", [{ port: 80 }, { port: 81, nodePort: 30001 }], off), undefined), [
    { kind: "take", index: 1, nodePort: 30001 },
  ]);
});
