import { legacyGroupVersionSources } from "../packages/api/src/group-versions.ts";
import type { TypeTable } from "../packages/api/src/type-table.ts";
import { decodeSchemas } from "./generate/decode-schema.ts";
import { jsonLines, staleFiles, writeGenerated } from "./generate/output.ts";
import { readTypes } from "./generate/read-types.ts";
import { docTableOf, typeTableOf } from "./generate/type-tables.ts";
import { validatorModule } from "./generate/validators.ts";

const legacyDirectories = new Set(legacyGroupVersionSources.map(({ directory }) => directory));

/** Everything that is generated from the interfaces in packages/api/src, by path under packages/api/gen. */
function generate(): Map<string, string> {
  const files = new Map<string, string>();
  const tables = new Map<string, TypeTable>();
  const legacy = new Map<string, TypeTable>();
  for (const types of readTypes()) {
    const table = typeTableOf(types);
    (legacyDirectories.has(types.directory) ? legacy : tables).set(types.directory, table);
    files.set(`${types.directory}.types.json`, `${jsonLines(table, 4)}\n`);
    files.set(`${types.directory}.docs.json`, `${jsonLines(docTableOf(types), 3)}\n`);
  }
  files.set("type-tables.js", tableModule([...tables.keys()]));
  files.set("type-tables.d.ts", tableDeclaration);
  // Without compiled validators: what few servers serve is decoded by the tables alone.
  files.set("legacy-type-tables.js", tableModule([...legacy.keys()]));
  files.set("legacy-type-tables.d.ts", tableDeclaration);
  files.set("validators.js", validatorModule(decodeSchemas(tables)));
  files.set("validators.d.ts", validatorDeclaration);
  return files;
}

function tableModule(directories: readonly string[]): string {
  const imports = directories.map(
    (directory, index) => `import table${index} from "./${directory}.types.json" with { type: "json" };`,
  );
  const entries = directories.map((directory, index) => `  ${JSON.stringify(directory)}: table${index},`);
  return `${imports.join("\n")}\n\nexport const typeTables = {\n${entries.join("\n")}\n};\n`;
}

const tableDeclaration = `import type { TypeTable } from "../src/type-table.ts";

export declare const typeTables: Readonly<Record<string, TypeTable>>;
`;

const validatorDeclaration = `/** Tells whether a parsed object can be used as it is, after filling in and canonicalizing its fields in place. */
export type Validator = (object: unknown) => boolean;

export declare const validators: Readonly<Record<string, Validator>>;
`;

const files = generate();
const stale = staleFiles(files);
if (process.argv.includes("--check")) {
  if (stale.length > 0) {
    console.error(
      `Generated files are stale, run \`npm run generate\`:\n${stale.map((path) => `  packages/api/gen/${path}`).join("\n")}`,
    );
    process.exitCode = 1;
  }
} else {
  writeGenerated(files);
  console.log(stale.length === 0 ? "Generated files were up to date." : `Wrote ${stale.length} generated files.`);
}
