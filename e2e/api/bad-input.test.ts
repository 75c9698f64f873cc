import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { after, before, test } from "node:test";
import { startServer } from "../../bench/api-server-process.ts";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";

interface Answer {
  readonly code: number;
  readonly body: { readonly reason?: string; readonly message?: string; readonly [field: string]: unknown };
}

interface Ask {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly token?: string;
  readonly anonymous?: boolean;
}

let server: ServerUnderTest;

function ask({ method, path, body, contentType = "application/json", token, anonymous }: Ask): Promise<Answer> {
  const payload = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  const url = new URL(server.url);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: url.hostname,
        port: url.port,
        method,
        path,
        ca: readFileSync(server.ca),
        ...(token === undefined &&
          !anonymous && {
            cert: readFileSync(server.admin.cert),
            key: readFileSync(server.admin.key),
          }),
        headers: {
          Accept: "application/json",
          ...(payload !== undefined && {
            "Content-Type": contentType,
            "Content-Length": Buffer.byteLength(payload),
          }),
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ code: response.statusCode ?? 0, body: JSON.parse(text) as Answer["body"] });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(payload);
  });
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

before(async () => {
  server = await startServer();
  await ask({
    method: "POST",
    path: "/api/v1/namespaces/default/serviceaccounts",
    body: { metadata: { name: "default" } },
  });
});

after(async () => {
  await server[Symbol.asyncDispose]();
});

async function expectRefusal(asked: Ask, code: number, reason: string, message: RegExp): Promise<void> {
  const answer = await ask(asked);
  assert.equal(answer.code, code, JSON.stringify(answer.body));
  assert.equal(answer.body.reason, reason);
  assert.match(answer.body.message ?? "", message);
  assert.equal(answer.body["kind"], "Status");
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
  await expectRefusal({ method: "GET", path: pods, token: "nobody" }, 401, "Unauthorized", /^Unauthorized$/);
});

test("a verb that nobody granted is forbidden", async () => {
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { audiences: [] } };
  const path = "/api/v1/namespaces/default/serviceaccounts/default/token";
  const { body } = await ask({ method: "POST", path, body: request });
  const { token } = (body as unknown as { status: { token: string } }).status;
  await expectRefusal(
    { method: "GET", path: pods, token },
    403,
    "Forbidden",
    /^pods is forbidden: User "system:serviceaccount:default:default" cannot list resource "pods" in API group "" in the namespace "default"$/,
  );
});

test("strangers see health and version and nothing else", async () => {
  const { code } = await ask({ method: "GET", path: "/version", anonymous: true });
  assert.equal(code, 200);
  await expectRefusal({ method: "GET", path: pods, anonymous: true }, 403, "Forbidden", /system:anonymous/);
});

test("malformed JSON is a bad request", async () => {
  await expectRefusal({ method: "POST", path: pods, body: "{" }, 400, "BadRequest", /json parse error/);
});

test("a media type that is not served is refused", async () => {
  await expectRefusal(
    { method: "POST", path: pods, body: "x", contentType: "text/plain" },
    415,
    "UnsupportedMediaType",
    /application\/json/,
  );
});
