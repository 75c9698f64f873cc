import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { JsonObject } from "@kube-ts/api/json-value";
import { decodeMessage } from "@kube-ts/api/protobuf/decode-message";
import { encodeMessageField } from "@kube-ts/api/protobuf/encode-message";
import { envelopeField, openEnvelope, sealEnvelope } from "@kube-ts/api/protobuf/envelope";
import { WireReader } from "@kube-ts/api/protobuf/wire-reader";
import { typeById } from "@kube-ts/api/schema-registry";
import { ApiRequests } from "../harness/api-requests.ts";
import type { ApiAnswer } from "../harness/api-requests.ts";
import { KubectlOnServer } from "../harness/kubectl-on-server.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

const protobuf = "application/vnd.kubernetes.protobuf";
const configMaps = "/api/v1/namespaces/default/configmaps";
const server = serverForTests();
const api = new ApiRequests(server);
const kubectl = new KubectlOnServer(server);

type Headers = Readonly<Record<string, string>>;

const ask = (method: string, path: string, headers: Headers = {}, body?: Buffer | string): Promise<ApiAnswer> =>
  api.ask(method, path, { headers, body });

/** The object in an envelope, which must be of the type. */
function opened(bytes: Buffer, kind: string, typeId: string): JsonObject {
  const envelope = openEnvelope(bytes);
  assert.equal(envelope.kind, kind);
  return decodeMessage(typeById(typeId), envelope.message);
}

function sealed(kind: string, object: object): Buffer {
  return sealEnvelope("v1", kind, encodeMessageField(envelopeField, typeById(`core/v1.${kind}`), object));
}

const create = (name: string, data: Readonly<Record<string, string>> = {}): Promise<ApiAnswer> =>
  ask(
    "POST",
    configMaps,
    { "Content-Type": protobuf, Accept: protobuf },
    sealed("ConfigMap", { metadata: { name }, data }),
  );

test("objects and lists go over the wire as protobuf and say the same as JSON", async () => {
  const created = await create("one", { b: "2", a: "1" });
  assert.equal(created.code, 201);
  assert.equal(created.headers["content-type"], protobuf);
  const one = opened(created.bytes, "ConfigMap", "core/v1.ConfigMap");
  const json = JSON.parse((await ask("GET", `${configMaps}/one`)).text) as JsonObject;
  assert.deepEqual({ kind: "ConfigMap", apiVersion: "v1", ...one }, json);
  const got = await ask("GET", `${configMaps}/one`, { Accept: `${protobuf},application/json` });
  assert.deepEqual(got.bytes, created.bytes);
  const list = await ask("GET", configMaps, { Accept: protobuf });
  const { metadata, items } = opened(list.bytes, "ConfigMapList", "core/v1.ConfigMapList");
  assert.deepEqual(items, [one]);
  assert.ok((metadata as { resourceVersion?: string }).resourceVersion);
  const empty = await ask("GET", "/api/v1/namespaces/none/configmaps", { Accept: protobuf });
  assert.equal(opened(empty.bytes, "ConfigMapList", "core/v1.ConfigMapList")["items"], undefined);
});

test("metadata alone comes as protobuf, tables never do", async () => {
  const as = "g=meta.k8s.io;v=v1";
  const partial = await ask("GET", configMaps, { Accept: `${protobuf};as=PartialObjectMetadataList;${as}` });
  const { items } = opened(partial.bytes, "PartialObjectMetadataList", "meta/v1.PartialObjectMetadataList");
  assert.deepEqual(Object.keys((items as JsonObject[])[0] ?? {}), ["metadata"]);
  const table = await ask("GET", configMaps, { Accept: `${protobuf};as=Table;${as},application/json;as=Table;${as}` });
  assert.equal(table.headers["content-type"], "application/json");
  assert.equal((JSON.parse(table.text) as JsonObject)["kind"], "Table");
  assert.equal((await ask("GET", configMaps, { Accept: `${protobuf};as=Table;${as}` })).code, 406);
  const single = await ask("GET", configMaps, { Accept: `application/json;as=PartialObjectMetadata;${as}` });
  assert.match(single.text, /you requested PartialObjectMetadata, but the requested object is a list/);
  const odd = await ask("GET", `${configMaps}?includeObject=Odd`, { Accept: `application/json;as=Table;${as}` });
  assert.equal(odd.code, 400);
});

