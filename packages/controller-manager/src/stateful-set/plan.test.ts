import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { StatefulSet, StatefulSetSpec } from "@kube-ts/api/apps/v1";
import type { Pod } from "@kube-ts/api/core/v1";
import { revisionOf } from "./identity.ts";
import type { PodAction } from "./plan.ts";
import { maxUnavailable, planSet } from "./plan.ts";
import type { PodState } from "./testing/set-fixtures.ts";
import { claimTemplate, setOf, viewOf } from "./testing/set-fixtures.ts";
import type { SetView } from "./view.ts";

type Case = readonly [what: string, states: readonly PodState[], expected: string];

function check(spec: Partial<StatefulSetSpec>, rest: Partial<SetView>, cases: readonly Case[]): void {
  for (const [what, states, expected] of cases) {
    test(what, () => assert.equal(describePlan(viewOf(setOf(spec), states, rest)), expected));
  }
}

function describePlan(view: SetView): string {
  return planSet(view).phases.flat().map(describeAction).join(", ");
}

function describeAction(action: PodAction): string {
  const name = `${action.pod.metadata.name}`.replace("web-", "");
  if (action.kind === "create") return `create ${name} ${revisionOf(action.pod).replace("web-", "")}`;
  if (action.kind === "delete") return `delete ${name} (${action.reason})`;
  return `repair ${name}`;
}

const rolling = (partition: number, more: object = {}): Partial<StatefulSetSpec> => ({
  updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition, ...more } },
});
const parallel = { podManagementPolicy: "Parallel" } as const;

describe("an ordered set", () => {
  check({}, {}, [
    ["starts with its first pod", [], "create 0 new"],
    ["waits for a pod that starts", ["new"], ""],
    ["waits for a pod that is not ready", ["bad"], ""],
    ["goes on when its first pod serves", ["ok"], "create 1 new"],
    ["fills gaps before it goes on", ["ok", "", "ok"], "create 1 new"],
    ["waits for a pod that goes", ["ok", "-ok", "ok"], ""],
    ["does nothing when all serve", ["ok", "ok", "ok"], ""],
    ["makes failed pods anew", ["ok", "fail", "ok"], "delete 1 (ended)"],
    ["makes finished pods anew", ["ok", "end", "ok"], "delete 1 (ended)"],
    ["deletes a failed pod once", ["ok", "-fail", "ok"], ""],
    ["sees to the first failed pod only", ["fail", "fail", "ok"], "delete 0 (ended)"],
    ["does not see to a failed pod behind a broken one", ["bad", "fail", "ok"], ""],
  ]);
});

describe("an ordered set that is too large", () => {
  check({ replicas: 1 }, {}, [
    ["loses its last pod", ["ok", "ok", "ok"], "delete 2 (scale-down)"],
    ["waits for a pod that goes", ["ok", "ok", "-ok"], ""],
    ["waits for its wanted pods", ["bad", "ok", "ok"], ""],
    ["makes its wanted pods first", ["", "ok", "ok"], "create 0 new"],
    ["waits for broken pods before the last", ["ok", "bad", "ok"], "delete 2 (scale-down)"],
    ["loses a broken last pod when all others serve", ["ok", "ok", "bad"], "delete 2 (scale-down)"],
    ["waits when the last of two broken pods would go", ["ok", "bad", "bad"], ""],
    ["loses finished pods, too", ["ok", "end"], "delete 1 (scale-down)"],
    ["does not update meanwhile", ["ok@old", "ok"], "delete 1 (scale-down)"],
  ]);
  check({ replicas: 0 }, {}, [["loses all pods in the end", ["ok"], "delete 0 (scale-down)"]]);
});

describe("a parallel set", () => {
  check(parallel, {}, [
    ["starts with all pods", [], "create 0 new, create 1 new, create 2 new"],
    ["does not wait", ["new", "", "bad"], "create 1 new"],
    ["makes failed pods anew at once", ["fail", "end", "ok"], "delete 0 (ended), delete 1 (ended)"],
  ]);
  check({ ...parallel, replicas: 1 }, {}, [
    ["loses what is too much at once", ["bad", "bad", "ok", "-ok"], "delete 2 (scale-down), delete 1 (scale-down)"],
  ]);
  check(parallel, {}, [
    ["is updated one by one", ["ok@old", "ok@old", "ok@old"], "delete 2 (update)"],
    ["is updated when a pod to update is broken", ["ok@old", "ok@old", "bad@old"], "delete 2 (update)"],
    ["waits for updated pods", ["ok@old", "ok@old", "bad"], ""],
    ["updates below a broken pod that it leaves", ["ok@old", "bad@old", "ok"], "delete 1 (update)"],
    ["does not delete for an update what it makes", ["ok@old", "ok@old", ""], "create 2 new"],
    ["does not delete for an update what has ended", ["ok@old", "ok@old", "fail@old"], "delete 2 (ended)"],
    ["waits for a pod that goes", ["ok@old", "ok@old", "-ok@old"], ""],
  ]);
  check({ ...parallel, replicas: 2 }, {}, [
    ["shrinks and updates at once", ["ok@old", "ok@old", "ok@old"], "delete 2 (scale-down), delete 1 (update)"],
  ]);
});

