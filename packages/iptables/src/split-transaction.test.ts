import assert from "node:assert/strict";
import { test } from "node:test";
import type { TableTransaction } from "./restore-format.ts";
import type { Rule } from "./rule.ts";
import { splitTransaction } from "./split-transaction.ts";

const jumpTo = (chain: string): Rule => ({ target: { kind: "jump", chain } });

const large: TableTransaction = {
  table: "nat",
  replace: new Map([
    ["TOP", [jumpTo("SERVICE-1"), jumpTo("SERVICE-2")]],
    ["SERVICE-1", [jumpTo("ENDPOINT-1"), jumpTo("MARK")]],
    ["SERVICE-2", [jumpTo("ENDPOINT-2"), jumpTo("KEPT")]],
    ["ENDPOINT-1", []],
    ["ENDPOINT-2", []],
    ["MARK", []],
  ]),
  delete: [{ chain: "OUTPUT", rule: { args: ["-j", "OLD-1"] } }],
  insert: [{ chain: "OUTPUT", rule: jumpTo("TOP") }],
  remove: ["OLD-1", "OLD-2", "OLD-3"],
};

test("a small transaction stays whole", () => {
  const transaction = [large, { table: "filter", remove: ["A"] }] as const;
  assert.deepEqual(splitTransaction(transaction, 10), [transaction]);
});

test("every part is within the bound, and nothing is lost", () => {
  const parts = splitTransaction([large], 2);
  const replaced = new Map<string, readonly Rule[]>();
  const removed: string[] = [];
  let linked = false;
  for (const [table, ...others] of parts) {
    assert.ok(table);
    assert.deepEqual(others, []);
    const { replace = new Map<string, readonly Rule[]>(), remove = [], insert = [] } = table;
    assert.ok(replace.size + remove.length <= 2);
    for (const [name, rules] of replace) {
      for (const { target } of rules) {
        const wanted = target?.kind === "jump" && large.replace?.has(target.chain);
        if (wanted)
          assert.ok(replaced.has(target.chain) || replace.has(target.chain), `${name} before ${target.chain}`);
      }
      replaced.set(name, rules);
    }
    if (insert.length > 0) {
      assert.ok(replaced.has("TOP"));
      assert.deepEqual(table.delete, large.delete);
      linked = true;
    }
    for (const name of remove) {
      assert.ok(linked);
      assert.ok(
        large.remove?.every((chain) => replaced.get(chain)?.length === 0),
        "removed before all are empty",
      );
      removed.push(name);
    }
  }
  assert.deepEqual(removed, large.remove);
  for (const [name, rules] of large.replace ?? []) assert.equal(replaced.get(name), rules);
});
