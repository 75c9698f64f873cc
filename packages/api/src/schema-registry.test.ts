import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { groupVersionSources } from "./group-versions.ts";
import * as resources from "./resource-types.ts";
import { type ResourceType, resourcePath } from "./resource-type.ts";
import { kindsOf, loadDocs, objectTypesOf, typeById, typeOf } from "./schema-registry.ts";

suite("schema registry", () => {
  test("every resource has a type", () => {
    for (const resource of Object.values(resources) as ResourceType<never>[]) {
      const type = typeOf(resource.group, resource.version, resource.kind);
      assert.equal(type?.name, resource.kind);
      assert.equal(type.isTopLevel, true);
    }
  });

  test("fields lead to types, one instance each", () => {
    const deployment = typeOf("apps", "v1", "Deployment");
    const spec = deployment?.fields.get("spec")?.type;
    assert.ok(spec?.kind === "object");
    assert.equal(spec.fields.get("template")?.type, typeById("core/v1.PodTemplateSpec"));
    const containers = typeById("core/v1.PodSpec").fields.get("containers");
    assert.deepEqual(containers?.listMapKeys, ["name"]);
    assert.deepEqual(containers?.patchStrategy, ["merge"]);
    assert.equal(containers?.type.kind === "list" && containers.type.items, typeById("core/v1.Container"));
  });

  test("all types resolve", () => {
    for (const source of groupVersionSources) {
      for (const type of objectTypesOf(source)) for (const field of type.fields.values()) assert.ok(field.type.kind);
    }
  });

  test("the kinds of meta/v1 belong to every group version", () => {
    assert.equal(typeOf("apps", "v1", "DeleteOptions")?.id, "meta/v1.DeleteOptions");
    assert.equal(typeOf("", "v1", "Status")?.id, "meta/v1.Status");
    assert.equal(typeOf("apps", "v1", "constructor"), undefined);
    assert.equal(typeOf("apps", "v2", "Deployment"), undefined);
    assert.throws(() => typeById("core/v1.Nope"));
    const [meta] = groupVersionSources;
    assert.ok(meta && kindsOf(meta).includes("Status"));
  });

  test("every type and field has a comment", async () => {
    for (const source of groupVersionSources) {
      const docs = await loadDocs(source);
      for (const type of objectTypesOf(source)) {
        assert.ok(docs[type.name]?.doc, type.id);
        for (const name of type.fields.keys()) assert.ok(docs[type.name]?.fields?.[name], `${type.id}.${name}`);
      }
    }
  });

  test("paths of resources", () => {
    assert.equal(resourcePath(resources.pods, "a b", "c", "log"), "/api/v1/namespaces/a%20b/pods/c/log");
    assert.equal(resourcePath(resources.deployments), "/apis/apps/v1/deployments");
  });
});
