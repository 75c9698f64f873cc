import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node, Taint } from "@kube-ts/api/core/v1";
import type { Machine } from "../cluster/cluster-config.ts";
import { controlPlaneLabel } from "../cluster/cluster-view.ts";
import { markPatch } from "./node-role.ts";

const server: Machine = {
  name: "one",
  roles: ["control-plane", "worker"],
  addresses: ["192.0.2.1"],
  labels: {},
  taints: undefined,
};
const roleTaint: Taint = { key: controlPlaneLabel, effect: "NoSchedule" };
const unready: Taint = { key: "node.kubernetes.io/not-ready", effect: "NoExecute", timeAdded: "2026-01-01T00:00:00Z" };

function node(labels: Record<string, string>, taints: Taint[]): Node {
  return { metadata: { name: "one", resourceVersion: "7", labels }, spec: { taints } };
}

test("a new node gets the label and the taint of its role, and keeps what others gave it", () => {
  assert.deepEqual(markPatch(node({}, [unready]), server), {
    metadata: { resourceVersion: "7", labels: { [controlPlaneLabel]: "" } },
    spec: { taints: [unready, roleTaint] },
  });
});

test("a marked node is left alone, also with labels and taints of others", () => {
  assert.equal(markPatch(node({ [controlPlaneLabel]: "", own: "x" }, [unready, roleTaint]), server), undefined);
});

test("a configuration that lets pods in takes the taint away", () => {
  const marked = node({ [controlPlaneLabel]: "" }, [roleTaint, unready]);
  assert.deepEqual(markPatch(marked, { ...server, taints: [] }), {
    metadata: { resourceVersion: "7" },
    spec: { taints: [unready] },
  });
});

test("a taint with another value is exchanged", () => {
  const wanted: Taint = { key: "dedicated", value: "b", effect: "NoSchedule" };
  const marked = node({ [controlPlaneLabel]: "" }, [{ ...wanted, value: "a" }]);
  assert.deepEqual(markPatch(marked, { ...server, taints: [wanted] }), {
    metadata: { resourceVersion: "7" },
    spec: { taints: [wanted] },
  });
});
