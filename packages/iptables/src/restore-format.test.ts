import assert from "node:assert/strict";
import { test } from "node:test";
import { countRules, isEmptyTransaction, renderRestore } from "./restore-format.ts";
import type { Transaction } from "./restore-format.ts";

const transaction: Transaction = [
  {
    table: "nat",
    replace: new Map([
      ["KUBE-A", [{ comment: "a b", target: { kind: "jump", chain: "KUBE-B" } }]],
      ["KUBE-B", []],
    ]),
    delete: [{ chain: "OUTPUT", rule: { args: ["-m", "comment", "--comment", "old one", "-j", "KUBE-OLD"] } }],
    insert: [{ chain: "OUTPUT", rule: { target: { kind: "jump", chain: "KUBE-A" } } }],
    append: [{ chain: "FORWARD", rule: { target: { kind: "jump", chain: "KUBE-B" } } }],
    remove: ["KUBE-OLD"],
  },
  { table: "filter" },
];

test("chains are emptied, filled, linked, and only then removed", () => {
  assert.equal(
    renderRestore(transaction),
    `*nat
:KUBE-A - [0:0]
:KUBE-B - [0:0]
:KUBE-OLD - [0:0]
-D OUTPUT -m comment --comment "old one" -j KUBE-OLD
-A KUBE-A -m comment --comment "a b" -j KUBE-B
-I OUTPUT -j KUBE-A
-A FORWARD -j KUBE-B
-X KUBE-OLD
COMMIT
`,
  );
  assert.equal(countRules(transaction), 3);
});

test("tables without changes leave no text", () => {
  assert.equal(renderRestore([{ table: "filter" }, { table: "nat", replace: new Map() }]), "");
  assert.equal(isEmptyTransaction([{ table: "filter" }]), true);
  assert.equal(isEmptyTransaction(transaction), false);
});

for (const name of ["", "KUBE A", "KUBE\nA", "-X", "KUBE-CHAIN-NAME-OF-29-LETTERS"]) {
  test(`refuses the chain name ${JSON.stringify(name)}`, () => {
    assert.throws(() => renderRestore([{ table: "nat", remove: [name] }]), TypeError);
  });
}
