import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { privateFile } from "./planned-file.ts";
import { writeFiles } from "./write-files.ts";

// Files belong to root.

test("a file is exchanged as a whole, and who watches its directory for manifests sees nothing else", async () => {
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-files-"));
  const names = new Set<string | null>();
  const watcher = watch(directory, (_event, name) => void names.add(name));
  try {
    const path = join(directory, "pod.yaml");
    assert.deepEqual(await writeFiles([privateFile(path, "one")]), [path]);
    assert.deepEqual(await writeFiles([privateFile(path, "one")]), []);
    assert.deepEqual(await writeFiles([privateFile(path, "two")]), [path]);
    assert.equal(readFileSync(path, "utf8"), "two");
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const deadline = performance.now() + 10_000;
    while (!names.has("pod.yaml") && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10));
    assert.ok(names.has("pod.yaml"), "nothing was seen");
    assert.deepEqual(
      [...names].filter((name) => !name?.startsWith(".")),
      ["pod.yaml"],
    );
  } finally {
    watcher.close();
    rmSync(directory, { recursive: true });
  }
});
