import type { Command } from "./command.ts";

/** A command's place in `kube-ts`, and where its code is. */
export interface CommandEntry {
  /** The words that name it. */
  readonly path: string;
  readonly summary: string;
  load(): Promise<{ readonly command: Command }>;
}

/** All commands, in the order of `kube-ts --help`. */
export const commandTable: readonly CommandEntry[] = [];
