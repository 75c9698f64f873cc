import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isLinearizable } from "./linearizability.ts";
import type { RegisterCall, RegisterOperation, RegisterOutcome } from "./linearizability.ts";

const call = (
  calledAt: number,
  returnedAt: number,
  operation: RegisterOperation,
  outcome: RegisterOutcome,
): RegisterCall => ({ calledAt, returnedAt, operation, outcome });

const done = { kind: "done" } as const;
const read = { kind: "read" } as const;
const create = (value: string) => ({ kind: "create", value }) as const;
const replace = (value: string) => ({ kind: "replace", value }) as const;
const found = (value: string) => ({ kind: "found", value }) as const;

suite("the check of histories", () => {
  const created = call(0, 1, create("a"), done);

  const accepted: Record<string, RegisterCall[]> = {
    "one after another": [created, call(2, 3, replace("b"), done), call(4, 5, read, found("b"))],
    "a read during a write sees either": [created, call(2, 9, replace("b"), done), call(3, 4, read, found("a"))],
    "an unknown write may have happened": [
      created,
      call(2, 3, replace("b"), { kind: "unknown" }),
      call(4, 5, read, found("a")),
      call(6, 7, read, found("b")),
    ],
    "an unknown write may never happen": [
      created,
      call(2, 3, { kind: "delete" }, { kind: "unknown" }),
      call(4, 5, read, found("a")),
    ],
    "two creations, one refused": [created, call(0, 2, create("b"), { kind: "refused" })],
  };
  for (const [title, calls] of Object.entries(accepted)) test(title, () => assert.ok(isLinearizable(calls)));

  const refused: Record<string, RegisterCall[]> = {
    "a read of the past": [created, call(2, 3, replace("b"), done), call(4, 5, read, found("a"))],
    "a reader that goes back in time": [
      created,
      call(2, 20, replace("b"), done),
      call(3, 4, read, found("b")),
      call(5, 6, read, found("a")),
    ],
    "a lost write": [created, call(2, 3, read, { kind: "absent" })],
    "two creations of the same object": [created, call(0, 2, create("b"), done)],
    "a value that nobody wrote": [created, call(2, 3, read, found("c"))],
  };
  for (const [title, calls] of Object.entries(refused)) test(title, () => assert.ok(!isLinearizable(calls)));
});
