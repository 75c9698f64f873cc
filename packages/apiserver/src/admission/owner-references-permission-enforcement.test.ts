import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigMap } from "@kube-ts/api/core/v1";
import type { OwnerReference } from "@kube-ts/api/meta/v1";
import { configMaps, pods } from "@kube-ts/api/resource-types";
import type { Authorizer } from "../auth/authorizer.ts";
import { OwnerReferencesPermissionEnforcement } from "./owner-references-permission-enforcement.ts";
import { refusalOf, writeOf } from "./testing/attributes.ts";

const signal = AbortSignal.timeout(60_000);

function owner(changes: Partial<OwnerReference> = {}): OwnerReference {
  return { apiVersion: "apps/v1", kind: "ReplicaSet", name: "r", uid: "1", ...changes };
}

function configMap(...ownerReferences: OwnerReference[]): ConfigMap {
  return { metadata: { name: "c", namespace: "ns", ...(ownerReferences.length > 0 && { ownerReferences }) } };
}

/** Allows what is listed, as `verb resource[/subresource] name`; answers what was asked. */
function setUp(...allowed: string[]) {
  const asked: string[] = [];
  const authorizer: Authorizer = {
    authorize: (attributes) => {
      if (attributes.kind !== "resource") throw new Error("a path");
      const { verb, resource, subresource, name } = attributes;
      const question = `${verb} ${resource}${subresource && `/${subresource}`} ${name}`.trim();
      asked.push(question);
      return { decision: allowed.includes(question) ? "allow" : "noOpinion", reason: "" };
    },
  };
  const plugin = new OwnerReferencesPermissionEnforcement(authorizer, (group, version, kind) =>
    group === "apps" && version === "v1" && kind === "ReplicaSet"
      ? { plural: "replicasets", namespaced: true }
      : undefined,
  );
  const judge = (object: ConfigMap, old?: ConfigMap) => {
    const changes = old ? ({ operation: "UPDATE", oldObject: old } as const) : {};
    return refusalOf(async () => plugin.validate(writeOf(configMaps, object, changes), signal));
  };
  return { asked, plugin, judge };
}

test("owners that do not change are nobody's business", async () => {
  const { asked, judge, plugin } = setUp();
  assert.equal(await judge(configMap()), "");
  assert.equal(await judge(configMap(owner()), configMap(owner())), "");
  const pod = { metadata: { name: "p", namespace: "ns", ownerReferences: [owner()] }, spec: { containers: [] } };
  const status = { operation: "UPDATE", subresource: "status", oldObject: { metadata: {} } } as const;
  assert.equal(await refusalOf(async () => plugin.validate(writeOf(pods, pod, status), signal)), "");
  assert.deepEqual(asked, []);
});

test("who names an owner must be able to delete the object", async () => {
  const { judge } = setUp("delete configmaps c");
  assert.equal(await judge(configMap(owner())), "");
  const { asked, judge: judgeUnable } = setUp();
  assert.equal(
    await judgeUnable(configMap(), configMap(owner())),
    '403 configmaps "c" is forbidden: cannot set an ownerRef on a resource you can\'t delete: , <nil>',
  );
  assert.deepEqual(asked, ["delete configmaps c"]);
});

test("who holds up an owner's deletion must be able to set its finalizers", async () => {
  const blocking = owner({ blockOwnerDeletion: true });
  const { judge } = setUp("delete configmaps c");
  assert.match(await judge(configMap(blocking)), /refers to a resource you can't set finalizers on: , <nil>$/);
  assert.match(
    await judge(configMap(owner({ kind: "Unknown", blockOwnerDeletion: true }))),
    /cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion apps\/v1 Kind Unknown/,
  );
  const { judge: judgeAllowed } = setUp("delete configmaps c", "update replicasets/finalizers r");
  assert.equal(await judgeAllowed(configMap(blocking)), "");
  const { judge: judgeKept, asked } = setUp("delete configmaps c");
  assert.equal(await judgeKept(configMap(blocking, owner({ uid: "2" })), configMap(blocking)), "");
  assert.deepEqual(asked, ["delete configmaps c"]);
});
