import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { suite, test } from "node:test";
import type {
  ConversionReview,
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
  JSONSchemaProps,
} from "@kube-ts/api/apiextensions/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { customResourceDefinitions, services } from "@kube-ts/api/resource-types";
import { defineResourceType } from "@kube-ts/api/resource-type";
import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { createRegistry } from "@kube-ts/std/metrics";
import { systemRandom } from "@kube-ts/std/random";
import { selfSignedTls } from "@kube-ts/std/self-signed";
import { TaskGroup } from "@kube-ts/std/task-group";
import { LiveCatalog } from "../endpoints/live-catalog.ts";
import { isConditionTrue } from "../registry/apiextensions/conditions.ts";
import type { RegistrySet } from "../registry/registry-set.ts";
import { builtinResources } from "../registry/resources.ts";
import { MemoryStore } from "../storage/memory/memory-store.ts";
import { startExtensions } from "./extensions.ts";
import { buildRegistries } from "./registries.ts";

interface Thing extends KubeObject {
  spec?: { size?: number; color?: string; note?: string };
}

const signal = AbortSignal.timeout(60_000);
const inV1 = defineResourceType<Thing>("example.com", "v1", "things", "Thing", "Namespaced");
const inV2 = defineResourceType<Thing>("example.com", "v2", "things", "Thing", "Namespaced");
const thingKey = "/registry/example.com/things/default/one";

/** Everything that custom resources take, on a store in this process. */
async function startBench() {
  const store = new MemoryStore();
  const storageRoot = "/registry";
  const context = { clock: systemClock, random: systemRandom, log: silentLogger };
  const wanted = new Set(["customresourcedefinitions", "services"]);
  const { registries, caches, factory } = buildRegistries({
    storeOf: () => store,
    storageRoot,
    definitions: builtinResources().filter(({ type }) => wanted.has(type.plural)),
    hooks: new Map(),
    metrics: createRegistry(),
    ...context,
  });
  const background = new TaskGroup(signal);
  for (const cache of caches) background.start((inner) => cache.run(inner));
  await Promise.all(caches.map((cache) => cache.waitFor(0n, signal)));
  const live = new LiveCatalog({ resources: [], subresources: [], virtuals: [] });
  await startExtensions({ registries, factory, storeOf: () => store, storageRoot, live, ...context }, background);
  return {
    registries,
    store,
    live,
    /** The object as it lies in the store. */
    stored: async (): Promise<Thing> => {
      const { value } = await store.get(thingKey, signal);
      assert.ok(value);
      return JSON.parse(value.bytes.toString()) as Thing;
    },
    [Symbol.asyncDispose]: async () => {
      await background.stop();
      await store[Symbol.asyncDispose]();
    },
  };
}

