import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { decodeObject } from "./decode.ts";
import { legacyGroupVersionSources } from "./group-versions.ts";
import { loadLegacyTypes } from "./legacy-types.ts";
import { loadAllDocs } from "./openapi/schemas.ts";
import { knownGroupVersions, loadDocs, objectTypesOf, typeOf } from "./schema-registry.ts";

suite("legacy types", () => {
  before(async () => {
    assert.equal(typeOf("extensions", "v1beta1", "Deployment"), undefined);
    await loadLegacyTypes();
  });

  test("are known once they are loaded", () => {
    const type = typeOf("extensions", "v1beta1", "Deployment");
    assert.equal(type?.id, "extensions/v1beta1.Deployment");
    const spec = type?.fields.get("spec")?.type;
    assert.ok(spec?.kind === "object");
    assert.equal(spec.id, "extensions/v1beta1.DeploymentSpec");
  });

  test("are known once when they are loaded again", async () => {
    const known = knownGroupVersions();
    await loadLegacyTypes();
    assert.deepEqual(knownGroupVersions(), known);
  });

  test("resolve", () => {
    for (const source of legacyGroupVersionSources) {
      for (const type of objectTypesOf(source)) for (const field of type.fields.values()) assert.ok(field.type.kind);
    }
  });

  test("have comments", async () => {
    for (const source of legacyGroupVersionSources) {
      const docs = await loadDocs(source);
      for (const type of objectTypesOf(source)) {
        assert.ok(docs[type.name]?.doc, type.id);
        for (const name of type.fields.keys()) assert.ok(docs[type.name]?.fields?.[name], `${type.id}.${name}`);
      }
    }
    assert.ok((await loadAllDocs()).has("extensions/v1beta1"));
  });

  test("decode", () => {
    const type = typeOf("extensions", "v1beta1", "Ingress");
    assert.ok(type);
    const value = { spec: { backend: { serviceName: "web", servicePort: 80 }, unknown: 1 } };
    const { object, warnings } = decodeObject(type, value, { fieldValidation: "Warn" });
    assert.deepEqual(object, {
      metadata: {},
      spec: { backend: { serviceName: "web", servicePort: 80 } },
      status: { loadBalancer: {} },
    });
    assert.deepEqual(warnings, ['unknown field "spec.unknown"']);
  });
});
