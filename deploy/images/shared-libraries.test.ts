import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { sharedLibraries } from "./shared-libraries.ts";

test("a program's libraries and its loader are files of this machine", () => {
  const libraries = sharedLibraries("/bin/ls");
  for (const name of ["libc.so", "ld-linux"]) {
    assert.ok(
      libraries.some((path) => path.includes(name)),
      `${name} of ${libraries.join(" ")}`,
    );
  }
  for (const path of libraries) assert.ok(existsSync(path), path);
});

test("what has no libraries is told from what is no program", () => {
  assert.deepEqual(sharedLibraries("/sbin/ldconfig"), []);
  assert.throws(() => sharedLibraries("/nothing/here"), /ldd does not say what/);
});
