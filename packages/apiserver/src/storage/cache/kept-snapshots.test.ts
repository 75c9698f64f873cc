import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KeptSnapshots } from "./kept-snapshots.ts";
import { createTree, TreeSnapshot } from "./object-tree.ts";

const tree = createTree();
const snapshot = (changedAt: bigint, revision: bigint) => new TreeSnapshot(tree, changedAt, revision);

describe("KeptSnapshots", () => {
  it("finds the snapshot whose state is that of the revision", () => {
    const kept = new KeptSnapshots();
    kept.keep(snapshot(10n, 15n), 0);
    kept.keep(snapshot(20n, 20n), 0);
    const found = [9n, 10n, 12n, 15n, 16n, 20n].map((revision) => kept.find(revision, 0)?.revision);
    assert.deepEqual(found, [undefined, 15n, 15n, 15n, undefined, 20n]);
  });

  it("keeps a bounded number, the least recently used goes first", () => {
    const kept = new KeptSnapshots();
    for (let revision = 1n; revision <= 32n; revision += 1n) kept.keep(snapshot(revision, revision), 0);
    assert.ok(kept.find(1n, 0));
    kept.keep(snapshot(33n, 33n), 0);
    assert.equal(kept.size, 32);
    assert.ok(kept.find(1n, 0));
    assert.equal(kept.find(2n, 0), undefined);
  });

  it("drops what was not used for five minutes", () => {
    const kept = new KeptSnapshots();
    kept.keep(snapshot(1n, 1n), 0);
    kept.keep(snapshot(2n, 2n), 0);
    assert.ok(kept.find(2n, 200_000));
    kept.expire(310_000);
    assert.equal(kept.find(1n, 310_000), undefined);
    assert.ok(kept.find(2n, 310_000));
  });
});
