import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { globalFlags } from "./global-flags.ts";

const root = join(import.meta.dirname, "..");
const sourceOf = (path: string) => readFileSync(path, "utf8");

const declaration = /^\s+"?([a-z][a-z0-9-]*)"?: (?:string|boolean|integer|duration|list|repeated)Flag\(/gm;

/** Sets of flags that commands share, and what a command must call for them to have an effect. */
const sharedSets: Readonly<Record<string, RegExp>> = {
  "...recursiveFileFlags": /\b(?:resolveTargets|findObjects|localObjects)\(/,
  "...overrideFlags": /\bwithOverrides\(/,
  "...fileFlags":
    /\b(?:resolveTargets|findObjects|namedObjects|locateManifests|readManifests)\(|\bconst refused = \[[^\]]*"filename"/,
  "...selectorFlags": /\b(?:resolveTargets|findObjects)\(|\.selector\b/,
  "...labelSelectorFlag": /\b(?:resolveTargets|findObjects)\(|\.selector\b/,
  "...dryRunFlag": /\bparseDryRun\(/,
  "...validateFlag": /\bparseValidation\(/,
  "...fieldManagerFlag": /\["field-manager"\]/,
  "...outputFlags": /\b(?:createPrinter|createResultPrinter)\(/,
  "...windowsLineEndingsFlag": /\["windows-line-endings"\]/,
  "...changeFlags": /\bchangeObjects\(/,
  "...deletionFlags": /\bdeleteObject\(/,
  "...dataFlags": /\breadData\(/,
};

/** Flags that the functions for selecting objects read. */
const readBySelection: Readonly<Record<string, RegExp>> = {
  all: /\b(?:resolveTargets|findObjects)\(/,
  "all-namespaces": /\b(?:resolveTargets|findObjects)\(/,
  "chunk-size": /\b(?:fetchAll|findObjects|listPages)\(/,
};

/** Accepted although nothing depends on their value; each with the reason why that is right. */
const withoutEffect: Readonly<Record<string, string>> = {
  "apply.ts openapi-patch": "the merge rules of the OpenAPI document and the built-in ones are the same",
  "top.ts use-protocol-buffers": "JSON says the same",
  "api-resources.ts show-managed-fields": "resources of the API have none",
};

/** A command's text with that of the modules beside it that it takes into service. */
function reach(path: string, seen: Set<string> = new Set()): string {
  if (seen.has(path)) return "";
  seen.add(path);
  const source = sourceOf(path);
  const imports = [...source.matchAll(/from "(\.[^"]*)"/g)].map(([, name = ""]) => join(dirname(path), name));
  const beside = imports.filter((name) => name.startsWith(join(root, "cmd")));
  return source + beside.map((name) => reach(name, seen)).join("");
}

function isRead(name: string, source: string): boolean {
  const dotted = new RegExp(`\\b(?:flags|values)\\??\\.${name}\\b`);
  return (
    dotted.test(source) ||
    source.includes(`flags["${name}"]`) ||
    source.includes(`values["${name}"]`) ||
    source.includes(`changed("${name}")`) ||
    new RegExp(`\\bconst refused = \\[[^\\]]*"${name}"`).test(source) ||
    new RegExp(`given\\(changed, flags, \\[[^\\]]*"${name}"`).test(source) ||
    new RegExp(`\\{[^{}]*\\b${name}\\b[^{}]*\\} = (?:flags|values)`).test(source)
  );
}

for (const file of globSync("cmd/**/*.ts", { cwd: root }).toSorted()) {
  if (file.endsWith(".test.ts")) continue;
  const path = join(root, file);
  const source = sourceOf(path);
  const declared = [...source.matchAll(declaration)].map(([, name = ""]) => name);
  const sets = Object.entries(sharedSets).filter(([set]) => source.includes(set));
  if (declared.length === 0 && sets.length === 0) continue;
  test(`every flag that ${file} declares is read`, () => {
    const text = reach(path);
    for (const [set, reader] of sets) assert.match(text, reader, `nothing reads ${set}`);
    for (const name of declared) {
      if (withoutEffect[`${file.slice("cmd/".length)} ${name}`] !== undefined) continue;
      const read = isRead(name, text) || readBySelection[name]?.test(text) === true;
      assert.ok(read, `nothing reads --${name}`);
    }
  });
}

test("every global flag is read", () => {
  const files = globSync(["session/*.ts", "command-line/*.ts", "kuberc/*.ts"], { cwd: root }).filter(
    (file) => !file.includes("test"),
  );
  const text = files.map((file) => sourceOf(join(root, file))).join("\n");
  for (const name of Object.keys(globalFlags)) {
    const read = text.includes(`globals["${name}"]`) || new RegExp(`\\bglobals\\.${name}\\b`).test(text);
    const early = text.includes(`"--${name}"`);
    assert.ok(read || early || text.includes(`values["${name}"]`), `nothing reads --${name}`);
  }
});
