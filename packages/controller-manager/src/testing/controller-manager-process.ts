import { spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";

const program = join(import.meta.dirname, "..", "..", "bin", "kube-controller-manager");
const killAfterMs = 15_000;

/** For tests: the daemon as a process of its own. Disposing it stops it and waits for its end. */
export class ControllerManagerProcess implements AsyncDisposable {
  readonly logFile: string;
  readonly #child: ReturnType<typeof spawn>;

  constructor(directory: string, args: readonly string[]) {
    this.logFile = join(directory, "kube-controller-manager.log");
    const log = openSync(this.logFile, "a");
    this.#child = spawn(program, args, { stdio: ["ignore", log, log] });
  }

  get log(): string {
    return readFileSync(this.logFile, "utf8");
  }

  /** The exit code; undefined while it runs. */
  get exitCode(): number | undefined {
    return this.#child.exitCode ?? undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    this.#child.kill("SIGTERM");
    const force = setTimeout(() => this.#child.kill("SIGKILL"), killAfterMs);
    await ended;
    clearTimeout(force);
  }
}
