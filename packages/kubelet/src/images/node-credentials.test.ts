import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { silentLogger } from "@kube-ts/std/log";
import { nodeCredentialFiles, readNodeCredentials } from "./node-credentials.ts";

test("the node's own credentials: the kubelet's directory before the home, the newer kind of file before the older", async () => {
  const root = await mkdtemp(join(tmpdir(), "credentials-"));
  try {
    const home = join(root, "home");
    await mkdir(join(home, ".docker"), { recursive: true });
    const files = nodeCredentialFiles(root, home).map((kind) => kind.filter(({ path }) => path.startsWith(root)));
    const names = async () =>
      (await readNodeCredentials(files, silentLogger)).flatMap((found) =>
        [...found].map(([registry, auth]) => `${registry} ${auth.username}`),
      );
    assert.deepEqual(await names(), []);
    const entry = (username: string) => ({ "r.example.com": { username, password: "p" } });
    await writeFile(join(home, ".dockercfg"), JSON.stringify(entry("old")));
    assert.deepEqual(await names(), ["r.example.com old"]);
    await writeFile(join(home, ".docker/config.json"), JSON.stringify({ auths: entry("home") }));
    assert.deepEqual(await names(), ["r.example.com home"]);
    await writeFile(join(root, "config.json"), JSON.stringify({ auths: entry("kubelet") }));
    assert.deepEqual(await names(), ["r.example.com kubelet"]);
    await writeFile(join(root, "config.json"), "{");
    assert.deepEqual(await names(), ["r.example.com home"]);
  } finally {
    await rm(root, { recursive: true });
  }
});
