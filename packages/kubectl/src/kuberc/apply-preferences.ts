import { findCommand } from "../command-line/find-command.ts";
import { findEntry, rootCommands } from "../command-line/command-tree.ts";
import { globalFlags } from "../command-line/global-flags.ts";
import { parseArguments } from "../command-line/parse-arguments.ts";
import type { CommandDefaults, FlagDefault, Preferences } from "./preferences.ts";

/** A command line with what the user prefers: aliases are what they stand for, flags that are not given have defaults. */
export async function applyPreferences(args: readonly string[], preferences: Preferences): Promise<readonly string[]> {
  const aliased = applyAlias(args, preferences);
  if (aliased) return withDefaults(aliased.args, aliased.options);
  const found = await findCommand(args).catch(() => undefined);
  if (!found?.entry) return args;
  const same = ({ command }: CommandDefaults) => command.join(" ") === found.path.join(" ");
  const options = preferences.defaults.filter(same).flatMap((each) => each.options);
  return options.length === 0 ? args : withDefaults(args, options);
}

function applyAlias(
  args: readonly string[],
  { aliases }: Preferences,
): { args: readonly string[]; options: readonly FlagDefault[] } | undefined {
  const at = args.findIndex((arg, index) => !arg.startsWith("-") && !isValueOf(args[index - 1]));
  const name = args[at];
  if (name === undefined || findEntry(rootCommands, name)) return undefined;
  const alias = aliases.find((each) => each.name === name);
  if (!alias) return undefined;
  const rest = args.slice(at + 1);
  return {
    args: [...args.slice(0, at), ...alias.command, ...alias.prependArgs, ...rest, ...alias.appendArgs],
    options: alias.options,
  };
}

/** Whether an argument is a global flag that takes the next one. */
function isValueOf(arg: string | undefined): boolean {
  if (arg === undefined || !arg.startsWith("-") || arg.includes("=")) return false;
  const found = Object.entries(globalFlags).find(([name, flag]) => {
    return arg === `--${name}` || (arg.length === 2 && "short" in flag && arg === `-${flag.short}`);
  });
  return found !== undefined && found[1].bare === undefined;
}

async function withDefaults(args: readonly string[], options: readonly FlagDefault[]): Promise<readonly string[]> {
  const { command, args: given } = await findCommand(args);
  if (!command) return args;
  const flags = { ...globalFlags, ...command.flags };
  const { changed } = parseArguments(flags, command.takesWords ? ["--", ...given] : given);
  const added: string[] = [];
  for (const { name, value } of options) {
    if (!Object.hasOwn(flags, name)) throw new Error(`invalid flag ${name} to set default value`);
    if (!changed.has(name)) added.push(`--${name}=${value}`);
  }
  const end = args.indexOf("--");
  return end < 0 ? [...args, ...added] : [...args.slice(0, end), ...added, ...args.slice(end)];
}
