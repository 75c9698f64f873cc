import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { RuntimeError } from "../runtime-error.ts";
import { PullTracker, readJsonLines } from "./pull-progress.ts";

test("progress adds up over layers", () => {
  const tracker = new PullTracker();
  tracker.note({ id: "latest", status: "Pulling from library/busybox" });
  tracker.note({ id: "a", status: "Already exists" });
  tracker.note({ id: "b", status: "Pulling fs layer" });
  tracker.note({ id: "b", status: "Downloading", progressDetail: { current: 50, total: 100 } });
  assert.deepEqual(tracker.note({ status: "Digest: sha256:1" }), {
    layersDone: 1,
    layersTotal: 2,
    bytesDone: 50,
    bytesTotal: 100,
  });
  tracker.note({ id: "b", status: "Download complete" });
  assert.deepEqual(tracker.note({ id: "b", status: "Pull complete" }), {
    layersDone: 2,
    layersTotal: 2,
    bytesDone: 100,
    bytesTotal: 100,
  });
});

test("failures become errors", () => {
  const cases = [
    [{ errorDetail: { message: "unauthorized" }, error: "unauthorized" }, "ErrImagePull"],
    [{ errorDetail: { code: 503, message: "down" } }, "RegistryUnavailable"],
  ] as const;
  for (const [message, code] of cases) {
    assert.throws(
      () => new PullTracker().note(message),
      (error: unknown) => error instanceof RuntimeError && error.code === code,
    );
  }
});

test("lines are read whatever the chunks; long and broken ones are skipped", async () => {
  const input = `{"a":1}\nnot json\n{"b":"${"x".repeat(100_000)}"}\n{"c":3}`;
  const chunks = [input.slice(0, 3), input.slice(3, 50_000), input.slice(50_000, 90_000), input.slice(90_000)];
  const seen: unknown[] = [];
  for await (const value of readJsonLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))) seen.push(value);
  assert.deepEqual(seen, [{ a: 1 }, { c: 3 }]);
});
