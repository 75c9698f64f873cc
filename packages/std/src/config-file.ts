import { readFile } from "node:fs/promises";
import {
  type DecodedObject,
  type FieldProblem,
  type FieldSchemas,
  isRecord,
  objectField,
  stringField,
} from "./config-schema.ts";
import { parseYaml } from "./yaml.ts";

/** A versioned configuration kind and its fields, `apiVersion` and `kind` left out. */
export interface ConfigKind<F extends FieldSchemas> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly fields: F;
}

/** A configuration file that cannot be used. */
export class ConfigFileError extends Error {
  readonly path: string;
  readonly problems: readonly FieldProblem[];

  constructor(path: string, message: string, problems: readonly FieldProblem[] = [], options?: ErrorOptions) {
    super(`failed to load config file ${JSON.stringify(path)}: ${message}`, options);
    this.name = "ConfigFileError";
    this.path = path;
    this.problems = problems;
  }
}

/** Reads a YAML or JSON file of the given kind. Throws a ConfigFileError that lists every fault with its field path. */
export async function loadConfigFile<F extends FieldSchemas>(
  path: string,
  kind: ConfigKind<F>,
): Promise<DecodedObject<F>> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new ConfigFileError(path, errorMessage(error), [], { cause: error });
  });
  return decodeConfig(text, path, kind);
}

/** Decodes the text of a configuration file; `path` is used in errors only. */
export function decodeConfig<F extends FieldSchemas>(
  text: string,
  path: string,
  kind: ConfigKind<F>,
): DecodedObject<F> {
  const document = parseDocument(text, path);
  checkKind(document, path, kind);
  const problems: FieldProblem[] = [];
  const schema = objectField({ ...kind.fields, apiVersion: stringField(), kind: stringField() });
  const decoded = schema.decode(document, "", problems);
  if (problems.length > 0 || decoded === undefined) throw new ConfigFileError(path, describe(problems), problems);
  const { apiVersion: _apiVersion, kind: _kind, ...fields } = decoded as Readonly<Record<string, unknown>>;
  return fields as DecodedObject<F>;
}

function parseDocument(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const document = parseYaml(text, { strict: true });
    if (isRecord(document)) return document;
  } catch (error) {
    throw new ConfigFileError(path, errorMessage(error), [], { cause: error });
  }
  throw new ConfigFileError(path, "the document must be an object");
}

function checkKind(
  document: Readonly<Record<string, unknown>>,
  path: string,
  expected: { readonly apiVersion: string; readonly kind: string },
): void {
  const { apiVersion, kind } = document;
  if (typeof kind !== "string" || kind === "") throw new ConfigFileError(path, "Object 'Kind' is missing");
  if (typeof apiVersion !== "string" || apiVersion === "") {
    throw new ConfigFileError(path, "Object 'apiVersion' is missing");
  }
  if (apiVersion === expected.apiVersion && kind === expected.kind) return;
  throw new ConfigFileError(
    path,
    `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}: ` +
      `expected ${expected.kind} of ${expected.apiVersion}`,
  );
}

function describe(problems: readonly FieldProblem[]): string {
  const unknown = problems.filter((problem) => problem.unknown).map((problem) => problem.message);
  const bad = problems.filter((problem) => !problem.unknown).map((problem) => `${problem.path}: ${problem.message}`);
  return [...(unknown.length > 0 ? [`strict decoding error: ${unknown.join(", ")}`] : []), ...bad].join("; ");
}

function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
