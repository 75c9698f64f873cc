import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lease } from "@kube-ts/api/coordination/v1";
import { leases } from "@kube-ts/api/resource-types";
import { MemoryObjects } from "../auth/testing/memory-objects.ts";
import { collectIdentityLeases, renewIdentityLease, serverIdentity } from "./identity-lease.ts";

const nowMs = Date.parse("2026-03-01T12:00:00.250Z");
const { signal } = new AbortController();

function set() {
  const memory = new MemoryObjects();
  const objects = { source: memory, writer: memory };
  const names = () => memory.list(leases, "kube-system").map(({ metadata }) => metadata.name);
  return { memory, objects, names };
}

test("an identity is the hash of the host's name", () => {
  assert.match(serverIdentity("host-1"), /^apiserver-[a-z2-7]{26}$/);
  assert.equal(serverIdentity("host-1"), serverIdentity("host-1"));
  assert.notEqual(serverIdentity("host-1"), serverIdentity("host-2"));
});

test("a server renews its lease, and takes over that of the process before it", async () => {
  const { memory, objects, names } = set();
  await renewIdentityLease(objects, "host-1", "first", nowMs, signal);
  const name = serverIdentity("host-1");
  assert.deepEqual(names(), [name]);
  const made = memory.get(leases, "kube-system", name);
  assert.deepEqual(made?.metadata.labels, {
    "apiserver.kubernetes.io/identity": "kube-apiserver",
    "kubernetes.io/hostname": "host-1",
  });
  assert.deepEqual(made?.spec, {
    holderIdentity: `${name}_first`,
    leaseDurationSeconds: 3_600,
    renewTime: "2026-03-01T12:00:00.250000Z",
  });
  await renewIdentityLease(objects, "host-1", "second", nowMs + 10_000, signal);
  const { holderIdentity, renewTime } = memory.get(leases, "kube-system", name)?.spec ?? {};
  assert.deepEqual([holderIdentity, renewTime], [`${name}_second`, "2026-03-01T12:00:10.250000Z"]);
});

test("leases of servers that are gone are removed, and no others", async () => {
  const { memory, objects, names } = set();
  await renewIdentityLease(objects, "gone", "x", nowMs - 3_601_000, signal);
  await renewIdentityLease(objects, "alive", "x", nowMs - 3_599_000, signal);
  const plain = (name: string, labels: Record<string, string>, namespace = "kube-system"): Lease => ({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace, labels },
    spec: {},
  });
  const label = { "apiserver.kubernetes.io/identity": "kube-apiserver" };
  await memory.create(leases, plain("unclear", label));
  await memory.create(leases, plain("elsewhere", label, "default"));
  await memory.create(leases, plain("of-another-kind", {}));
  await collectIdentityLeases(objects, nowMs, signal);
  assert.deepEqual(names().toSorted(), [serverIdentity("alive"), "of-another-kind"].toSorted());
  assert.ok(memory.get(leases, "default", "elsewhere"));
});
