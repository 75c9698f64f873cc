import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root: string = join(dirname(fileURLToPath(import.meta.url)), "..");

/** A program of the project's own dependencies. */
export function localProgram(name: string): string {
  return join(root, "node_modules", ".bin", name);
}

/** Runs a program in the repository's root with this terminal; answers its exit code. */
export function runProgram(command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, { cwd: root, stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}
