import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ReplicationController } from "@kube-ts/api/core/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { replicationControllerResource } from "./replication-controller.ts";

const bench = new RuleBench<ReplicationController>(replicationControllerResource);
const metadata = { name: "web", creationTimestamp: "2026-01-31T11:59:00Z" };
const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "nginx:1" }] } };

describe("replication controller defaults", () => {
  it("take the labels of the template", () => {
    const { metadata: meta, spec, status } = bench.decode({ metadata, spec: { template } });
    assert.deepEqual(
      [meta.labels, spec.selector, spec.replicas, status],
      [{ app: "web" }, { app: "web" }, 1, { replicas: 0 }],
    );
  });
});

describe("a replication controller", () => {
  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec }), errors));
  }

  create("may be plain", { template }, []);
  create("has a template and a selector", {}, ["spec.selector: Required value", "spec.template: Required value"]);
  create("selects its pods", { selector: { app: "other" }, template }, [
    'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
  ]);
  create("has right numbers", { replicas: -1, minReadySeconds: -1, template }, [
    "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
    "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
  ]);
  create(
    "has pods that always restart",
    { template: { ...template, spec: { ...template.spec, restartPolicy: "Never", activeDeadlineSeconds: 5 } } },
    [
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
      "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicationController is not Supported",
    ],
  );
  create(
    "has right pods",
    { template: { ...template, spec: { containers: [], ephemeralContainers: [{ name: "d", image: "i" }] } } },
    [
      "spec.template.spec.containers: Required value",
      "spec.template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template",
    ],
  );
});

describe("an updated replication controller", () => {
  const old = bench.prepared({ metadata, spec: { template } });

  it("counts changes of its spec", () => {
    assert.equal(bench.updated(old, (next) => (next.spec.replicas = 3)).metadata.generation, 2);
    assert.equal(bench.updated(old, (next) => (next.metadata.labels = {})).metadata.generation, 1);
  });

  it("has a right status", () => {
    const change = (next: ReplicationController) =>
      (next.status = {
        replicas: 2,
        readyReplicas: 3,
        availableReplicas: 4,
        fullyLabeledReplicas: -1,
        observedGeneration: -1,
      });
    assert.deepEqual(bench.updateErrors(old, change, "status"), [
      "status.fullyLabeledReplicas: Invalid value: -1: must be greater than or equal to 0",
      "status.observedGeneration: Invalid value: -1: must be greater than or equal to 0",
      "status.readyReplicas: Invalid value: 3: cannot be greater than status.replicas",
      "status.availableReplicas: Invalid value: 4: cannot be greater than status.replicas",
      "status.availableReplicas: Invalid value: 4: cannot be greater than readyReplicas",
    ]);
  });

  it("is scaled", () => {
    const { scale } = replicationControllerResource;
    const controller = structuredClone(old);
    scale?.setReplicas(controller, 5);
    assert.deepEqual(
      [scale?.replicas(controller), scale?.statusReplicas(controller), scale?.selector(controller)],
      [5, 0, "app=web"],
    );
  });
});

it("shows the counts, the containers and the selector of a replication controller", () => {
  assert.deepEqual(
    bench.row({ metadata, spec: { replicas: 3, template }, status: { replicas: 2, readyReplicas: 1 } }),
    {
      Name: "web",
      Desired: 3,
      Current: 2,
      Ready: 1,
      Age: "60s",
      Containers: "c",
      Images: "nginx:1",
      Selector: "app=web",
    },
  );
});
