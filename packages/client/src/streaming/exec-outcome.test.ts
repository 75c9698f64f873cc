import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeOutcome, encodeOutcome } from "./exec-outcome.ts";
import type { ExecOutcome } from "./exec-outcome.ts";

const outcomes: readonly ExecOutcome[] = [
  { kind: "success" },
  { kind: "exit", code: 3 },
  { kind: "failure", message: "container not running" },
];

test("outcomes travel as a Status from version 4 on", () => {
  for (const protocol of ["v4.channel.k8s.io", "v5.channel.k8s.io"]) {
    assert.deepEqual(
      outcomes.map((outcome) => decodeOutcome(encodeOutcome(outcome, protocol), protocol)),
      [
        { kind: "success" },
        { kind: "exit", code: 3 },
        { kind: "failure", message: "Internal error occurred: container not running" },
      ],
    );
  }
  assert.equal(
    encodeOutcome({ kind: "success" }, "v4.channel.k8s.io").toString(),
    '{"metadata":{},"status":"Success"}',
  );
});

test("outcomes travel as text before version 4", () => {
  assert.equal(encodeOutcome({ kind: "success" }, "channel.k8s.io").length, 0);
  assert.deepEqual(decodeOutcome(Buffer.alloc(0), "channel.k8s.io"), { kind: "success" });
  assert.deepEqual(decodeOutcome(Buffer.from("no such container"), ""), {
    kind: "failure",
    message: "no such container",
  });
});

test("a connection that ends without a status is a failure", () => {
  assert.equal(decodeOutcome(Buffer.alloc(0), "v4.channel.k8s.io").kind, "failure");
});
