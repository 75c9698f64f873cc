import { type FieldProblem, type FieldSchema, isRecord } from "@kube-ts/std/config-schema";

/** The configuration of a plugin, as files hold it. */
export interface PluginConfigKind<T> {
  /** Absent for configurations of former times, which have no kind. */
  readonly kind?: string;
  /** All say the same; the first is today's. */
  readonly apiVersions?: readonly string[];
  /** All fields but kind and version. */
  readonly schema: FieldSchema<object>;
  /** Makes what the plugin needs of the decoded fields. Throws an Error that says what is wrong with them. */
  readonly build: (decoded: object) => T;
}

/** Reads the configuration of a plugin. Throws an Error that names the plugin and everything that is wrong. */
export function readPluginConfig<T>(plugin: string, kind: PluginConfigKind<T>, document: unknown): T {
  try {
    return kind.build(decode(kind, document));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(`failed to initialize admission plugin ${JSON.stringify(plugin)}: ${problem}`, { cause: error });
  }
}

function decode<T>({ kind, apiVersions = [], schema }: PluginConfigKind<T>, document: unknown): object {
  if (!isRecord(document)) throw new Error("the configuration must be an object");
  const { kind: given, apiVersion, ...fields } = document;
  if (kind !== undefined) checkKind(kind, apiVersions, given, apiVersion);
  const problems: FieldProblem[] = [];
  const decoded = schema.decode(kind === undefined ? document : fields, "", problems);
  if (decoded === undefined || problems.length > 0) throw new Error(describe(problems));
  return decoded;
}

function checkKind(kind: string, apiVersions: readonly string[], given: unknown, apiVersion: unknown): void {
  if (typeof given !== "string" || given === "") throw new Error("Object 'Kind' is missing");
  if (typeof apiVersion !== "string" || apiVersion === "") throw new Error("Object 'apiVersion' is missing");
  if (given === kind && apiVersions.includes(apiVersion)) return;
  throw new Error(
    `no kind ${JSON.stringify(given)} is registered for version ${JSON.stringify(apiVersion)}: ` +
      `expected ${kind} of ${apiVersions[0]}`,
  );
}

function describe(problems: readonly FieldProblem[]): string {
  const unknown = problems.filter((problem) => problem.unknown).map(({ message }) => message);
  const bad = problems.filter((problem) => !problem.unknown).map(({ path, message }) => `${path}: ${message}`);
  return [...(unknown.length > 0 ? [`strict decoding error: ${unknown.join(", ")}`] : []), ...bad].join("; ");
}
