import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container, LimitRangeItem, PersistentVolumeClaim, Pod } from "@kube-ts/api/core/v1";
import { limitRanges, persistentVolumeClaims, pods } from "@kube-ts/api/resource-types";
import { MemoryObjects } from "../auth/testing/memory-objects.ts";
import type { AdmissionAttributes } from "./admission.ts";
import { LimitRanger } from "./limit-ranger.ts";
import { refusalOf, writeOf } from "./testing/attributes.ts";

type Amounts = Record<string, string>;

function pod(requests: Amounts = {}, limits: Amounts = {}, more: Container[] = []): Pod {
  const container: Container = { name: "c", resources: { requests, limits } };
  return { metadata: { name: "p", namespace: "ns" }, spec: { containers: [container, ...more] } };
}

function setUp(...limits: LimitRangeItem[]) {
  const objects = new MemoryObjects();
  objects.put(limitRanges, { metadata: { name: "l", namespace: "ns" }, spec: { limits } });
  const plugin = new LimitRanger(objects);
  return async (attributes: AdmissionAttributes) => {
    const refusal = await refusalOf(() => {
      plugin.admit(attributes);
      plugin.validate(attributes);
    });
    return refusal.replace(/^403 \S+ "\S+" is forbidden: /, "");
  };
}

test("containers get what they lack, and the pod says so", async () => {
  const admit = setUp({
    type: "Container",
    default: { cpu: "1", memory: "2Gi" },
    defaultRequest: { memory: "1Gi", cpu: "500m" },
  });
  const subject = pod({ cpu: "100m" }, {}, [{ name: "d" }]);
  subject.spec.initContainers = [{ name: "i", resources: { limits: { cpu: "2" } } }];
  assert.equal(await admit(writeOf(pods, subject)), "");
  assert.deepEqual(
    subject.spec.containers.map(({ resources }) => resources),
    [
      { requests: { cpu: "100m", memory: "1Gi" }, limits: { cpu: "1", memory: "2Gi" } },
      { requests: { cpu: "500m", memory: "1Gi" }, limits: { cpu: "1", memory: "2Gi" } },
    ],
  );
  assert.deepEqual(subject.spec.initContainers[0]?.resources?.limits, { cpu: "2", memory: "2Gi" });
  assert.equal(
    subject.metadata.annotations?.["kubernetes.io/limit-ranger"],
    "LimitRanger plugin set: memory request for container c; cpu, memory limit for container c; " +
      "cpu, memory request for container d; cpu, memory limit for container d; " +
      "cpu, memory request for init container i; memory limit for init container i",
  );
});

test("what a runtime class adds to a pod does not count", async () => {
  const admit = setUp({ type: "Pod", max: { cpu: "1" } });
  const subject = pod({ cpu: "1" }, { cpu: "1" });
  subject.spec.overhead = { cpu: "100m" };
  assert.equal(await admit(writeOf(pods, subject)), "");
});

const bounds: readonly [string, LimitRangeItem, Pod, string][] = [
  [
    "min",
    { type: "Container", min: { cpu: "100m" } },
    pod({ cpu: "50m" }),
    "minimum cpu usage per Container is 100m, but request is 50m",
  ],
  [
    "min without request",
    { type: "Container", min: { cpu: "100m" } },
    pod(),
    "minimum cpu usage per Container is 100m.  No request is specified",
  ],
  [
    "min and limit",
    { type: "Container", min: { cpu: "100m" } },
    pod({ cpu: "100m" }, { cpu: "50m" }),
    "minimum cpu usage per Container is 100m, but limit is 50m",
  ],
  [
    "max",
    { type: "Container", max: { memory: "1Gi" } },
    pod({}, { memory: "1536Mi" }),
    "maximum memory usage per Container is 1Gi, but limit is 1536Mi",
  ],
  [
    "max without limit",
    { type: "Container", max: { memory: "1Gi" } },
    pod(),
    "maximum memory usage per Container is 1Gi.  No limit is specified",
  ],
  [
    "max and request",
    { type: "Container", max: { memory: "1Gi" } },
    pod({ memory: "2Gi" }, { memory: "1Gi" }),
    "maximum memory usage per Container is 1Gi, but request is 2Gi",
  ],
  [
    "ratio",
    { type: "Container", maxLimitRequestRatio: { cpu: "2" } },
    pod({ cpu: "100m" }, { cpu: "300m" }),
    "cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000",
  ],
  [
    "ratio that is exact",
    { type: "Container", maxLimitRequestRatio: { cpu: "3" } },
    pod({ cpu: "100m" }, { cpu: "300m" }),
    "",
  ],
  [
    "ratio without request",
    { type: "Container", maxLimitRequestRatio: { cpu: "2" } },
    pod({}, { cpu: "1" }),
    "cpu max limit to request ratio per Container is 2, but no request is specified or request is 0",
  ],
  [
    "ratio without limit",
    { type: "Container", maxLimitRequestRatio: { cpu: "2" } },
    pod({ cpu: "1" }),
    "cpu max limit to request ratio per Container is 2, but no limit is specified or limit is 0",
  ],
  [
    "sum over the pod",
    { type: "Pod", max: { cpu: "1" } },
    pod({ cpu: "600m" }, { cpu: "600m" }, [
      { name: "d", resources: { requests: { cpu: "600m" }, limits: { cpu: "600m" } } },
    ]),
    "maximum cpu usage per Pod is 1, but limit is 1200m",
  ],
  [
    "several at once",
    { type: "Container", min: { cpu: "1", memory: "1Gi" } },
    pod({ cpu: "500m", memory: "1Mi" }),
    "[minimum cpu usage per Container is 1, but request is 500m, minimum memory usage per Container is 1Gi, but request is 1Mi]",
  ],
  ["limits of another type", { type: "PersistentVolumeClaim", max: { storage: "1" } }, pod(), ""],
];

for (const [name, item, subject, expected] of bounds) {
  test(`limit range: ${name}`, async () => assert.equal(await setUp(item)(writeOf(pods, subject)), expected));
}

test("updates of pods are free, their resizing is not", async () => {
  const admit = setUp({ type: "Container", max: { cpu: "1" }, default: { cpu: "1" } });
  const big = pod({}, { cpu: "2" });
  assert.equal(await admit(writeOf(pods, big, { operation: "UPDATE", oldObject: pod() })), "");
  assert.match(
    await admit(writeOf(pods, big, { operation: "UPDATE", oldObject: pod(), subresource: "resize" })),
    /but limit is 2/,
  );
});

test("claims are bound in the storage they request", async () => {
  const claim = (storage?: string): PersistentVolumeClaim => ({
    metadata: { name: "v", namespace: "ns" },
    spec: { resources: { requests: storage === undefined ? {} : { storage } } },
  });
  const admit = setUp({ type: "PersistentVolumeClaim", min: { storage: "1Gi" }, max: { storage: "2Gi" } });
  const check = (storage?: string) => admit(writeOf(persistentVolumeClaims, claim(storage)));
  assert.equal(await check("2Gi"), "");
  assert.equal(await check("3Gi"), "maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi");
  assert.equal(await check("1Mi"), "minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1Mi");
  assert.match(await check(), /No request is specified/);
});
