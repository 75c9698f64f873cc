import assert from "node:assert/strict";
import { test } from "node:test";
import type { PersistentVolumeClaim } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import * as types from "@kube-ts/api/resource-types";
import { MemoryObjects } from "../auth/testing/memory-objects.ts";
import { DefaultStorageClass } from "./default-storage-class.ts";
import { PersistentVolumeClaimResize } from "./persistent-volume-claim-resize.ts";
import { StorageObjectInUseProtection } from "./storage-object-in-use-protection.ts";
import { refusalOf, writeOf } from "./testing/attributes.ts";

const legacyClass = "volume.beta.kubernetes.io/storage-class";

function claim(spec: PersistentVolumeClaim["spec"], annotations?: Record<string, string>): PersistentVolumeClaim {
  return { metadata: { name: "a", namespace: "ns", ...(annotations && { annotations }) }, spec };
}

interface ClassOptions {
  readonly created?: string;
  readonly annotation?: string;
  readonly allowVolumeExpansion?: boolean;
}

function putClass(objects: MemoryObjects, name: string, options: ClassOptions = {}): void {
  const { created = "2026-01-01T00:00:00Z", annotation, allowVolumeExpansion } = options;
  objects.put(types.storageClasses, {
    metadata: { name, creationTimestamp: created, ...(annotation && { annotations: { [annotation]: "true" } }) },
    provisioner: "example.com/disk",
    ...(allowVolumeExpansion !== undefined && { allowVolumeExpansion }),
  });
}

function classGiven(objects: MemoryObjects, object: PersistentVolumeClaim, subresource = ""): string | undefined {
  new DefaultStorageClass(objects).admit(writeOf(types.persistentVolumeClaims, object, { subresource }));
  return object.spec.storageClassName;
}

test("claims without a class get the newest default one", () => {
  const objects = new MemoryObjects();
  putClass(objects, "plain", { created: "2026-03-01T00:00:00Z" });
  assert.equal(classGiven(objects, claim({})), undefined);
  putClass(objects, "old", { annotation: "storageclass.kubernetes.io/is-default-class" });
  assert.equal(classGiven(objects, claim({})), "old");
  const created = "2026-02-01T00:00:00Z";
  putClass(objects, "new-b", { annotation: "storageclass.beta.kubernetes.io/is-default-class", created });
  putClass(objects, "new-a", { annotation: "storageclass.kubernetes.io/is-default-class", created });
  assert.equal(classGiven(objects, claim({})), "new-a");
  assert.equal(classGiven(objects, claim({ storageClassName: "" })), "");
  assert.equal(classGiven(objects, claim({}, { [legacyClass]: "" })), undefined);
  assert.equal(classGiven(objects, claim({}), "status"), undefined);
});

function finalizersOf<T extends KubeObject>(type: ResourceType<T>, object: T): string[] | undefined {
  new StorageObjectInUseProtection().admit(writeOf(type, object));
  return object.metadata.finalizers;
}

test("storage objects are protected while they are in use", () => {
  const metadata = () => ({ metadata: { name: "a" } });
  assert.deepEqual(finalizersOf(types.persistentVolumeClaims, { ...metadata(), spec: {} }), [
    "kubernetes.io/pvc-protection",
  ]);
  const volume = { metadata: { name: "a", finalizers: ["mine", "kubernetes.io/pv-protection"] }, spec: {} };
  assert.deepEqual(finalizersOf(types.persistentVolumes, volume), ["mine", "kubernetes.io/pv-protection"]);
  assert.deepEqual(finalizersOf(types.volumeAttributesClasses, { ...metadata(), driverName: "d" }), [
    "kubernetes.io/vac-protection",
  ]);
  assert.equal(finalizersOf(types.storageClasses, { ...metadata(), provisioner: "p" }), undefined);
});

const sized = (storage: string, storageClassName?: string): PersistentVolumeClaim["spec"] => ({
  resources: { requests: { storage } },
  ...(storageClassName !== undefined && { storageClassName }),
});
const bound = (spec: PersistentVolumeClaim["spec"]): PersistentVolumeClaim => ({
  ...claim(spec),
  status: { phase: "Bound" },
});

function resize(old: PersistentVolumeClaim, object: PersistentVolumeClaim, subresource = ""): Promise<string> {
  const objects = new MemoryObjects();
  putClass(objects, "grows", { allowVolumeExpansion: true });
  putClass(objects, "fixed");
  const plugin = new PersistentVolumeClaimResize(objects);
  const changes = { operation: "UPDATE", oldObject: old, subresource } as const;
  return refusalOf(() => plugin.validate(writeOf(types.persistentVolumeClaims, object, changes)));
}

test("claims grow when they are bound and their class can", async () => {
  const refusal = (problem: string) => `403 persistentvolumeclaims "a" is forbidden: ${problem}`;
  const mustSupport =
    "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize";
  assert.equal(await resize(bound(sized("1Gi", "grows")), bound(sized("2Gi", "grows"))), "");
  assert.equal(await resize(claim(sized("1Gi")), claim(sized("1024Mi"))), "");
  assert.equal(await resize(claim(sized("2Gi")), claim(sized("1Gi"))), "");
  assert.equal(
    await resize(claim(sized("1Gi", "grows")), claim(sized("2Gi", "grows"))),
    refusal("Only bound persistent volume claims can be expanded"),
  );
  for (const [before, after] of [
    ["fixed", "fixed"],
    ["gone", "gone"],
    ["", ""],
    ["fixed", "grows"],
    [undefined, undefined],
  ]) {
    assert.equal(await resize(bound(sized("1Gi", before)), bound(sized("2Gi", after))), refusal(mustSupport));
  }
  assert.equal(await resize(claim(sized("1Gi")), claim(sized("2Gi")), "status"), "");
});
