import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "./clock.ts";
import { defineFlags, parseFlags } from "./flags.ts";
import { silentLogger } from "./log.ts";
import { createRegistry } from "./metrics.ts";
import { startServing } from "./serving.ts";
import { ZPages } from "./zpages.ts";

const definitions = defineFlags({
  port: { type: "integer", default: 0, description: "a port" },
  "enable-it": { type: "boolean", default: true, description: "a switch" },
  period: { type: "duration", default: 300_000, description: "a time" },
  names: { type: "stringList", default: [], description: "names" },
  labels: { type: "stringMap", default: {}, description: "labels" },
  file: { type: "string", description: "a file" },
});

function pages(args: readonly string[] = [], clock = new FakeClock(Date.UTC(2026, 0, 5, 3, 4, 5, 678))): ZPages {
  const { values } = parseFlags(definitions, "demo", args);
  return new ZPages({ component: "demo", definitions, values, clock });
}

const asObject = (kind: string, version = "v1beta1", type = "application/json") =>
  `${type};as=${kind};v=${version};g=config.k8s.io`;

test("flags are told with their values, defaults included", async () => {
  const page = await pages(["--names=a,b", "--labels=y=2,x=1"]).page("/flagz", undefined, []);
  assert.equal(page?.contentType, "text/plain; charset=utf-8");
  const [blank, title, , ...lines] = page.body.split("\n");
  assert.deepEqual([blank, title], ["", "demo flagz"]);
  assert.deepEqual(lines, ["enable-it=true", "file=", "labels=x=1,y=2", "names=[a,b]", "period=5m0s", "port=0", ""]);
  const structured = await pages(["--port=7"]).page("/flagz", asObject("Flagz"), []);
  const object = JSON.parse(structured?.body ?? "") as { readonly flags: Readonly<Record<string, string>> };
  assert.deepEqual(
    { ...object, flags: undefined },
    {
      kind: "Flagz",
      apiVersion: "config.k8s.io/v1beta1",
      metadata: { name: "demo" },
      flags: undefined,
    },
  );
  assert.deepEqual([object.flags["port"], object.flags["names"]], ["7", "[]"]);
});

test("the status tells of the process", async () => {
  const clock = new FakeClock(Date.UTC(2026, 0, 5, 3, 4, 5, 678));
  const statusz = pages([], clock);
  await clock.advance(3_723_000);
  const paths = ["/", "/healthz/ping", "/apis/apps", "/metrics", "/healthz", "/api"];
  const page = await statusz.page("/statusz", "text/plain", paths);
  const lines = page?.body.split("\n") ?? [];
  assert.equal(lines[1], "demo statusz");
  assert.deepEqual(lines.slice(4, 6), ["Started: Mon Jan  5 03:04:05 UTC 2026", "Up: 1 hr 02 min 03 sec"]);
  assert.deepEqual(lines.slice(7), [
    "Binary version: 1.36.0",
    "Emulation version: 1.36",
    "Paths: /healthz /metrics",
    "",
  ]);
  const structured = await statusz.page("/statusz", asObject("Statusz"), paths);
  assert.deepEqual(JSON.parse(structured?.body ?? ""), {
    kind: "Statusz",
    apiVersion: "config.k8s.io/v1beta1",
    metadata: { name: "demo" },
    startTime: "2026-01-05T03:04:05Z",
    uptimeSeconds: 3_723,
    goVersion: `node ${process.version}`,
    binaryVersion: "1.36.0",
    emulationVersion: "1.36",
    minimumCompatibilityVersion: "1.35",
    paths: ["/healthz", "/metrics"],
  });
});

test("objects are for those who name them", async () => {
  const cases = [
    [undefined, "text/plain; charset=utf-8"],
    ["", "text/plain; charset=utf-8"],
    ["*/*", "text/plain; charset=utf-8"],
    ["application/json, */*", "text/plain; charset=utf-8"],
    ["text/*", "text/plain; charset=utf-8"],
    [asObject("Statusz"), "application/json"],
    [asObject("Statusz", "v1beta1", "application/yaml"), "application/yaml"],
    [`text/plain;q=0.5, ${asObject("Statusz")}`, "application/json"],
    [`${asObject("Statusz")};q=0.5, text/plain`, "text/plain; charset=utf-8"],
    [asObject("Flagz"), 406],
    [asObject("Statusz", "v1"), 406],
    ["application/json", 406],
    ["application/json;as=Statusz", 406],
    ["application/vnd.kubernetes.protobuf", 406],
    [asObject("Statusz", "v1beta1", "text/plain"), 406],
  ] as const;
  for (const [accept, expected] of cases) {
    const page = await pages().page("/statusz", accept, []);
    assert.equal(page?.status === 406 ? 406 : page?.contentType, expected, accept ?? "no header");
  }
  const refused = await pages().page("/flagz", "application/json", []);
  const { message, reason, code } = JSON.parse(refused?.body ?? "") as Record<string, unknown>;
  assert.deepEqual(
    [message, reason, code],
    [
      "only the following media types are accepted: application/json, application/yaml, text/plain",
      "NotAcceptable",
      406,
    ],
  );
});

test("an old version is warned of", async () => {
  const page = await pages().page("/flagz", asObject("Flagz", "v1alpha1"), []);
  assert.match(page?.warning ?? "", /^299 - "This version of the flagz endpoint is deprecated/);
  assert.equal((JSON.parse(page?.body ?? "") as { apiVersion: string }).apiVersion, "config.k8s.io/v1alpha1");
  assert.equal((await pages().page("/flagz", asObject("Flagz"), []))?.warning, undefined);
});

test("are served to whom the rest is served", async () => {
  const options = { host: "127.0.0.1", port: 0, registry: createRegistry(), zpages: pages(), log: silentLogger };
  await using open = await startServing(options);
  const answer = await fetch(`http://127.0.0.1:${open.port}/statusz`);
  assert.match(await answer.text(), /Paths: \/flagz \/healthz \/livez \/metrics \/readyz \/statusz\n/);
  const denied = { status: 403, message: "no" } as const;
  await using closed = await startServing({ ...options, authorize: () => Promise.resolve(denied) });
  assert.equal((await fetch(`http://127.0.0.1:${closed.port}/flagz`)).status, 403);
});
