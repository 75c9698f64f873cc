import { readFile } from "node:fs/promises";
import { FlagError } from "@kube-ts/std/flags";

/** The file that a flag names. Throws a FlagError when it cannot be read. */
export async function readFlagFile(flag: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new FlagError(flag, `--${flag}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** As `readFlagFile`; undefined where the flag is empty. */
export async function readOptionalFile(flag: string, path: string): Promise<Buffer | undefined> {
  return path === "" ? undefined : readFlagFile(flag, path);
}

/** Throws a FlagError unless the two files are both given or both left out. */
export function requirePair(first: readonly [flag: string, path: string], second: readonly [string, string]): void {
  if ((first[1] === "") === (second[1] === "")) return;
  throw new FlagError(first[0], `--${first[0]} and --${second[0]} must be given together`);
}

/** What `parse` makes of a flag's value, with the flag named in what it throws. */
export function parsedFlag<T>(flag: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new FlagError(flag, `--${flag}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
