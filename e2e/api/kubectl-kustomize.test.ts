import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ours, upstream } from "../harness/kubectl.ts";

const home = mkdtempSync(join(tmpdir(), "kube-ts-kustomize-"));
after(() => rmSync(home, { recursive: true }));

const directory = join(import.meta.dirname, "..", "..", "packages", "kubectl", "testdata", "kustomize");
const place = { kubeconfig: join(home, "none"), home, directory };
const [own, theirs] = [ours(place), upstream(place)];

for (const target of ["plain", "lists", "base", "overlay", "replacements", "variables", "none", "plain/web.yaml"]) {
  test(`both build the same of ${target}`, async () => {
    const expected = await theirs.try(["kustomize", target]);
    assert.deepEqual(await own.try(["kustomize", target]), expected);
  });
}
