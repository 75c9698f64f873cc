import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Deployment } from "@kube-ts/api/apps/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { deploymentResource } from "./deployment.ts";

const bench = new RuleBench<Deployment>(deploymentResource);
const metadata = { name: "web", creationTimestamp: "2026-01-31T11:59:00Z" };
const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "nginx:1" }] } };
const plain = { selector: { matchLabels: { app: "web" } }, template };

describe("deployment defaults", () => {
  it("fill in a plain deployment", () => {
    assert.deepEqual(bench.decode({ metadata: { name: "web" }, spec: plain }), {
      metadata: { name: "web" },
      spec: {
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: {
            containers: [
              {
                name: "c",
                image: "nginx:1",
                resources: {},
                imagePullPolicy: "IfNotPresent",
                terminationMessagePath: "/dev/termination-log",
                terminationMessagePolicy: "File",
              },
            ],
            dnsPolicy: "ClusterFirst",
            restartPolicy: "Always",
            securityContext: {},
            terminationGracePeriodSeconds: 30,
            schedulerName: "default-scheduler",
          },
        },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
      },
      status: {},
      kind: "Deployment",
      apiVersion: "apps/v1",
    });
  });

  it("fill in part of a strategy", () => {
    const strategyOf = (strategy: Draft) => bench.decode({ metadata, spec: { ...plain, strategy } }).spec.strategy;
    assert.deepEqual(strategyOf({ rollingUpdate: { maxSurge: 1 } }), {
      rollingUpdate: { maxSurge: 1, maxUnavailable: "25%" },
      type: "RollingUpdate",
    });
    assert.deepEqual(strategyOf({ type: "Recreate" }), { type: "Recreate" });
  });

  it("change nothing on a second run", () => {
    const deployment = bench.decode({ metadata, spec: plain });
    const again = structuredClone(deployment);
    deploymentResource.strategy.defaults?.(again);
    assert.deepEqual(again, deployment);
  });
});

describe("a deployment", () => {
  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec: { ...plain, ...spec } }), errors));
  }

  create("may be plain", {}, []);
  create(
    "has right numbers",
    { replicas: -1, minReadySeconds: -1, revisionHistoryLimit: -1, progressDeadlineSeconds: -1 },
    [
      "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
      "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
      "spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
      "spec.progressDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0",
      "spec.progressDeadlineSeconds: Invalid value: -1: must be greater than minReadySeconds",
    ],
  );
  create("has a deadline after its pods are ready", { minReadySeconds: 600 }, [
    "spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds",
  ]);
  create("has a selector", { selector: undefined }, ["spec.selector: Required value"]);
  create("selects something", { selector: {} }, [
    "spec.selector: Invalid value: {}: empty selector is invalid for deployment",
  ]);
  create("has a right selector", { selector: { matchExpressions: [{ key: "a", operator: "Is" }] } }, [
    'spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
    'spec.selector: Invalid value: {"matchExpressions":[{"key":"a","operator":"Is"}]}: invalid label selector',
  ]);
  create("selects its pods", { selector: { matchLabels: { app: "other" } } }, [
    'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
  ]);
  create(
    "has pods that always restart",
    { template: { ...template, spec: { ...template.spec, restartPolicy: "OnFailure", activeDeadlineSeconds: 5 } } },
    [
      'spec.template.spec.restartPolicy: Unsupported value: "OnFailure": supported values: "Always"',
      "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported",
    ],
  );
  create("has right pods", { template: { ...template, spec: { containers: [{ name: "C" }] } } }, [
    `spec.template.spec.containers[0].name: Invalid value: "C": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
    "spec.template.spec.containers[0].image: Required value",
  ]);
  create("has a known strategy", { strategy: { type: "Sudden" } }, [
    'spec.strategy: Unsupported value: {"type":"Sudden"}: supported values: "Recreate", "RollingUpdate"',
  ]);
  create("has a strategy that fits", { strategy: { type: "Recreate", rollingUpdate: {} } }, [
    "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
  ]);
  create("makes way for its pods", { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: "0%" } } }, [
    'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0',
  ]);
  create("moves right numbers of pods", { strategy: { rollingUpdate: { maxSurge: "many", maxUnavailable: "101%" } } }, [
    `spec.strategy.rollingUpdate.maxSurge: Invalid value: "many": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')`,
    'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
  ]);
  create("moves no negative numbers of pods", { strategy: { rollingUpdate: { maxSurge: -1, maxUnavailable: -1 } } }, [
    "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: -1: must be greater than or equal to 0",
    "spec.strategy.rollingUpdate.maxSurge: Invalid value: -1: must be greater than or equal to 0",
  ]);
});

