import yargs from "yargs";
import { FlagError } from "./command-error.ts";
import type { Flag, Flags } from "./flag.ts";

/** A command line as written, sorted by what it is. */
export interface ParsedArguments {
  readonly values: Readonly<Record<string, unknown>>;
  readonly changed: ReadonlySet<string>;
  /** The flags that were given, each as `--name=value`. */
  readonly written: readonly string[];
  readonly positional: readonly string[];
  /** How many of the positional arguments come before `--`; undefined without one. */
  readonly dashIndex: number | undefined;
}

/**
 * Reads a command's arguments as upstream reads them: a flag takes the next argument as its value whatever that looks
 * like, unless it has a bare form; letters can be run together; flags and arguments mix freely up to `--`.
 * Throws a FlagError.
 */
export function parseArguments(flags: Flags, args: readonly string[]): ParsedArguments {
  const parser = yargs([])
    .help(false)
    .version(false)
    .exitProcess(false)
    .fail(false)
    .parserConfiguration({
      "boolean-negation": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "populate--": true,
    })
    .options(Object.fromEntries(Object.keys(flags).map((name) => [name, { type: "string", nargs: 1 }] as const)));
  const joined = joinValues(flags, args);
  const parsed: Readonly<Record<string, unknown>> = parser.parseSync(joined);
  const values: Record<string, unknown> = {};
  const changed = new Set<string>();
  for (const [name, flag] of Object.entries(flags)) {
    values[name] = flag.default;
    if (!Object.hasOwn(parsed, name)) continue;
    const given = parsed[name];
    values[name] = parseValue(name, flag, (Array.isArray(given) ? given : [given]).map(String));
    changed.add(name);
  }
  const before = texts(parsed["_"]);
  const dashed = Object.hasOwn(parsed, "--") || args.includes("--");
  return {
    values,
    changed,
    written: joined.slice(0, args.includes("--") ? joined.indexOf("--") : undefined).filter((arg) => /^--./.test(arg)),
    positional: [...before, ...texts(parsed["--"])],
    dashIndex: dashed ? before.length : undefined,
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function parseValue(name: string, flag: Flag<unknown>, given: readonly string[]): unknown {
  try {
    return flag.parse(given);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const label = flag.short === undefined ? `--${name}` : `-${flag.short}, --${name}`;
    throw new FlagError(`invalid argument ${JSON.stringify(given.at(-1) ?? "")} for "${label}" flag: ${reason}`);
  }
}

/** Writes every flag as `--name=value`. */
function joinValues(flags: Flags, args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (arg === "--") return [...joined, ...args.slice(index)];
    if (!arg.startsWith("-") || arg === "-") {
      joined.push(arg);
      continue;
    }
    const open = arg.startsWith("--") ? longFlag(flags, arg, joined) : shortFlags(flags, arg, joined);
    if (open === undefined) continue;
    index += 1;
    if (index >= args.length) throw new FlagError(`flag needs an argument: ${open.written}`);
    joined.push(`--${open.name}=${args[index]}`);
  }
  return joined;
}

/** A flag that still needs its value from the next argument. */
interface OpenFlag {
  readonly name: string;
  readonly written: string;
}

function longFlag(flags: Flags, arg: string, joined: string[]): OpenFlag | undefined {
  const equals = arg.indexOf("=");
  const written = equals < 0 ? arg.slice(2) : arg.slice(2, equals);
  const name = written.replaceAll("_", "-");
  const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
  if (written === "" || written.startsWith("-") || written.startsWith("=")) {
    throw new FlagError(`bad flag syntax: ${arg}`);
  }
  if (!flag) throw new FlagError(`unknown flag: --${written}`);
  if (equals >= 0) joined.push(`--${name}=${arg.slice(equals + 1)}`);
  else if (flag.bare !== undefined) joined.push(`--${name}=${flag.bare}`);
  else return { name, written: `--${written}` };
  return undefined;
}

function shortFlags(flags: Flags, arg: string, joined: string[]): OpenFlag | undefined {
  for (let at = 1; at < arg.length; at += 1) {
    const letter = arg.charAt(at);
    const found = Object.entries(flags).find(([, flag]) => flag.short === letter);
    if (!found) throw new FlagError(`unknown shorthand flag: '${letter}' in ${arg}`);
    const [name, flag] = found;
    const rest = arg.slice(at + 1);
    if (rest.length > 1 && rest.startsWith("=")) {
      joined.push(`--${name}=${rest.slice(1)}`);
      return undefined;
    }
    if (flag.bare !== undefined) joined.push(`--${name}=${flag.bare}`);
    else if (rest !== "") {
      joined.push(`--${name}=${rest}`);
      return undefined;
    } else return { name, written: `'${letter}' in ${arg}` };
  }
  return undefined;
}
