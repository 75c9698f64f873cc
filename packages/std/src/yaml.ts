import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import type { Document, ErrorCode, LineCounter, ScalarTag, YAMLParseError } from "yaml";

const load = createRequire(import.meta.url);

/** Loaded by the first text that is YAML and not JSON: most processes never meet one, and save 4 MB. */
function yaml(): typeof Yaml {
  return load("yaml") as typeof Yaml;
}

/** YAML that cannot be read. The line counts from 1, where it is known. */
export class YamlError extends Error {
  override readonly name = "YamlError";
  readonly code = "yaml";
  readonly line: number | undefined;

  constructor(problem: string, line?: number) {
    super(`error converting YAML to JSON: yaml: ${line === undefined ? "" : `line ${line}: `}${problem}`);
    this.line = line;
  }
}

export interface YamlOptions {
  /** Refuse a key that is given twice in one mapping; otherwise the last one counts. */
  readonly strict?: boolean;
  /** Leave `yes`, `no`, `on`, `off`, `y` and `n` texts, as in YAML 1.2. */
  readonly wordsAreText?: boolean;
  /** Refuse YAML that is not JSON and has more tokens: words, marks, line ends. For texts of strangers. */
  readonly maxTokens?: number;
}

/** How often one document may refer to anchors, nested references multiplied out. */
const maxAliasCount = 1_000;
/** How deep documents may nest. */
const maxDepth = 512;

/**
 * Reads one YAML or JSON document as the JSON value that upstream's decoder makes of it: the scalars of YAML 1.1 without
 * base-60 numbers and timestamps, which stay text. Throws `YamlError`.
 */
export function parseYaml(text: string, options: YamlOptions = {}): unknown {
  const [first] = parseYamlDocuments(text, options);
  return first ?? null;
}

/** Reads all documents of a stream, without the empty ones. Throws `YamlError`. */
export function parseYamlDocuments(text: string, options: YamlOptions = {}): unknown[] {
  const json = parseJson(text);
  if (json !== undefined) return [json];
  try {
    return parse(text, options)
      .map(toValue)
      .filter((value) => value !== null);
  } catch (error) {
    // The parser calls itself for each level.
    if (error instanceof RangeError) throw new YamlError("exceeded max depth");
    throw error;
  }
}

/** The value as a YAML document, as upstream's encoder would not misread it. */
export function formatYaml(value: unknown): string {
  const { Document, isScalar, visit } = yaml();
  const document = new Document(value, {
    version: "1.1",
    aliasDuplicateObjects: false,
    customTags: (tags) =>
      tags.filter((tag) => tag !== "merge" && (typeof tag === "string" || !tag.tag.endsWith(":merge"))),
  });
  visit(document, {
    Pair: (_key, { key }) => {
      // Without quotes it would join its value to the mapping.
      if (isScalar(key) && key.value === "<<") key.type = "QUOTE_DOUBLE";
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** JSON is YAML, but is read much faster as what it is. */
function parseJson(text: string): unknown {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Flow-style YAML looks alike; the YAML parser reports what is wrong with either.
    return undefined;
  }
}

function parse(text: string, { strict = false, wordsAreText = false, maxTokens }: YamlOptions): Document[] {
  checkDepth(text);
  if (maxTokens !== undefined) checkSize(text, maxTokens);
  const { LineCounter, parseAllDocuments } = yaml();
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    schema: "failsafe",
    customTags: wordsAreText ? [plainBoolean, ...scalarTags.filter(({ tag }) => tag !== booleanTag)] : scalarTags,
    merge: true,
    // Both would take time that grows with the square of the text: each key compared with each, each error shown.
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
    logLevel: "silent",
  });
  if (!Array.isArray(documents)) return [];
  for (const document of documents) {
    const [error] = document.errors;
    if (error) throw translate(error, lines);
    if (strict) refuseRepeatedKeys(document, lines);
  }
  return documents;
}

/** The parser takes a microsecond and a kilobyte for each token; no token is shorter than a character. */
function checkSize(text: string, maxTokens: number): void {
  if (text.length <= maxTokens) return;
  const { Lexer } = yaml();
  let count = 0;
  for (const _token of new Lexer().lex(text)) {
    count += 1;
    if (count > maxTokens) throw new YamlError(`document has more than ${maxTokens} tokens`);
  }
}

/** Throws for a key that one mapping has twice. */
function refuseRepeatedKeys(document: Document, lines: LineCounter): void {
  const { isScalar, visit } = yaml();
  visit(document, {
    Map: (_key, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key) || key.value === "<<") continue;
        if (seen.has(key.value)) {
          const { line } = lines.linePos(key.range?.[0] ?? 0);
          const name = JSON.stringify(key.source ?? String(key.value));
          throw new YamlError(`unmarshal errors:\n  line ${line}: key ${name} already set in map`);
        }
        seen.add(key.value);
      }
    },
  });
}

