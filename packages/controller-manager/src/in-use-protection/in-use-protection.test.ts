import assert from "node:assert/strict";
import { test } from "node:test";
import type { PersistentVolumeClaim, Pod } from "@kube-ts/api/core/v1";
import { persistentVolumeClaims, persistentVolumes, pods, volumeAttributesClasses } from "@kube-ts/api/resource-types";
import type { ResourceType } from "@kube-ts/api/resource-type";
import type { KubeObject } from "@kube-ts/api/object";
import { MemoryCluster } from "../testing/memory-cluster.ts";
import { RunningControllers } from "../testing/running-controllers.ts";
import { attributesClassProtectionController } from "./attributes-class-protection.ts";
import { claimProtectionController } from "./claim-protection.ts";
import { usesClaim } from "./claim-use.ts";
import { volumeProtectionController } from "./volume-protection.ts";

const deletionTimestamp = "2026-01-01T00:00:00Z";
const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "c" } }];

const claim = (changes: Partial<PersistentVolumeClaim["metadata"]> = {}): PersistentVolumeClaim => ({
  metadata: { name: "c", namespace: "ns", ...changes },
  spec: {},
});

const pod = (changes: Partial<Pod["spec"]> = {}, metadata: Pod["metadata"] = {}): Pod => ({
  metadata: { name: "p", namespace: "ns", ...metadata },
  spec: { containers: [], nodeName: "n", volumes, ...changes },
});

test("a claim is used by pods that have a node, and by the pod that it was made for", () => {
  assert.equal(usesClaim(pod(), claim()), true);
  assert.equal(usesClaim({ ...pod(), status: { phase: "Succeeded" } }, claim()), true);
  assert.equal(usesClaim(pod({ nodeName: "" }), claim()), false);
  const ephemeral = pod({ volumes: [{ name: "scratch", ephemeral: {} }] }, { uid: "u" });
  const owner = { apiVersion: "v1", kind: "Pod", name: "p", uid: "u", controller: true };
  const made = claim({ name: "p-scratch", ownerReferences: [owner] });
  assert.equal(usesClaim(ephemeral, made), true);
  assert.equal(usesClaim(ephemeral, claim({ name: "p-scratch" })), false, "somebody else's claim of that name");
  const gone = { ...ephemeral, metadata: { ...ephemeral.metadata, deletionTimestamp, deletionGracePeriodSeconds: 0 } };
  assert.equal(usesClaim(gone, made), false);
});

const finalizersOf = <T extends KubeObject>(cluster: MemoryCluster, type: ResourceType<T>, name: string) =>
  cluster.get(type, name).metadata.finalizers ?? [];

test("claims get the finalizer, and lose it once they are deleted and no pod uses them", async () => {
  const cluster = new MemoryCluster();
  cluster.create(persistentVolumeClaims, claim());
  cluster.create(pods, pod());
  await using controllers = await RunningControllers.start(cluster, [claimProtectionController]);
  const finalizers = () => finalizersOf(cluster, persistentVolumeClaims, "c");
  assert.deepEqual(finalizers(), ["kubernetes.io/pvc-protection"]);
  cluster.change(persistentVolumeClaims, "c", { metadata: { deletionTimestamp } });
  await controllers.settle();
  assert.deepEqual(finalizers(), ["kubernetes.io/pvc-protection"], "it is in use");
  cluster.remove(pods, "p");
  await controllers.settle();
  assert.deepEqual(finalizers(), []);
});

test("volumes are kept while a claim is bound to them", async () => {
  const cluster = new MemoryCluster();
  cluster.create(persistentVolumes, { metadata: { name: "v" }, spec: {}, status: { phase: "Bound" } });
  await using controllers = await RunningControllers.start(cluster, [volumeProtectionController]);
  const finalizers = () => finalizersOf(cluster, persistentVolumes, "v");
  assert.deepEqual(finalizers(), ["kubernetes.io/pv-protection"]);
  cluster.change(persistentVolumes, "v", { metadata: { deletionTimestamp } });
  await controllers.settle();
  assert.deepEqual(finalizers(), ["kubernetes.io/pv-protection"]);
  cluster.change(persistentVolumes, "v", { status: { phase: "Released" } });
  await controllers.settle();
  assert.deepEqual(finalizers(), []);
});

test("classes of volume attributes are kept while a claim or a volume has them", async () => {
  const cluster = new MemoryCluster();
  cluster.create(volumeAttributesClasses, { metadata: { name: "gold" }, driverName: "d" });
  cluster.create(persistentVolumeClaims, {
    ...claim(),
    status: { currentVolumeAttributesClassName: "gold" },
  });
  cluster.create(persistentVolumes, { metadata: { name: "v" }, spec: { volumeAttributesClassName: "gold" } });
  await using controllers = await RunningControllers.start(cluster, [attributesClassProtectionController]);
  const finalizers = () => finalizersOf(cluster, volumeAttributesClasses, "gold");
  assert.deepEqual(finalizers(), ["kubernetes.io/vac-protection"]);
  cluster.change(volumeAttributesClasses, "gold", { metadata: { deletionTimestamp } });
  cluster.remove(persistentVolumes, "v");
  await controllers.settle();
  assert.equal(finalizers().length, 1, "a claim has it");
  cluster.change(persistentVolumeClaims, "c", { status: { currentVolumeAttributesClassName: "silver" } });
  await controllers.settle();
  assert.deepEqual(finalizers(), []);
});
