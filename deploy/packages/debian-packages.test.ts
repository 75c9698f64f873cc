import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { daemonUnits } from "../units/unit-files.ts";
import { daemonsOf, debianPackages, unitsOf, usersOf } from "./debian-packages.ts";
import { maintainerScripts } from "./maintainer-scripts.ts";
import { packageDirectories, packageFiles } from "./package-files.ts";

const declaredAs = (name: string) => {
  const found = debianPackages.find((declared) => declared.name === name);
  assert.ok(found, name);
  return found;
};

test("no two packages bring the same file, and each brings its units", () => {
  const seen = new Set<string>();
  for (const declared of debianPackages) {
    const paths = packageFiles(declared).map(({ path }) => path);
    for (const path of paths) assert.ok(!seen.has(path), path);
    paths.forEach((path) => seen.add(path));
    for (const unit of unitsOf(declared.name).filter((unit) => unit !== daemonUnits.etcd.unit)) {
      assert.ok(paths.includes(`/usr/lib/systemd/system/${unit}`), unit);
    }
  }
  assert.ok(seen.has("/usr/lib/systemd/system/etcd.service.d/10-kube-ts.conf"));
});

test("a package brings the users of its daemons, but not those of others", () => {
  assert.deepEqual(usersOf("kube-ts-node"), ["kube-proxy", "cluster-dns"]);
  assert.deepEqual(usersOf("kube-ts-etcd"), []);
  const file = packageFiles(declaredAs("kube-ts-node")).find(({ path }) => path.startsWith("/usr/lib/sysusers.d/"));
  assert.equal(file?.content, 'u kube-proxy - "Kubernetes kube-proxy"\nu cluster-dns - "Kubernetes cluster-dns"\n');
  assert.deepEqual(daemonsOf("kube-ts-etcd"), ["etcd"]);
});

test("directories of secrets are root's alone", () => {
  assert.equal(packageDirectories(declaredAs("kube-ts-runtime"))["/etc/kubernetes/credentials"], 0o700);
  const own = packageDirectories(declaredAs("kube-ts-control-plane"));
  assert.equal(own["/etc/kubernetes/credentials/kube-apiserver"], 0o700);
});

test("maintainer scripts are shell, stop units when removed, and start none", () => {
  for (const declared of debianPackages) {
    const scripts = maintainerScripts(declared);
    for (const [name, text] of Object.entries(scripts)) {
      const { status, stderr } = spawnSync("sh", ["-n"], { input: text, encoding: "utf8" });
      assert.equal(status, 0, `${declared.name} ${name}: ${stderr}`);
      assert.doesNotMatch(text, /systemctl (?:--\S+ )*(?:re)?(?:start|enable)\b/, `${declared.name} ${name}`);
    }
    const units = unitsOf(declared.name).join(" ");
    assert.ok(scripts.prerm.includes(`systemctl disable --now --quiet ${units} `), declared.name);
  }
});