/** Upstream's words for the errors that people make most. */
const problems: Readonly<Partial<Record<ErrorCode, string>>> = {
  BLOCK_AS_IMPLICIT_KEY: "mapping values are not allowed in this context",
  MISSING_CHAR: "could not find expected ':'",
  BAD_SCALAR_START: "found character that cannot start any token",
  TAB_AS_INDENT: "found character that cannot start any token",
};

function translate(error: YAMLParseError, lines: LineCounter): YamlError {
  if (error.message.includes("call stack")) return new YamlError("exceeded max depth");
  return new YamlError(problems[error.code] ?? error.message, lines.linePos(error.pos[0]).line);
}

function toValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof RangeError) throw error;
    const anchor = /^Unresolved alias.*: (.*)$/.exec(error.message)?.[1];
    if (anchor !== undefined) throw new YamlError(`unknown anchor '${anchor}' referenced`);
    if (error instanceof ReferenceError) throw new YamlError("document contains excessive aliasing");
    throw new YamlError(`invalid map key: ${error.message}`);
  }
}

/** Bounds the recursion of the parser: brackets for flow style, indentation for block style. */
function checkDepth(text: string): void {
  let brackets = 0;
  for (const [match] of text.matchAll(/[[\]{}]|\n(?:[ ]|- ){512}/g)) {
    if (match === "[" || match === "{") brackets += 1;
    else if (match === "]" || match === "}") brackets = Math.max(0, brackets - 1);
    else brackets = maxDepth + 1;
    if (brackets > maxDepth) throw new YamlError("exceeded max depth");
  }
}

const truthy = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const boolean = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON|n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;

const booleanTag = "tag:yaml.org,2002:bool";

const plainBoolean: ScalarTag = {
  tag: booleanTag,
  default: true,
  test: /^(?:true|True|TRUE|false|False|FALSE)$/,
  resolve: (text) => truthy.test(text),
};

const scalarTags: ScalarTag[] = [
  {
    tag: "tag:yaml.org,2002:null",
    default: true,
    test: /^(?:~|null|Null|NULL)?$/,
    resolve: () => null,
  },
  {
    tag: booleanTag,
    default: true,
    test: boolean,
    resolve: (text) => truthy.test(text),
  },
  {
    tag: "tag:yaml.org,2002:int",
    default: true,
    test: /^[-+]?(?:0[xX]_?[0-9a-fA-F][0-9a-fA-F_]*|0[bB]_?[01][01_]*|0[oO]?_?[0-7][0-7_]*|0|[1-9][0-9_]*)$/,
    resolve: (text) => parseInteger(text.replaceAll("_", "")),
  },
  {
    tag: "tag:yaml.org,2002:float",
    default: true,
    test: /^[-+]?(?:\.[0-9_]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/,
    resolve: (text) => {
      const value = Number(text.replaceAll("_", ""));
      return Number.isFinite(value) ? value : text;
    },
  },
  {
    tag: "tag:yaml.org,2002:float",
    default: true,
    test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
    resolve: (text, onError) => {
      onError(`json: unsupported value: ${text}`);
      return 0;
    },
  },
  {
    tag: "tag:yaml.org,2002:binary",
    resolve: (text) => Buffer.from(text, "base64").toString(),
  },
];

function parseInteger(text: string): number {
  const negative = text.startsWith("-");
  const digits = text.replace(/^[-+]/, "");
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return negative && value !== 0 ? -value : value;
}
