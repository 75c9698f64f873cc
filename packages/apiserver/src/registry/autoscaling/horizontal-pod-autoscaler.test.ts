import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { HorizontalPodAutoscaler } from "@kube-ts/api/autoscaling/v2";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { horizontalPodAutoscalerResource } from "./horizontal-pod-autoscaler.ts";

const bench = new RuleBench<HorizontalPodAutoscaler>(horizontalPodAutoscalerResource);
const metadata = { name: "web", creationTimestamp: "2026-01-31T11:59:00Z" };
const scaleTargetRef = { kind: "Deployment", name: "web", apiVersion: "apps/v1" };
const cpu = { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } };

describe("a horizontal pod autoscaler", () => {
  it("is filled in", () => {
    const draft = {
      metadata,
      spec: { scaleTargetRef, maxReplicas: 3 },
      status: { currentReplicas: 9, desiredReplicas: 9 },
    };
    const { spec, status, metadata: meta } = bench.prepared(draft);
    assert.deepEqual(spec, { scaleTargetRef, maxReplicas: 3, minReplicas: 1, metrics: [cpu] });
    assert.deepEqual(status, { desiredReplicas: 0 });
    assert.equal(meta.generation, undefined);
  });

  it("gets rules for both directions when it has some for one", () => {
    const behavior = { scaleUp: { selectPolicy: "Min" }, scaleDown: { stabilizationWindowSeconds: 60 } };
    assert.deepEqual(bench.decode({ metadata, spec: { scaleTargetRef, maxReplicas: 3, behavior } }).spec.behavior, {
      scaleUp: {
        selectPolicy: "Min",
        stabilizationWindowSeconds: 0,
        policies: [
          { type: "Pods", value: 4, periodSeconds: 15 },
          { type: "Percent", value: 100, periodSeconds: 15 },
        ],
      },
      scaleDown: {
        stabilizationWindowSeconds: 60,
        selectPolicy: "Max",
        policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
      },
    });
    assert.deepEqual(
      Object.keys(
        bench.decode({ metadata, spec: { scaleTargetRef, maxReplicas: 3, behavior: {} } }).spec.behavior ?? {},
      ),
      ["scaleUp", "scaleDown"],
    );
  });

  it("keeps no annotations of conversions", () => {
    const annotations = { "autoscaling.alpha.kubernetes.io/metrics": "[]", a: "b" };
    const decoded = bench.decode({ metadata: { ...metadata, annotations }, spec: { scaleTargetRef, maxReplicas: 3 } });
    assert.deepEqual(decoded.metadata.annotations, { a: "b" });
  });

  function create(what: string, spec: Draft, errors: readonly string[]): void {
    const draft = { metadata, spec: { scaleTargetRef, maxReplicas: 3, ...spec } };
    it(what, () => assert.deepEqual(bench.createErrors(draft), errors));
  }

  create("may be plain", {}, []);
  create("has some replicas", { minReplicas: 0, maxReplicas: 0 }, [
    "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
    "spec.maxReplicas: Invalid value: 0: must be greater than 0",
    "spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas",
  ]);
  create("has no more than most", { minReplicas: 4 }, [
    "spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`",
  ]);
  create("has something to scale", { scaleTargetRef: {} }, [
    "spec.scaleTargetRef.kind: Required value",
    "spec.scaleTargetRef.name: Required value",
    'spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group',
  ]);
  create("has something with a name to scale", { scaleTargetRef: { kind: "a/b", name: "..", apiVersion: "a/b/c" } }, [
    `spec.scaleTargetRef.kind: Invalid value: "a/b": may not contain '/'`,
    `spec.scaleTargetRef.name: Invalid value: "..": may not be '..'`,
    'spec.scaleTargetRef.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
  ]);
  create("may scale what has no group", { scaleTargetRef: { kind: "ReplicationController", name: "a" } }, []);

  function metric(what: string, item: Draft, errors: readonly string[]): void {
    create(
      what,
      { metrics: [item] },
      errors.map((text) => `spec.metrics[0]${text}`),
    );
  }

  const types = '"ContainerResource", "External", "Object", "Pods", "Resource"';
  metric("knows the type of its metrics", {}, [
    ".type: Required value: must specify a metric source type",
    `.type: Unsupported value: "": supported values: ${types}`,
    `.type: Unsupported value: "": supported values: ${types}`,
  ]);
  for (const [type, field] of [
    ["Object", "object"],
    ["Pods", "pods"],
    ["Resource", "resource"],
    ["External", "external"],
    ["ContainerResource", "containerResource"],
  ] as const) {
    metric(`knows the metric of type ${type}`, { type }, [
      `.${field}: Required value: must populate information for the given metric source`,
    ]);
  }
  metric("has one source for a metric", { ...cpu, pods: { metric: { name: "a" }, target: { type: "Value" } } }, [
    ".pods.target.averageValue: Required value: must specify a positive target averageValue",
    ".pods: Forbidden: must populate the given metric source only",
  ]);
  metric("has a resource with a target", { type: "Resource", resource: { target: {} } }, [
    ".resource.name: Required value: must specify a resource name",
    ".resource.target.type: Required value: must specify a metric target type",
    '.resource.target.type: Invalid value: "": must be either Utilization, Value, or AverageValue',
    ".resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization",
  ]);
  metric(
    "has a resource with one right target",
    {
      type: "Resource",
      resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 0, averageValue: "0" } },
    },
    [
      '.resource.target.averageValue: Invalid value: "0": must be positive',
      ".resource.target.averageUtilization: Invalid value: 0: must be greater than 0",
      ".resource.target.averageValue: Forbidden: may not set both a target raw value and a target utilization",
    ],
  );
  metric("has a container", { type: "ContainerResource", containerResource: { target: { type: "Value" } } }, [
    ".containerResource.name: Required value: must specify a resource name",
    ".containerResource.container: Required value: must specify a container",
    ".containerResource.target.averageUtilization: Required value: must set either a target raw value or a target utilization",
  ]);
  metric(
    "has a container with a name",
    {
      type: "ContainerResource",
      containerResource: { name: "odd", container: "A", target: { type: "Value", averageValue: "1" } },
    },
    [
      '.containerResource.name: Invalid value: "odd": must be a standard resource type or fully qualified',
      '.containerResource.name: Invalid value: "odd": must be a standard resource for containers',
      `.containerResource.container: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
    ],
  );
  metric("has an object", { type: "Object", object: { describedObject: {}, metric: {}, target: { type: "Value" } } }, [
    ".object.describedObject.kind: Required value",
    ".object.describedObject.name: Required value",
    ".object.metric.name: Required value: must specify a metric name",
    ".object.target.averageValue: Required value: must set either a target value or averageValue",
  ]);
  metric(
    "has a metric from outside",
    { type: "External", external: { metric: { name: "a/b" }, target: { type: "Value" } } },
    [
      `.external.metric.name: Invalid value: "a/b": may not contain '/'`,
      ".external.target.averageValue: Required value: must set either a target value for metric or a per-pod target",
    ],
  );
  metric(
    "has one target for a metric from outside",
    { type: "External", external: { metric: { name: "a" }, target: { type: "Value", value: "1", averageValue: "1" } } },
    [".external.target.value: Forbidden: may not set both a target value for metric and a per-pod target"],
  );

  const policies = [{ type: "Pods", value: 1, periodSeconds: 1 }];
  create("has right rules", { behavior: { scaleUp: { policies, tolerance: "50m" } } }, []);
  create("has some rules", { behavior: { scaleUp: { policies: [] } } }, [
    "spec.behavior.scaleUp.policies: Required value: must specify at least one Policy",
  ]);
  create(
    "has rules within bounds",
    { behavior: { scaleDown: { policies, stabilizationWindowSeconds: 3601, selectPolicy: "Odd", tolerance: "-1m" } } },
    [
      "spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600",
      'spec.behavior.scaleDown.selectPolicy: Unsupported value: "Odd": supported values: "Disabled", "Max", "Min"',
      'spec.behavior.scaleDown.tolerance: Invalid value: "-1m": must be greater or equal to zero',
    ],
  );
  create(
    "has policies within bounds",
    {
      behavior: {
        scaleUp: { stabilizationWindowSeconds: -1, policies: [{ type: "Odd", value: 0, periodSeconds: 0 }] },
        scaleDown: { policies: [{ type: "Pods", value: 1, periodSeconds: 1801 }] },
      },
    },
    [
      "spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: -1: must be greater than or equal to zero",
      'spec.behavior.scaleUp.policies[0].type: Unsupported value: "Odd": supported values: "Percent", "Pods"',
      "spec.behavior.scaleUp.policies[0].value: Invalid value: 0: must be greater than zero",
      "spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 0: must be greater than zero",
      "spec.behavior.scaleDown.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800",
    ],
  );

  it("may stay as it was once accepted", () => {
    const target = { kind: "Deployment", name: "web" };
    const old = bench.prepared({ metadata, spec: { scaleTargetRef: target, maxReplicas: 3 } });
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.spec.maxReplicas = 4)),
      [],
    );
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.spec.scaleTargetRef.kind = "StatefulSet")),
      ['spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group'],
    );
    const external = { type: "External", external: { metric: { name: "a" }, target: { type: "Value", value: "1" } } };
    const zero = bench.prepared({
      metadata,
      spec: { scaleTargetRef, minReplicas: 0, maxReplicas: 3, metrics: [external] },
    });
    assert.deepEqual(
      bench.updateErrors(zero, (next) => (next.spec.maxReplicas = 4)),
      [],
    );
  });

  it("leaves its status to the controller", () => {
    const old = bench.prepared({ metadata, spec: { scaleTargetRef, maxReplicas: 3 } });
    const status = { currentReplicas: 2, desiredReplicas: 3 };
    assert.deepEqual(bench.updated(old, (next) => (next.status = status)).status, { desiredReplicas: 0 });
    const next = bench.updated(
      old,
      (copy) => Object.assign(copy, { status, spec: { ...copy.spec, maxReplicas: 9 } }),
      "status",
    );
    assert.deepEqual([next.status, next.spec.maxReplicas], [status, 3]);
    const wrong = { currentReplicas: -1, desiredReplicas: -1 };
    assert.deepEqual(
      bench.updateErrors(old, (copy) => (copy.status = wrong), "status"),
      [
        "status.currentReplicas: Invalid value: -1: must be greater than or equal to 0",
        "status.desiredReplicas: Invalid value: -1: must be greater than or equal to 0",
      ],
    );
  });
});

describe("the columns of a horizontal pod autoscaler", () => {
  const row = (metrics: readonly Draft[], currentMetrics: readonly Draft[] = []) =>
    bench.row({ metadata, spec: { scaleTargetRef, maxReplicas: 3, metrics }, status: { currentMetrics } })["Targets"];

  it("show it", () =>
    assert.deepEqual(
      bench.row({
        metadata,
        spec: { scaleTargetRef, maxReplicas: 3 },
        status: { currentReplicas: 2, desiredReplicas: 2 },
      }),
      {
        Name: "web",
        Reference: "Deployment/web",
        Targets: "cpu: <unknown>/80%",
        MinPods: "1",
        MaxPods: 3,
        Replicas: 2,
        Age: "60s",
      },
    ));

  const resource = (target: Draft) => ({ type: "Resource", resource: { name: "memory", target } });
  const external = (target: Draft) => ({ type: "External", external: { metric: { name: "q" }, target } });
  const object = (target: Draft) => ({
    type: "Object",
    object: { describedObject: scaleTargetRef, metric: { name: "q" }, target },
  });
  const pods = { type: "Pods", pods: { metric: { name: "q" }, target: { type: "AverageValue", averageValue: "10" } } };
  const reading = (field: string, current: Draft) => ({ type: "", [field]: { current } });

  it("show each metric and its reading", () => {
    assert.equal(row([cpu], [reading("resource", { averageUtilization: 50 })]), "cpu: 50%/80%");
    assert.equal(
      row([resource({ averageValue: "1Gi" })], [reading("resource", { averageValue: "1Mi" })]),
      "memory: 1Mi/1Gi",
    );
    assert.equal(row([resource({})]), "memory: <unknown>/<auto>");
    assert.equal(
      row(
        [
          {
            type: "ContainerResource",
            containerResource: { name: "cpu", container: "c", target: { averageValue: "1" } },
          },
        ],
        [reading("containerResource", { averageValue: "2" })],
      ),
      "cpu: 2/1",
    );
    assert.equal(row([pods], [reading("pods", { averageValue: "7" })]), "7/10");
    assert.equal(row([external({ value: "5" })], [reading("external", { value: "4" })]), "4/5");
    assert.equal(row([external({ averageValue: "5" })]), "<unknown>/5 (avg)");
    assert.equal(row([object({ value: "5" })]), "<unknown>/5");
    assert.equal(row([object({ averageValue: "5" })], [reading("object", { averageValue: "3" })]), "3/5 (avg)");
    assert.equal(row([cpu, pods, pods, pods]), "cpu: <unknown>/80%, <unknown>/10 + 2 more...");
    assert.equal(row([{ type: "Odd" }]), "<unknown type>");
  });
});
