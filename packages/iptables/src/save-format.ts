import { createHash } from "node:crypto";

/** The tables of the packet filter. */
export type TableName = "filter" | "nat" | "mangle" | "raw" | "security";

const tableNames: readonly TableName[] = ["filter", "nat", "mangle", "raw", "security"];

export interface Counters {
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** A rule as the tools print it; `parseRule` reads those that the project writes. */
export interface SavedRule {
  /** As printed, without counters and the chain's name. */
  readonly text: string;
  readonly args: readonly string[];
  /** Present when counters were asked for. */
  readonly counters?: Counters;
}

export interface SavedChain {
  /** What becomes of packets at the end of a built-in chain; undefined for a chain of a user. */
  readonly policy: string | undefined;
  readonly counters: Counters;
  readonly rules: readonly SavedRule[];
}

/** Chains by name. */
export type SavedTable = ReadonlyMap<string, SavedChain>;
export type SavedTables = ReadonlyMap<TableName, SavedTable>;

/** Thrown for text that no iptables-save writes. */
export class SaveFormatError extends Error {
  override readonly name = "SaveFormatError";
  readonly code = "save-format";
  /** Counted from 1. */
  readonly lineNumber: number;

  constructor(reason: string, lineNumber: number, line: string) {
    super(`iptables-save line ${lineNumber}: ${reason}: ${JSON.stringify(line.slice(0, 200))}`);
    this.lineNumber = lineNumber;
  }
}

interface GrowingChain {
  readonly policy: string | undefined;
  readonly counters: Counters;
  readonly rules: SavedRule[];
}

/** Reads what iptables-save prints, with or without counters. Throws a `SaveFormatError`. */
export function parseSave(text: string): SavedTables {
  const tables = new Map<TableName, Map<string, GrowingChain>>();
  let current: Map<string, GrowingChain> | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const fail = (reason: string) => new SaveFormatError(reason, index + 1, line);
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("*")) {
      current = new Map();
      tables.set(tableName(line.slice(1), fail), current);
    } else if (line === "COMMIT") {
      current = undefined;
    } else if (!current) {
      throw fail("outside of a table");
    } else if (line.startsWith(":")) {
      readChain(line, current, fail);
    } else {
      readRule(line, current, fail);
    }
  }
  if (current) throw new SaveFormatError("the last table has no COMMIT", text.split("\n").length, "");
  return tables;
}

/** A digest of what iptables-save prints without counters of rules, but for comments and the counters of chains. */
export function fingerprintSave(text: string): string {
  const digest = createHash("sha256");
  let start = 0;
  for (const { 0: line, 1: counters = "", index } of text.matchAll(/^(?:#.*|:.*?( \[\d+:\d+\])?)$/gm)) {
    const end = index + line.length;
    digest.update(text.slice(start, line.startsWith("#") ? index : end - counters.length));
    start = end;
  }
  return digest.update(text.slice(start)).digest("base64");
}

function tableName(text: string, fail: (reason: string) => Error): TableName {
  const found = tableNames.find((name) => name === text);
  if (!found) throw fail("unknown table");
  return found;
}

function readChain(line: string, table: Map<string, GrowingChain>, fail: (reason: string) => Error): void {
  const found = /^:(\S+) (\S+)(?: \[(\d+):(\d+)\])?$/.exec(line);
  if (!found?.[1]) throw fail("malformed chain");
  table.set(found[1], {
    policy: found[2] === "-" ? undefined : found[2],
    counters: { packets: BigInt(found[3] ?? 0), bytes: BigInt(found[4] ?? 0) },
    rules: [],
  });
}

function readRule(line: string, table: Map<string, GrowingChain>, fail: (reason: string) => Error): void {
  const found = /^(?:\[(\d+):(\d+)\] )?-A (\S+) ?(.*)$/.exec(line);
  if (!found?.[3]) throw fail("malformed rule");
  const chain = table.get(found[3]);
  if (!chain) throw fail("rule of an undeclared chain");
  const text = found[4] ?? "";
  if (!hasBalancedQuotes(text)) throw fail("unterminated quote");
  const counted = found[1] !== undefined && found[2] !== undefined;
  const counters = { packets: BigInt(found[1] ?? 0), bytes: BigInt(found[2] ?? 0) };
  chain.rules.push(new ParsedRule(text, counted ? counters : undefined));
}

/** Takes its text apart only when asked: most rules are compared by their text. */
class ParsedRule implements SavedRule {
  readonly text: string;
  readonly counters?: Counters;

  constructor(text: string, counters: Counters | undefined) {
    this.text = text;
    if (counters) this.counters = counters;
  }

  get args(): readonly string[] {
    return splitArguments(this.text);
  }
}

function hasBalancedQuotes(text: string): boolean {
  return !text.includes('"') || /^(?:"(?:[^"\\]|\\.)*"|[^"])*$/.test(text);
}

/** Splits at spaces outside of double quotes; a backslash in quotes takes the next character as it is. */
function splitArguments(text: string): string[] {
  if (!text.includes('"')) return text.split(" ").filter((part) => part !== "");
  const args: string[] = [];
  for (const found of text.matchAll(/"((?:[^"\\]|\\.)*)"|([^\s"]+)/g)) {
    if (found[1] !== undefined) args.push(found[1].replaceAll(/\\(.)/g, "$1"));
    else if (found[2] !== undefined) args.push(found[2]);
  }
  return args;
}

/** One argument as both formats write it. Throws for control characters, which neither can carry. */
export function quoteArgument(argument: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\u0000-\u001f\u007f]/.test(argument)) throw new TypeError("an iptables argument holds a control character");
  if (argument !== "" && /^[A-Za-z0-9_.,:/+@%=!\-[\]]+$/.test(argument)) return argument;
  return `"${argument.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
