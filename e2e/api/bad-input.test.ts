import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiRequests } from "../harness/api-requests.ts";
import type { RequestOptions } from "../harness/api-requests.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

interface Ask extends RequestOptions {
  readonly method: string;
  readonly path: string;
  readonly contentType?: string;
}

const server = serverForTests({
  prepare: () =>
    api.ask("POST", "/api/v1/namespaces/default/serviceaccounts", { body: { metadata: { name: "default" } } }),
});
const api = new ApiRequests(server);

/** The status code, and the body as JSON. */
async function ask({ method, path, contentType, ...options }: Ask) {
  const headers: Record<string, string> = contentType === undefined ? {} : { "Content-Type": contentType };
  const { code, text } = await api.ask(method, path, { ...options, headers });
  return {
    code,
    body: JSON.parse(text) as { readonly reason?: string; readonly message?: string; readonly kind?: string },
  };
}

const pods = "/api/v1/namespaces/default/pods";
const deployments = "/apis/apps/v1/namespaces/default/deployments";

const pod = (name: string, extra: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { containers: [{ name: "c", image: "busybox" }], ...extra },
});

const deployment = (name: string, spec: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "c", image: "busybox" }] } },
    ...spec,
  },
});

async function expectRefusal(asked: Ask, code: number, reason: string, message: RegExp): Promise<void> {
  const answer = await ask(asked);
  assert.equal(answer.code, code, JSON.stringify(answer.body));
  assert.equal(answer.body.reason, reason);
  assert.match(answer.body.message ?? "", message);
  assert.equal(answer.body.kind, "Status");
}

test("an unknown field is refused in strict mode and changes nothing", async () => {
  const body = pod("strict", { replicaz: 3 });
  await expectRefusal(
    { method: "POST", path: `${pods}?fieldValidation=Strict`, body },
    400,
    "BadRequest",
    /strict decoding error: unknown field "spec\.replicaz"/,
  );
  await expectRefusal({ method: "GET", path: `${pods}/strict` }, 404, "NotFound", /^pods "strict" not found$/);
});

test("a value of the wrong type is refused", async () => {
  await expectRefusal(
    { method: "POST", path: deployments, body: deployment("typed", { replicas: "three" }) },
    400,
    "BadRequest",
    /json: cannot unmarshal string into Go struct field DeploymentSpec\.spec\.replicas of type int32/,
  );
});

test("a missing required field is named", async () => {
  const body = pod("incomplete", { containers: [{ name: "c" }] });
  await expectRefusal(
    { method: "POST", path: pods, body },
    422,
    "Invalid",
    /^Pod "incomplete" is invalid: spec\.containers\[0\]\.image: Required value$/,
  );
});

test("an invalid name is refused", async () => {
  await expectRefusal(
    { method: "POST", path: pods, body: pod("Not_A_Name") },
    422,
    "Invalid",
    /metadata\.name: Invalid value: "Not_A_Name": a lowercase RFC 1123 subdomain must consist of/,
  );
});

test("an immutable field stays as it is", async () => {
  await ask({ method: "POST", path: deployments, body: deployment("fixed") });
  const changed = deployment("fixed", {
    selector: { matchLabels: { app: "other" } },
    template: { metadata: { labels: { app: "other" } }, spec: { containers: [{ name: "c", image: "busybox" }] } },
  });
  await expectRefusal(
    { method: "PUT", path: `${deployments}/fixed`, body: changed },
    422,
    "Invalid",
    /spec\.selector: Invalid value: .*: field is immutable/,
  );
  const { body } = await ask({ method: "GET", path: `${deployments}/fixed` });
  const { spec } = body as unknown as { spec: { selector: unknown } };
  assert.deepEqual(spec.selector, { matchLabels: { app: "fixed" } });
});

test("a stale resourceVersion is a conflict", async () => {
  const { body: first } = await ask({ method: "POST", path: deployments, body: deployment("raced") });
  await ask({
    method: "PATCH",
    path: `${deployments}/raced`,
    body: { spec: { replicas: 2 } },
    contentType: "application/merge-patch+json",
  });
  await expectRefusal(
    { method: "PUT", path: `${deployments}/raced`, body: first },
    409,
    "Conflict",
    /^Operation cannot be fulfilled on deployments\.apps "raced": the object has been modified; please apply your changes to the latest version and try again$/,
  );
});

test("a body past the limit is refused", async () => {
  const annotations = { big: "x".repeat(3 * 1024 * 1024) };
  const body = { ...pod("large"), metadata: { name: "large", annotations } };
  await expectRefusal({ method: "POST", path: pods, body }, 413, "RequestEntityTooLarge", /limit is 3145728/);
});

test("an unknown resource is not found", async () => {
  await expectRefusal(
    { method: "GET", path: "/apis/apps/v1/namespaces/default/sprockets" },
    404,
    "NotFound",
    /^the server could not find the requested resource$/,
  );
});

test("a wrong token is unauthorized", async () => {
  await expectRefusal({ method: "GET", path: pods, as: { token: "nobody" } }, 401, "Unauthorized", /^Unauthorized$/);
});

test("a verb that nobody granted is forbidden", async () => {
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { audiences: [] } };
  const path = "/api/v1/namespaces/default/serviceaccounts/default/token";
  const { body } = await ask({ method: "POST", path, body: request });
  const { token } = (body as unknown as { status: { token: string } }).status;
  await expectRefusal(
    { method: "GET", path: pods, as: { token } },
    403,
    "Forbidden",
    /^pods is forbidden: User "system:serviceaccount:default:default" cannot list resource "pods" in API group "" in the namespace "default"$/,
  );
});

