import type { CelLibrary, Overload } from "./declarations.ts";
import { conversionLibrary } from "./conversion-library.ts";
import { authorizerLibrary, jsonPatchLibrary } from "./library/authorizer.ts";
import { formatsLibrary } from "./library/formats.ts";
import { listsLibrary, regexLibrary, setsLibrary } from "./library/lists.ts";
import { encodersLibrary, mathLibrary } from "./library/math.ts";
import { networkLibrary } from "./library/network.ts";
import { optionalsLibrary } from "./library/optionals.ts";
import { quantitiesLibrary } from "./library/quantities.ts";
import { semversLibrary } from "./library/semvers.ts";
import { stringsLibrary } from "./library/strings.ts";
import { urlsLibrary } from "./library/urls.ts";
import type { SchemaDecl } from "./schema-decl.ts";
import { standardLibrary } from "./standard-library.ts";
import { dynType, objectType, stringType, typeOfType, type CelType } from "./types.ts";

/** A variable's type; with a schema, the data bound to it is converted accordingly. */
export interface CelVariable {
  readonly type: CelType;
  readonly decl?: SchemaDecl | undefined;
}

export interface CelEnvironmentOptions {
  readonly variables: Readonly<Record<string, CelVariable>>;
  /** Default: `kubernetesLibraries`. */
  readonly libraries?: readonly CelLibrary[];
  /** Finds the type that `Name{…}` makes. Default: none can be made. */
  readonly structType?: (name: string) => CelType | undefined;
}

/** The libraries that expressions of every kind have. */
export const kubernetesLibraries: readonly CelLibrary[] = [
  standardLibrary,
  conversionLibrary,
  optionalsLibrary,
  stringsLibrary,
  listsLibrary,
  regexLibrary,
  setsLibrary,
  urlsLibrary,
  networkLibrary,
  quantitiesLibrary,
  semversLibrary,
  formatsLibrary,
  authorizerLibrary,
  mathLibrary,
  encodersLibrary,
];

/** Besides, mutating policies can escape keys of JSON pointers. */
export const mutationLibraries: readonly CelLibrary[] = [...kubernetesLibraries, jsonPatchLibrary];

/** What an expression may refer to. Immutable; make one and compile many expressions in it. */
export class CelEnvironment {
  readonly #variables: ReadonlyMap<string, CelVariable>;
  readonly #functions: ReadonlyMap<string, readonly Overload[]>;
  readonly #typeNames: ReadonlyMap<string, CelType>;
  readonly structType: (name: string) => CelType | undefined;

  constructor(options: CelEnvironmentOptions) {
    const libraries = options.libraries ?? kubernetesLibraries;
    this.#variables = new Map(Object.entries(options.variables));
    this.#functions = functionsOf(libraries);
    this.#typeNames = new Map(libraries.flatMap((library) => library.typeNames ?? []));
    this.structType = options.structType ?? (() => undefined);
  }

  variable(name: string): CelVariable | undefined {
    return this.#variables.get(name);
  }

  functionNamed(name: string): readonly Overload[] | undefined {
    return this.#functions.get(name);
  }

  /** The type that a name like `int` stands for. */
  typeNamed(name: string): CelType | undefined {
    const type = this.#typeNames.get(name);
    return type && typeOfType(type);
  }
}

const tables = new WeakMap<readonly CelLibrary[], ReadonlyMap<string, readonly Overload[]>>();

/** Environments of the same libraries share one table. */
function functionsOf(libraries: readonly CelLibrary[]): ReadonlyMap<string, readonly Overload[]> {
  const known = tables.get(libraries);
  if (known) return known;
  const table = new Map<string, Overload[]>();
  for (const overload of libraries.flatMap((library) => library.overloads)) {
    const overloads = table.get(overload.fn);
    if (overloads) overloads.push(overload);
    else table.set(overload.fn, [overload]);
  }
  tables.set(libraries, table);
  return table;
}

/** A variable of data that no schema describes. */
export const dynVariable: CelVariable = { type: dynType };

/** A variable described by a schema. */
export function schemaVariable(decl: SchemaDecl): CelVariable {
  return { type: decl.type, decl };
}

const jsonPatchType: CelType = objectType("JSONPatch", (field) => {
  if (field === "value") return dynType;
  return field === "op" || field === "path" || field === "from" ? stringType : undefined;
});

/** The types that mutating policies make: `Object`, `Object.spec.…` with any fields, and `JSONPatch`. */
export function mutationStructType(name: string): CelType | undefined {
  if (name === "JSONPatch") return jsonPatchType;
  return name === "Object" || name.startsWith("Object.") ? objectType(name, () => dynType) : undefined;
}
