import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { compareKeys } from "../printers/yaml-key-order.ts";
import { buildKustomization } from "./build.ts";
import { changedImage } from "./change-images.ts";
import { mergeResource } from "./merge-resource.ts";

const options = { loadAnywhere: false, warn: () => {} };

/** Builds `target` of the files, each of which is below a directory that goes away afterwards. */
async function build(files: Readonly<Record<string, string>>, target = "."): Promise<unknown[]> {
  const root = mkdtempSync(join(tmpdir(), "kube-ts-kustomize-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(root, dirname(name)), { recursive: true });
      if (text.startsWith("-> ")) symlinkSync(text.slice("-> ".length), join(root, name));
      else writeFileSync(join(root, name), text);
    }
    return await buildKustomization(join(root, target), options);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const pod = JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" } });

for (const [what, files, problem] of [
  ["an unknown field", { "kustomization.yaml": "resource: [p.yaml]" }, /unknown field "resource"/],
  ["an address", { "kustomization.yaml": "resources: ['https://host/x.yaml']" }, /remote resources are not supported/],
  ["a repository", { "kustomization.yaml": "resources: ['git@host:x/y.git']" }, /remote resources are not supported/],
  ["Helm charts", { "kustomization.yaml": "helmCharts: [{name: x}]" }, /"helmCharts" is not supported/],
  ["a file outside", { "a/kustomization.yaml": "resources: [../p.yaml]", "p.yaml": pod }, /security; file/],
  [
    "a link to a file outside",
    { "a/kustomization.yaml": "resources: [p.yaml]", "a/p.yaml": "-> ../p.yaml", "p.yaml": pod },
    /security; file/,
  ],
  [
    "a circle",
    { "a/kustomization.yaml": "resources: [../b]", "b/kustomization.yaml": "resources: [../a]" },
    /cycle detected/,
  ],
] as const) {
  test(`a kustomization with ${what} is refused`, async () => {
    await assert.rejects(build(files, "a/kustomization.yaml" in files ? "a" : "."), problem);
  });
}

test("a name that is generated is followed by those who refer to it", async () => {
  const [made, user] = (await build({
    "kustomization.yaml": "resources: [p.yaml]\nconfigMapGenerator: [{name: c, literals: [a=b]}]",
    "p.yaml":
      "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {volumes: [{name: v, configMap: {name: c}}], on: yes}}",
  })) as [{ metadata: { name: string } }, { spec: { volumes: [{ configMap: { name: string } }]; on: unknown } }];
  assert.match(made.metadata.name, /^c-[a-z0-9]{10}$/);
  assert.equal(user.spec.volumes[0].configMap.name, made.metadata.name);
  assert.equal(user.spec.on, "yes");
});

test("keys of objects that exist on every object are texts like others", async () => {
  const text =
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"__proto__":"x","constructor":"y"}}';
  const files = { "kustomization.yaml": "namePrefix: p-\ncommonLabels: {a: b}\nresources: [c.json]", "c.json": text };
  assert.match(JSON.stringify(await build(files)), /"__proto__":"x","constructor":"y"/);
  assert.equal(({} as Record<string, unknown>)["x"], undefined);
});

for (const [image, change, expected] of [
  ["nginx:1@sha256:a", { name: "nginx", newTag: "2" }, "nginx:2"],
  ["host:5000/nginx", { name: "host:5000/nginx", newName: "x", digest: "sha256:b" }, "x@sha256:b"],
  ["nginx:1", { name: "nginx", tagSuffix: "-alpine" }, "nginx:1-alpine"],
  ["mynginx:1", { name: "nginx", newTag: "2" }, "mynginx:1"],
] as const) {
  test(`the image ${image} becomes ${expected}`, () => assert.equal(changedImage(image, change), expected));
}

test("elements that a patch names come first, and it can delete some", () => {
  const id = { group: "", version: "v1", kind: "Pod", name: "p", namespace: "" };
  const object = { spec: { containers: [{ name: "a", image: "1" }, { name: "b" }] } };
  const patch = { spec: { containers: [{ name: "n" }, { name: "a", tty: true }, { name: "b", $patch: "delete" }] } };
  const merged = mergeResource(object, patch, id);
  assert.deepEqual(merged, { spec: { containers: [{ name: "n" }, { name: "a", image: "1", tty: true }] } });
});

test("keys go by their numbers, letters last", () => {
  const sorted = ["a10", "aA", "a9", "a_b", "b", "a"].toSorted(compareKeys);
  assert.deepEqual(sorted, ["a", "a_b", "a9", "a10", "aA", "b"]);
});
