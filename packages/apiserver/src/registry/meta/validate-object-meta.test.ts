import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ConfigMap } from "@kube-ts/api/core/v1";
import type { ObjectMeta } from "@kube-ts/api/meta/v1";
import { configMapResource } from "../core/config-map.ts";
import { nodeResource } from "../core/node.ts";
import { type Draft, RuleBench } from "./testing/rule-bench.ts";

const bench = new RuleBench<ConfigMap>(configMapResource);
const nodeBench = new RuleBench(nodeResource);

describe("the metadata of a new object", () => {
  function create(what: string, metadata: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata }), errors));
  }

  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "a", uid: "u" };
  create(
    "may be full",
    {
      name: "a.b-c",
      labels: { "example.com/a": "b", c: "" },
      annotations: { "example.com/A": "anything at all" },
      finalizers: ["example.com/wait", "foregroundDeletion"],
      ownerReferences: [
        { ...owner, controller: true },
        { ...owner, uid: "v" },
      ],
    },
    [],
  );
  create("has a name", { namespace: "default" }, ["metadata.name: Required value: name or generateName is required"]);
  create("has a right name", { name: "A b" }, [
    `metadata.name: Invalid value: "A b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
  ]);
  create("has a right prefix of a name", { generateName: "My_App-" }, [
    `metadata.generateName: Invalid value: "My_App-": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    `metadata.name: Invalid value: "My_App-x7k2p": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
  ]);
  create("has a right namespace", { name: "a", namespace: "A.b" }, [
    `metadata.namespace: Invalid value: "A.b": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
  ]);
  create("has right labels", { name: "a", labels: { "a b": "c", d: "not a value", "UPPER.example/x": "y" } }, [
    `metadata.labels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    `metadata.labels: Invalid value: "not a value": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    `metadata.labels: Invalid value: "UPPER.example/x": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
  ]);
  create("has right keys of annotations", { name: "a", annotations: { "a b": "c" } }, [
    `metadata.annotations: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
  ]);
  create("has annotations of some size", { name: "a", annotations: { a: "x".repeat(256 * 1024) } }, [
    "metadata.annotations: Too long: may not be more than 262144 bytes",
  ]);
  create("has right finalizers", { name: "a", finalizers: ["wait", "a b", "orphan", "foregroundDeletion"] }, [
    `metadata.finalizers: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    'metadata.finalizers: Invalid value: ["wait","a b","orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
    'metadata.finalizers[0]: Invalid value: "wait": name is neither a standard finalizer name nor is it fully qualified',
    'metadata.finalizers[1]: Invalid value: "a b": name is neither a standard finalizer name nor is it fully qualified',
  ]);
  create(
    "has right owners",
    {
      name: "a",
      ownerReferences: [
        { apiVersion: "", kind: "", name: "", uid: "" },
        { ...owner, apiVersion: "v1", kind: "Event" },
      ],
    },
    [
      'metadata.ownerReferences.apiVersion: Invalid value: "": version must not be empty',
      'metadata.ownerReferences.kind: Invalid value: "": must not be empty',
      'metadata.ownerReferences.name: Invalid value: "": must not be empty',
      'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
      'metadata.ownerReferences: Invalid value: {"apiVersion":"v1","kind":"Event","name":"a","uid":"u"}: /v1, Kind=Event is disallowed from being an owner',
    ],
  );
  create(
    "has one controller",
    {
      name: "a",
      ownerReferences: [
        { ...owner, controller: true },
        { ...owner, name: "b", controller: true },
      ],
    },
    [
      'metadata.ownerReferences: Invalid value: [{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"a","uid":"u","controller":true},{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"b","uid":"u","controller":true}]: Only one reference can have Controller set to true. Found "true" in references for ReplicaSet/a and ReplicaSet/b',
    ],
  );
  create(
    "has right managers",
    {
      name: "a",
      managedFields: [
        { operation: "Patch", fieldsType: "V2", manager: "x".repeat(129), subresource: "y".repeat(257) },
        { operation: "Apply", manager: "a\u0007" },
      ],
    },
    [
      'metadata.managedFields[0].operation: Invalid value: "Patch": must be `Apply` or `Update`',
      'metadata.managedFields[0].fieldsType: Invalid value: "V2": must be `FieldsV1`',
      "metadata.managedFields[0].manager: Too long: may not be more than 128 bytes",
      "metadata.managedFields[0].subresource: Too long: may not be more than 256 bytes",
      'metadata.managedFields[1].manager: Invalid value: "a\\a": should not contain non-printable characters',
    ],
  );

  it("has no namespace in the whole cluster", () => {
    assert.deepEqual(nodeBench.createErrors({ metadata: { name: "n1", namespace: "default" } }), [
      "metadata.namespace: Forbidden: not allowed on this type",
    ]);
  });
});

describe("the metadata of an updated object", () => {
  const old = bench.prepared({ metadata: { name: "a", namespace: "default", generation: 3 } });

  function update(
    what: string,
    before: Partial<ObjectMeta>,
    change: Partial<ObjectMeta>,
    errors: readonly string[],
  ): void {
    it(what, () => {
      const stored = { ...old, metadata: { ...old.metadata, ...before } };
      assert.deepEqual(
        bench.updateErrors(stored, (object) => Object.assign(object.metadata, change)),
        errors,
      );
    });
  }

  update("may have other labels", {}, { labels: { a: "b" } }, []);
  update("has right labels", {}, { labels: { "a b": "c" } }, [
    `metadata.labels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    `metadata.labels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
  ]);
  update(
    "keeps what tells which object it is",
    {},
    { name: "b", namespace: "other", uid: "v", creationTimestamp: "2026-01-31T11:59:00Z" },
    [
      'metadata.name: Invalid value: "b": field is immutable',
      'metadata.namespace: Invalid value: "other": field is immutable',
      'metadata.uid: Invalid value: "v": field is immutable',
      'metadata.creationTimestamp: Invalid value: "2026-01-31T11:59:00Z": field is immutable',
    ],
  );
  update(
    "keeps its deletion",
    { deletionTimestamp: "2026-01-31T11:59:00Z", deletionGracePeriodSeconds: 30 },
    { deletionTimestamp: "2026-01-31T12:59:00Z", deletionGracePeriodSeconds: 5 },
    [
      'metadata.deletionTimestamp: Invalid value: "2026-01-31T12:59:00Z": field is immutable',
      "metadata.deletionGracePeriodSeconds: Invalid value: 5: field is immutable",
    ],
  );
  update("does not count generations back", { generation: 3 }, { generation: 2 }, [
    "metadata.generation: Invalid value: 2: must not be decremented",
  ]);
  update(
    "adds no finalizers at its end",
    { deletionTimestamp: "2026-01-31T11:59:00Z", finalizers: ["example.com/a"] },
    { finalizers: ["example.com/a", "example.com/c", "example.com/b"] },
    [
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/b", "example.com/c"}',
    ],
  );
  update(
    "loses finalizers at its end",
    { deletionTimestamp: "2026-01-31T11:59:00Z", finalizers: ["example.com/a"] },
    { finalizers: [] },
    [],
  );
});
