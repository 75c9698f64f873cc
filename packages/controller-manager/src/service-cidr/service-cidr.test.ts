import assert from "node:assert/strict";
import { test } from "node:test";
import { findCondition } from "@kube-ts/api/conditions";
import type { IPAddress, ServiceCIDR } from "@kube-ts/api/networking/v1";
import { ipAddresses, serviceCidrs } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { MemoryCluster } from "../testing/memory-cluster.ts";
import { RunningControllers } from "../testing/running-controllers.ts";
import { planServiceCidr, serviceCidrFinalizer } from "./plan.ts";
import { serviceCidrController } from "./service-cidr-controller.ts";

const nowMs = Date.parse("2026-01-01T00:01:00Z");
const longAgo = "2026-01-01T00:00:00Z";

const range = (name: string, cidrs: string[], deletionTimestamp?: string): ServiceCIDR => ({
  metadata: { name, finalizers: [serviceCidrFinalizer], ...(deletionTimestamp && { deletionTimestamp }) },
  spec: { cidrs },
});

const address = (name: string, manager = "ipallocator.k8s.io"): IPAddress => ({
  metadata: { name, labels: { "ipaddress.kubernetes.io/managed-by": manager } },
  spec: { parentRef: { resource: "services", namespace: "ns", name: "s" } },
});

function planned(all: readonly ServiceCIDR[], addresses: readonly IPAddress[], atMs = nowMs): string {
  const [first] = all;
  return first ? planServiceCidr(first, all, () => addresses, atMs).kind : "";
}

test("a range goes when no address in use is left without one", () => {
  const gone = range("a", ["10.0.0.0/24"], longAgo);
  const cases: [string, string, readonly ServiceCIDR[], readonly IPAddress[]][] = [
    ["nothing is in use", "release", [gone], []],
    ["an address is in use", "block", [gone], [address("10.0.0.7")]],
    ["an address of another range is", "release", [gone], [address("10.0.1.7")]],
    ["an address that the allocator did not give is", "release", [gone], [address("10.0.0.7", "me")]],
    ["a larger range stays", "release", [gone, range("b", ["10.0.0.0/16"])], [address("10.0.0.7")]],
    ["the same range stays", "release", [gone, range("b", ["10.0.0.0/24"])], [address("10.0.0.7")]],
    ["a larger range goes, too", "block", [gone, range("b", ["10.0.0.0/16"], longAgo)], [address("10.0.0.7")]],
    ["a smaller range has the address", "release", [gone, range("b", ["10.0.0.0/29"])], [address("10.0.0.7")]],
    ["a smaller range has another one", "block", [gone, range("b", ["10.0.0.8/29"])], [address("10.0.0.7")]],
  ];
  for (const [what, expected, all, addresses] of cases) assert.equal(planned(all, addresses), expected, what);
  const both = range("a", ["10.0.0.0/24", "fd00::/112"], longAgo);
  assert.equal(planned([both, range("b", ["10.0.0.0/16"])], [address("fd00::5")]), "block");
});

test("allocators are given time to hear of a deletion", () => {
  const all = [range("a", ["10.0.0.0/24"], "2026-01-01T00:00:55Z")];
  const [first] = all;
  assert.deepEqual(first && planServiceCidr(first, all, () => [], nowMs), { kind: "wait", delayMs: 5_000 });
  assert.equal(planned(all, [], nowMs + 5_000), "release");
});

test("ranges are made ready, are kept while they are needed, and go then", async () => {
  const cluster = new MemoryCluster();
  cluster.create(serviceCidrs, { metadata: { name: "extra" }, spec: { cidrs: ["10.9.0.0/24"] } });
  cluster.create(ipAddresses, address("10.9.0.1"));
  await using controllers = await RunningControllers.start(cluster, [serviceCidrController]);
  const found = () => cluster.get(serviceCidrs, "extra");
  const ready = () => findCondition(found().status?.conditions, "Ready");
  assert.deepEqual(found().metadata.finalizers, ["networking.k8s.io/service-cidr-finalizer"]);
  assert.equal(ready()?.message, "Kubernetes Service CIDR is ready");
  const deletionTimestamp = formatTime(cluster.clock.now());
  cluster.change(serviceCidrs, "extra", { metadata: { deletionTimestamp } });
  await controllers.settle();
  assert.deepEqual([ready()?.status, ready()?.reason], ["False", "Terminating"]);
  cluster.remove(ipAddresses, "10.9.0.1");
  await controllers.settle();
  assert.equal(found().metadata.finalizers?.length, 1, "not at once");
  await cluster.clock.advance(10_000);
  assert.deepEqual(found().metadata.finalizers, []);
});
