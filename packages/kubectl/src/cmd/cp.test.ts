import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFileSpec, targetPath } from "./cp.ts";

test("files are named locally, in a pod, or in a pod of another namespace", () => {
  assert.deepEqual(parseFileSpec("/a/b"), { namespace: "", pod: "", path: "/a/b" });
  assert.deepEqual(parseFileSpec("p:/a"), { namespace: "", pod: "p", path: "/a" });
  assert.deepEqual(parseFileSpec("n/p:a"), { namespace: "n", pod: "p", path: "a" });
  assert.throws(() => parseFileSpec(":/a"), /filespec must match/);
  assert.throws(() => parseFileSpec("a/b/c:/d"), /filespec must match/);
});

for (const [name, root, expected] of [
  ["tmp/foo", "tmp/foo", "out"],
  ["tmp/foo/a/b", "tmp/foo", "out/a/b"],
  ["tmp/foo/../../etc/passwd", "tmp/foo", undefined],
  ["/etc/passwd", "tmp/foo", undefined],
  ["tmp/foobar", "tmp/foo", undefined],
  ["../x", ".", undefined],
  ["./x", ".", "out/x"],
] as const) {
  test(`the entry ${name} of ${root} is written to ${expected}`, () => {
    assert.equal(targetPath(name, root, "out"), expected);
  });
}
