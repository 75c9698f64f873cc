import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";

const packages = join(import.meta.dirname, "..", "..", "..");
const killAfterMs = 15_000;

/** For tests: a daemon of the project as a process of its own. Disposing it stops it and waits for its end. */
export class DaemonProcess implements AsyncDisposable {
  readonly logFile: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  /** `program` is such as `scheduler/bin/kube-scheduler`; the log in `directory` goes on where it is. */
  constructor(directory: string, program: string, args: readonly string[]) {
    this.logFile = join(directory, `${program.replaceAll("/", "-")}.log`);
    const log = openSync(this.logFile, "a");
    this.#child = spawn(join(packages, program), args, { stdio: ["ignore", log, log] });
    closeSync(log);
    this.#ended = new Promise((resolve) => this.#child.once("exit", () => resolve()));
  }

  get log(): string {
    return readFileSync(this.logFile, "utf8");
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.isRunning) return;
    this.#child.kill("SIGTERM");
    const force = setTimeout(() => this.#child.kill("SIGKILL"), killAfterMs);
    await this.#ended;
    clearTimeout(force);
  }
}