async function until(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await check())) {
    assert.ok(performance.now() < deadline, `not within ten seconds: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const schema: JSONSchemaProps = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      properties: { size: { type: "integer" }, color: { type: "string" }, note: { type: "string" } },
    },
  },
};
const v1: CustomResourceDefinitionVersion = {
  name: "v1",
  served: true,
  storage: true,
  schema: { openAPIV3Schema: schema },
};
const v2: CustomResourceDefinitionVersion = { ...v1, name: "v2", storage: false };

const definition = (
  versions: CustomResourceDefinitionVersion[],
  conversion?: CustomResourceDefinition["spec"]["conversion"],
): CustomResourceDefinition => ({
  metadata: { name: "things.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "things", kind: "Thing" },
    versions,
    ...(conversion && { conversion }),
  },
});

const define = (registries: RegistrySet, object: CustomResourceDefinition) =>
  registries.create(customResourceDefinitions, object, signal);

const change = (registries: RegistrySet, update: (spec: CustomResourceDefinition["spec"]) => void) =>
  registries.update(
    customResourceDefinitions,
    "",
    "things.example.com",
    (current) => {
      update(current.spec);
      return current;
    },
    signal,
  );

const one = (spec: Thing["spec"] = {}): Thing => ({ metadata: { name: "one", namespace: "default" }, spec });

const read = (registries: RegistrySet, type: typeof inV1) => registries.getLatest(type, "default", "one", signal);

suite("custom resources", () => {
  test("are served once their definition is established, and live in the store where upstream has them", async () => {
    await using bench = await startBench();
    await define(bench.registries, definition([v1]));
    await until("served", () => bench.live.current.resource("example.com/v1/things") !== undefined);
    await bench.registries.create(inV1, one({ size: 1 }), signal);
    const stored = await bench.stored();
    assert.deepEqual([stored.apiVersion, stored.kind, stored.spec], ["example.com/v1", "Thing", { size: 1 }]);
    assert.equal(stored.metadata.generation, 1);
  });

  test("get defaults that were added after they were stored", async () => {
    await using bench = await startBench();
    await define(bench.registries, definition([v1]));
    await until("served", () => bench.live.current.resource("example.com/v1/things") !== undefined);
    const before = bench.live.current.resource("example.com/v1/things");
    await bench.registries.create(inV1, one({ size: 1 }), signal);
    const withDefault = structuredClone(v1);
    const spec = withDefault.schema?.openAPIV3Schema?.properties?.["spec"];
    assert.ok(spec?.properties?.["color"]);
    spec.properties["color"].default = "red";
    await change(bench.registries, (each) => void (each.versions = [withDefault]));
    await until("served anew", () => bench.live.current.resource("example.com/v1/things") !== before);
    assert.deepEqual((await read(bench.registries, inV1))?.spec, { size: 1, color: "red" });
    assert.deepEqual(bench.registries.get(inV1, "default", "one")?.spec, { size: 1, color: "red" });
    assert.deepEqual((await bench.stored()).spec, { size: 1 });
  });

  test("are one object in all versions, and move to another storage version when they are written", async () => {
    await using bench = await startBench();
    await define(bench.registries, definition([v1, v2]));
    await until("served", () => bench.live.current.resource("example.com/v2/things") !== undefined);
    await bench.registries.create(inV2, one({ size: 1 }), signal);
    assert.equal((await bench.stored()).apiVersion, "example.com/v1");
    assert.equal((await read(bench.registries, inV2))?.apiVersion, "example.com/v2");
    assert.equal((await read(bench.registries, inV1))?.apiVersion, "example.com/v1");
    const before = bench.live.current.resource("example.com/v2/things");
    const swapped = [
      { ...v1, storage: false },
      { ...v2, storage: true },
    ];
    const { status } = await change(bench.registries, (spec) => void (spec.versions = swapped));
    assert.deepEqual(status?.storedVersions, ["v1", "v2"]);
    await until("served anew", () => bench.live.current.resource("example.com/v2/things") !== before);
    assert.equal((await read(bench.registries, inV2))?.apiVersion, "example.com/v2");
    assert.equal((await bench.stored()).apiVersion, "example.com/v1");
    await bench.registries.update(inV1, "default", "one", (current) => current, signal);
    assert.equal((await bench.stored()).apiVersion, "example.com/v2");
    const { revision } = (await bench.store.get(thingKey, signal)).value ?? {};
    await bench.registries.update(inV1, "default", "one", (current) => current, signal);
    assert.equal((await bench.store.get(thingKey, signal)).value?.revision, revision, "a second write changes nothing");
  });

  test("are gone before their definition is, and so are the routes", async () => {
    await using bench = await startBench();
    await define(bench.registries, definition([v1]));
    await until("served", () => bench.live.current.resource("example.com/v1/things") !== undefined);
    const held = one();
    held.metadata.finalizers = ["example.com/held"];
    await bench.registries.create(inV1, held, signal);
    await bench.registries.create(inV1, { metadata: { name: "two", namespace: "default" } }, signal);
    await bench.registries.delete(customResourceDefinitions, "", "things.example.com", signal);
    await until("marked", async () => (await bench.stored()).metadata.deletionTimestamp !== undefined);
    await until("deleted", async () => !(await bench.registries.getLatest(inV1, "default", "two", signal)));
    const terminating = bench.registries.get(customResourceDefinitions, "", "things.example.com");
    assert.ok(terminating && isConditionTrue(terminating, "Terminating"));
    await until("closed for new objects", () => {
      const verbs = bench.live.current.resource("example.com/v1/things")?.registry.definition.verbs;
      return verbs !== undefined && !verbs.includes("create");
    });
    const release = (current: Thing) => {
      current.metadata.finalizers = [];
      return current;
    };
    await bench.registries.update(inV1, "default", "one", release, signal);
    await until("not served", () => bench.live.current.resource("example.com/v1/things") === undefined);
    assert.equal(bench.registries.get(customResourceDefinitions, "", "things.example.com"), undefined);
  });

  test("end the watches of what was served before", async () => {
    await using bench = await startBench();
    await define(bench.registries, definition([v1]));
    await until("served", () => bench.live.current.resource("example.com/v1/things") !== undefined);
    const { cache } = bench.registries.registry(inV1);
    const { promise: closed, resolve } = Promise.withResolvers<string>();
    cache.watch(cache.revision, { event: () => true, progress: () => {}, closed: resolve });
    await change(bench.registries, (spec) => void (spec.versions = [v1, v2]));
    assert.equal(await closed, "stopped");
  });
});

/** A conversion webhook: v1 has `spec.color` where v2 has `spec.note`. */
async function startWebhook(answer: (review: ConversionReview) => object = convert) {
  const { cert, key } = await selfSignedTls(["localhost", "hook.default.svc"], Date.now());
  const calls: ConversionReview[] = [];
  const server = createServer({ cert, key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const review = JSON.parse(Buffer.concat(chunks).toString()) as ConversionReview;
      calls.push(review);
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(answer(review)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    calls,
    conversion: {
      strategy: "Webhook" as const,
      webhook: {
        clientConfig: { url: `https://localhost:${port}/convert`, caBundle: Buffer.from(cert).toString("base64") },
        conversionReviewVersions: ["v1"],
      },
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function convert({ request }: ConversionReview): object {
  const { uid = "", desiredAPIVersion = "", objects = [] } = request ?? {};
  const toV2 = desiredAPIVersion.endsWith("v2");
  const convertedObjects = objects.map((object) => {
    const { color, note, ...rest } = (object["spec"] ?? {}) as NonNullable<Thing["spec"]>;
    const text = color ?? note;
    const spec = { ...rest, ...(text !== undefined && { [toV2 ? "note" : "color"]: text }) };
    return { ...object, apiVersion: desiredAPIVersion, spec };
  });
  const response = { uid, convertedObjects, result: { status: "Success" } };
  return { kind: "ConversionReview", apiVersion: "apiextensions.k8s.io/v1", response };
}

suite("conversion by webhook", () => {
  test("takes place on every way in and out", async () => {
    await using bench = await startBench();
    await using webhook = await startWebhook();
    await define(bench.registries, definition([v1, v2], webhook.conversion));
    await until("served", () => bench.live.current.resource("example.com/v2/things") !== undefined);
    const { cache } = bench.registries.registry(inV2);
    const seen: unknown[] = [];
    using _watch = cache.watch(cache.revision, {
      event: (event) => {
        seen.push([event.type, (event.object.parsed() as Thing).spec]);
        return true;
      },
      progress: () => {},
      closed: () => {},
    });
    await bench.registries.create(inV2, one({ note: "blue" }), signal);
    assert.deepEqual((await bench.stored()).spec, { color: "blue" });
    await bench.registries.update(inV1, "default", "one", (each) => ({ ...each, spec: { color: "red" } }), signal);
    assert.deepEqual((await read(bench.registries, inV2))?.spec, { note: "red" });
    await until("both events", () => seen.length === 2);
    assert.deepEqual(seen, [
      ["ADDED", { note: "blue" }],
      ["MODIFIED", { note: "red" }],
    ]);
    assert.deepEqual(
      bench.registries.list(inV2).map(({ spec }) => spec),
      [{ note: "red" }],
    );
  });

  for (const [name, answer, message] of [
    [
      "that fails is told as the webhook tells it",
      ({ request }: ConversionReview) => ({
        kind: "ConversionReview",
        apiVersion: "apiextensions.k8s.io/v1",
        response: { uid: request?.uid, result: { status: "Failed", message: "no way" } },
      }),
      /conversion webhook for example\.com\/v1, Kind=Thing failed: no way$/,
    ],
    [
      "must answer the question",
      () => ({ kind: "ConversionReview", apiVersion: "apiextensions.k8s.io/v1", response: { uid: "x" } }),
      /failed: expected response\.uid=".+", got "x"$/,
    ],
    [
      "must convert all objects",
      ({ request }: ConversionReview) => ({
        kind: "ConversionReview",
        apiVersion: "apiextensions.k8s.io/v1",
        response: { uid: request?.uid, convertedObjects: [], result: { status: "Success" } },
      }),
      /returned 0 objects, expected 1$/,
    ],
    [
      "must leave names alone",
      (review: ConversionReview) => {
        const whole = convert(review) as ConversionReview;
        for (const object of whole.response?.convertedObjects ?? []) object["metadata"] = { name: "other" };
        return whole;
      },
      /invalid converted object at index 0: must have the same name: one != other$/,
    ],
  ] as const) {
    test(name, async () => {
      await using bench = await startBench();
      await using webhook = await startWebhook(answer);
      await define(bench.registries, definition([v1, v2], webhook.conversion));
      await until("served", () => bench.live.current.resource("example.com/v2/things") !== undefined);
      await bench.registries.create(inV1, one({ color: "blue" }), signal);
      assert.deepEqual((await read(bench.registries, inV1))?.spec, { color: "blue" });
      await assert.rejects(() => read(bench.registries, inV2), { message });
      await assert.rejects(() => bench.registries.registry(inV2).cache.waitFor(2n ** 40n, signal), { message });
    });
  }

  test("finds the webhook of a service by its cluster IP", async () => {
    await using bench = await startBench();
    await using webhook = await startWebhook();
    const { url, caBundle } = webhook.conversion.webhook.clientConfig;
    const port = Number(new URL(url).port);
    const service = { namespace: "default", name: "hook", path: "/convert", port };
    const conversion = {
      strategy: "Webhook" as const,
      webhook: { clientConfig: { service, caBundle }, conversionReviewVersions: ["v1"] },
    };
    await define(bench.registries, definition([v1, v2], conversion));
    await until("served", () => bench.live.current.resource("example.com/v2/things") !== undefined);
    await bench.registries.create(inV1, one({ color: "blue" }), signal);
    await assert.rejects(() => read(bench.registries, inV2), { message: /failed: service "hook" not found$/ });
    const spec = { clusterIP: "127.0.0.1", clusterIPs: ["127.0.0.1"], ports: [{ port }] };
    await bench.registries.create(services, { metadata: { name: "hook", namespace: "default" }, spec }, signal);
    await until("known", () => bench.registries.get(services, "default", "hook") !== undefined);
    assert.deepEqual((await read(bench.registries, inV2))?.spec, { note: "blue" });
    await until("the cache starts over", () => bench.registries.get(inV2, "default", "one") !== undefined);
  });

  test("tells when nobody answers", async () => {
    await using bench = await startBench();
    const clientConfig = { url: "https://127.0.0.1:1/convert" };
    const webhook = { clientConfig, conversionReviewVersions: ["v1"] };
    await define(bench.registries, definition([v1, v2], { strategy: "Webhook", webhook }));
    await until("served", () => bench.live.current.resource("example.com/v1/things") !== undefined);
    await bench.registries.create(inV1, one(), signal);
    await assert.rejects(() => read(bench.registries, inV2), {
      message:
        /conversion webhook for example\.com\/v1, Kind=Thing failed: Post "https:\/\/127\.0\.0\.1:1\/convert\?timeout=30s": dial tcp 127\.0\.0\.1:1: connect: connection refused$/,
    });
  });
});
