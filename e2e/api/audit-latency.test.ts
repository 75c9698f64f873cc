import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiRequests, type RequestOptions } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { serverForTests } from "../harness/server-for-tests.ts";
import { WebhookServer } from "../harness/webhook-server.ts";

interface AuditEvent {
  readonly auditID: string;
  readonly stage: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const prefix = "apiserver.latency.k8s.io/";
/** From half a second on a request is explained. */
const slowMs = 550;
const table = "application/json;as=Table;v=v1;g=meta.k8s.io";
const configMaps = "/api/v1/namespaces/default/configmaps";

const directory = mkdtempSync(join(tmpdir(), "kube-ts-audit-latency-"));
after(() => rmSync(directory, { recursive: true, force: true }));
const policy = join(directory, "policy.json");
const log = join(directory, "events.log");
writeFileSync(
  policy,
  JSON.stringify({ apiVersion: "audit.k8s.io/v1", kind: "Policy", rules: [{ level: "Metadata" }] }),
);

let hook: WebhookServer | undefined;
after(() => hook?.[Symbol.asyncDispose]());
const server = serverForTests({
  extraArgs: [`--audit-policy-file=${policy}`, `--audit-log-path=${log}`],
  prepare: async () => {
    hook = await WebhookServer.start();
    hook.on("/slow", async () => {
      await sleep(slowMs);
      return { allowed: true };
    });
    const webhook = {
      name: "slow.example.com",
      clientConfig: hook.config("/slow"),
      rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["*"], resources: ["configmaps"] }],
      objectSelector: { matchLabels: { slow: "true" } },
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
    };
    const body = { metadata: { name: "slow" }, webhooks: [webhook] };
    const path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
    assert.equal((await api.ask("POST", path, { body })).code, 201);
  },
});
const api = new ApiRequests(server);
let count = 0;

/** The steps that the record of the request tells of, without their prefix. */
async function stepsOf(method: string, path: string, { headers, ...options }: RequestOptions = {}): Promise<string[]> {
  const id = `request-${(count += 1)}`;
  const { code, text } = await api.ask(method, path, { ...options, headers: { ...headers, "Audit-ID": id } });
  assert.ok(code < 300, text);
  const event = await eventually("the event", () =>
    readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => line.includes(`"${id}"`) && line.includes('"ResponseComplete"'))
      .map((line) => JSON.parse(line) as AuditEvent)
      .at(0),
  );
  const found = Object.entries(event?.annotations ?? {}).filter(([key]) => key.startsWith(prefix));
  for (const [key, value] of found) assert.match(value, /^[\d.]+(?:ns|µs|ms|s)$/, key);
  return found.map(([key]) => key.slice(prefix.length)).toSorted();
}

const common = ["authorization", "etcd", "response-write", "total", "validating-webhook"];
/** Steps that may take less than a clock tells. */
const told = (steps: readonly string[]) =>
  steps.filter((step) => step !== "authentication" && step !== "apf-queue-wait");

test("the record of a request that took long says where its time went", async () => {
  const labels = { slow: "true" };
  const body = { metadata: { name: "a", labels } };
  // The hook is in force once a request was slow.
  await eventually("a slow request", async () => {
    const steps = await stepsOf("POST", configMaps, { body: { metadata: { generateName: "try-", labels } } });
    return steps.includes("validating-webhook");
  });
  assert.deepEqual(told(await stepsOf("POST", configMaps, { body })), common);
  assert.deepEqual(
    told(
      await stepsOf("PUT", `${configMaps}/a`, {
        body: { ...body, data: { key: "value" } },
        headers: { Accept: table },
      }),
    ),
    [...common, "decode-response-object", "transform-response-object"].toSorted(),
  );
  assert.deepEqual(
    told(await stepsOf("DELETE", `${configMaps}/a`)),
    [...common, "serialize-response-object"].toSorted(),
  );
});

test("that of a request that did not says nothing of it", async () => {
  assert.deepEqual(await stepsOf("POST", configMaps, { body: { metadata: { name: "quick" } } }), []);
  assert.deepEqual(await stepsOf("GET", `${configMaps}/quick`), []);
  assert.deepEqual(await stepsOf("GET", configMaps, { headers: { Accept: table } }), []);
});
