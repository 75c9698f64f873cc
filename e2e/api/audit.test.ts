import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { startServer } from "../../bench/api-server-process.ts";
import { ApiRequests, adminTls } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { JsonServer } from "../harness/json-server.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

interface AuditEvent {
  readonly kind: string;
  readonly level: string;
  readonly auditID: string;
  readonly stage: string;
  readonly requestURI: string;
  readonly verb: string;
  readonly user: { readonly username?: string; readonly groups?: readonly string[] };
  readonly impersonatedUser?: { readonly username?: string };
  readonly sourceIPs?: readonly string[];
  readonly userAgent?: string;
  readonly objectRef?: Readonly<Record<string, string>>;
  readonly responseStatus?: {
    readonly status?: string;
    readonly code?: number;
    readonly reason?: string;
    readonly message?: string;
  };
  readonly requestObject?: { readonly kind?: string; readonly data?: unknown; readonly metadata?: object };
  readonly responseObject?: { readonly kind?: string; readonly items?: readonly { readonly metadata: object }[] };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const directory = mkdtempSync(join(tmpdir(), "kube-ts-audit-"));
after(() => rmSync(directory, { recursive: true }));

function policyFile(name: string, policy: object): string {
  const file = join(directory, name);
  writeFileSync(file, JSON.stringify({ apiVersion: "audit.k8s.io/v1", kind: "Policy", ...policy }));
  return file;
}

function eventsIn(file: string): AuditEvent[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as AuditEvent);
}

/** The events of the request with the ID, once the last one is there. */
function eventsOf(file: string, id: string, last = "ResponseComplete"): Promise<AuditEvent[]> {
  return eventually(
    `${last} of ${id}`,
    () => eventsIn(file).filter(({ auditID }) => auditID === id),
    (events) => events.some(({ stage }) => stage === last),
  );
}

