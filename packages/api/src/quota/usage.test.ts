import assert from "node:assert/strict";
import { test } from "node:test";
import type { PersistentVolumeClaim, Pod, ScopedResourceSelectorRequirement } from "../core/v1.ts";
import type { KubeObject } from "../object.ts";
import { formatResources } from "../resource-amounts.ts";
import type { ResourceClaim } from "../resource/v1.ts";
import { matchesScope } from "./scopes.ts";
import { type GroupResource, isUsedBy, usageOf } from "./usage.ts";

const podType = { group: "", plural: "pods" };
const claimType = { group: "", plural: "persistentvolumeclaims" };
const deviceClaimType = { group: "resource.k8s.io", plural: "resourceclaims" };

function usage(type: GroupResource, object: KubeObject, nowMs?: number): object {
  return formatResources(usageOf(type, object, nowMs));
}

function pod(changes: Partial<Pod> = {}): Pod {
  const requests = { cpu: "1", "hugepages-2Mi": "4Mi", "deviceclass.resource.kubernetes.io/gpu": "2" };
  return { metadata: {}, spec: { containers: [{ name: "c", resources: { requests } }] }, ...changes };
}

test("pods that have ended are counted and use nothing else", () => {
  const running = {
    "count/pods": "1",
    pods: "1",
    cpu: "1",
    "requests.cpu": "1",
    "hugepages-2Mi": "4Mi",
    "requests.hugepages-2Mi": "4Mi",
    "requests.deviceclass.resource.kubernetes.io/gpu": "2",
  };
  assert.deepEqual(usage(podType, pod()), running);
  for (const phase of ["Failed", "Succeeded"] as const) {
    assert.deepEqual(usage(podType, pod({ status: { phase } })), { "count/pods": "1" });
  }
  const metadata = { deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 30 };
  const atMs = (text: string) => usage(podType, pod({ metadata }), Date.parse(text));
  assert.deepEqual(atMs("2026-01-01T00:00:29Z"), running);
  assert.deepEqual(atMs("2026-01-01T00:00:31Z"), { "count/pods": "1" });
  assert.deepEqual(usage(podType, pod({ metadata })), running);
});

test("claims are charged for what is set aside while they expand, in whole bytes", () => {
  const claim = (storage: string, allocated?: string): PersistentVolumeClaim => ({
    metadata: { annotations: { "volume.beta.kubernetes.io/storage-class": "fast" } },
    spec: { resources: { requests: { storage } } },
    ...(allocated && { status: { allocatedResources: { storage: allocated } } }),
  });
  const counts = {
    "count/persistentvolumeclaims": "1",
    persistentvolumeclaims: "1",
    "fast.storageclass.storage.k8s.io/persistentvolumeclaims": "1",
  };
  const of = (amount: string) => ({
    ...counts,
    "requests.storage": amount,
    "fast.storageclass.storage.k8s.io/requests.storage": amount,
  });
  assert.deepEqual(usage(claimType, claim("1Gi")), of("1Gi"));
  assert.deepEqual(usage(claimType, claim("1Gi", "2Gi")), of("2Gi"));
  assert.deepEqual(usage(claimType, claim("2Gi", "1Gi")), of("2Gi"));
  assert.deepEqual(usage(claimType, claim("1500m")), of("2"));
});

test("claims of devices are charged for the worst that they can get of each class", () => {
  const claim: ResourceClaim = {
    metadata: {},
    spec: {
      devices: {
        requests: [
          { name: "a", exactly: { deviceClassName: "gpu", allocationMode: "ExactCount", count: 2 } },
          { name: "b", exactly: { deviceClassName: "nic", allocationMode: "All" } },
          {
            name: "c",
            firstAvailable: [
              { name: "x", deviceClassName: "gpu", count: 1 },
              { name: "y", deviceClassName: "gpu", count: 4 },
              { name: "z", deviceClassName: "tpu", count: 3 },
            ],
          },
        ],
      },
    },
  };
  assert.deepEqual(usage(deviceClaimType, claim), {
    "count/resourceclaims.resource.k8s.io": "1",
    "gpu.deviceclass.resource.k8s.io/devices": "6",
    "nic.deviceclass.resource.k8s.io/devices": "32",
    "tpu.deviceclass.resource.k8s.io/devices": "3",
  });
});

const names: readonly [GroupResource, string, boolean][] = [
  [podType, "requests.example.com/gpu", true],
  [podType, "requests.deviceclass.resource.kubernetes.io/gpu", true],
  [podType, "requests.storage", false],
  [podType, "limits.ephemeral-storage", true],
  [claimType, "requests.storage", true],
  [claimType, "gold.storageclass.storage.k8s.io/requests.storage", true],
  [deviceClaimType, "gpu.deviceclass.resource.k8s.io/devices", true],
  [deviceClaimType, "count/resourceclaims.resource.k8s.io", true],
  [{ group: "example.com", plural: "widgets" }, "count/widgets.example.com", true],
  [{ group: "", plural: "widgets" }, "count/widgets.example.com", false],
];

for (const [type, name, expected] of names) {
  test(`${type.plural} ${expected ? "use" : "do not use"} ${name}`, () => assert.equal(isUsedBy(type, name), expected));
}

const operators: readonly [ScopedResourceSelectorRequirement["operator"], string[], PersistentVolumeClaim, boolean][] =
  [
    ["Exists", [], { metadata: {}, spec: { volumeAttributesClassName: "gold" } }, true],
    ["Exists", [], { metadata: {}, spec: {} }, false],
    ["DoesNotExist", [], { metadata: {}, spec: {} }, true],
    ["In", ["gold"], { metadata: {}, spec: {}, status: { currentVolumeAttributesClassName: "gold" } }, true],
    [
      "In",
      ["gold"],
      {
        metadata: {},
        spec: {},
        status: { modifyVolumeStatus: { status: "Pending", targetVolumeAttributesClassName: "gold" } },
      },
      true,
    ],
    ["In", ["gold"], { metadata: {}, spec: { volumeAttributesClassName: "silver" } }, false],
    ["NotIn", ["gold"], { metadata: {}, spec: { volumeAttributesClassName: "silver" } }, true],
    ["NotIn", ["gold"], { metadata: {}, spec: { volumeAttributesClassName: "gold" } }, false],
  ];

for (const [operator, values, claim, expected] of operators) {
  test(`scope VolumeAttributesClass ${operator} ${values.join()} for ${JSON.stringify({ ...claim.spec, ...claim.status })}`, () => {
    assert.equal(matchesScope({ scopeName: "VolumeAttributesClass", operator, values }, claimType, claim), expected);
  });
}
