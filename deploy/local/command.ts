import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** A program that failed, with what it said. */
export class CommandError extends Error {}

/** Runs a program to its end and answers its standard output. Throws a CommandError when it fails. */
export async function run(command: string, args: readonly string[], timeoutMs = 60_000): Promise<string> {
  try {
    const { stdout } = await execute(command, [...args], { timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { stderr = "", message } = error as { stderr?: string; message: string };
    throw new CommandError(`${command} ${args.join(" ")} failed: ${stderr.trim() || message}`, { cause: error });
  }
}

/** Runs a program that may fail, and answers whether it succeeded. */
export async function succeeds(command: string, args: readonly string[], timeoutMs = 60_000): Promise<boolean> {
  return run(command, args, timeoutMs).then(
    () => true,
    () => false,
  );
}

/** Runs a program and feeds it `input`. */
export async function runWithInput(command: string, args: readonly string[], input: Buffer | string): Promise<void> {
  const child = spawn(command, args, { stdio: ["pipe", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new CommandError(`${command} ${args.join(" ")} failed: ${stderr.trim()}`);
}

/** Whether a program of this name can be started. */
export function isInstalled(program: string): Promise<boolean> {
  return succeeds("sh", ["-c", 'command -v "$0" >/dev/null', program]);
}

/** Polls until `check` answers true. Throws with `what` when it does not in time. */
export async function waitUntil(what: string, timeoutMs: number, check: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`gave up after ${timeoutMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
