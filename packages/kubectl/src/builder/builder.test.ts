import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiResource } from "./discovery.ts";
import { lastApplied, withLastApplied } from "./last-applied.ts";
import { parseManifests } from "./manifests.ts";
import { locate } from "./object-reference.ts";
import { parseResourceArguments } from "./resource-arguments.ts";
import { pathOf, ResourceMapper } from "./resource-mapper.ts";

function resource(group: string, plural: string, kind: string, more: Partial<ApiResource> = {}): ApiResource {
  const rest = { namespaced: true, shortNames: [], categories: [], verbs: ["get", "list"], subresources: [] };
  return { group, version: "v1", plural, singular: kind.toLowerCase(), kind, ...rest, ...more };
}

const mapper = new ResourceMapper({
  resources: [
    resource("", "pods", "Pod", { shortNames: ["po"], categories: ["all"] }),
    resource("", "namespaces", "Namespace", { shortNames: ["ns"], namespaced: false }),
    resource("", "events", "Event"),
    resource("apps", "deployments", "Deployment", { shortNames: ["deploy"], categories: ["all"] }),
    resource("events.k8s.io", "events", "Event"),
  ],
  groups: [],
});

for (const [name, group, plural] of [
  ["po", "", "pods"],
  ["Pod", "", "pods"],
  ["pod", "", "pods"],
  ["deploy.apps", "apps", "deployments"],
  ["deployments.v1.apps", "apps", "deployments"],
  ["Deployment.app", "apps", "deployments"],
  ["events", "", "events"],
  ["events.events.k8s.io", "events.k8s.io", "events"],
  ["pods.v1", "", "pods"],
] as const) {
  test(`${name} names ${plural} of ${JSON.stringify(group)}`, async () => {
    const found = await mapper.resolve(name);
    assert.deepEqual([found.group, found.plural], [group, plural]);
  });
}

test("unknown types and categories", async () => {
  await assert.rejects(mapper.resolve("pods.apps"), { message: 'the server doesn\'t have a resource type "pods"' });
  assert.deepEqual(
    mapper.category("all")?.map(({ plural }) => plural),
    ["pods", "deployments"],
  );
  assert.equal(mapper.category("none"), undefined);
});

test("what a remembered answer lacks is looked for in a new one, once", async () => {
  let asked = 0;
  const renewed = { groups: [], resources: [resource("example.com", "widgets", "Widget")] };
  const stale = new ResourceMapper({ groups: [], resources: [resource("", "pods", "Pod")] }, () => {
    asked += 1;
    return Promise.resolve(asked === 1 ? renewed : undefined);
  });
  assert.equal((await stale.resolve("pods")).kind, "Pod");
  assert.equal(asked, 0);
  assert.equal((await stale.forKind("example.com/v1", "Widget"))?.plural, "widgets");
  await assert.rejects(stale.resolve("gadgets"), /doesn't have a resource type/);
});

test("resource arguments", () => {
  assert.deepEqual(parseResourceArguments(["pods,svc", "a", "b"]), {
    kind: "types",
    types: ["pods", "svc"],
    names: ["a", "b"],
  });
  assert.deepEqual(parseResourceArguments(["pod/a", "svc/b"]), {
    kind: "pairs",
    pairs: [
      { type: "pod", name: "a" },
      { type: "svc", name: "b" },
    ],
  });
  assert.throws(() => parseResourceArguments(["pod/a", "svc"]), /there is no need to specify a resource type/);
  assert.throws(() => parseResourceArguments(["pod/a/b"]), /may not have more than one slash/);
  assert.throws(() => parseResourceArguments(["pod/"]), /must have a single resource and name/);
});

test("paths", async () => {
  assert.equal(
    pathOf(await mapper.resolve("deploy"), "ns", "a", "scale"),
    "/apis/apps/v1/namespaces/ns/deployments/a/scale",
  );
  assert.equal(pathOf(await mapper.resolve("ns"), "", "a/b"), "/api/v1/namespaces/a%2Fb");
});

test("manifests are taken apart and placed in their namespace", async () => {
  const text =
    "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: m}\n";
  const located = await Promise.all(
    parseManifests(text, "f.yaml").map((manifest) => locate(manifest, mapper, { name: "here", explicit: false })),
  );
  assert.deepEqual(
    located.map(({ namespace, name }) => [namespace, name]),
    [
      ["here", "a"],
      ["", "m"],
    ],
  );
  const [pod] = parseManifests("apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: other}\n", "f.yaml");
  assert.ok(pod);
  assert.equal((await locate(pod, mapper, { name: "here", explicit: false })).namespace, "other");
  await assert.rejects(locate(pod, mapper, { name: "here", explicit: true }), /does not match the namespace "here"/);
  assert.throws(() => parseManifests("a: 1", "f.yaml"), /kind not set/);
});

test("the record of what was applied does not hold itself", () => {
  const once = withLastApplied({ kind: "Pod", metadata: { name: "a" } });
  assert.deepEqual(lastApplied(once), { kind: "Pod", metadata: { annotations: {}, name: "a" } });
  assert.deepEqual(withLastApplied(once), once);
});

test("JSON objects in a row, and the items of a list of one kind", () => {
  const pod = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a } b"}}';
  assert.equal(parseManifests(`${pod}\n${pod}`, "f.json").length, 2);
  const list = "apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n";
  assert.deepEqual(
    parseManifests(list, "f.yaml").map(({ object }) => object),
    [{ apiVersion: "v1", kind: "Pod", metadata: { name: "a" } }],
  );
  assert.deepEqual(
    parseManifests("{apiVersion: v1, kind: Pod}", "f.yaml").map(({ object }) => object["kind"]),
    ["Pod"],
  );
});
