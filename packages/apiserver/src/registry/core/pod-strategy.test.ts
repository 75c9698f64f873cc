import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Pod, PodSpec } from "@kube-ts/api/core/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { podResource } from "./pod.ts";
import { podGraceSeconds } from "./pod-strategy.ts";

const bench = new RuleBench<Pod>(podResource);
const container = { name: "c", image: "nginx:1" };

function draft(spec: Draft = {}, more: Draft = {}): Draft {
  return { metadata: { name: "web" }, spec: { containers: [container], ...spec }, ...more };
}

describe("a new pod", () => {
  it("is pending, whatever status it brings", () => {
    const pod = bench.prepared(draft({}, { status: { phase: "Running", podIP: "10.0.0.1" } }));
    assert.deepEqual(pod.status, { phase: "Pending", qosClass: "BestEffort" });
    assert.equal(pod.metadata.generation, 1);
  });

  it("has the class that its resources make", () => {
    const classOf = (resources: Draft) =>
      bench.prepared(draft({ containers: [{ ...container, resources }] })).status?.qosClass;
    assert.equal(classOf({ requests: { cpu: "1" } }), "Burstable");
    assert.equal(classOf({ limits: { cpu: "1", memory: "1Gi" } }), "Guaranteed");
  });

  it("says that gates keep it from being scheduled", () => {
    const pod = bench.prepared(draft({ schedulingGates: [{ name: "example.com/wait" }] }));
    assert.deepEqual(pod.status?.conditions, [
      {
        type: "PodScheduled",
        status: "False",
        reason: "SchedulingGated",
        message: "Scheduling is blocked due to non-empty scheduling gates",
      },
    ]);
  });

  it("has its own labels of the listed keys in its spread constraints", () => {
    const constraint = {
      maxSkew: 1,
      topologyKey: "zone",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { app: "web" } },
      matchLabelKeys: ["pod-template-hash"],
    };
    const metadata = { name: "web", labels: { app: "web", "pod-template-hash": "abc" } };
    const pod = bench.prepared({
      metadata,
      spec: { containers: [container], topologySpreadConstraints: [constraint] },
    });
    assert.deepEqual(pod.spec.topologySpreadConstraints?.[0]?.labelSelector, {
      matchLabels: { app: "web" },
      matchExpressions: [{ key: "pod-template-hash", operator: "In", values: ["abc"] }],
    });
  });
});

describe("an updated pod", () => {
  const old = bench.prepared(draft());

  it("keeps its status", () => {
    const pod = bench.updated(old, (next) => (next.status = { phase: "Running" }));
    assert.deepEqual(pod.status, old.status);
  });

  it("has a new generation when its spec changes only", () => {
    assert.equal(bench.updated(old, (pod) => (pod.metadata.labels = { a: "b" })).metadata.generation, 1);
    assert.equal(bench.updated(old, (pod) => (pod.spec.activeDeadlineSeconds = 9)).metadata.generation, 2);
  });

  it("has nothing but its status changed by the part for it", () => {
    const pod = bench.updated(
      old,
      (next) => {
        next.spec.nodeName = "n1";
        next.status = { phase: "Running" };
      },
      "status",
    );
    assert.deepEqual(pod.spec, old.spec);
    assert.deepEqual(pod.status, { phase: "Running", qosClass: "BestEffort" });
  });

  it("has nothing but debugging containers changed by the part for them", () => {
    const debug = { name: "debug", image: "busybox" };
    const pod = bench.updated(
      old,
      (next) => {
        next.metadata.labels = { a: "b" };
        next.spec.ephemeralContainers = [debug];
      },
      "ephemeralcontainers",
    );
    assert.equal(pod.metadata.labels, undefined);
    assert.equal(pod.metadata.generation, 2);
    assert.equal(pod.spec.ephemeralContainers?.[0]?.terminationMessagePath, "/dev/termination-log");
  });

  it("has nothing but resources changed by the part for them", () => {
    const pod = bench.updated(
      old,
      (next) => {
        for (const each of next.spec.containers)
          Object.assign(each, { image: "x", resources: { limits: { cpu: "2" } } });
        next.spec.nodeName = "n1";
      },
      "resize",
    );
    assert.equal(pod.spec.nodeName, undefined);
    assert.equal(pod.spec.containers[0]?.image, "nginx:1");
    assert.deepEqual(pod.spec.containers[0]?.resources, { limits: { cpu: "2" }, requests: { cpu: "2" } });
  });
});

describe("the grace period of a pod", () => {
  const cases: readonly (readonly [
    what: string,
    spec: Partial<PodSpec>,
    phase: string,
    asked: number | undefined,
    is: number,
  ])[] = [
    ["what it says", { nodeName: "n1", terminationGracePeriodSeconds: 45 }, "Running", undefined, 45],
    ["what is asked for", { nodeName: "n1", terminationGracePeriodSeconds: 45 }, "Running", 5, 5],
    ["nothing when asked so", { nodeName: "n1", terminationGracePeriodSeconds: 45 }, "Running", 0, 0],
    ["a second instead of less than nothing", { nodeName: "n1", terminationGracePeriodSeconds: 45 }, "Running", -1, 1],
    [
      "a second when it says less than nothing",
      { nodeName: "n1", terminationGracePeriodSeconds: -1 },
      "Running",
      undefined,
      1,
    ],
    ["nothing without a node", { terminationGracePeriodSeconds: 45 }, "Pending", 30, 0],
    ["nothing when it failed", { nodeName: "n1", terminationGracePeriodSeconds: 45 }, "Failed", 30, 0],
    ["nothing when it succeeded", { nodeName: "n1", terminationGracePeriodSeconds: 45 }, "Succeeded", 30, 0],
  ];
  for (const [what, spec, phase, asked, is] of cases) {
    it(`is ${what}`, () => {
      const pod = bench.decode({
        metadata: { name: "web" },
        spec: { containers: [container], ...spec },
        status: { phase },
      });
      assert.equal(podGraceSeconds(pod, asked), is);
    });
  }
});
