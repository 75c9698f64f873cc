import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Discovery } from "./discovery.ts";
import { DiscoveryCache } from "./discovery-cache.ts";

const discovery: Discovery = {
  groups: [
    { name: "", versions: ["v1"] },
    { name: "apps", versions: ["v1"] },
  ],
  resources: [
    {
      group: "",
      version: "v1",
      plural: "pods",
      singular: "pod",
      kind: "Pod",
      namespaced: true,
      shortNames: ["po"],
      categories: ["all"],
      verbs: ["get", "list"],
      subresources: [{ name: "eviction", group: "policy", version: "v1", kind: "Eviction", verbs: ["create"] }],
    },
    {
      group: "apps",
      version: "v1",
      plural: "deployments",
      singular: "deployment",
      kind: "Deployment",
      namespaced: true,
      shortNames: [],
      categories: [],
      verbs: ["get"],
      subresources: [],
    },
  ],
};

test("what was written is read until it is six hours old", async () => {
  const directory = mkdtempSync(join(tmpdir(), "kubectl-cache-"));
  try {
    const at = (ms: number) => new DiscoveryCache(directory, "https://127.0.0.1:6443/base", () => ms);
    assert.equal(await at(Date.now()).read(), undefined);
    await at(Date.now()).write(discovery);
    assert.deepEqual(await at(Date.now()).read(), discovery);
    assert.equal(await at(Date.now() + 6 * 3_600_000 + 60_000).read(), undefined);
    const own = join(directory, "discovery", "127.0.0.1_6443/base");
    assert.ok(existsSync(join(own, "apps", "v1", "serverresources.json")));
    writeFileSync(join(own, "servergroups.json"), "{");
    assert.equal(await at(Date.now()).read(), undefined);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test("a directory that cannot be written does no harm", async () => {
  await new DiscoveryCache("/dev/null/cache", "https://host", () => 0).write(discovery);
});