suite("records of requests", () => {
  const logFile = join(directory, "events.log");
  const policy = policyFile("policy.json", {
    omitStages: [],
    rules: [
      { level: "None", nonResourceURLs: ["/readyz*", "/livez*"] },
      { level: "Metadata", resources: [{ group: "", resources: ["secrets"] }] },
      { level: "Request", resources: [{ group: "", resources: ["configmaps"], resourceNames: [] }], verbs: ["create"] },
      {
        level: "RequestResponse",
        resources: [{ group: "", resources: ["configmaps"] }],
        omitManagedFields: true,
        omitStages: ["RequestReceived"],
      },
      { level: "RequestResponse", resources: [{ group: "", resources: ["pods"] }] },
      { level: "Metadata", omitStages: ["RequestReceived"] },
    ],
  });
  const server = serverForTests({ extraArgs: [`--audit-policy-file=${policy}`, `--audit-log-path=${logFile}`] });
  const api = new ApiRequests(server);
  const id = (text: string) => ({ "Audit-ID": text });

  test("a request has an event for each stage, and its answer names it", async () => {
    const headers = {
      ...id("secret-1"),
      "User-Agent": "x".repeat(2_000),
      "X-Forwarded-For": "192.0.2.1, nonsense, 2001:db8::1",
      "X-Real-Ip": "192.0.2.9",
    };
    const body = { metadata: { name: "s" }, stringData: { key: "s3cr3t-value" } };
    const made = await api.ask("POST", "/api/v1/namespaces/default/secrets?pretty=0", { body, headers });
    assert.equal(made.code, 201);
    assert.equal(made.headers["audit-id"], "secret-1");
    const [received, complete, ...more] = await eventsOf(logFile, "secret-1");
    assert.deepEqual(more, []);
    assert.ok(received && complete);
    assert.deepEqual([received.stage, complete.stage], ["RequestReceived", "ResponseComplete"]);
    assert.equal(complete.kind, "Event");
    assert.equal(complete.level, "Metadata");
    assert.equal(complete.verb, "create");
    assert.equal(complete.requestURI, "/api/v1/namespaces/default/secrets?pretty=0");
    assert.equal(complete.user.username, "admin");
    assert.deepEqual(complete.user.groups, ["system:masters", "system:authenticated"]);
    assert.deepEqual(complete.sourceIPs, ["192.0.2.1", "2001:db8::1", "192.0.2.9", "127.0.0.1"]);
    assert.equal(complete.userAgent, `${"x".repeat(1_024)}...TRUNCATED`);
    const about = { resource: "secrets", namespace: "default", apiVersion: "v1" };
    assert.deepEqual(received.objectRef, about);
    assert.deepEqual(complete.objectRef, { ...about, name: "s" });
    assert.deepEqual(complete.responseStatus, { metadata: {}, code: 201 });
    assert.equal(complete.annotations?.["authorization.k8s.io/decision"], "allow");
    assert.match(complete.requestReceivedTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    assert.ok(complete.stageTimestamp >= complete.requestReceivedTimestamp);
    assert.ok(!readFileSync(logFile, "utf8").includes("s3cr3t-value"));
    assert.ok(!readFileSync(logFile, "utf8").includes(Buffer.from("s3cr3t-value").toString("base64")));
  });

  test("bodies are kept at the levels that hold them", async () => {
    const body = { metadata: { name: "c" }, data: { a: "1" } };
    await api.ask("POST", "/api/v1/namespaces/default/configmaps", { body, headers: id("map-1") });
    const created = (await eventsOf(logFile, "map-1")).at(-1);
    assert.equal(created?.requestObject?.kind, "ConfigMap");
    assert.deepEqual(created?.requestObject?.data, { a: "1" });
    assert.equal(created?.responseObject, undefined);

    const patch = {
      body: `{"data":{"b":"2"}}`,
      headers: { ...id("map-2"), "Content-Type": "application/merge-patch+json" },
    };
    await api.ask("PATCH", "/api/v1/namespaces/default/configmaps/c", patch);
    const [patched, ...others] = await eventsOf(logFile, "map-2");
    assert.deepEqual(others, []);
    assert.deepEqual(patched?.requestObject, { data: { b: "2" } });
    assert.equal(patched?.responseObject?.kind, "ConfigMap");
    assert.ok(!JSON.stringify(patched?.responseObject).includes("managedFields"));

    await api.ask("GET", "/api/v1/namespaces/default/configmaps", { headers: id("map-3") });
    const listed = (await eventsOf(logFile, "map-3")).at(-1);
    assert.equal(listed?.responseObject?.kind, "ConfigMapList");
    assert.ok(!JSON.stringify(listed?.responseObject).includes("managedFields"));

    const protobuf = { ...id("map-4"), Accept: "application/vnd.kubernetes.protobuf" };
    await api.ask("GET", "/api/v1/namespaces/default/configmaps", { headers: protobuf });
    const encoded = (await eventsOf(logFile, "map-4")).at(-1);
    assert.equal(encoded?.responseObject?.kind, "ConfigMapList");
    assert.equal(encoded?.responseObject?.items?.length, listed?.responseObject?.items?.length);
  });

  test("a deletion has its options and the Status that answers it", async () => {
    const body = { metadata: { name: "gone" } };
    await api.ask("POST", "/api/v1/namespaces/default/configmaps", { body });
    const options = { body: { propagationPolicy: "Background" }, headers: id("delete-1") };
    await api.ask("DELETE", "/api/v1/namespaces/default/configmaps/gone", options);
    const event = (await eventsOf(logFile, "delete-1")).at(-1);
    assert.deepEqual(event?.requestObject, {
      kind: "DeleteOptions",
      apiVersion: "v1",
      propagationPolicy: "Background",
    });
    assert.equal(event?.responseObject?.kind, "Status");
    assert.equal(event?.responseStatus?.status, "Success");
  });

  test("who acts as whom, and who may not", async () => {
    const headers = { ...id("forbidden-1"), "Impersonate-User": "jane", "Impersonate-Group": "devs" };
    const refused = await api.ask("GET", "/api/v1/namespaces/default/secrets/s", { headers });
    assert.equal(refused.code, 403);
    const event = (await eventsOf(logFile, "forbidden-1")).at(-1);
    assert.equal(event?.user.username, "admin");
    assert.equal(event?.impersonatedUser?.username, "jane");
    assert.equal(event?.annotations?.["authorization.k8s.io/decision"], "forbid");
    assert.equal(event?.responseStatus?.reason, "Forbidden");
    assert.equal(event?.responseStatus?.code, 403);
  });

  test("somebody unknown leaves one event that says what was tried", async () => {
    const refused = await api.ask("GET", "/api/v1/pods", { as: { token: "nobody" }, headers: id("unknown-1") });
    assert.equal(refused.code, 401);
    const events = await eventsOf(logFile, "unknown-1", "ResponseStarted");
    assert.equal(events.length, 1);
    assert.deepEqual(events[0]?.user, {});
    assert.equal(events[0]?.responseStatus?.code, 401);
    assert.equal(events[0]?.responseStatus?.message, "Authentication failed, attempted: bearer");
    assert.ok(!readFileSync(logFile, "utf8").includes('"nobody"'));
  });

  test("a watch tells when its answer begins and when it is over", async () => {
    const path = "/api/v1/namespaces/default/configmaps?watch=1&fieldSelector=metadata.name%3Dc&timeoutSeconds=1";
    await api.ask("GET", path, { headers: id("watch-1") });
    const events = await eventsOf(logFile, "watch-1");
    assert.deepEqual(
      events.map(({ stage, verb, objectRef }) => [stage, verb, objectRef?.["name"]]),
      [
        ["ResponseStarted", "watch", "c"],
        ["ResponseComplete", "watch", "c"],
      ],
    );
    assert.deepEqual(
      events.map(({ responseStatus }) => responseStatus?.code),
      [200, 200],
    );
    assert.equal(events[1]?.responseObject, undefined);
  });

  test("a protocol switch that is refused has its events, too", async () => {
    const { hostname, port } = new URL(server.url);
    const code = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { Connection: "Upgrade", Upgrade: "SPDY/3.1", ...id("exec-1") };
      const path = "/api/v1/namespaces/default/pods/none/exec?command=ls";
      const outgoing = httpsRequest({ hostname, port, path, method: "POST", headers, ...adminTls(server) });
      outgoing.on("response", (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      outgoing.on("error", reject);
      outgoing.end();
    });
    assert.equal(code, 404);
    const events = await eventsOf(logFile, "exec-1");
    assert.deepEqual(
      events.map(({ stage }) => stage),
      ["ResponseStarted", "ResponseComplete"],
    );
    assert.equal(events[1]?.responseStatus?.code, 404);
    assert.equal(events[1]?.objectRef?.["subresource"], "exec");
  });

  test("what admission notes is in the event", async () => {
    const labels = {
      "pod-security.kubernetes.io/enforce": "privileged",
      "pod-security.kubernetes.io/audit": "restricted",
    };
    await api.ask("POST", "/api/v1/namespaces", { body: { metadata: { name: "noted", labels } } });
    await api.ask("POST", "/api/v1/namespaces/noted/serviceaccounts", { body: { metadata: { name: "default" } } });
    const body = { metadata: { name: "p" }, spec: { containers: [{ name: "c", image: "i" }] } };
    const made = await api.ask("POST", "/api/v1/namespaces/noted/pods", { body, headers: id("pod-1") });
    assert.equal(made.code, 201);
    const { annotations = {}, responseObject } = (await eventsOf(logFile, "pod-1")).at(-1) ?? {};
    assert.equal(annotations["pod-security.kubernetes.io/enforce-policy"], "privileged:latest");
    assert.match(annotations["pod-security.kubernetes.io/audit-violations"] ?? "", /allowPrivilegeEscalation != false/);
    assert.equal(responseObject?.kind, "Pod");
  });

  test("the annotations of a validating policy are in the event", async () => {
    const metadata = { name: "noting.example.com" };
    const rule = { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] };
    const policy = {
      metadata,
      spec: {
        matchConstraints: { resourceRules: [rule] },
        validations: [{ expression: "object.metadata.name != 'bad'" }],
        auditAnnotations: [{ key: "name", valueExpression: "'made ' + object.metadata.name" }],
      },
    };
    const group = "/apis/admissionregistration.k8s.io/v1";
    await api.ask("POST", `${group}/validatingadmissionpolicies`, { body: policy });
    const binding = { metadata, spec: { policyName: metadata.name, validationActions: ["Deny", "Audit"].slice(1) } };
    const bound = await api.ask("POST", `${group}/validatingadmissionpolicybindings`, { body: binding });
    assert.equal(bound.code, 201, bound.text);
    let turn = 0;
    await eventually("the policy is in force", async () => {
      const name = `by-policy-${turn++}`;
      await api.ask("POST", "/api/v1/namespaces/default/configmaps", {
        body: { metadata: { name } },
        headers: id(name),
      });
      const event = (await eventsOf(logFile, name)).at(-1);
      return event?.annotations?.["noting.example.com/name"] === `made ${name}`;
    });
  });

  test("paths that the policy leaves out have no event; metrics count", async () => {
    await api.ask("GET", "/readyz", { headers: id("ready-1") });
    await api.ask("GET", "/version", { headers: id("version-1") });
    const [event] = await eventsOf(logFile, "version-1");
    assert.equal(event?.objectRef, undefined);
    assert.deepEqual(
      eventsIn(logFile).filter(({ auditID }) => auditID === "ready-1"),
      [],
    );
    const { text } = await api.ask("GET", "/metrics");
    assert.match(text, /^apiserver_audit_event_total [1-9]/m);
    assert.match(text, /^apiserver_audit_level_total\{level="None"\} [1-9]/m);
    assert.match(text, /^apiserver_audit_level_total\{level="RequestResponse"\} [1-9]/m);
    assert.match(text, /^apiserver_audit_requests_rejected_total 0/m);
  });
});