test("errors come in the form that the client accepts", async () => {
  const missing = await ask("GET", `${configMaps}/none`, { Accept: protobuf });
  assert.equal(missing.code, 404);
  const status = opened(missing.bytes, "Status", "meta/v1.Status");
  assert.equal(status["message"], 'configmaps "none" not found');
  assert.equal(status["code"], 404);
  const yaml = await ask("GET", `${configMaps}/none`, { Accept: "application/yaml" });
  assert.match(yaml.text, /^reason: NotFound$/m);
});

test("what is not served is refused with what is", async () => {
  const served = `application/json, application/yaml, ${protobuf}`;
  const answers: readonly (readonly [Promise<ApiAnswer>, number, string])[] = [
    [
      ask("GET", configMaps, { Accept: "application/cbor" }),
      406,
      `only the following media types are accepted: ${served}`,
    ],
    [
      ask("GET", `${configMaps}?watch=1`, { Accept: "text/html" }),
      406,
      `only the following media types are accepted: application/json;stream=watch, ${protobuf};stream=watch`,
    ],
    [
      ask("POST", configMaps, { "Content-Type": "application/cbor" }, "{}"),
      415,
      `the body of the request was in an unknown format - accepted media types include: ${served}`,
    ],
  ];
  for (const [answer, code, message] of answers) {
    const { code: actual, text } = await answer;
    assert.equal(actual, code);
    assert.equal((JSON.parse(text) as JsonObject)["message"], message);
  }
});

test("JSON is indented for people", async () => {
  const lines = async (path: string, headers: Headers) =>
    (await ask("GET", path, headers)).text.trim().split("\n").length;
  assert.equal(await lines(`${configMaps}/one`, { "User-Agent": "kubectl/v1.36.0" }), 1);
  assert.ok((await lines(`${configMaps}/one`, { "User-Agent": "curl/8.0" })) > 5);
  assert.ok((await lines(`${configMaps}?pretty=true`, {})) > 5);
  assert.equal(await lines(`${configMaps}?pretty=false`, { "User-Agent": "curl/8.0" }), 1);
});

/** Watches one config map while it is created and deleted; `take` gets what has come and answers what it leaves. */
async function watched(name: string, accept: string, take: (bytes: Buffer, end: () => void) => Buffer): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const path = `${configMaps}?watch=1&fieldSelector=metadata.name=${name}`;
  const answer = await api.open("GET", path, { headers: { Accept: accept } });
  const timer = setTimeout(() => reject(new Error("the watch did not end")), 10_000);
  try {
    const stream = accept.startsWith(protobuf) ? `${protobuf};stream=watch` : "application/json";
    assert.equal(answer.headers["content-type"], stream);
    let pending = Buffer.alloc(0);
    answer.on("error", reject);
    answer.on("data", (chunk: Buffer) => {
      pending = Buffer.from(take(Buffer.concat([pending, chunk]), resolve));
    });
    await create(name, { a: "1" });
    await ask("DELETE", `${configMaps}/${name}`);
    await promise;
  } finally {
    clearTimeout(timer);
    answer.destroy();
  }
}

test("watches are streams of protobuf frames", async () => {
  const events: string[] = [];
  await watched("framed", protobuf, (bytes, end) => {
    let rest = bytes;
    while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE()) {
      const next = 4 + rest.readUInt32BE();
      const { type, object } = readEvent(rest.subarray(4, next));
      rest = rest.subarray(next);
      const { metadata, data } = opened(object, "ConfigMap", "core/v1.ConfigMap");
      events.push(`${type} ${(metadata as { name: string }).name} ${JSON.stringify(data)}`);
      if (type === "DELETED") end();
    }
    return rest;
  });
  assert.deepEqual(events, ['ADDED framed {"a":"1"}', 'DELETED framed {"a":"1"}']);
});

test("a watch as tables tells the columns once", async () => {
  const columns: boolean[] = [];
  await watched("tabled", "application/json;as=Table;g=meta.k8s.io;v=v1", (bytes, end) => {
    const lines = bytes.toString().split("\n");
    for (const line of lines.slice(0, -1)) {
      const { type, object } = JSON.parse(line) as { type: string; object: { columnDefinitions: unknown[] | null } };
      columns.push(object.columnDefinitions !== null);
      if (type === "DELETED") end();
    }
    return Buffer.from(lines.at(-1) ?? "");
  });
  assert.deepEqual(columns, [true, false]);
});

