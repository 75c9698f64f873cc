import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type JsonObject, isJsonObject } from "../json-value.ts";
import { typeById } from "../schema-registry.ts";
import type { OpenApiResource } from "./operations.ts";
import { loadAllDocs, schemasOf } from "./schemas.ts";
import { openApiV2 } from "./v2.ts";
import { documentHash, openApiV3, openApiV3Index } from "./v3.ts";

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const pod = { group: "", version: "v1", plural: "pods", kind: "Pod", namespaced: true, type: typeById("core/v1.Pod") };
const resources: OpenApiResource[] = [
  { ...pod, verbs },
  { ...pod, verbs: ["get"], subresource: "log", optionsType: typeById("core/v1.PodLogOptions") },
  { ...pod, verbs: [], subresource: "exec", optionsType: typeById("core/v1.PodExecOptions"), connect: ["get", "post"] },
  {
    ...pod,
    verbs: [],
    subresource: "proxy",
    optionsType: typeById("core/v1.PodProxyOptions"),
    connect: ["get", "head"],
    connectsBelow: true,
  },
  {
    ...pod,
    verbs: ["create"],
    subresource: "eviction",
    type: typeById("policy/v1.Eviction"),
    bodyKind: { group: "policy", version: "v1", kind: "Eviction" },
  },
];
const docs = await loadAllDocs();
const serverVersion = "v1.36.0";

function at(document: unknown, ...path: readonly string[]): JsonObject {
  const value = path.reduce<unknown>((inner, key) => (isJsonObject(inner) ? inner[key] : undefined), document);
  assert.ok(isJsonObject(value), path.join(" "));
  return value;
}

function references(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === "$ref" ? [String(item)] : references(item)));
}

