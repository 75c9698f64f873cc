import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { type DrainOptions, planDrain } from "./drain-plan.ts";

const options: DrainOptions = {
  deleteEmptyDirData: false,
  force: false,
  ignoreDaemonSets: false,
  skipDeletedForSeconds: 0,
  nowMs: Date.parse("2026-01-01T01:00:00Z"),
  daemonSets: new Set(["ns/agent"]),
};

function pod(name: string, owner: string | undefined, more: Partial<Pod> = {}): Pod {
  const ownerReferences = owner
    ? [{ apiVersion: "apps/v1", kind: owner, name: "agent", uid: "u", controller: true }]
    : [];
  const { metadata, ...rest } = more;
  return {
    metadata: { name, namespace: "ns", ownerReferences, ...metadata },
    spec: { containers: [] },
    ...rest,
  };
}

const emptyDir = { spec: { containers: [], volumes: [{ name: "v", emptyDir: {} }] } };

for (const [title, pods, more, expected] of [
  ["a managed pod goes", [pod("a", "ReplicaSet")], {}, [["a"], "", ""]],
  [
    "an unmanaged pod keeps the node",
    [pod("a", undefined)],
    {},
    [[], "", "cannot delete Pods that declare no controller (use --force to override): ns/a"],
  ],
  [
    "unless it is forced",
    [pod("a", undefined), pod("b", undefined)],
    { force: true },
    [["a", "b"], "deleting Pods that declare no controller: ns/a, ns/b", ""],
  ],
  ["a finished pod goes", [pod("a", undefined, { status: { phase: "Succeeded" } })], {}, [["a"], "", ""]],
  [
    "a daemon set's pod keeps the node",
    [pod("a", "DaemonSet")],
    {},
    [[], "", "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ns/a"],
  ],
  [
    "unless daemon sets are ignored; then it stays",
    [pod("a", "DaemonSet")],
    { ignoreDaemonSets: true },
    [[], "ignoring DaemonSet-managed Pods: ns/a", ""],
  ],
  [
    "local data keeps the node",
    [pod("a", "ReplicaSet", emptyDir)],
    {},
    [[], "", "cannot delete Pods with local storage (use --delete-emptydir-data to override): ns/a"],
  ],
  [
    "a pod that has long been deleted is left alone",
    [pod("a", "ReplicaSet", { metadata: { name: "a", deletionTimestamp: "2026-01-01T00:00:00Z" } })],
    { skipDeletedForSeconds: 60 },
    [[], "", ""],
  ],
] as const) {
  test(title, () => {
    const plan = planDrain(pods, { ...options, ...more });
    assert.deepEqual([plan.pods.map(({ metadata }) => metadata.name), plan.warnings, plan.errors], expected);
  });
}
