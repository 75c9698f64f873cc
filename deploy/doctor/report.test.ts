import assert from "node:assert/strict";
import { test } from "node:test";
import { fail, pass, skip, warn } from "./check.ts";
import type { Section } from "./examine.ts";
import { hasFailures, jsonOf, tableOf } from "./report.ts";

const section = (...outcomes: Section["findings"][number]["outcome"][]): readonly Section[] => [
  {
    name: "machine",
    heading: "Machine",
    findings: outcomes.map((outcome, index) => ({ id: `id${index}`, title: "something holds", outcome })),
  },
];

test("a table says what to do about what fails", () => {
  assert.equal(
    tableOf(section(pass("6.1"), fail("is 0", "set it"), warn("is low", "raise it"), skip("not here"))),
    `Machine
  id0  something holds  PASS  6.1
  id1  something holds  FAIL  is 0
         → set it
  id2  something holds  WARN  is low
         → raise it
  id3  something holds  SKIP  not here

4 checks: 1 PASS, 1 FAIL, 1 WARN, 1 SKIP
`,
  );
});

test("what the cluster says cannot write to the terminal", () => {
  assert.match(tableOf(section(pass("\u001b[31mred\nnext"))), /\\x1b\[31mred\\x0anext/);
});

test("programs get the same, and whether anything fails", () => {
  const sections = section(warn("is low", "raise it"), fail("is 0", "set it"));
  assert.deepEqual(JSON.parse(jsonOf(sections)), {
    healthy: false,
    checks: [
      { group: "machine", id: "id0", title: "something holds", state: "WARN", detail: "is low", advice: "raise it" },
      { group: "machine", id: "id1", title: "something holds", state: "FAIL", detail: "is 0", advice: "set it" },
    ],
  });
  assert.equal(hasFailures(section(warn("is low", "raise it"))), false);
});
