import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A library whose code is in a bundle. */
export interface BundledLibrary {
  readonly name: string;
  readonly version: string;
  /** As its author names it, such as `MIT`. */
  readonly license: string;
  /** The terms and who grants them, word for word. */
  readonly terms: string;
}

/** The package directories that bundled modules come from, each once. */
export function libraryDirectories(modules: readonly string[]): readonly string[] {
  const directories = new Set<string>();
  for (const module of modules) {
    const [directory] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(module) ?? [];
    if (directory !== undefined) directories.add(directory);
  }
  return [...directories].toSorted();
}

/** Reads what a library says of its license. Throws when it says nothing. */
export function readLibrary(directory: string): BundledLibrary {
  const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Record<string, unknown>;
  const name = String(manifest["name"]);
  const license = manifest["license"];
  const file = readdirSync(directory)
    .toSorted()
    .find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (typeof license !== "string") throw new Error(`${name} does not say under which license it is`);
  const terms =
    file !== undefined && existsSync(join(directory, file)) ? readFileSync(join(directory, file), "utf8") : "";
  return { name, version: String(manifest["version"]), license, terms: terms.trim() };
}

/** Debian's `copyright` of a package, with the terms of all libraries in it. */
export function copyrightFile(libraries: readonly BundledLibrary[], hasNode: boolean): string {
  const byTerms = Map.groupBy(libraries, ({ license, terms }) => `${license}\n${terms}`);
  const paragraphs = [...byTerms.values()].map((alike) => {
    const [first] = alike;
    return paragraph({
      Files: "usr/lib/kube-ts/*.mjs",
      Comment: alike.map(({ name, version }) => `${name} ${version}`).join(", "),
      Copyright: "as the license says",
      License: `${first?.license ?? ""}\n${first?.terms ?? ""}`.trim(),
    });
  });
  const own = paragraph({
    Files: "*",
    Copyright: "the kube-ts authors",
    License: "Apache-2.0\nOn Debian systems, the text of the license is in /usr/share/common-licenses/Apache-2.0.",
  });
  const node = paragraph({
    Files: "usr/lib/kube-ts/node",
    Copyright: "Node.js contributors, and others named in the license",
    License: "MIT and others\nSee LICENSE.nodejs beside this file.",
  });
  const header = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: kube-ts\n";
  return [header, own, ...(hasNode ? [node] : []), ...paragraphs].join("\n");
}

function paragraph(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => {
      const [first = "", ...rest] = value.split(/\r?\n/);
      return [`${name}: ${first}`, ...rest.map((line) => (line.trim() === "" ? " ." : ` ${line}`)), ""].join("\n");
    })
    .join("");
}
