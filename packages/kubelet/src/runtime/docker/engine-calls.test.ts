import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

/** The engine's archive API follows links inside a container's file system with the engine's rights. */
const archiveCalls = /\b(?:put|get|info)Archive\b|\/archive\b/;

test("the engine's archive API is not used", () => {
  const root = join(import.meta.dirname, "../..");
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );
  assert.ok(sources.includes("runtime/docker/engine.ts"));
  assert.match('engine.getContainer(id).putArchive(tar, { path: "/" })', archiveCalls);
  assert.deepEqual(
    sources.filter((name) => archiveCalls.test(readFileSync(join(root, name), "utf8"))),
    [],
  );
});
