import { flagUsage } from "@kube-ts/std/flag-usage";
import { FlagError, parseArguments } from "@kube-ts/std/flags";
import { kubernetesVersion } from "@kube-ts/std/version";
import type { Command, Invocation } from "./command.ts";
import type { CommandEntry } from "./command-table.ts";

export interface Surroundings extends Omit<Invocation, "positional"> {
  readonly isRoot: boolean;
  /** Resolves when no other command that changes the machine is at work; it is this one's turn until disposed of. */
  takeTurn(command: string): Promise<Disposable>;
}

/**
 * Runs one command line (without the program's name) and answers the exit code: 0, 1 when the command fails, 2 when it
 * is asked wrongly. Does not throw.
 */
export async function runCommand(
  table: readonly CommandEntry[],
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  try {
    return await dispatch(table, args, surroundings);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    surroundings.warn(`error: ${message}`);
    return error instanceof FlagError ? 2 : 1;
  }
}

async function dispatch(
  table: readonly CommandEntry[],
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  if (args[0] === "--version" || args[0] === "version") {
    surroundings.write(`kube-ts ${kubernetesVersion}\n`);
    return 0;
  }
  const entry = entryOf(table, args);
  if (!entry) return listing(table, args, surroundings);
  const { command } = await entry.load();
  const words = entry.path.split(" ");
  const rest = args.slice(words.length);
  const help = rest.includes("--help") || rest.includes("-h");
  if (help) {
    surroundings.write(helpOf(entry, command));
    return 0;
  }
  const { positional, ...flags } = parseArguments(command.flags, rest);
  const { least, most } = command.argumentCount;
  if (positional.length < least || positional.length > most) {
    throw new FlagError("", `usage: kube-ts ${entry.path} ${command.arguments} [flags]`.replace("  ", " "));
  }
  const { signal, write, warn, isRoot } = surroundings;
  if (!command.needsRoot) return command.run(flags, { signal, write, warn, positional });
  if (!isRoot) throw new Error(`kube-ts ${entry.path} needs root`);
  using _turn = await surroundings.takeTurn(entry.path);
  return await command.run(flags, { signal, write, warn, positional });
}

/** The command that the first words name; of several the one with more words. */
function entryOf(table: readonly CommandEntry[], args: readonly string[]): CommandEntry | undefined {
  return table
    .filter(({ path }) => path.split(" ").every((word, index) => args[index] === word))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
}

/** Says which commands there are: all of them, or those of the group that the first word names. */
function listing(table: readonly CommandEntry[], args: readonly string[], { write, warn }: Surroundings): number {
  const word = args.find((arg) => !arg.startsWith("-"));
  const group = table.filter(({ path }) => path.startsWith(`${word} `));
  const shown = group.length > 0 ? group : table;
  const width = Math.max(...shown.map(({ path }) => path.length));
  const lines = shown.map(({ path, summary }) => `  ${path.padEnd(width)}   ${summary}`);
  write(
    [
      "Usage:",
      "  kube-ts COMMAND [flags]",
      "",
      "Commands:",
      ...lines,
      "",
      "kube-ts COMMAND --help tells more.",
      "",
    ].join("\n"),
  );
  if (word === undefined) return 0;
  const unknown = group.length > 0 ? args.slice(0, 2).join(" ") : word;
  if (group.length === 0 || args.length > 1) warn(`error: there is no command ${JSON.stringify(unknown)}`);
  return 2;
}

function helpOf(entry: CommandEntry, command: Command): string {
  return flagUsage(
    ["kube-ts", entry.path, command.arguments].filter(Boolean).join(" "),
    command.description,
    command.flags,
  );
}
