import type { Session } from "../session/session.ts";
import type { Flags, FlagValues } from "./flag.ts";

/** What a command was given. */
export interface Invocation<F extends Flags> {
  readonly flags: FlagValues<F>;
  readonly positional: readonly string[];
  /** How many of the positional arguments come before `--`; undefined without one. */
  readonly dashIndex: number | undefined;
  /** Whether the command line sets this flag. */
  changed(name: keyof F & string): boolean;
}

/** One command: its declaration and what it does. */
export interface Command<F extends Flags = Flags> {
  /** What follows the command's name in its usage line. */
  readonly usage: string;
  readonly description: string;
  readonly examples?: string;
  readonly flags: F;
  /** Whether all that follows the name are arguments, flags or not. */
  readonly takesWords?: boolean;
  run(session: Session, invocation: Invocation<F>): Promise<void>;
}

/** Types a declaration by its flags. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command {
  return command;
}
