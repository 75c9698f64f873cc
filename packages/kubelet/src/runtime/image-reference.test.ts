import assert from "node:assert/strict";
import { test } from "node:test";
import { formatImageReference, isImageId, parseImageReference } from "./image-reference.ts";
import { RuntimeError } from "./runtime-error.ts";

const digest = `sha256:${"a".repeat(64)}`;

const valid: readonly (readonly [string, string])[] = [
  ["busybox", "docker.io/library/busybox:latest"],
  ["busybox:1.36", "docker.io/library/busybox:1.36"],
  ["user/app", "docker.io/user/app:latest"],
  ["index.docker.io/busybox", "docker.io/library/busybox:latest"],
  ["docker.io/user/app:v1", "docker.io/user/app:v1"],
  ["localhost/app", "localhost/app:latest"],
  ["localhost:5000/app", "localhost:5000/app:latest"],
  ["registry.example.com/a/b/c:x_1.2-3", "registry.example.com/a/b/c:x_1.2-3"],
  ["Registry/app", "Registry/app:latest"],
  ["[::1]:5000/app:v1", "[::1]:5000/app:v1"],
  [`busybox@${digest}`, `docker.io/library/busybox@${digest}`],
  [`busybox:1@${digest}`, `docker.io/library/busybox:1@${digest}`],
  ["kube-ts/demo:v1", "docker.io/kube-ts/demo:v1"],
];

test("names get their defaults", () => {
  for (const [text, expected] of valid) assert.equal(formatImageReference(parseImageReference(text)), expected, text);
});

const invalid: readonly (readonly [string, RegExp])[] = [
  ["", /couldn't parse image name "": invalid reference format/],
  ["Busybox", /repository name \(library\/Busybox\) must be lowercase/],
  ["busybox:", /invalid reference format/],
  ["busybox:a b", /invalid reference format/],
  ["a//b", /invalid reference format/],
  ["-x/y", /invalid reference format/],
  ["busybox@sha256:12", /invalid reference format/],
  ["a".repeat(64), /cannot specify 64-byte hexadecimal strings/],
  [`x/${"a".repeat(300)}`, /more than 255 characters/],
];

test("names that cannot be parsed say why", () => {
  for (const [text, message] of invalid) {
    assert.throws(
      () => parseImageReference(text),
      (error: unknown) => {
        assert.ok(error instanceof RuntimeError);
        assert.equal(error.code, "InvalidImageName");
        assert.match(error.message, message);
        return true;
      },
      text,
    );
  }
});

test("ids are told from names", () => {
  assert.equal(isImageId(digest), true);
  assert.equal(isImageId("a".repeat(64)), true);
  assert.equal(isImageId("sha256:abc"), false);
  assert.equal(isImageId("busybox"), false);
});