suite("a webhook that takes events", () => {
  test("gets them in lists, again after a failure", async () => {
    const lists: { readonly kind: string; readonly items: readonly AuditEvent[] }[] = [];
    let failures = 0;
    await using hook = await JsonServer.start();
    hook.on("/", (body) => {
      failures += 1;
      if (failures === 1) return { status: 500, body: {} };
      lists.push(body as (typeof lists)[number]);
      return { body: {} };
    });
    const policy = policyFile("webhook-policy.json", { rules: [{ level: "Metadata" }] });
    await using server = await startServer([
      `--audit-policy-file=${policy}`,
      `--audit-webhook-config-file=${hook.kubeconfig("/")}`,
      "--audit-webhook-batch-max-wait=100ms",
      "--audit-webhook-initial-backoff=50ms",
    ]);
    const api = new ApiRequests(server);
    await api.ask("GET", "/api/v1/namespaces/default", { headers: { "Audit-ID": "hooked" } });
    await eventually("the events arrive", () => {
      const found = lists.flatMap(({ items }) => items).filter(({ auditID }) => auditID === "hooked");
      return found.length === 2;
    });
    assert.ok(lists.every(({ kind }) => kind === "EventList"));
    assert.ok(failures > lists.length);
  });
});

suite("a log that is full", () => {
  test("ends requests in mode blocking-strict only", async () => {
    const policy = policyFile("strict-policy.json", {
      rules: [{ level: "Metadata", resources: [{ group: "", resources: ["configmaps"] }] }],
    });
    await using server = await startServer([
      `--audit-policy-file=${policy}`,
      "--audit-log-path=/dev/full",
      "--audit-log-mode=blocking-strict",
    ]);
    const api = new ApiRequests(server);
    const path = "/api/v1/namespaces/default/configmaps";
    const made = await api.ask("POST", path, { body: { metadata: { name: "lost" } } });
    assert.equal(made.code, 500);
    assert.match(made.text, /failed to store audit event/);
    assert.equal((await api.ask("GET", "/api/v1/namespaces/default/secrets")).code, 200);
    const { text } = await api.ask("GET", "/metrics");
    assert.match(text, /^apiserver_audit_requests_rejected_total 1$/m);
    assert.match(text, /^apiserver_audit_error_total\{plugin="log"\} [1-9]/m);
  });

  test("is put aside", async () => {
    const logs = join(directory, "rotated");
    const policy = policyFile("large-policy.json", {
      rules: [{ level: "Request", resources: [{ group: "", resources: ["configmaps"] }] }],
    });
    const args = ["--audit-log-maxsize=1", "--audit-log-maxbackup=1", "--audit-log-mode=batch"];
    const file = `--audit-log-path=${join(logs, "audit.log")}`;
    await using server = await startServer([`--audit-policy-file=${policy}`, file, ...args]);
    const api = new ApiRequests(server);
    const data = { large: "x".repeat(400_000) };
    for (let turn = 0; turn < 9; turn += 1) {
      const body = { metadata: { name: `large-${turn}` }, data };
      assert.equal((await api.ask("POST", "/api/v1/namespaces/default/configmaps", { body })).code, 201);
    }
    await eventually("one backup is left", () => {
      const names = readdirSync(logs).sort();
      return names.length === 2 && /^audit-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\.log$/.test(names[0] ?? "");
    });
  });
});
