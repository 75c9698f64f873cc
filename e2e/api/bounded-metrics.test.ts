import assert from "node:assert/strict";
import { test } from "node:test";
import { LoadClient } from "../../bench/load-client.ts";
import { ApiRequests } from "../harness/api-requests.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// What clients make up must not become series of metrics, which are kept for good.

const server = serverForTests();
const api = new ApiRequests(server);
const strangers = 300;

async function seriesNames(): Promise<string[]> {
  const { text } = await api.ask("GET", "/metrics");
  return text.split("\n").flatMap((line) => /^[a-z][^ ]*\{.*\}(?= )/.exec(line) ?? []);
}

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
