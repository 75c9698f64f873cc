import { fileURLToPath } from "node:url";
import {
  type CompletedConfig,
  DEFAULT_CONFIG,
  type Definition,
  type Schema,
  SchemaGenerator,
  createFormatter,
  createParser,
  createProgram,
} from "ts-json-schema-generator";
import { groupVersionSources, legacyGroupVersionSources } from "../../packages/api/src/group-versions.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const source = `${root}packages/api/src/`;

/** The JSON schemas of the types that a group version declares, with our tags, by type name. */
export interface GroupVersionTypes {
  readonly directory: string;
  readonly declared: ReadonlyMap<string, TaggedSchema>;
  /** The group version that declares each type reachable from here. */
  readonly directoryOf: (typeName: string) => string;
}

/** A JSON schema with the tags of our interfaces, as ts-json-schema-generator reads them. */
export interface TaggedSchema extends Omit<Definition, "properties" | "items" | "additionalProperties" | "anyOf"> {
  properties?: Record<string, TaggedSchema>;
  items?: TaggedSchema;
  additionalProperties?: TaggedSchema | boolean;
  anyOf?: TaggedSchema[];
  proto?: number;
  listType?: string;
  listMapKey?: string;
  mapType?: string;
  patchStrategy?: string;
  patchMergeKey?: string;
  alwaysPresent?: boolean;
  kind?: boolean;
  enumeration?: boolean;
  knownValues?: string;
}

const config: CompletedConfig = {
  ...DEFAULT_CONFIG,
  path: `${source}*/v*.ts`,
  tsconfig: `${root}tsconfig.json`,
  type: "*",
  expose: "export",
  jsDoc: "extended",
  sortProps: false,
  skipTypeCheck: true,
  additionalProperties: false,
  topRef: true,
  extraTags: [
    "proto",
    "listType",
    "listMapKey",
    "mapType",
    "patchStrategy",
    "patchMergeKey",
    "alwaysPresent",
    "kind",
    "enumeration",
    "knownValues",
  ],
};

/** Reads the interfaces of every group version through one TypeScript program. */
export function readTypes(): GroupVersionTypes[] {
  const program = createProgram(config);
  const generator = new SchemaGenerator(program, createParser(program, config), createFormatter(config), config);
  const exported = new Map<string, Map<string, Declaration>>();
  for (const { directory } of [...groupVersionSources, ...legacyGroupVersionSources]) {
    exported.set(directory, declarationsOf(program, `${source}${directory}.ts`));
  }
  const definitions = new Map<string, Definitions>();
  for (const [directory, declarations] of exported) {
    const nodes = [...declarations.values()] as unknown as Parameters<SchemaGenerator["createSchemaFromNodes"]>[0];
    const schema: Schema = generator.createSchemaFromNodes(nodes);
    definitions.set(directory, (schema.definitions ?? {}) as Definitions);
  }
  return [...definitions].map(([directory, local]) => {
    const declared = new Map<string, TaggedSchema>();
    for (const name of [...(exported.get(directory)?.keys() ?? [])].toSorted()) {
      const definition = local[name];
      if (definition) declared.set(name, definition);
    }
    return {
      directory,
      declared,
      directoryOf: (name) => (declared.has(name) ? directory : ownerOf(name, local, exported, definitions)),
    };
  });
}

type Definitions = Readonly<Record<string, TaggedSchema>>;

/** Types of several group versions may share a name; then the one whose definition is what is used here counts. */
function ownerOf(
  name: string,
  local: Definitions,
  exported: ReadonlyMap<string, ReadonlyMap<string, Declaration>>,
  definitions: ReadonlyMap<string, Definitions>,
): string {
  const used = JSON.stringify(local[name]);
  for (const [directory, names] of exported) {
    if (names.has(name) && JSON.stringify(definitions.get(directory)?.[name]) === used) return directory;
  }
  throw new Error(`no group version declares ${name}`);
}

/** What is needed of the TypeScript compiler's API, which the project's own TypeScript 7 does not have. */
interface Program {
  getSourceFile(path: string): object | undefined;
  getTypeChecker(): {
    getSymbolAtLocation(node: object): CompilerSymbol | undefined;
    getExportsOfModule(symbol: CompilerSymbol): CompilerSymbol[];
    getAliasedSymbol(symbol: CompilerSymbol): CompilerSymbol;
  };
}
interface CompilerSymbol {
  readonly name: string;
  readonly flags: number;
  readonly declarations?: readonly Declaration[];
}
type Declaration = object;
const aliasFlag = 2 ** 21;

function declarationsOf(program: Program, entry: string): Map<string, Declaration> {
  const file = program.getSourceFile(entry);
  const checker = program.getTypeChecker();
  const module = file && checker.getSymbolAtLocation(file);
  if (!module) throw new Error(`no module at ${entry}`);
  const declarations = new Map<string, Declaration>();
  for (const symbol of checker.getExportsOfModule(module)) {
    const resolved = symbol.flags & aliasFlag ? checker.getAliasedSymbol(symbol) : symbol;
    const [declaration] = resolved.declarations ?? [];
    if (declaration) declarations.set(symbol.name, declaration);
  }
  return declarations;
}