describe("an updated deployment", () => {
  const old = bench.prepared({ metadata, spec: plain, status: { replicas: 9 } });

  it("begins without status", () => assert.deepEqual(old.status, {}));

  it("counts changes of its spec and annotations", () => {
    const generationOf = (change: (deployment: Deployment) => void) => bench.updated(old, change).metadata.generation;
    assert.equal(
      generationOf((next) => (next.spec.replicas = 3)),
      2,
    );
    assert.equal(
      generationOf((next) => (next.metadata.annotations = { a: "b" })),
      2,
    );
    assert.equal(
      generationOf((next) => (next.metadata.labels = { a: "b" })),
      1,
    );
  });

  it("keeps its selector", () => {
    const change = (next: Deployment) => (next.spec.selector = { matchLabels: { app: "web", a: "b" } });
    assert.deepEqual(bench.updateErrors(old, change), [
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
      'spec.selector: Invalid value: {"matchLabels":{"app":"web","a":"b"}}: field is immutable',
    ]);
  });

  it("keeps its spec and labels when the status is written", () => {
    const next = bench.updated(
      old,
      (copy) => {
        copy.spec.replicas = 7;
        copy.metadata.labels = { a: "b" };
        copy.status = { replicas: 1 };
      },
      "status",
    );
    assert.deepEqual([next.spec.replicas, next.metadata.labels, next.status], [1, undefined, { replicas: 1 }]);
  });

  it("has a right status", () => {
    const before = { ...old, status: { collisionCount: 2 } };
    const change = (next: Deployment) =>
      (next.status = {
        replicas: 1,
        updatedReplicas: 2,
        readyReplicas: 0,
        availableReplicas: 1,
        unavailableReplicas: -1,
        collisionCount: 1,
      });
    assert.deepEqual(bench.updateErrors(before, change, "status"), [
      "status.unavailableReplicas: Invalid value: -1: must be greater than or equal to 0",
      "status.updatedReplicas: Invalid value: 2: cannot be greater than status.replicas",
      "status.availableReplicas: Invalid value: 1: cannot be greater than readyReplicas",
      "status.collisionCount: Invalid value: 1: cannot be decremented",
    ]);
  });

  it("warns of its pods once", () => {
    const { warnings } = deploymentResource.strategy;
    const spec = {
      ...plain,
      template: { ...template, spec: { ...template.spec, nodeSelector: { "beta.kubernetes.io/os": "linux" } } },
    };
    const created = bench.prepared({ metadata, spec });
    assert.equal(warnings?.(created, undefined).length, 1);
    assert.equal(warnings?.(structuredClone(created), created).length, 0);
  });
});

it("scales a deployment", () => {
  const deployment = bench.prepared({ metadata, spec: plain });
  const { scale } = deploymentResource;
  scale?.setReplicas(deployment, 4);
  assert.deepEqual(
    [scale?.replicas(deployment), scale?.statusReplicas(deployment), scale?.selector(deployment)],
    [4, 0, "app=web"],
  );
});

it("shows a deployment", () => {
  const status = { readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1 };
  assert.deepEqual(bench.row({ metadata, spec: { ...plain, replicas: 3 }, status }), {
    Name: "web",
    Ready: "1/3",
    "Up-to-date": 2,
    Available: 1,
    Age: "60s",
    Containers: "c",
    Images: "nginx:1",
    Selector: "app=web",
  });
});
