import assert from "node:assert/strict";
import { test } from "node:test";
import type { TokenRequest } from "@kube-ts/api/authentication/v1";
import { LoadClient } from "../../bench/load-client.ts";
import { ApiRequests } from "../harness/api-requests.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

const server = serverForTests();
const api = new ApiRequests(server);
const strangers = 300;

test("what the health checks found is served apart, under upstream's names", async () => {
  await api.ask("GET", "/livez");
  const { code, text } = await api.ask("GET", "/metrics/slis");
  assert.equal(code, 200);
  assert.match(text, /^kubernetes_healthcheck\{name="etcd",type="livez"\} 1$/m);
  assert.match(text, /^kubernetes_healthchecks_total\{name="etcd",type="livez",status="success"\} [1-9]/m);
  assert.doesNotMatch((await api.ask("GET", "/metrics")).text, /^kubernetes_healthcheck/m);
});

test("what every request passes is counted and timed", async () => {
  const namespaces = "/api/v1/namespaces";
  await api.ask("GET", namespaces, { as: "anonymous" });
  await api.ask("GET", namespaces, { as: { token: "nobody's" } });
  await api.ask("POST", `${namespaces}/default/serviceaccounts`, { body: { metadata: { name: "robot" } } });
  const { status } = await api.json<TokenRequest>("POST", `${namespaces}/default/serviceaccounts/robot/token`, {
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
  });
  for (let turn = 0; turn < 3; turn += 1) await api.ask("GET", namespaces, { as: { token: status?.token ?? "" } });
  const { text } = await api.ask("GET", "/metrics");
  for (const expected of [
    /^authentication_attempts\{result="success"\} [1-9]/m,
    /^authentication_attempts\{result="error"\} 1$/m,
    /^authentication_duration_seconds_count\{result="success"\} [1-9]/m,
    /^authorization_attempts_total\{result="allowed"\} [1-9]/m,
    /^authorization_attempts_total\{result="no-opinion"\} [4-9]$/m,
    /^authorization_duration_seconds_count\{result="no-opinion"\} [4-9]$/m,
    /^authentication_token_cache_request_total\{status="hit"\} 2$/m,
    /^authentication_token_cache_request_total\{status="miss"\} 1$/m,
    /^authentication_token_cache_fetch_total\{status="ok"\} 1$/m,
    /^apiserver_client_certificate_expiration_seconds_count [1-9]/m,
    /^kubernetes_build_info\{.*git_version="v1\.\d+\.\d+".*\} 1$/m,
  ]) {
    assert.ok(
      expected.test(text),
      `${expected.source} in ${text.match(/^auth.*(total|attempts|count)\{.*$/gm)?.join("\n")}`,
    );
  }
});

async function seriesNames(): Promise<string[]> {
  const { text } = await api.ask("GET", "/metrics");
  return text.split("\n").flatMap((line) => /^[a-z][^ ]*\{.*\}(?= )/.exec(line) ?? []);
}

// What clients make up must not become series of metrics, which are kept for good.

/** Everything that a client may choose, different for each number. */
async function sendAll(client: LoadClient, index: number): Promise<void> {
  const own = `made-up-${index}`;
  const configMaps = "/api/v1/namespaces/default/configmaps";
  const paths = [
    `/${own}`,
    `/api/${own}/pods`,
    `/apis/${own}/v1/widgets`,
    `/apis/apps/v1/${own}`,
    `/api/v1/namespaces/${own}/pods/${own}`,
    `${configMaps}/${own}/${own}`,
    `${configMaps}?${own}=1&labelSelector=${own}%3D1&fieldSelector=metadata.name%3D${own}`,
    `/healthz/${own}`,
  ];
  for (const path of paths) await client.send("GET", path).catch(() => undefined);
  const headers = { "User-Agent": own, Accept: `application/${own}`, "Content-Type": `text/${own}`, Origin: own };
  const named = { "Impersonate-User": own, "Impersonate-Group": own, [`Impersonate-Extra-${own}`]: own };
  await api.ask("GET", configMaps, { headers });
  await api.ask("GET", configMaps, { headers: { ...headers, ...named } });
  await api.ask("GET", configMaps, { headers, as: { token: own } });
  await api.ask(`X${index}`, configMaps, { headers });
  await api.ask("POST", configMaps, { body: { metadata: { name: own } }, headers: { "User-Agent": own } });
  await api.ask("DELETE", `${configMaps}/${own}`, { headers: { "User-Agent": own } });
}

test("names, paths, verbs and agents that clients make up leave no series behind", async () => {
  using client = new LoadClient(server, 8);
  // Whatever kinds of request there are, each leaves its series the first time.
  for (let index = 0; index < 3; index += 1) await sendAll(client, index);
  const before = new Set(await seriesNames());
  assert.ok(before.size > 100, `${before.size} series`);
  const indices = Array.from({ length: strangers }, (_, index) => index + 3);
  for (let at = 0; at < indices.length; at += 10) {
    await Promise.all(indices.slice(at, at + 10).map((index) => sendAll(client, index)));
  }
  const after = await seriesNames();
  assert.deepEqual(
    after.filter((name) => name.includes("made-up")),
    [],
  );
  const added = after.filter((name) => !before.has(name));
  assert.ok(added.length < 40, added.join("\n"));
});
