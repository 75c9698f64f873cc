import assert from "node:assert/strict";
import { test } from "node:test";
import { formatLogLine, parseLogRequest } from "./log-request.ts";
import { RequestError } from "./pod-source.ts";

const nowMs = Date.parse("2026-01-01T00:01:00Z");

test("options are read", () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ["", { options: { follow: false }, previous: false, timestamps: false }],
    ["follow=true&previous=1&timestamps=", { options: { follow: true }, previous: true, timestamps: true }],
    ["follow=false&tailLines=5", { options: { follow: false, tailLines: 5 }, previous: false, timestamps: false }],
    [
      "sinceSeconds=10&limitBytes=7",
      {
        options: { follow: false, sinceMs: nowMs - 10_000 },
        previous: false,
        timestamps: false,
        limitBytes: 7,
      },
    ],
    [
      "sinceTime=2026-01-01T00:00:00Z&stream=Stderr",
      {
        options: { follow: false, sinceMs: nowMs - 60_000, stream: "stderr" },
        previous: false,
        timestamps: false,
      },
    ],
  ];
  for (const [query, expected] of cases) {
    assert.deepEqual(parseLogRequest(new URLSearchParams(query), nowMs), expected, query);
  }
});

test("bad options are refused", () => {
  const cases = [
    ["tailLines=x", 400],
    ["tailLines=-1", 422],
    ["sinceSeconds=0", 422],
    ["limitBytes=0", 422],
    ["sinceTime=yesterday", 400],
    ["sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z", 422],
    ["stream=Both", 422],
    ["stream=Stdout&tailLines=1", 422],
  ] as const;
  for (const [query, status] of cases) {
    assert.throws(
      () => parseLogRequest(new URLSearchParams(query), nowMs),
      (error: unknown) => error instanceof RequestError && error.statusCode === status,
      query,
    );
  }
});

test("a line carries its time when that is asked for", () => {
  const line = { stream: "stdout", timestamp: "2026-01-01T00:00:00.000000001Z", content: Buffer.from("hi\n") } as const;
  assert.equal(formatLogLine(line, false).toString(), "hi\n");
  assert.equal(formatLogLine(line, true).toString(), "2026-01-01T00:00:00.000000001Z hi\n");
});
