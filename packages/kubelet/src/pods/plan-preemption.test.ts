import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { testContainer, testPod } from "../testing/pod-fixtures.ts";
import { planPreemption } from "./plan-preemption.ts";

const allocatable = { cpu: "2", memory: "1Gi", pods: "5" };

function pod(
  name: string,
  cpu: string,
  more: { readonly priority?: number; readonly memory?: string; readonly guaranteed?: boolean } = {},
): Pod {
  const requests = { ...(cpu === "" ? {} : { cpu }), ...(more.memory ? { memory: more.memory } : {}) };
  const resources = { requests, ...(more.guaranteed ? { limits: { memory: "1Mi", ...requests } } : {}) };
  if (more.guaranteed) resources.requests = { ...requests, memory: more.memory ?? "1Mi" };
  return testPod(
    { containers: [testContainer("app", { resources })], priority: more.priority ?? 0 },
    { name, uid: name },
  );
}

const critical = (cpu: string, memory?: string) =>
  pod("critical", cpu, { priority: 2_000_001_000, ...(memory ? { memory } : {}) });

const rows: readonly (readonly [what: string, pod: Pod, others: readonly Pod[], result: string | undefined])[] = [
  ["a pod that is not critical", pod("plain", "1"), [pod("a", "2")], undefined],
  ["a critical pod that fits", critical("1"), [pod("a", "1")], undefined],
  ["the one that is enough", critical("1"), [pod("a", "500m"), pod("b", "1"), pod("c", "500m")], "b for cpu"],
  ["as many as are needed", critical("1500m"), [pod("a", "1"), pod("b", "1")], "a b for cpu"],
  [
    "worse classes before better ones",
    critical("1"),
    [pod("safe", "1", { guaranteed: true }), pod("burst", "1")],
    "burst for cpu",
  ],
  [
    "better classes only for what the others do not have",
    critical("1500m"),
    [pod("safe", "1500m", { guaranteed: true }), pod("burst", "500m")],
    "safe for cpu",
  ],
  [
    "critical pods of a lower priority, too",
    critical("1"),
    [pod("low", "2", { priority: 2_000_000_000 })],
    "low for cpu",
  ],
  [
    "nobody of the same priority",
    critical("1"),
    [pod("same", "2", { priority: 2_000_001_000 })],
    "no set of running pods found to reclaim resources: [(res: cpu, q: 1000), ]",
  ],
  [
    "what is nearest by all that is missing",
    critical("1", "600Mi"),
    [pod("a", "1", { memory: "600Mi" }), pod("b", "1")],
    "a for cpu",
  ],
  ["places of pods", critical("100m"), ["a", "b", "c", "d", "e"].map((name) => pod(name, "")), "a for pods"],
];

for (const [what, asking, others, result] of rows) {
  test(`preemption: ${what}`, () => {
    const plan = planPreemption(asking, others, allocatable);
    const got =
      plan?.type === "victims"
        ? `${plan.pods.map(({ metadata }) => metadata.name).join(" ")} for ${plan.resource}`
        : plan?.message;
    assert.equal(got, result);
  });
}
