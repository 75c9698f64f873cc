import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isLatestImage } from "./image-tag.ts";

const digest = `sha256:${"0".repeat(64)}`;
const registry = "example.com:5000/team/app";

describe("isLatestImage", () => {
  for (const image of ["nginx", "nginx:latest", registry, `${registry}:latest`, `nginx:latest@${digest}`]) {
    it(`takes ${image} for the latest`, () => assert.equal(isLatestImage(image), true));
  }
  for (const image of ["nginx:1.25", `nginx@${digest}`, `nginx:1.25@${digest}`, `${registry}:v1`, "NOT an image", ""]) {
    it(`takes "${image}" for a fixed version`, () => assert.equal(isLatestImage(image), false));
  }
});