function readEvent(frame: Buffer): { type: string; object: Buffer } {
  const reader = new WireReader(frame);
  assert.equal(reader.tag().number, 1);
  const type = reader.string();
  assert.equal(reader.tag().number, 2);
  const raw = new WireReader(reader.bytes());
  assert.equal(raw.tag().number, 1);
  return { type, object: raw.bytes() };
}

test("large answers are compressed for those who accept it, protobuf as well", async () => {
  await create("large", { data: "x".repeat(200_000) });
  const plain = await ask("GET", `${configMaps}/large`, { Accept: protobuf });
  const packed = await ask("GET", `${configMaps}/large`, { Accept: protobuf, "Accept-Encoding": "deflate, gzip" });
  assert.equal(packed.headers["content-encoding"], "gzip");
  assert.equal(packed.headers["vary"], "Accept-Encoding");
  assert.deepEqual(gunzipSync(packed.bytes), plain.bytes);
  const small = await ask("GET", `${configMaps}/one`, { "Accept-Encoding": "gzip" });
  assert.equal(small.headers["content-encoding"], undefined);
  assert.equal(small.headers["cache-control"], "no-cache, private");
  assert.match(String(small.headers["audit-id"]), /^[0-9a-f-]{36}$/);
});

test("discovery and deletion speak protobuf", async () => {
  const resources = await ask("GET", "/api/v1", { Accept: protobuf });
  const { groupVersion } = opened(resources.bytes, "APIResourceList", "meta/v1.APIResourceList");
  assert.equal(groupVersion, "v1");
  const groups = await ask("GET", "/apis", { Accept: protobuf });
  const list = opened(groups.bytes, "APIGroupList", "meta/v1.APIGroupList")["groups"] as { name: string }[];
  assert.ok(list.some(({ name }) => name === "apps"));
  const as = "g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  const aggregated = await ask("GET", "/apis", { Accept: `${protobuf};${as}` });
  assert.equal(aggregated.headers["content-type"], `${protobuf};${as}`);
  assert.equal(openEnvelope(aggregated.bytes).kind, "APIGroupDiscoveryList");
  const older = `application/json;${as.replace("v2", "v2beta1")}`;
  assert.equal((await ask("GET", "/apis", { Accept: older })).code, 406);
  assert.equal(
    (await ask("GET", "/apis", { Accept: `${older},application/json` })).headers["content-type"],
    "application/json",
  );
  const type = typeById("meta/v1.DeleteOptions");
  const message = encodeMessageField(envelopeField, type, { preconditions: { uid: "other" } });
  const options = sealEnvelope("v1", "DeleteOptions", message);
  const refused = await ask("DELETE", `${configMaps}/one`, { "Content-Type": protobuf }, options);
  assert.equal(refused.code, 409);
});

test("OpenAPI documents are served as protobuf, and not again to those who have them", async () => {
  for (const [path, version] of [
    ["/openapi/v2", "v2"],
    ["/openapi/v3/api/v1", "v3"],
  ] as const) {
    const accept = `application/com.github.proto-openapi.spec.${version}@v1.0+protobuf`;
    const document = await ask("GET", path, { Accept: accept });
    assert.equal(
      document.headers["content-type"],
      `application/com.github.proto-openapi.spec.${version}.v1.0+protobuf`,
    );
    const reader = new WireReader(document.bytes);
    assert.equal(reader.tag().number, 1);
    assert.equal(reader.string(), version === "v2" ? "2.0" : "3.0.0");
    const again = await ask("GET", path, { Accept: accept, "If-None-Match": String(document.headers.etag) });
    assert.equal(again.code, 304);
    assert.equal((await ask("GET", path, { Accept: "text/html" })).code, 406);
  }
});

test("upstream's kubectl validates a List by itself and creates what is in it", async () => {
  const list = (rest: object) => {
    const item = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "listed" }, ...rest };
    return { apiVersion: "v1", kind: "List", items: [item] };
  };
  const unknown = /unknown field "dato" in io\.k8s\.api\.core\.v1\.ConfigMap/;
  assert.match(await kubectl.refusal(list({ dato: {} })), unknown);
  assert.equal(await kubectl.create(list({ data: {} })), "configmap/listed created\n");
});
