import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { KubeObject } from "@kube-ts/api/object";
import { StoredObject } from "./cached-object.ts";
import { createTree, TreeSnapshot } from "./object-tree.ts";
import { KeptForms } from "./kept-forms.ts";
import { ValueIndex } from "./value-index.ts";

const context = {
  attributesOf: ({ metadata }: KubeObject) => ({
    labels: metadata.labels ?? {},
    fields: { "spec.nodeName": metadata.annotations?.["node"] ?? "" },
  }),
  parsedForms: new KeptForms(0),
  encodedForms: new KeptForms(0),
};

let revision = 0n;
function object(name: string, labels: Record<string, string>, node = ""): StoredObject {
  revision += 1n;
  const bytes = Buffer.from(JSON.stringify({ metadata: { name, labels, annotations: { node } } }));
  return new StoredObject(context, `ns/${name}`, "ns", revision, bytes);
}

/** A tree and its index, changed together as a cache does. */
class Indexed {
  readonly tree = createTree();
  readonly index: ValueIndex;

  constructor(limits: ConstructorParameters<typeof ValueIndex>[1]) {
    this.index = new ValueIndex(() => this.tree, limits);
  }

  put(changed: StoredObject): void {
    const before = this.tree.get(changed.key);
    this.tree.set(changed.key, changed);
    this.index.record(before, changed);
  }

  remove(name: string): void {
    const before = this.tree.get(`ns/${name}`);
    this.tree.delete(`ns/${name}`);
    this.index.record(before, undefined);
  }

  async made(kind: "label" | "field", name: string): Promise<void> {
    await this.index.making({ kind, name, value: "" });
  }

  having(kind: "label" | "field", name: string, value: string): string[] | undefined {
    const tree = this.tree.clone();
    const snapshot = new TreeSnapshot(tree, revision, revision, (wanted) => this.index.find(wanted));
    return snapshot.having({ kind, name, value })?.map((found) => found.name);
  }
}

/** As many turns of the event loop as all indexes of a test need. */
async function turn(): Promise<void> {
  for (let n = 0; n < 5; n += 1) await new Promise((resolve) => setImmediate(resolve));
}

const limits = { attributes: 2, leastObjects: 4, pendingChanges: 50 };

async function filled(count: number): Promise<Indexed> {
  const indexed = new Indexed(limits);
  for (let n = 0; n < count; n += 1) indexed.put(object(`o${n}`, { group: String(n % 10) }, `node-${n % 20}`));
  assert.equal(indexed.having("label", "group", "3"), undefined, "nothing is known when it is first asked for");
  await indexed.made("label", "group");
  return indexed;
}

describe("ValueIndex", () => {
  it("finds objects in key order, also when there are more than a slice", async () => {
    const indexed = await filled(2_500);
    const expected = [...indexed.tree.values()].filter(({ labels }) => labels["group"] === "3").map(({ name }) => name);
    assert.equal(expected.length, 250);
    assert.deepEqual(indexed.having("label", "group", "3"), expected);
    assert.deepEqual(indexed.having("label", "group", "absent"), []);
  });

  it("follows changes, those made while it was filled included", async () => {
    const indexed = await filled(40);
    assert.equal(indexed.having("field", "spec.nodeName", "node-1"), undefined);
    indexed.put(object("o1", { group: "1" }, "node-2"));
    indexed.put(object("new", { group: "1" }, "node-1"));
    indexed.remove("o21");
    await turn();
    assert.deepEqual(indexed.having("field", "spec.nodeName", "node-1"), ["new"]);
    assert.deepEqual(indexed.having("field", "spec.nodeName", "node-2"), ["o1", "o2", "o22"]);
    indexed.remove("new");
    assert.deepEqual(indexed.having("field", "spec.nodeName", "node-1"), []);
  });

  it("leaves small trees and common values to a scan", async () => {
    const small = new Indexed({ ...limits, leastObjects: 50 });
    for (let n = 0; n < 40; n += 1) small.put(object(`o${n}`, { group: "same" }));
    small.having("label", "group", "same");
    await turn();
    assert.equal(small.having("label", "group", "other"), undefined);
    const indexed = await filled(40);
    for (let n = 0; n < 20; n += 1) indexed.put(object(`o${n}`, { group: "same" }));
    assert.equal(indexed.having("label", "group", "same"), undefined);
  });

  it("keeps a bounded number of indexes and of changes", async () => {
    const indexed = await filled(40);
    indexed.having("label", "a", "1");
    indexed.having("label", "b", "1");
    await turn();
    assert.equal(indexed.having("label", "group", "3"), undefined, "it made room");
    await turn();
    assert.deepEqual(indexed.having("label", "group", "3"), ["o13", "o23", "o3", "o33"]);
    for (let n = 0; n <= limits.pendingChanges; n += 1) indexed.put(object("o3", { group: String(n % 2) }));
    assert.equal(indexed.having("label", "group", "3"), undefined, "it was given up");
    await turn();
    assert.deepEqual(indexed.having("label", "group", "3"), ["o13", "o23", "o33"]);
  });

  it("knows no labels that objects inherit", async () => {
    const indexed = await filled(40);
    indexed.having("label", "constructor", "x");
    await turn();
    assert.deepEqual(indexed.having("label", "constructor", "x"), []);
  });
});
