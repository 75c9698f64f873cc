import assert from "node:assert/strict";
import { test } from "node:test";
import { parseImageReference } from "../image-reference.ts";
import { isImageAskedFor, pullSource } from "./image-names.ts";

const hex = "beef".repeat(16);
const digest = `sha256:${"1".repeat(64)}`;
const image = {
  Id: `sha256:${hex}`,
  RepoTags: ["busybox:latest", "localhost:5000/app:v1", "<none>:<none>"],
  RepoDigests: [`busybox@${digest}`],
};

test("the engine's answer must carry the name that was asked for", () => {
  const yes = [
    "busybox",
    "docker.io/library/busybox:latest",
    "localhost:5000/app:v1",
    hex,
    `sha256:${hex}`,
    `busybox@${digest}`,
    `busybox:other@${digest}`,
  ];
  const no = ["beef", "beefbeef", "busybox:1", "localhost:5000/app", `sha256:${"0".repeat(64)}`, `app@${digest}`];
  for (const name of yes) assert.equal(isImageAskedFor(image, name), true, name);
  for (const name of no) assert.equal(isImageAskedFor(image, name), false, name);
});

test("a pull always names one image", () => {
  assert.deepEqual(pullSource(parseImageReference("busybox")), {
    fromImage: "docker.io/library/busybox",
    tag: "latest",
  });
  assert.deepEqual(pullSource(parseImageReference(`host:5000/a:v1@${digest}`)), {
    fromImage: "host:5000/a",
    tag: digest,
  });
});