describe("an update", () => {
  check({}, {}, [
    ["begins with the last pod", ["ok@old", "ok@old", "ok@old"], "delete 2 (update)"],
    ["waits until the last pod is gone", ["ok@old", "ok@old", "-ok@old"], ""],
    ["makes the last pod of the new revision", ["ok@old", "ok@old"], "create 2 new"],
    ["waits until it serves", ["ok@old", "ok@old", "bad"], ""],
    ["goes on", ["ok@old", "ok@old", "ok"], "delete 1 (update)"],
    ["ends", ["ok", "ok", "ok"], ""],
    ["is not undone by itself: a broken pod is waited for", ["ok@old", "ok@old", "bad@bad"], ""],
    ["does not begin while a pod is broken", ["bad@old", "ok@old", "ok@old"], ""],
  ]);
  check(rolling(2), {}, [
    ["leaves pods below the partition", ["ok@old", "ok@old", "ok"], ""],
    ["updates pods above the partition", ["ok@old", "ok@old", "ok@old"], "delete 2 (update)"],
    ["makes pods below the partition as they were", ["", "ok@old", "ok"], "create 0 old"],
    ["makes pods above the partition anew", ["ok@old", "ok@old"], "create 2 new"],
  ]);
  check(rolling(9), {}, [["does nothing below a high partition", ["ok@old", "ok@old", "ok@old"], ""]]);
  check({ ...rolling(1), ordinals: { start: 5 } }, {}, [
    ["counts the partition from the first ordinal", ["ok@old", "ok@old", "ok@old"], "delete 7 (update)"],
    ["makes pods by the first ordinal", ["", "ok", "ok"], "create 5 old"],
    ["leaves the pods below", ["ok@old", "ok", "ok"], ""],
  ]);
  check({ updateStrategy: { type: "OnDelete" } }, {}, [
    ["on deletion deletes nothing", ["ok@old", "ok@old", "ok@old"], ""],
    ["on deletion makes pods anew", ["ok@old", "ok@old"], "create 2 new"],
  ]);

  test("without parameters keeps as many pods as are of the old revision", () => {
    const view = viewOf(setOf({ updateStrategy: { type: "RollingUpdate" } }), ["ok@old", "", "ok"]);
    const set: StatefulSet = { ...view.set, status: { replicas: 2, availableReplicas: 2, currentReplicas: 2 } };
    assert.equal(describePlan({ ...view, set }), "create 1 old");
  });
});

describe("an update of several pods at once", () => {
  const honoursMaxUnavailable = true;
  check({ ...rolling(0, { maxUnavailable: 2 }), replicas: 5 }, { honoursMaxUnavailable }, [
    ["deletes so many", ["ok@old", "ok@old", "ok@old", "ok@old", "ok@old"], "delete 4 (update), delete 3 (update)"],
    ["goes on when they serve", ["ok@old", "ok@old", "ok@old", "ok", "ok"], "delete 2 (update), delete 1 (update)"],
    ["waits for the first missing pod", ["ok@old", "ok@old", "ok@old", "", ""], "create 3 new"],
  ]);
  check({ ...parallel, ...rolling(1, { maxUnavailable: 2 }) }, { honoursMaxUnavailable }, [
    ["counts pods that do not serve", ["ok@old", "ok@old", "bad"], "delete 1 (update)"],
    ["counts those below the partition, too", ["bad@old", "ok@old", "ok@old"], "delete 2 (update)"],
    ["loses nothing with pods that do not serve", ["bad@old", "bad@old", "ok@old"], "delete 1 (update)"],
    ["waits", ["bad@old", "ok@old", "bad"], ""],
  ]);
  check({ ...parallel, ...rolling(0, { maxUnavailable: 2 }) }, {}, [
    ["is one of one pod when the feature is off", ["ok@old", "ok@old", "ok@old"], "delete 2 (update)"],
  ]);

  const amounts = [
    [undefined, 10, 1],
    [3, 10, 3],
    [3, 0, 3],
    ["10%", 25, 2],
    ["100%", 5, 5],
    ["1%", 5, 1],
  ] as const;
  for (const [amount, replicas, expected] of amounts) {
    test(`${amount} of ${replicas} pods are ${expected}`, () => {
      const more = amount === undefined ? {} : { maxUnavailable: amount };
      assert.equal(maxUnavailable(setOf({ ...rolling(0, more), replicas })), expected);
    });
  }
});

