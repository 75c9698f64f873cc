import { CommandError } from "./command-error.ts";
import { type CommandEntry, findEntry, rootCommands } from "./command-tree.ts";
import type { Command } from "./command.ts";
import type { Flags } from "./flag.ts";
import { globalFlags } from "./global-flags.ts";
import { suggestCommands } from "./suggest-command.ts";

export interface FoundCommand {
  /** The names that lead to the command. */
  readonly path: readonly string[];
  readonly entry: CommandEntry | undefined;
  readonly command: Command | undefined;
  /** The arguments without those names. */
  readonly args: readonly string[];
}

/**
 * Follows the names in a command line to a command, past any flags between them. Without a name, entry and command are
 * undefined. Throws a CommandError for a name that does not exist.
 */
export async function findCommand(args: readonly string[]): Promise<FoundCommand> {
  const first = nameIndex(args, globalFlags);
  if (first < 0) return { path: [], entry: undefined, command: undefined, args };
  const name = args[first] ?? "";
  let entry = findEntry(rootCommands, name);
  if (!entry) throw unknownCommand(name);
  const path = [entry.name];
  let rest = args.toSpliced(first, 1);
  let command = await entry.load();
  while (entry.children) {
    const index = nameIndex(rest, { ...globalFlags, ...command.flags });
    const child: CommandEntry | undefined = index < 0 ? undefined : findEntry(entry.children, rest[index] ?? "");
    if (!child) break;
    entry = child;
    path.push(child.name);
    rest = rest.toSpliced(index, 1);
    command = await child.load();
  }
  return { path, entry, command, args: rest };
}

/** Where the first argument is that is neither a flag nor the value of one; -1 for none. */
function nameIndex(args: readonly string[], flags: Flags): number {
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (arg === "--") return -1;
    if (!arg.startsWith("-") || arg === "-") return index;
    if (takesNext(arg, flags)) index += 1;
  }
  return -1;
}

function takesNext(arg: string, flags: Flags): boolean {
  if (arg.includes("=")) return false;
  if (arg.startsWith("--")) {
    const name = arg.slice(2).replaceAll("_", "-");
    return !Object.hasOwn(flags, name) || flags[name]?.bare === undefined;
  }
  if (arg.length !== 2) return false;
  const flag = Object.values(flags).find((each) => each.short === arg.slice(1));
  return flag?.bare === undefined;
}

function unknownCommand(name: string): CommandError {
  const names = rootCommands.map((each) => each.name).filter((each) => !each.startsWith("__"));
  const suggestions = suggestCommands(name, names);
  const hint =
    suggestions.length === 0 ? "" : `\n\nDid you mean this?\n${suggestions.map((each) => `\t${each}\n`).join("")}`;
  return new CommandError(`unknown command ${JSON.stringify(name)} for "kubectl"${hint}`);
}
