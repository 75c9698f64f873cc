import { formatDuration, parseDuration } from "./duration.ts";

/** What a flag of each type yields. Durations are milliseconds. */
export interface FlagValueTypes {
  string: string;
  boolean: boolean;
  number: number;
  integer: number;
  duration: number;
  stringList: readonly string[];
  /** As a list, but commas belong to the values: the flag is given once for each. */
  stringArray: readonly string[];
  stringMap: Readonly<Record<string, string>>;
}

export type FlagType = keyof FlagValueTypes;

interface FlagCodec<T> {
  /** The value of a flag given once or more; throws an Error whose message says what is wrong with the text. */
  parse(texts: readonly string[]): T;
  /** The value as usage shows it; empty when it is not worth showing. */
  format(value: T): string;
  /** The word that stands for the value in usage. */
  readonly placeholder: string;
}

export const flagCodecs: { readonly [K in FlagType]: FlagCodec<FlagValueTypes[K]> } = {
  string: { parse: last, format: (value) => (value === "" ? "" : JSON.stringify(value)), placeholder: "string" },
  boolean: {
    parse: (texts) => parseBoolean(last(texts)),
    format: (value) => (value ? "true" : ""),
    placeholder: "",
  },
  number: { parse: (texts) => parseFloatText(last(texts)), format: formatNumber, placeholder: "float" },
  integer: { parse: (texts) => parseInteger(last(texts)), format: formatNumber, placeholder: "int" },
  duration: {
    parse: (texts) => parseDuration(last(texts)),
    format: (value) => (value === 0 ? "" : formatDuration(value)),
    placeholder: "duration",
  },
  stringList: {
    parse: (texts) => texts.flatMap((text) => (text === "" ? [] : text.split(","))),
    format: (value) => (value.length === 0 ? "" : `[${value.join(",")}]`),
    placeholder: "strings",
  },
  stringArray: {
    parse: (texts) => texts,
    format: (value) => (value.length === 0 ? "" : `[${value.join(",")}]`),
    placeholder: "stringArray",
  },
  stringMap: {
    parse: parseMap,
    format: (value) => {
      const entries = Object.entries(value).map(([key, text]) => `${key}=${text}`);
      return entries.length === 0 ? "" : `[${entries.sort().join(",")}]`;
    },
    placeholder: "mapStringString",
  },
};

/** Values in full, as Go's flags tell them. */
export const flagTexts: { readonly [K in FlagType]: (value: FlagValueTypes[K]) => string } = {
  string: (value) => value,
  boolean: String,
  number: String,
  integer: String,
  duration: formatDuration,
  stringList: listText,
  stringArray: listText,
  stringMap: (value) => {
    const pairs = Object.entries(value).map(([key, text]) => `${key}=${text}`);
    return pairs.sort().join(",");
  },
};

function listText(values: readonly string[]): string {
  return `[${values.join(",")}]`;
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "TRUE", "true", "True"].map((text) => [text, true] as const),
  ...["0", "f", "F", "FALSE", "false", "False"].map((text) => [text, false] as const),
]);

/** Reads a boolean in any of Go's spellings; throws with Go's wording. */
export function parseBoolean(text: string): boolean {
  const value = booleans.get(text);
  if (value === undefined) throw new Error(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
  return value;
}

function parseInteger(text: string): number {
  if (!/^[+-]?(0|[1-9]\d*|0x[0-9a-f]+)$/i.test(text)) {
    throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const value = text.startsWith("-") ? -Number(text.slice(1)) : Number(text.replace(/^\+/, ""));
  if (!Number.isSafeInteger(value)) {
    throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(text)}: value out of range`);
  }
  return value;
}

function parseFloatText(text: string): number {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    throw new Error(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}

function parseMap(texts: readonly string[]): Readonly<Record<string, string>> {
  const entries = new Map<string, string>();
  for (const pair of texts.flatMap((text) => text.split(","))) {
    if (pair.trim() === "") continue;
    const equals = pair.indexOf("=");
    if (equals < 0) throw new Error(`${pair.trim()} must be formatted as key=value`);
    entries.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim());
  }
  return Object.fromEntries(entries);
}

function formatNumber(value: number): string {
  return value === 0 ? "" : String(value);
}

/** A flag given several times means its last value. */
function last(texts: readonly string[]): string {
  return texts.at(-1) ?? "";
}
