import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { HorizontalPodAutoscaler } from "@kube-ts/api/autoscaling/v2";
import type { KubeObject } from "@kube-ts/api/object";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { autoscalerV1 } from "./autoscaler-v1.ts";
import { horizontalPodAutoscalerResource } from "./horizontal-pod-autoscaler.ts";

const bench = new RuleBench<HorizontalPodAutoscaler>(horizontalPodAutoscalerResource);
const metadata = { name: "web" };
const scaleTargetRef = { kind: "Deployment", name: "web", apiVersion: "apps/v1" };
const prefix = "autoscaling.alpha.kubernetes.io";
const selector = { matchLabels: { a: "b" } };
const describedObject = { kind: "Ingress", name: "main" };
const cpu = { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } };
const metrics = [
  { type: "Resource", resource: { name: "memory", target: { type: "AverageValue", averageValue: "1Gi" } } },
  {
    type: "ContainerResource",
    containerResource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 }, container: "c" },
  },
  { type: "Pods", pods: { metric: { name: "p", selector }, target: { type: "AverageValue", averageValue: "10" } } },
  { type: "Object", object: { describedObject, target: { type: "Value", value: "2k" }, metric: { name: "o" } } },
  {
    type: "External",
    external: { metric: { name: "e", selector }, target: { type: "AverageValue", averageValue: "30" } },
  },
];

function stored(spec: Draft, status: Draft = {}): HorizontalPodAutoscaler {
  return bench.decode({ metadata, spec: { scaleTargetRef, maxReplicas: 3, ...spec }, status });
}

function roundTrip(object: HorizontalPodAutoscaler): HorizontalPodAutoscaler {
  const back = autoscalerV1.toStored(structuredClone(autoscalerV1.fromStored(object)));
  horizontalPodAutoscalerResource.strategy.defaults?.(back);
  return back;
}

describe("an autoscaler of autoscaling/v1", () => {
  it("shows its CPU target in a field", () => {
    const object = stored({ metrics: [cpu] }, { currentReplicas: 2, desiredReplicas: 2 });
    assert.deepEqual(autoscalerV1.fromStored(object), {
      apiVersion: "autoscaling/v1",
      kind: "HorizontalPodAutoscaler",
      metadata,
      spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 3, targetCPUUtilizationPercentage: 50 },
      status: { currentReplicas: 2, desiredReplicas: 2 },
    });
    assert.deepEqual(roundTrip(object), object);
  });

  it("keeps what it has no fields for in annotations", () => {
    const conditions = [
      { type: "AbleToScale", status: "True", lastTransitionTime: "2026-01-31T11:59:00Z", reason: "Ready" },
    ];
    const currentMetrics = [
      { type: "Resource", resource: { name: "cpu", current: { averageValue: "100m", averageUtilization: 40 } } },
      { type: "Pods", pods: { metric: { name: "p" }, current: { averageValue: "9" } } },
      { type: "Object", object: { metric: { name: "o" }, current: { value: "1k" }, describedObject } },
      { type: "External", external: { metric: { name: "e" }, current: { value: "7", averageValue: "1" } } },
      { type: "ContainerResource", containerResource: { name: "cpu", current: { averageValue: "1" }, container: "c" } },
    ];
    const behavior = { scaleUp: { selectPolicy: "Disabled", tolerance: "50m" } };
    const object = stored({ metrics: [...metrics, cpu], behavior }, { desiredReplicas: 2, conditions, currentMetrics });
    const shown = autoscalerV1.fromStored(object);
    const { annotations = {} } = shown.metadata;
    assert.deepEqual(Object.keys(annotations).sort(), [
      `${prefix}/behavior`,
      `${prefix}/conditions`,
      `${prefix}/current-metrics`,
      `${prefix}/metrics`,
    ]);
    assert.deepEqual(JSON.parse(annotations[`${prefix}/metrics`] ?? ""), [
      { type: "Resource", resource: { name: "memory", targetAverageValue: "1Gi" } },
      { type: "ContainerResource", containerResource: { name: "cpu", targetAverageUtilization: 60, container: "c" } },
      { type: "Pods", pods: { metricName: "p", targetAverageValue: "10", selector } },
      { type: "Object", object: { target: describedObject, metricName: "o", targetValue: "2k" } },
      { type: "External", external: { metricName: "e", metricSelector: selector, targetAverageValue: "30" } },
    ]);
    assert.equal(
      annotations[`${prefix}/behavior`],
      '{"ScaleUp":{"StabilizationWindowSeconds":0,"SelectPolicy":"Disabled","Policies":[{"Type":"Pods","Value":4,"PeriodSeconds":15},{"Type":"Percent","Value":100,"PeriodSeconds":15}],"Tolerance":"50m"},"ScaleDown":{"StabilizationWindowSeconds":null,"SelectPolicy":"Max","Policies":[{"Type":"Percent","Value":100,"PeriodSeconds":15}],"Tolerance":null}}',
    );
    assert.deepEqual(roundTrip(object), object);
  });

  it("aims for the default without a target", () => {
    const object = { ...autoscalerV1.fromStored(stored({})), spec: { scaleTargetRef, maxReplicas: 3 } } as KubeObject;
    const back = autoscalerV1.toStored(object);
    horizontalPodAutoscalerResource.strategy.defaults?.(back);
    assert.equal(back.spec.metrics?.[0]?.resource?.target.averageUtilization, 80);
  });

  it("ignores annotations that are not what they should be", () => {
    for (const text of ["", "{", "7", '{"a":1}', '[{"type":7}]', "[7]", "null"]) {
      const shown = autoscalerV1.fromStored(stored({ metrics: [cpu] }));
      const annotations = Object.fromEntries(
        ["metrics", "current-metrics", "conditions", "behavior"].map((name) => [`${prefix}/${name}`, text]),
      );
      const back = autoscalerV1.toStored({ ...shown, metadata: { ...metadata, annotations } });
      assert.deepEqual(
        [back.spec.metrics, back.status?.conditions, back.metadata.annotations],
        [[cpu], undefined, undefined],
      );
    }
  });

  it("leaves the stored object alone", () => {
    const object = stored({ metrics }, { conditions: [{ type: "a", status: "True" }] });
    const copy = structuredClone(object);
    autoscalerV1.fromStored(object);
    assert.deepEqual(object, copy);
  });
});
