import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status, Table } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { ApiRequests } from "../harness/api-requests.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// Words and shapes that clients of upstream know, beside those that other tests are about.

const server = serverForTests();
const api = new ApiRequests(server);
const apps = "/apis/apps/v1/namespaces/default/deployments";
const configMaps = "/api/v1/namespaces/default/configmaps";
const asTable = { Accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };

const deployment = (name: string) => ({
  metadata: { name },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "c", image: "i" }] } },
  },
});

test("a scale has a table of its own, and metadata alone", async () => {
  assert.equal((await api.ask("POST", apps, { body: deployment("scaled") })).code, 201);
  const table = await api.json<Table>("GET", `${apps}/scaled/scale`, { headers: asTable });
  assert.deepEqual(
    table.columnDefinitions.map(({ name, type }) => [name, type]),
    [
      ["Name", "string"],
      ["Desired", "integer"],
      ["Available", "integer"],
      ["Age", "string"],
    ],
  );
  assert.deepEqual(table.rows[0]?.cells.slice(0, 3), ["scaled", 2, 0]);
  const headers = { Accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io" };
  const partial = await api.json<KubeObject>("GET", `${apps}/scaled/scale`, { headers });
  assert.deepEqual([partial.kind, partial.metadata.name], ["PartialObjectMetadata", "scaled"]);
  const put = await api.json<Table>("PUT", `${apps}/scaled/scale`, {
    body: { metadata: { name: "scaled" }, spec: { replicas: 3 } },
    headers: asTable,
  });
  assert.deepEqual(put.rows[0]?.cells.slice(0, 2), ["scaled", 3]);
});

test("preconditions that do not hold are told of as upstream does", async () => {
  const made = await api.json<KubeObject>("POST", configMaps, { body: { metadata: { name: "kept" } } });
  const { uid, resourceVersion } = made.metadata;
  const refused = async (method: string, body: object) => {
    const status = await api.json<Status>(method, `${configMaps}/kept`, { body });
    assert.deepEqual([status.code, status.reason], [409, "Conflict"]);
    return [status.details?.kind, status.message?.replace(/^Operation cannot be fulfilled on /, "")];
  };
  assert.deepEqual(await refused("DELETE", { preconditions: { uid: "other" } }), [
    "ConfigMap",
    `ConfigMap "kept": the UID in the precondition (other) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
  ]);
  assert.deepEqual(await refused("DELETE", { preconditions: { resourceVersion: "1" } }), [
    "ConfigMap",
    `ConfigMap "kept": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
  ]);
  assert.deepEqual(await refused("PUT", { metadata: { name: "kept", uid: "other" } }), [
    "configmaps",
    `configmaps "kept": StorageError: invalid object, Code: 4, Key: /registry/configmaps/default/kept, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: other, UID in object meta: ${uid}`,
  ]);
});

test("a field that is unknown and given twice is unknown, and no more", async () => {
  const body = JSON.stringify(deployment("strict")).replace(
    '"spec":{',
    '"spec":{"odd":1,"odd":2,"strange":{"a":1,"a":2},"paused":true,"paused":false,',
  );
  const headers = { "Content-Type": "application/json" };
  const strict = await api.json<Status>("POST", `${apps}?fieldValidation=Strict`, { body, headers });
  assert.equal(strict.code, 400);
  assert.equal(
    strict.message,
    'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.odd", unknown field "spec.strange", duplicate field "spec.paused"',
  );
  const warned = await api.ask("POST", `${apps}?fieldValidation=Warn`, { body, headers });
  assert.equal(warned.code, 201);
  assert.equal(String(warned.headers["warning"]).split(", ").length, 3);
});

test("a path that nobody answers for is not found in plain text, a resource with a Status", async () => {
  for (const path of ["/nowhere", "/apis/nothing.example.com", "/apis/apps/v9", "/api/v2"]) {
    const { code, headers, text } = await api.ask("GET", path);
    assert.deepEqual([code, text], [404, "404 page not found\n"], path);
    assert.equal(headers["content-type"], "text/plain; charset=utf-8");
  }
  const status = await api.json<Status>("GET", "/apis/apps/v1/nothing");
  assert.deepEqual([status.code, status.reason], [404, "NotFound"]);
});
