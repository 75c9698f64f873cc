import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node, Pod } from "@kube-ts/api/core/v1";
import { missingNodes, outOfServicePods, surplusPods, unscheduledTerminatingPods } from "./plan.ts";

interface Shape {
  readonly phase?: NonNullable<Pod["status"]>["phase"];
  readonly reason?: string;
  readonly minute?: number;
  readonly node?: string;
  readonly deleted?: boolean;
}

function pod(name: string, { phase = "Running", reason, minute = 0, node, deleted }: Shape): Pod {
  return {
    metadata: {
      name,
      creationTimestamp: `2026-01-01T00:0${minute}:00Z`,
      ...(deleted && { deletionTimestamp: "2026-01-01T01:00:00Z" }),
    },
    spec: { containers: [], ...(node !== undefined && { nodeName: node }) },
    status: { phase, ...(reason !== undefined && { reason }) },
  };
}

const names = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name);

test("of too many ended pods the evicted go first, then the oldest", () => {
  const pods = [
    pod("runs", { minute: 0 }),
    pod("old", { phase: "Succeeded", minute: 1 }),
    pod("new", { phase: "Failed", minute: 3 }),
    pod("evicted", { phase: "Failed", reason: "Evicted", minute: 4 }),
    pod("middle", { phase: "Succeeded", minute: 2 }),
  ];
  assert.deepEqual(names(surplusPods(pods, 2)), ["evicted", "old"]);
  assert.deepEqual(names(surplusPods(pods, 4)), []);
  assert.deepEqual(names(surplusPods(pods, 0)), []);
});

test("pods that go and were never scheduled", () => {
  const pods = [pod("a", { deleted: true }), pod("b", { deleted: true, node: "n" }), pod("c", {})];
  assert.deepEqual(names(unscheduledTerminatingPods(pods)), ["a"]);
});

test("pods that go from nodes declared dead", () => {
  const node = (ready: "True" | "False", tainted: boolean): Node => ({
    metadata: {},
    spec: tainted ? { taints: [{ key: "node.kubernetes.io/out-of-service", effect: "NoExecute" }] } : {},
    status: { conditions: [{ type: "Ready", status: ready }] },
  });
  const nodes: Record<string, Node> = {
    dead: node("False", true),
    back: node("True", true),
    down: node("False", false),
  };
  const pods = Object.keys(nodes).map((name) => pod(name, { deleted: true, node: name }));
  const all = [...pods, pod("stays", { node: "dead" }), pod("lost", { deleted: true, node: "gone" })];
  assert.deepEqual(names(outOfServicePods(all, (name) => nodes[name])), ["dead"]);
});

test("a missing node is remembered since it was first missed", () => {
  const pods = [pod("a", { node: "gone" }), pod("b", { node: "here" }), pod("c", { node: "new" }), pod("d", {})];
  const missing = missingNodes(
    pods,
    (name) => name === "here",
    new Map([
      ["gone", 5],
      ["back", 1],
    ]),
    9,
  );
  assert.deepEqual(
    [...missing],
    [
      ["gone", 5],
      ["new", 9],
    ],
  );
});