describe("pods that have to be ready for a while", () => {
  check({ minReadySeconds: 10 }, {}, [
    ["are waited for", ["young"], ""],
    ["are waited for in the middle", ["ok", "young", "ok@old"], ""],
    ["are waited for by an update", ["ok@old", "ok@old", "young"], ""],
  ]);
  check({ minReadySeconds: 5 }, {}, [["serve then", ["young"], "create 1 new"]]);
});

describe("ordinals", () => {
  check({ ordinals: { start: 5 }, replicas: 2 }, {}, [
    ["start where they are to", [], "create 5 new"],
    ["go on from there", ["ok"], "create 6 new"],
    ["end there", ["ok", "ok", "ok"], "delete 7 (scale-down)"],
  ]);

  test("that are not wanted any more go from the top down", () => {
    const view = viewOf(setOf(), ["ok", "ok", "ok"]);
    const set = setOf({ ordinals: { start: 1 }, replicas: 2 });
    assert.equal(describePlan({ ...view, set }), "delete 0 (scale-down)");
    assert.equal(
      describePlan({ ...view, set: setOf({ ordinals: { start: 2 }, replicas: 1 }) }),
      "delete 1 (scale-down)",
    );
  });
});

describe("a set", () => {
  test("that is deleted is left to the garbage collector", () => {
    const set = setOf();
    set.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
    assert.equal(describePlan(viewOf(set, ["ok", "fail"])), "");
  });

  test("gives its pods a name, a host name and volumes", () => {
    const spec = { volumeClaimTemplates: [claimTemplate("data")] };
    const set = setOf(spec);
    const volumes = [{ name: "data", emptyDir: {} }, { name: "tmp" }];
    set.spec.template.spec = { containers: [{ name: "c", image: "v1" }], volumes };
    const [action] = planSet(viewOf(set, [])).phases.flat();
    assert.ok(action?.kind === "create");
    const { metadata, spec: podSpec } = action.pod;
    assert.deepEqual(metadata, {
      name: "web-0",
      generateName: "web-",
      namespace: "ns",
      labels: {
        app: "db",
        "statefulset.kubernetes.io/pod-name": "web-0",
        "apps.kubernetes.io/pod-index": "0",
        "controller-revision-hash": "web-new",
      },
      annotations: {},
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "StatefulSet",
          name: "web",
          uid: "web-uid",
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    });
    const { hostname, subdomain } = podSpec;
    assert.deepEqual([hostname, subdomain], ["web-0", "db"]);
    assert.deepEqual(podSpec.volumes, [
      { name: "data", persistentVolumeClaim: { claimName: "data-web-0" } },
      { name: "tmp" },
    ]);
  });

  test("puts labels and volumes of its pods right, in order up to the first that does not serve", () => {
    const set = setOf({ volumeClaimTemplates: [claimTemplate("data")] });
    const view = viewOf(set, ["ok", "ok", "bad"]);
    const strip = (pod: Pod): Pod => ({ ...pod, metadata: { ...pod.metadata, labels: { app: "db" } } });
    const claims = new Map([0, 1, 2].map((ordinal) => [`data-web-${ordinal}`, claimTemplate(`data-web-${ordinal}`)]));
    const given = { ...view, pods: view.pods.map(strip), claims };
    assert.equal(describePlan(given), "repair 0, repair 1");
    const [action] = planSet(given).phases.flat();
    assert.ok(action?.kind === "repair");
    assert.deepEqual(action.repaired?.metadata.labels, {
      app: "db",
      "statefulset.kubernetes.io/pod-name": "web-0",
      "apps.kubernetes.io/pod-index": "0",
    });
    assert.equal(
      describePlan({ ...given, set: { ...set, spec: { ...set.spec, ...parallel } } }),
      "repair 0, repair 1, repair 2, delete 2 (update)",
    );
  });
});