suite("OpenAPI v3", () => {
  const document = openApiV3({ resources, serverVersion, docs });
  const schemas = at(document, "components", "schemas");

  test("fields are required and defaulted as upstream has them", () => {
    const deployment = at(schemasOf("v3", [typeById("apps/v1.Deployment")], docs), "io.k8s.api.apps.v1.DeploymentSpec");
    assert.deepEqual(deployment["required"], ["selector", "template"]);
    const properties = (name: string, ...path: string[]) =>
      at(schemas, `io.k8s.api.core.v1.${name}`, "properties", ...path);
    assert.equal(properties("Container", "name")["default"], "");
    assert.equal(properties("Container", "image")["default"], undefined);
    assert.equal(properties("Container", "args", "items")["default"], "");
    assert.deepEqual(properties("ResourceRequirements", "limits", "additionalProperties"), {
      allOf: [{ $ref: "#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity" }],
      default: {},
    });
    const reference = at(schemas, "io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry", "properties", "fieldsV1");
    assert.deepEqual(reference["allOf"], [
      { $ref: "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1" },
    ]);
    const events = schemasOf("v3", [typeById("core/v1.Event")], docs);
    assert.equal(at(events, "io.k8s.api.core.v1.ObjectReference")["x-kubernetes-group-version-kind"], undefined);
  });

  test("every reference leads to a schema", () => {
    for (const reference of references(document)) {
      const [, name = ""] = /^#\/components\/schemas\/(.+)$/.exec(reference) ?? [];
      assert.ok(Object.hasOwn(schemas, name), reference);
    }
  });

  test("a kind carries its group, version and kind, and fields what merging needs", () => {
    const schema = at(schemas, "io.k8s.api.core.v1.Pod");
    assert.deepEqual(schema["x-kubernetes-group-version-kind"], [{ group: "", kind: "Pod", version: "v1" }]);
    assert.deepEqual(at(schema, "properties", "spec")["allOf"], [
      { $ref: "#/components/schemas/io.k8s.api.core.v1.PodSpec" },
    ]);
    const ports = at(schemas, "io.k8s.api.core.v1.Container", "properties", "ports");
    assert.deepEqual(ports["x-kubernetes-list-map-keys"], ["containerPort", "protocol"]);
    assert.equal(ports["x-kubernetes-list-type"], "map");
    assert.equal(ports["x-kubernetes-patch-merge-key"], "containerPort");
    assert.equal(ports["x-kubernetes-patch-strategy"], "merge");
    assert.equal(at(schemas, "io.k8s.api.core.v1.ContainerPort", "properties", "protocol")["default"], "TCP");
    const strategies = at(schemas, "io.k8s.api.core.v1.PodSpec", "properties", "volumes");
    assert.equal(strategies["x-kubernetes-patch-strategy"], "merge,retainKeys");
    assert.equal(at(schemas, "io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference")["x-kubernetes-map-type"], "atomic");
  });

  test("patches announce their types and take fieldValidation, as kubectl looks for", () => {
    const operation = at(document, "paths", "/api/v1/namespaces/{namespace}/pods/{name}", "patch");
    assert.deepEqual(Object.keys(at(operation, "requestBody", "content")), [
      "application/json-patch+json",
      "application/merge-patch+json",
      "application/strategic-merge-patch+json",
      "application/apply-patch+yaml",
    ]);
    const parameters = operation["parameters"] as { name: string }[];
    assert.ok(parameters.some((parameter) => parameter.name === "fieldValidation"));
    assert.deepEqual(operation["x-kubernetes-group-version-kind"], { group: "", version: "v1", kind: "Pod" });
  });

  test("operations have upstream's names", () => {
    const ids = Object.values(at(document, "paths")).flatMap((path) =>
      Object.values(path as JsonObject).flatMap((operation) =>
        isJsonObject(operation) && operation["operationId"] ? [String(operation["operationId"])] : [],
      ),
    );
    assert.deepEqual(ids.toSorted(), [
      "connectCoreV1GetNamespacedPodExec",
      "connectCoreV1GetNamespacedPodProxy",
      "connectCoreV1GetNamespacedPodProxyWithPath",
      "connectCoreV1HeadNamespacedPodProxy",
      "connectCoreV1HeadNamespacedPodProxyWithPath",
      "connectCoreV1PostNamespacedPodExec",
      "createCoreV1NamespacedPod",
      "createCoreV1NamespacedPodEviction",
      "deleteCoreV1CollectionNamespacedPod",
      "deleteCoreV1NamespacedPod",
      "listCoreV1NamespacedPod",
      "listCoreV1PodForAllNamespaces",
      "patchCoreV1NamespacedPod",
      "readCoreV1NamespacedPod",
      "readCoreV1NamespacedPodLog",
      "replaceCoreV1NamespacedPod",
    ]);
  });

  test("subresources have the parameters of their options and the kind of their body", () => {
    const log = at(document, "paths", "/api/v1/namespaces/{namespace}/pods/{name}/log", "get");
    assert.ok((log["parameters"] as { name: string }[]).some((parameter) => parameter.name === "tailLines"));
    const eviction = at(document, "paths", "/api/v1/namespaces/{namespace}/pods/{name}/eviction", "post");
    assert.deepEqual(eviction["x-kubernetes-group-version-kind"], { group: "policy", version: "v1", kind: "Eviction" });
  });

  test("the index names documents by their hash", () => {
    const text = JSON.stringify(document);
    assert.deepEqual(openApiV3Index(new Map([["api/v1", text]])), {
      paths: { "api/v1": { serverRelativeURL: `/openapi/v3/api/v1?hash=${documentHash(text)}` } },
    });
  });
});

suite("OpenAPI v2", () => {
  const document = openApiV2({
    resources: [
      ...resources,
      {
        group: "example.com",
        version: "v1",
        plural: "things",
        kind: "Thing",
        namespaced: false,
        verbs: ["list"],
        type: "com.example.Thing",
      },
    ],
    serverVersion,
    docs,
    definitions: { "com.example.ThingList": { type: "object" } },
  });

  test("every reference leads to a definition, the caller's own included", () => {
    const definitions = at(document, "definitions");
    for (const reference of references(document)) {
      const [, name = ""] = /^#\/definitions\/(.+)$/.exec(reference) ?? [];
      assert.ok(Object.hasOwn(definitions, name), reference);
    }
    assert.ok(references(at(document, "paths", "/apis/example.com/v1/things")).length > 0);
  });

  test("scalars that have no JSON type have their names", () => {
    const definitions = at(document, "definitions");
    assert.equal(at(definitions, "io.k8s.apimachinery.pkg.util.intstr.IntOrString")["format"], "int-or-string");
    assert.equal(at(definitions, "io.k8s.apimachinery.pkg.api.resource.Quantity")["type"], "string");
    assert.equal(at(definitions, "io.k8s.apimachinery.pkg.apis.meta.v1.Time")["format"], "date-time");
  });
});
