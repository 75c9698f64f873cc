import assert from "node:assert/strict";
import { test } from "node:test";
import { controlFile } from "./control-file.ts";
import type { DebianPackage } from "./debian-packages.ts";

const build = { version: "1.36.0-1", architecture: "amd64" } as const;

const declared: DebianPackage = {
  name: "kube-ts-node",
  synopsis: "an example",
  description: ["First line", "and second."],
  machineDependent: false,
  own: ["kube-ts-runtime"],
  depends: ["iptables", "docker.io | docker-ce"],
  directories: {},
  purged: [],
};

test("fields in Debian's form; packages of ours are tied to one version", () => {
  assert.equal(
    controlFile(declared, build, 2049),
    `Package: kube-ts-node
Version: 1.36.0-1
Architecture: all
Maintainer: The kube-ts authors <kube-ts@invalid>
Installed-Size: 3
Depends: kube-ts-runtime (= 1.36.0-1), iptables, docker.io | docker-ce
Section: admin
Priority: optional
Description: an example
 First line
 and second.
`,
  );
});

test("what stands in the way and what is provided", () => {
  const text = controlFile(
    { ...declared, machineDependent: true, own: [], depends: [], conflicts: ["kubectl"], provides: ["kubectl"] },
    build,
    0,
  );
  assert.match(text, /^Architecture: amd64$/m);
  assert.match(text, /^Conflicts: kubectl\nReplaces: kubectl\nProvides: kubectl \(= 1\.36\.0-1\)$/m);
  assert.doesNotMatch(text, /^Depends/m);
});
