import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "../local/layout.ts";
import { programs } from "./programs.ts";
import { programWrapper } from "./program-wrapper.ts";

const inRepository = (path: string) => join(repositoryRoot, path);

test("every program of the checkout is packaged, once", () => {
  const inCheckout = globSync("packages/*/bin/*", { cwd: repositoryRoot }).map((path) => path.replace(/^.*\//, ""));
  const packaged = programs.map(({ name }) => name);
  assert.deepEqual(packaged.toSorted(), [...inCheckout, "kube-ts"].toSorted());
  for (const { source } of programs) assert.ok(existsSync(inRepository(source)), source);
});

test("packaged programs run with the flags and settings of the checkout's", () => {
  for (const { name, source, nodeFlags, environment } of programs) {
    const path = inRepository(source.replace(/src\/main\.ts$/, `bin/${name}`));
    if (!existsSync(path)) continue;
    const text = readFileSync(path, "utf8");
    const flags = /^exec .*$/m.exec(text)?.[0].match(/--[a-z][^ "]*/g) ?? [];
    const exported = text.match(/\b(?!NODE_COMPILE_CACHE|CDPATH)[A-Z_]{4,}=[^ "\n]+/g) ?? [];
    assert.deepEqual([...nodeFlags], [...flags], name);
    assert.deepEqual(
      Object.entries(environment).map(([key, value]) => `${key}=${value}`),
      exported,
      name,
    );
  }
});

test("a program that is not compiled at its installation looks for no compiled code", () => {
  for (const program of programs)
    assert.equal(programWrapper(program).includes("CACHE"), program.isCompiled, program.name);
});

test("a wrapper hands everything on", () => {
  const program = programs.find(({ name }) => name === "kube-apiserver");
  assert.ok(program);
  assert.equal(
    programWrapper({ ...program, environment: { A: "1" }, nodeFlags: ["--flag=2"] }),
    `#!/bin/sh
export NODE_COMPILE_CACHE="\${NODE_COMPILE_CACHE-/var/cache/kube-ts/kube-apiserver}" A=1
exec /usr/lib/kube-ts/node --disable-warning=ExperimentalWarning --flag=2 /usr/lib/kube-ts/kube-apiserver.mjs "$@"
`,
  );
});
