import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import type { KubeObject } from "@kube-ts/api/object";
import {
  joinManagedFields,
  managedFieldsText,
  metadataJson,
  parseStored,
  setManagedFieldsText,
  withoutManagedFields,
} from "./managed-fields-text.ts";
import { withResourceVersion } from "./resource-version.ts";

const fields = '[{"manager":"m","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:a":{}}}]';
const entries = JSON.parse(fields) as unknown;
const plain = (name = "a"): KubeObject => ({ kind: "Pod", apiVersion: "v1", metadata: { name } });

describe("managed fields as text", () => {
  test("are read when somebody asks", () => {
    const object = plain();
    setManagedFieldsText(object.metadata, fields);
    assert.equal(managedFieldsText(object.metadata), fields);
    assert.deepEqual(object.metadata.managedFields, entries);
    assert.equal(object.metadata.managedFields, object.metadata.managedFields, "read once");
    assert.equal(managedFieldsText(object.metadata), fields);
    assert.deepEqual(JSON.parse(JSON.stringify(object)), {
      ...plain(),
      metadata: { name: "a", managedFields: entries },
    });
    assert.deepEqual(structuredClone(object).metadata.managedFields, entries);
  });

  test("give way to what is put in their place", () => {
    const { metadata } = plain();
    setManagedFieldsText(metadata, fields);
    metadata.managedFields = [];
    assert.equal(managedFieldsText(metadata), undefined);
    assert.deepEqual(metadata.managedFields, []);
    setManagedFieldsText(metadata, fields);
    delete metadata.managedFields;
    assert.equal(managedFieldsText(metadata), undefined);
    setManagedFieldsText(metadata, fields);
    setManagedFieldsText(metadata, "");
    assert.equal("managedFields" in metadata, false);
  });

  test("are left out of a copy", () => {
    const { metadata } = plain();
    setManagedFieldsText(metadata, fields);
    assert.deepEqual(withoutManagedFields(metadata), { name: "a" });
    assert.equal(managedFieldsText(metadata), fields);
  });

  test("are spliced into the JSON of metadata", () => {
    for (const metadata of [plain().metadata, {}]) {
      assert.equal(metadataJson(metadata), JSON.stringify(metadata));
      setManagedFieldsText(metadata, fields);
      assert.deepEqual(JSON.parse(metadataJson(metadata)), {
        ...withoutManagedFields(metadata),
        managedFields: entries,
      });
    }
  });

  test("stay text through the store", () => {
    const stored = Buffer.from(joinManagedFields(JSON.stringify(plain()), fields));
    for (const bytes of [stored, withResourceVersion(stored, 7n)]) {
      const object = parseStored(bytes);
      assert.equal(managedFieldsText(object.metadata), fields);
      assert.deepEqual(JSON.parse(JSON.stringify(object)), JSON.parse(bytes.toString()));
    }
  });

  test("elsewhere in an object are nothing special", () => {
    const inner = { ...plain(), data: { metadata: { managedFields: entries, name: "x" } } };
    const annotated = {
      ...plain(),
      metadata: { name: "a", annotations: { k: `{"managedFields":${fields},"name":"b"}` } },
    };
    const last = { ...plain(), metadata: { name: "a", managedFields: entries } };
    for (const value of [inner, annotated, last, { data: 1 }, { metadata: {} }]) {
      const object = parseStored(Buffer.from(JSON.stringify(value)));
      assert.deepEqual(JSON.parse(JSON.stringify(object)), JSON.parse(JSON.stringify(value)));
    }
  });

  test("may hold any names", () => {
    const names = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('}],"name":"', "}],", '}],"', "]", '"}]'));
    checkProperty(
      fc.property(names, names, names, (manager, field, label) => {
        const list = JSON.stringify([
          { manager, operation: "Update", fieldsV1: { [`f:${field}`]: {} } },
          {
            manager: field,
            operation: "Apply",
            fieldsV1: { [`f:${manager}`]: { [`k:{"a":${JSON.stringify(field)}}`]: {} } },
          },
        ]);
        const object = { ...plain(), metadata: { name: "a", labels: { [label]: manager } } };
        const read = parseStored(Buffer.from(joinManagedFields(JSON.stringify(object), list)));
        assert.equal(managedFieldsText(read.metadata), list);
        assert.deepEqual({ ...withoutManagedFields(read.metadata) }, object.metadata);
      }),
    );
  });
});