test("strangers see health and version and nothing else", async () => {
  const { code } = await ask({ method: "GET", path: "/version", as: "anonymous" });
  assert.equal(code, 200);
  await expectRefusal({ method: "GET", path: pods, as: "anonymous" }, 403, "Forbidden", /system:anonymous/);
});

test("malformed JSON is a bad request", async () => {
  await expectRefusal(
    { method: "POST", path: pods, body: "{", contentType: "application/json" },
    400,
    "BadRequest",
    /json parse error/,
  );
});

test("a patch that is no JSON is told of in Go's words", async () => {
  const asked = { method: "PATCH", path: "/api/v1/namespaces/default", contentType: "application/merge-patch+json" };
  await expectRefusal({ ...asked, body: "{" }, 400, "BadRequest", /^unexpected end of JSON input$/);
  const words = /^invalid character 'x' looking for beginning of object key string$/;
  await expectRefusal({ ...asked, body: "{x}" }, 400, "BadRequest", words);
});

test("a method that does not go with the path is not allowed", async () => {
  const words = /^the server does not allow this method on the requested resource$/;
  for (const [method, path] of [
    ["POST", `${pods}/p`],
    ["PUT", pods],
    ["PATCH", pods],
  ] as const) {
    await expectRefusal({ method, path, body: pod("p") }, 405, "MethodNotAllowed", words);
  }
});

test("options of lists, watches and deletions that do not go together are named one by one", async () => {
  const configMaps = "/api/v1/namespaces/default/configmaps";
  for (const [query, fields] of [
    ["resourceVersionMatch=Exact&continue=x", ["resourceVersionMatch", "resourceVersionMatch"]],
    ["sendInitialEvents=true", ["sendInitialEvents"]],
    ["watch=1&sendInitialEvents=true&continue=x", ["resourceVersionMatch", "continue"]],
  ] as const) {
    const { code, text } = await api.ask("GET", `${configMaps}?${query}`);
    const { details } = JSON.parse(text) as { details: { kind: string; causes: { field: string }[] } };
    assert.deepEqual([code, details.kind, details.causes.map(({ field }) => field)], [422, "ListOptions", fields]);
  }
  const words = /^DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Foo": supported/;
  const body = { propagationPolicy: "Foo" };
  await expectRefusal({ method: "DELETE", path: `${configMaps}/none`, body }, 422, "Invalid", words);
});

test("a pod without a node has no log, and options of a log are refused field by field", async () => {
  assert.equal((await ask({ method: "POST", path: pods, body: pod("silent") })).code, 201);
  const { code, text } = await api.ask("GET", `${pods}/silent/log`);
  assert.deepEqual([code, text], [204, ""]);
  const refused = await api.ask("GET", `${pods}/silent/log?tailLines=-1`);
  const { details, message } = JSON.parse(refused.text) as {
    message: string;
    details: { causes: { field: string }[] };
  };
  assert.equal(
    message,
    'PodLogOptions "silent" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
  );
  assert.deepEqual(
    details.causes.map(({ field }) => field),
    ["tailLines"],
  );
});

test("a media type that is not served is refused", async () => {
  await expectRefusal(
    { method: "POST", path: pods, body: "x", contentType: "text/plain" },
    415,
    "UnsupportedMediaType",
    /application\/json/,
  );
});

test("a key given twice is refused in strict mode, in JSON and in YAML", async () => {
  const json = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"twice"},"data":{"a":"1","a":"2"}}';
  const path = "/api/v1/namespaces/default/configmaps?fieldValidation=Strict";
  await expectRefusal(
    { method: "POST", path, body: json, contentType: "application/json" },
    400,
    "BadRequest",
    /strict decoding error: duplicate field "data\.a"/,
  );
  const yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: twice}\ndata:\n  a: '1'\n  a: '2'\n";
  await expectRefusal(
    { method: "POST", path, body: yaml, contentType: "application/yaml" },
    400,
    "BadRequest",
    /strict decoding error: .*line 6: key "a" already set in map/s,
  );
});

test("hostile bodies are refused within a second, and the server goes on", async () => {
  const aliases = ["a: &a [x,x,x,x,x,x,x,x,x,x]"];
  for (const [index, name] of [..."bcdefghi"].entries()) {
    aliases.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${"abcdefgh"[index]}`).join(",")}]`);
  }
  const bodies: readonly (readonly [body: string, contentType: string])[] = [
    [aliases.join("\n"), "application/yaml"],
    ["[".repeat(100_000), "application/json"],
    ["[".repeat(100_000), "application/yaml"],
    [`{"metadata":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`, "application/json"],
  ];
  for (const [body, contentType] of bodies) {
    const begin = performance.now();
    const { code } = await ask({ method: "POST", path: pods, body, contentType });
    assert.ok(code >= 400 && code < 500, `${code} for ${body.slice(0, 40)}`);
    assert.ok(performance.now() - begin < 1_000, contentType);
  }
  const polluting =
    '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"proto","labels":{"__proto__":"x"}},"__proto__":{"evil":1}}';
  await ask({
    method: "POST",
    path: "/api/v1/namespaces/default/configmaps",
    body: polluting,
    contentType: "application/json",
  });
  assert.equal((await ask({ method: "GET", path: "/api/v1/namespaces/default" })).code, 200);
});
