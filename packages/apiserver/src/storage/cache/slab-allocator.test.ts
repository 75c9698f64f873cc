import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StoredObject } from "./cached-object.ts";
import { createTree } from "./object-tree.ts";
import { KeptForms } from "./kept-forms.ts";
import { emptySparseSlabs, Slabs } from "./slab-allocator.ts";

const forms = new KeptForms(0);
const context = { attributesOf: () => ({ labels: {}, fields: {} }), parsedForms: forms, encodedForms: forms };
const objectBytes = 2_000;

function contentOf(index: number): string {
  return `{"metadata":{"name":"k${index}"}}`.padEnd(objectBytes, " ");
}

describe("Slabs", () => {
  it("pack small buffers and leave large ones alone", () => {
    const slabs = new Slabs();
    const [a, b] = [slabs.allocate(1_000), slabs.allocate(2_000)];
    assert.equal(a.buffer, b.buffer);
    assert.equal(b.byteOffset, 1_000);
    assert.equal(slabs.allocate(20_000).buffer.byteLength, 20_000);
    assert.equal(slabs.wastedBytes, 64 * 1024 - 3_000);
    slabs.release(a);
    slabs.release(b);
    slabs.release(Buffer.alloc(5));
    assert.equal(slabs.wastedBytes, 0, "nothing keeps the slab");
  });

  it("give buffers that do not overlap", () => {
    const slabs = new Slabs();
    const buffers = Array.from({ length: 200 }, (_, index) => slabs.allocate(500 + index).fill(index));
    for (const [index, buffer] of buffers.entries()) {
      assert.equal(buffer.length, 500 + index);
      assert.ok(buffer.every((byte) => byte === index));
    }
    assert.ok(new Set(buffers.map(({ buffer }) => buffer)).size <= 3);
  });

  it("are emptied when most of what was in them was replaced", () => {
    const slabs = new Slabs();
    const tree = createTree();
    for (let index = 0; index < 10_000; index += 1) {
      const bytes = slabs.allocate(objectBytes);
      bytes.write(contentOf(index));
      tree.set(`k${index}`, new StoredObject(context, `k${index}`, "", 1n, bytes));
    }
    assert.equal(slabs.isWasteful, false);
    const held = tree.get("k0") as StoredObject;
    const heldBytes = held.bytes;
    for (const [key, object] of tree.toArray()) {
      if (Number(key.slice(1)) % 10 === 0) continue;
      slabs.release(object.bytes);
      tree.delete(key);
    }
    assert.equal(slabs.isWasteful, true);
    for (let after: string | undefined = ""; after !== undefined;) after = emptySparseSlabs(tree, slabs, after);
    assert.equal(slabs.isWasteful, false);
    assert.ok(slabs.wastedBytes < 200_000, `${slabs.wastedBytes} bytes`);
    assert.equal(tree.size, 1_000);
    for (const [key, object] of tree.toArray()) assert.equal(object.bytes.toString(), contentOf(Number(key.slice(1))));
    assert.notEqual(held.bytes, heldBytes);
    assert.equal(heldBytes.toString(), contentOf(0), "who has the old bytes may go on reading them");
  });
});
