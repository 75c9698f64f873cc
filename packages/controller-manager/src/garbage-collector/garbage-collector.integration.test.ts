import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { ConfigMap, Pod } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import type { DeleteOptions, OwnerReference } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { defineResourceType } from "@kube-ts/api/resource-type";
import { configMaps, customResourceDefinitions, namespaces, pods } from "@kube-ts/api/resource-types";
import { isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import { eventually } from "@kube-ts/client/testing/eventually";
import { ControlPlane } from "../testing/control-plane.ts";

// Upstream's end-to-end cases of owners, and of namespaces whose pods go first.

const slowMs = 30_000;
let plane: ControlPlane;
let client: Client;

before(async () => {
  plane = await ControlPlane.start();
  ({ client } = plane);
});

after(() => plane[Symbol.asyncDispose]());

function ownedBy(owner: KubeObject, apiVersion = "v1", kind = "ConfigMap"): OwnerReference {
  const { name = "", uid = "" } = owner.metadata;
  return { apiVersion, kind, name, uid, blockOwnerDeletion: true };
}

describe("objects that own each other", () => {
  const create = (namespace: string, name: string, ...ownerReferences: OwnerReference[]): Promise<ConfigMap> =>
    client.resource(configMaps).create({ metadata: { namespace, name, ownerReferences } });
  const names = async (namespace: string) => {
    const { items } = await client.resource(configMaps).list({ namespace });
    return items.map(({ metadata }) => metadata.name).filter((name) => name !== "kube-root-ca.crt");
  };

  for (const propagationPolicy of ["Background", "Foreground"] as const) {
    test(`in a circle go together: ${propagationPolicy}`, async () => {
      const namespace = await plane.namespace(`circle-${propagationPolicy.toLowerCase()}`);
      const first = await create(namespace, "a");
      const second = await create(namespace, "b", ownedBy(first));
      const third = await create(namespace, "c", ownedBy(second));
      const a = { namespace, name: "a" };
      await client.resource(configMaps).patch(a, "merge", { metadata: { ownerReferences: [ownedBy(third)] } });
      await client.resource(configMaps).delete(a, { propagationPolicy });
      await eventually(async () => assert.deepEqual(await names(namespace), []), slowMs);
    });
  }

  test("stay with an owner that is left, and wait for no other", async () => {
    const namespace = await plane.namespace("two-owners");
    const [going, staying] = [await create(namespace, "going"), await create(namespace, "staying")];
    await create(namespace, "both", ownedBy(going), ownedBy(staying));
    await create(namespace, "one", ownedBy(going));
    const options: DeleteOptions = { propagationPolicy: "Foreground" };
    await client.resource(configMaps).delete({ namespace, name: "going" }, options);
    await eventually(async () => assert.deepEqual(await names(namespace), ["both", "staying"]), slowMs);
    const both = await client.resource(configMaps).get({ namespace, name: "both" });
    assert.deepEqual(
      both.metadata.ownerReferences?.map(({ name }) => name),
      ["staying"],
    );
  });

  test("may be custom resources", async () => {
    const names = { plural: "things", singular: "thing", kind: "Thing", listKind: "ThingList" };
    const openAPIV3Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
    const versions = [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }];
    const spec = { group: "example.com", scope: "Namespaced" as const, names, versions };
    await client.resource(customResourceDefinitions).create({ metadata: { name: "things.example.com" }, spec });
    const things = client.resource(
      defineResourceType<KubeObject>("example.com", "v1", "things", "Thing", "Namespaced"),
    );
    const namespace = await plane.namespace("custom");
    await eventually(async () => {
      await things.list({ namespace });
    }, slowMs);
    const thing = (name: string, ...ownerReferences: OwnerReference[]) =>
      things.create({ apiVersion: "example.com/v1", kind: "Thing", metadata: { namespace, name, ownerReferences } });
    const owner = await thing("owner");
    await thing("dependent", ownedBy(owner, "example.com/v1", "Thing"));
    await create(namespace, "built-in", ownedBy(owner, "example.com/v1", "Thing"));
    await things.delete({ namespace, name: "owner" }, { propagationPolicy: "Foreground" });
    await eventually(async () => {
      assert.deepEqual((await things.list({ namespace })).items, []);
      await assert.rejects(client.resource(configMaps).get({ namespace, name: "built-in" }), isNotFound);
      // A new kind of object is noticed when the server is asked for its resources the next time, after 30 s.
    }, 3 * slowMs);
  });
});

test("a namespace loses its pods before anything else, and says what it waits for", async () => {
  const namespace = await plane.namespace("pods-first");
  const key = { namespace, name: "held" };
  const metadata = { ...key, finalizers: ["example.com/hold"] };
  await client.resource<Pod>(pods).create({ metadata, spec: { containers: [{ name: "c", image: "i" }] } });
  await client.resource(configMaps).create({ metadata: { namespace, name: "needed" } });
  await client.resource(namespaces).delete({ name: namespace });
  await eventually(async () => {
    const { status } = await client.resource(namespaces).get({ name: namespace });
    const messageOf = (type: string) => findCondition(status?.conditions, type)?.message;
    assert.equal(
      messageOf("NamespaceContentRemaining"),
      "Some resources are remaining: pods. has 1 resource instances",
    );
    assert.equal(
      messageOf("NamespaceFinalizersRemaining"),
      "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
    );
  }, slowMs);
  assert.equal(
    (await client.resource(configMaps).get({ namespace, name: "needed" })).metadata.deletionTimestamp,
    undefined,
  );
  await client.resource<Pod>(pods).patch(key, "merge", { metadata: { finalizers: null } });
  await eventually(async () => {
    await assert.rejects(client.resource(namespaces).get({ name: namespace }), isNotFound);
  }, 2 * slowMs);
});
