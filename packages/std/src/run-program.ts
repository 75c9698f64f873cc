import { spawn } from "node:child_process";
import { isAbort } from "./abort.ts";

export interface ProgramCall {
  /** The program and its arguments; the program is found as execvp does. */
  readonly command: readonly string[];
  /** Written to standard input, which is then closed. */
  readonly input?: string;
  /** Added to a minimal environment; nothing of this process's own is handed over. */
  readonly environment?: Readonly<Record<string, string>>;
  /** After this long the program and all it has started are killed. */
  readonly timeoutMs: number;
  /** More output than this ends the program as a failure; 1 MiB unless told. */
  readonly maxOutputBytes?: number;
}

export interface ProgramOutcome {
  readonly stdout: string;
  /** At most its last 4 KiB. */
  readonly stderr: string;
}

/** A program that could not be started, failed, or had to be killed. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
  /** Undefined when the program did not end by itself. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;

  constructor(message: string, exitCode?: number, output: Partial<ProgramOutcome> = {}, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
    this.stdout = output.stdout ?? "";
    this.stderr = output.stderr ?? "";
  }
}

const defaultMaxOutputBytes = 1024 * 1024;
const keptErrorBytes = 4 * 1024;

/**
 * Runs a program to its end. Rejects with a ProgramError unless it exits with 0, and with the signal's reason when
 * that aborts. The program leads a process group of its own, and when it is killed all of the group is: a script's
 * children do not outlive it.
 */
export async function runProgram(call: ProgramCall, signal: AbortSignal): Promise<ProgramOutcome> {
  signal.throwIfAborted();
  const [program, ...args] = call.command;
  if (program === undefined) throw new ProgramError("no program is given");
  const deadline = AbortSignal.timeout(call.timeoutMs);
  const child = spawn(program, args, {
    detached: true,
    env: { ...minimalEnvironment, ...call.environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const kill = () => killGroup(child.pid);
  const output = new BoundedOutput(call.maxOutputBytes ?? defaultMaxOutputBytes, kill);
  child.stdout.on("data", (chunk: Buffer) => output.add(chunk));
  child.stderr.on("data", (chunk: Buffer) => output.addError(chunk));
  // A program that ends without reading leaves a broken pipe; its exit code says what happened.
  child.stdin.on("error", () => {});
  child.stdin.end(call.input ?? "");
  const stop = AbortSignal.any([signal, deadline]);
  stop.addEventListener("abort", kill, { once: true });
  try {
    const { code, killedBy } = await ended(child);
    const { stdout, stderr } = output;
    const said = { stdout, stderr };
    signal.throwIfAborted();
    if (output.overflow) throw new ProgramError(`${program} printed too much`, undefined, said);
    if (deadline.aborted) throw new ProgramError(`${program} took longer than ${call.timeoutMs} ms`, undefined, said);
    if (code === 0) return said;
    const how = code === undefined ? `was killed by ${killedBy}` : `exited with ${code}`;
    throw new ProgramError(`${program} ${how}${lastLine(stderr)}`, code, said);
  } catch (error) {
    if (error instanceof ProgramError || isAbort(error, signal)) throw error;
    throw new ProgramError(`${program} cannot be run: ${(error as Error).message}`, undefined, {}, { cause: error });
  } finally {
    stop.removeEventListener("abort", kill);
  }
}

/** Standard output up to a bound, and the end of standard error. */
class BoundedOutput {
  readonly #limit: number;
  readonly #onOverflow: () => void;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #errors = Buffer.alloc(0);

  constructor(limit: number, onOverflow: () => void) {
    this.#limit = limit;
    this.#onOverflow = onOverflow;
  }

  get overflow(): boolean {
    return this.#size > this.#limit;
  }

  get stdout(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }

  get stderr(): string {
    return this.#errors.toString("utf8");
  }

  add(chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.overflow) this.#onOverflow();
    else this.#chunks.push(chunk);
  }

  addError(chunk: Buffer): void {
    this.#errors = Buffer.concat([this.#errors, chunk]).subarray(-keptErrorBytes);
  }
}

/** What every program gets, whatever this process was started with. */
const minimalEnvironment = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/",
  LANG: "C.UTF-8",
};

/** The end of the program itself; output of children that it left behind is not waited for. */
function ended(child: ReturnType<typeof spawn>): Promise<{ code: number | undefined; killedBy: string }> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, killedBy) => {
      const done = () => resolve({ code: code ?? undefined, killedBy: killedBy ?? "" });
      const giveUp = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, lingerMs);
      child.once("close", () => {
        clearTimeout(giveUp);
        done();
      });
    });
  });
}

/** How long output is read after the program's end while somebody else holds its pipes. */
const lingerMs = 500;

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function lastLine(stderr: string): string {
  const line = stderr.trim().split("\n").at(-1) ?? "";
  return line === "" ? "" : `: ${line}`;
}
