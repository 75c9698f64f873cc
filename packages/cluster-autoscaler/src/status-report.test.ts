import assert from "node:assert/strict";
import { test } from "node:test";
import { parseYaml } from "@kube-ts/std/yaml";
import { countNodes, groupViews } from "./model/group-view.ts";
import { type StatusInput, StatusReport } from "./status-report.ts";
import { testGroup, testMachine, testNode, testNowMs } from "./testing/objects.ts";

test("the status tells counts and since when each part is as it is", () => {
  const nodes = [testNode("n1"), testNode("n2", { ready: "Unknown" })];
  const group = testGroup("a", ["n1", "n2", testMachine("new", "Creating")]);
  const [view] = groupViews([group], nodes, {}, [], testNowMs);
  assert.ok(view);
  const input = (nowMs: number, backoff: string | undefined): StatusInput => ({
    nowMs,
    counts: countNodes(view.nodes.map(({ condition }) => condition)),
    isHealthy: true,
    isScalingUp: true,
    groups: [{ view, isHealthy: true, backoff, candidates: 1, longUnregistered: 0 }],
    unneeded: 1,
  });
  const report = new StatusReport();
  report.format(input(testNowMs, undefined));
  const status: unknown = parseYaml(report.format(input(testNowMs + 10_000, "no power")));
  const [first, second] = ["2026-01-01T12:00:00Z", "2026-01-01T12:00:10Z"];
  const since = (text: string, lastTransitionTime = first) => ({
    status: text,
    lastProbeTime: second,
    lastTransitionTime,
  });
  const nodeCounts = {
    registered: { total: 2, ready: 1, notStarted: 0, beingDeleted: 0, unready: { total: 1, resourceUnready: 0 } },
    longUnregistered: 0,
    unregistered: 1,
  };
  assert.deepEqual(status, {
    time: "2026-01-01T12:00:10.000Z",
    autoscalerStatus: "Running",
    clusterWide: {
      health: { ...since("Healthy"), nodeCounts },
      scaleUp: since("InProgress"),
      scaleDown: { ...since("CandidatesPresent"), candidates: 1 },
    },
    nodeGroups: [
      {
        name: "a",
        health: { ...since("Healthy"), nodeCounts, cloudProviderTarget: 3, minSize: 0, maxSize: 10 },
        scaleUp: { ...since("Backoff", second), backoffInfo: { errorMessage: "no power" } },
        scaleDown: { ...since("CandidatesPresent"), candidates: 1 },
      },
    ],
  });
});
