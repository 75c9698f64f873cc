import type { FlagDefinitions, ParsedFlags } from "@kube-ts/std/flags";

/** What a command was called with, besides its flags. */
export interface Invocation {
  readonly positional: readonly string[];
  readonly signal: AbortSignal;
  /** Prints to standard output, as it is. */
  write(text: string): void;
  /** Prints a line to standard error, for warnings. */
  warn(text: string): void;
}

/** One command of `kube-ts`, such as `token create`. */
export interface Command {
  /** One sentence or more for `--help`. */
  readonly description: string;
  /** The positional arguments as `--help` shows them: `HOST:PORT`. Empty when there are none. */
  readonly arguments: string;
  /** How many positional arguments it takes. */
  readonly argumentCount: { readonly least: number; readonly most: number };
  readonly flags: FlagDefinitions;
  /** Whether only root can run it; one such command at a time is at work on a machine. */
  readonly needsRoot: boolean;
  /** Answers the exit code. Throws a FlagError for what it is asked wrongly, and any other error with what went wrong. */
  run(flags: ParsedFlags<FlagDefinitions>, invocation: Invocation): Promise<number>;
}

interface CommandOf<D extends FlagDefinitions> {
  readonly description: string;
  readonly arguments?: string;
  readonly argumentCount?: { readonly least: number; readonly most: number };
  readonly flags: D;
  readonly needsRoot?: boolean;
  /** Answers the exit code; nothing is 0. */
  run(flags: ParsedFlags<D>, invocation: Invocation): Promise<number | void>;
}

/** Declares a command; its module exports what this answers as `command`. */
export function defineCommand<const D extends FlagDefinitions>(definition: CommandOf<D>): Command {
  return {
    description: definition.description,
    arguments: definition.arguments ?? "",
    argumentCount: definition.argumentCount ?? { least: 0, most: 0 },
    flags: definition.flags,
    needsRoot: definition.needsRoot ?? false,
    run: async (flags, invocation) => (await definition.run(flags as ParsedFlags<D>, invocation)) ?? 0,
  };
}
