import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DaemonSet } from "@kube-ts/api/apps/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { daemonSetResource } from "./daemon-set.ts";

const bench = new RuleBench<DaemonSet>(daemonSetResource);
const metadata = { name: "agent", creationTimestamp: "2026-01-31T11:59:00Z" };
const template = { metadata: { labels: { app: "agent" } }, spec: { containers: [{ name: "c", image: "agent:1" }] } };
const plain = { selector: { matchLabels: { app: "agent" } }, template };

describe("daemon set defaults", () => {
  it("fill in a plain daemon set", () => {
    const { spec, status } = bench.decode({ metadata, spec: plain });
    const { template: _pods, ...rest } = spec;
    assert.deepEqual(
      [rest, status],
      [
        {
          selector: { matchLabels: { app: "agent" } },
          updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
          revisionHistoryLimit: 10,
        },
        { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
      ],
    );
  });

  it("have no update for one that updates on deletion", () => {
    const { spec } = bench.decode({ metadata, spec: { ...plain, updateStrategy: { type: "OnDelete" } } });
    assert.deepEqual(spec.updateStrategy, { type: "OnDelete" });
  });
});

describe("a daemon set", () => {
  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec: { ...plain, ...spec } }), errors));
  }

  create("may be plain", {}, []);
  create("selects something", { selector: {} }, [
    "spec.selector: Invalid value: {}: empty selector is invalid for daemonset",
  ]);
  create("selects its pods", { selector: { matchLabels: { app: "other" } } }, [
    'spec.template.metadata.labels: Invalid value: {"app":"agent"}: `selector` does not match template `labels`',
  ]);
  create("has right numbers", { minReadySeconds: -1, revisionHistoryLimit: -1 }, [
    "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
    "spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
  ]);
  create(
    "has pods that always restart",
    { template: { ...template, spec: { ...template.spec, restartPolicy: "Never", activeDeadlineSeconds: 3 } } },
    [
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
      "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not Supported",
    ],
  );
  create("has a known strategy", { updateStrategy: { type: "Sudden" } }, [
    'spec.updateStrategy: Unsupported value: {"type":"Sudden"}: supported values: "RollingUpdate", "OnDelete"',
  ]);
  create("makes way for its pods", { updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } }, [
    "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0",
  ]);
  create("makes way in one way", { updateStrategy: { rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } } }, [
    "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero",
  ]);
  create(
    "moves right numbers of pods",
    { updateStrategy: { rollingUpdate: { maxUnavailable: "101%", maxSurge: "many" } } },
    [
      `spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: "many": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')`,
      'spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
    ],
  );
});

describe("an updated daemon set", () => {
  const old = bench.prepared({ metadata, spec: plain });
  const templateGeneration = (set: DaemonSet) => set.metadata.annotations?.["deprecated.daemonset.template.generation"];

  it("counts changes of its spec, and of its template", () => {
    assert.deepEqual([old.metadata.generation, templateGeneration(old)], [1, "1"]);
    const slow = bench.updated(old, (next) => (next.spec.minReadySeconds = 5));
    assert.deepEqual([slow.metadata.generation, templateGeneration(slow)], [2, "1"]);
    const changed = bench.updated(old, (next) => (next.spec.template.metadata = { labels: { app: "agent", a: "b" } }));
    assert.deepEqual([changed.metadata.generation, templateGeneration(changed)], [2, "2"]);
  });

  it("keeps its selector", () => {
    const change = (next: DaemonSet) => (next.spec.selector = { matchLabels: { app: "agent", a: "b" } });
    assert.deepEqual(bench.updateErrors(old, change), [
      'spec.template.metadata.labels: Invalid value: {"app":"agent"}: `selector` does not match template `labels`',
      'spec.selector: Invalid value: {"matchLabels":{"app":"agent","a":"b"}}: field is immutable',
    ]);
  });

  it("has a right status", () => {
    const change = (next: DaemonSet) =>
      Object.assign(next, { status: { ...old.status, numberReady: -1, collisionCount: -1, numberAvailable: -2 } });
    assert.deepEqual(bench.updateErrors(old, change, "status"), [
      "status.numberReady: Invalid value: -1: must be greater than or equal to 0",
      "status.collisionCount: Invalid value: -1: must be greater than or equal to 0",
      "status.numberAvailable: Invalid value: -2: must be greater than or equal to 0",
    ]);
  });
});

it("shows a daemon set", () => {
  const status = {
    desiredNumberScheduled: 3,
    currentNumberScheduled: 2,
    numberReady: 1,
    updatedNumberScheduled: 2,
    numberAvailable: 1,
    numberMisscheduled: 0,
  };
  const spec = { ...plain, template: { ...template, spec: { ...template.spec, nodeSelector: { disk: "ssd" } } } };
  assert.deepEqual(bench.row({ metadata, spec, status }), {
    Name: "agent",
    Desired: 3,
    Current: 2,
    Ready: 1,
    "Up-to-date": 2,
    Available: 1,
    "Node Selector": "disk=ssd",
    Age: "60s",
    Containers: "c",
    Images: "agent:1",
    Selector: "app=agent",
  });
});
