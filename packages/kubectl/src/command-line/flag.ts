import { parseDuration } from "@kube-ts/std/duration";

interface FlagText {
  readonly help: string;
  /** One letter, for `-x`. */
  readonly short?: string;
  /** The value of the flag when it is given without one; such a flag never takes the next argument. */
  readonly bare?: string;
  /** Accepted, but left out of help. */
  readonly hidden?: boolean;
  /** What is said of the flag's future whenever it is given. */
  readonly deprecated?: string;
}

/** One flag of a command. Every flag has a value: its default where it is not given. */
export interface Flag<T> extends FlagText {
  readonly default: T;
  readonly type: string;
  /** Reads the texts that were given, in their order. Throws an Error with the reason. */
  readonly parse: (texts: readonly string[]) => T;
}

export type Flags = Readonly<Record<string, Flag<unknown>>>;
export type FlagValues<F extends Flags> = { readonly [N in keyof F]: F[N] extends Flag<infer T> ? T : never };

type Options<T> = Omit<FlagText, "help"> & { readonly default?: T };

export function stringFlag(help: string, options: Options<string> = {}): Flag<string> {
  return { help, default: "", ...options, type: "string", parse: (texts) => texts.at(-1) ?? "" };
}

export function booleanFlag(help: string, options: Options<boolean> = {}): Flag<boolean> {
  return {
    help,
    default: false,
    bare: "true",
    ...options,
    type: "",
    parse: (texts) => parseBoolean(texts.at(-1) ?? ""),
  };
}

export function integerFlag(help: string, options: Options<number> = {}): Flag<number> {
  return { help, default: 0, ...options, type: "int", parse: (texts) => parseInteger(texts.at(-1) ?? "") };
}

/** Milliseconds; written in Go's notation. */
export function durationFlag(help: string, options: Options<number> = {}): Flag<number> {
  return { help, default: 0, ...options, type: "duration", parse: (texts) => parseDuration(texts.at(-1) ?? "") };
}

/** A list that may be repeated, or written with commas. */
export function listFlag(help: string, options: Options<readonly string[]> = {}): Flag<readonly string[]> {
  return { help, default: [], ...options, type: "strings", parse: (texts) => texts.flatMap(splitCommas) };
}

/** A list whose every value is given on its own, commas included. */
export function repeatedFlag(help: string, options: Options<readonly string[]> = {}): Flag<readonly string[]> {
  return { help, default: [], ...options, type: "stringArray", parse: (texts) => texts };
}

export function parseBoolean(text: string): boolean {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true;
  if (/^(?:0|f|F|FALSE|false|False)$/.test(text)) return false;
  throw new Error(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function parseInteger(text: string): number {
  const value = Number(text);
  if (!/^[-+]?\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return value;
}

function splitCommas(text: string): string[] {
  if (text === "") return [];
  const quoted = [...text.matchAll(/"((?:[^"]|"")*)"(?:,|$)|([^,]*)(?:,|$)/g)];
  const values = quoted.map((match) => (match[1] === undefined ? (match[2] ?? "") : match[1].replaceAll('""', '"')));
  return text.endsWith(",") ? values : values.slice(0, -1);
}
