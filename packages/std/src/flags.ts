import parseWords from "yargs-parser";
import { flagCodecs, type FlagType, type FlagValueTypes } from "./flag-values.ts";

interface FlagOf<K extends FlagType> {
  readonly type: K;
  /** One sentence or more for `--help`. */
  readonly description: string;
  readonly default?: FlagValueTypes[K];
  /** One letter, for `-x`. */
  readonly shorthand?: string;
  /** Accepted, but left out of `--help`. */
  readonly hidden?: boolean;
}

export type FlagDefinition = { readonly [K in FlagType]: FlagOf<K> }[FlagType];
export type FlagDefinitions = Readonly<Record<string, FlagDefinition>>;

type FlagValue<F extends FlagDefinition> = F extends { readonly default: FlagValueTypes[FlagType] }
  ? FlagValueTypes[F["type"]]
  : FlagValueTypes[F["type"]] | undefined;

/** The values of flags by name; undefined for a flag that has no default and was not given. */
export type FlagValues<D extends FlagDefinitions> = { readonly [N in keyof D]: FlagValue<D[N]> };

export interface ParsedFlags<D extends FlagDefinitions> {
  readonly values: FlagValues<D>;
  /** Whether the command line sets this flag; such a value overrides the config file. */
  explicit(name: keyof D & string): boolean;
}

/** A command line that cannot be used. The message names the flag. */
export class FlagError extends Error {
  /** The flag's name without dashes; empty when the fault lies with a positional argument. */
  readonly flag: string;

  constructor(flag: string, message: string) {
    super(message);
    this.name = "FlagError";
    this.flag = flag;
  }
}

/**
 * Declares the flags of a command: `defineFlags({ "secure-port": { type: "integer", default: 10259, description } })`.
 * Flags without a default are undefined until given. Definitions can be spread into each other.
 */
export function defineFlags<const D extends FlagDefinitions>(definitions: D): D {
  for (const [name, { shorthand }] of Object.entries(definitions)) {
    if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new Error(`flag name "${name}" is not lowercase words with dashes`);
    if (shorthand !== undefined && shorthand.length !== 1) throw new Error(`shorthand of --${name} is not one letter`);
  }
  return definitions;
}

/**
 * Reads a command line (without the program's name) as upstream's daemons do: `--flag value`, `--flag=value`, `-f value`;
 * a bare boolean flag is true; underscores in names stand for dashes; the last of a repeated flag wins, lists and
 * maps collect. Throws a FlagError for an unknown flag, a missing or malformed value, or a positional argument.
 */
export function parseFlags<D extends FlagDefinitions>(
  definitions: D,
  command: string,
  args: readonly string[],
): ParsedFlags<D> {
  const { positional, ...parsed } = parseArguments(definitions, args);
  if (positional.length > 0) {
    const got = positional.map((text) => JSON.stringify(text)).join(" ");
    throw new FlagError("", `"${command}" does not take any arguments, got [${got}]`);
  }
  return parsed;
}

/** The same for a command that takes positional arguments, which may stand anywhere among the flags. */
export function parseArguments<D extends FlagDefinitions>(
  definitions: D,
  args: readonly string[],
): ParsedFlags<D> & { readonly positional: readonly string[] } {
  const texts = tokenize(definitions, args);
  const values: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(definitions)) {
    const given = texts.byFlag.get(name);
    values[name] = given === undefined ? definition.default : parseValue(name, definition, given);
  }
  return {
    values: values as FlagValues<D>,
    explicit: (name) => texts.byFlag.has(name),
    positional: texts.positional,
  };
}

function parseValue(name: string, definition: FlagDefinition, texts: readonly string[]): unknown {
  try {
    return flagCodecs[definition.type].parse(texts);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const label = definition.shorthand === undefined ? `--${name}` : `-${definition.shorthand}, --${name}`;
    const value = JSON.stringify(texts.at(-1) ?? "");
    throw new FlagError(name, `invalid argument ${value} for "${label}" flag: ${reason}`);
  }
}

interface Tokens {
  readonly byFlag: ReadonlyMap<string, readonly string[]>;
  readonly positional: readonly string[];
}

function tokenize(definitions: FlagDefinitions, args: readonly string[]): Tokens {
  const names = Object.keys(definitions);
  const parsed: Readonly<Record<string, unknown>> = parseWords(joinValues(definitions, args), {
    string: names,
    narg: Object.fromEntries(names.map((name) => [name, 1] as const)),
    configuration: {
      "boolean-negation": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "populate--": false,
    },
  });
  const byFlag = new Map<string, readonly string[]>();
  for (const name of names) {
    if (!Object.hasOwn(parsed, name)) continue;
    const given = parsed[name];
    byFlag.set(name, (Array.isArray(given) ? given : [given]).map(String));
  }
  return { byFlag, positional: Array.isArray(parsed["_"]) ? parsed["_"].map(String) : [] };
}

/**
 * Writes every flag as `--name=value`, so that a value is taken as upstream takes it: the next argument whatever it
 * looks like, except that a boolean flag takes none.
 */
function joinValues(definitions: FlagDefinitions, args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (arg === "--") return [...joined, ...args.slice(index)];
    if (!arg.startsWith("-") || arg === "-") {
      joined.push(arg);
      continue;
    }
    const { name, value } = arg.startsWith("--") ? longFlag(definitions, arg) : shortFlag(definitions, arg);
    if (value !== undefined) joined.push(`--${name}=${value}`);
    else if (definitions[name]?.type === "boolean") joined.push(`--${name}=true`);
    else if (index + 1 < args.length) joined.push(`--${name}=${args[(index += 1)]}`);
    else throw new FlagError(name, `flag needs an argument: ${arg}`);
  }
  return joined;
}

interface FlagToken {
  readonly name: string;
  readonly value: string | undefined;
}

function longFlag(definitions: FlagDefinitions, arg: string): FlagToken {
  const equals = arg.indexOf("=");
  const written = equals < 0 ? arg.slice(2) : arg.slice(2, equals);
  const name = written.replaceAll("_", "-");
  if (!Object.hasOwn(definitions, name)) throw new FlagError(written, `unknown flag: --${written}`);
  return { name, value: equals < 0 ? undefined : arg.slice(equals + 1) };
}

function shortFlag(definitions: FlagDefinitions, arg: string): FlagToken {
  const letter = arg.charAt(1);
  const found = Object.entries(definitions).find(([, definition]) => definition.shorthand === letter);
  if (!found) throw new FlagError(letter, `unknown shorthand flag: '${letter}' in ${arg}`);
  const rest = arg.slice(2);
  return { name: found[0], value: rest === "" ? undefined : rest.replace(/^=/, "") };
}
