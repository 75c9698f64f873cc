import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDockerCfg, parseDockerConfigJson } from "./docker-config.ts";
import { Keyring } from "./keyring.ts";
import { pullDecision } from "./pull-policy.ts";

function keyring(...locations: readonly string[]): Keyring {
  return new Keyring([new Map(locations.map((location) => [location, { username: location }]))]);
}

test("policies decide by whether the image is present", () => {
  const cases = [
    ["Always", true, "pull"],
    ["Always", false, "pull"],
    ["IfNotPresent", true, "use"],
    ["IfNotPresent", false, "pull"],
    ["Never", true, "use"],
    ["Never", false, "refuse"],
    [undefined, false, "pull"],
  ] as const;
  for (const [policy, present, decision] of cases) assert.equal(pullDecision(policy, present), decision, `${policy}`);
});

test("locations match hosts by their parts, ports exactly and paths by prefix", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["registry.example.com", "registry.example.com/app", true],
    ["https://registry.example.com/v1/", "registry.example.com/app", true],
    ["registry.example.com/team", "registry.example.com/team/app", true],
    ["registry.example.com/team", "registry.example.com/other/app", false],
    ["*.example.com", "registry.example.com/app", true],
    ["*.example.com", "a.b.example.com/app", false],
    ["reg*.example.com", "registry.example.com/app", true],
    ["registry.example.com", "registry.example.com:5000/app", false],
    ["registry.example.com:5000", "registry.example.com:5000/app", true],
    ["localhost:5000", "localhost:5000/app", true],
    ["https://index.docker.io/v1/", "docker.io/library/busybox", true],
    ["docker.io", "docker.io/library/busybox", true],
    ["https://index.docker.io/v1/", "quay.io/app", false],
  ];
  for (const [location, repository, expected] of cases) {
    assert.equal(keyring(location).lookup(repository).length > 0, expected, `${location} for ${repository}`);
  }
});

test("the most specific credentials come first", () => {
  const found = keyring("r.example.com", "r.example.com/a/b", "*.example.com", "r.example.com/a").lookup(
    "r.example.com/a/b/c",
  );
  assert.deepEqual(
    found.map((auth) => auth.username),
    ["r.example.com/a/b", "r.example.com/a", "r.example.com", "*.example.com"],
  );
});

test("both file formats are read", () => {
  const auth = Buffer.from("user:pa:ss\0\0").toString("base64");
  const entries = { "r.example.com": { auth }, "s.example.com": { username: "u", password: "p" }, "t.example.com": {} };
  const expected = [
    ["r.example.com", { username: "user", password: "pa:ss", serverAddress: "r.example.com" }],
    ["s.example.com", { username: "u", password: "p", serverAddress: "s.example.com" }],
  ];
  assert.deepEqual([...parseDockerConfigJson(JSON.stringify({ auths: entries }))], expected);
  assert.deepEqual([...parseDockerCfg(JSON.stringify(entries))], expected);
  assert.deepEqual([...parseDockerConfigJson("{}")], []);
  for (const text of ["", "{", '{"auths":3}', '{"auths":{"r":{"auth":"bm9jb2xvbg=="}}}']) {
    assert.throws(() => parseDockerConfigJson(text));
  }
});
