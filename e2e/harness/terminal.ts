import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { run } from "../../deploy/local/command.ts";
import { eventually } from "./eventually.ts";

export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** A program in a terminal of its own, as a person has it: `script` of util-linux makes the terminal. */
export class Terminal implements Disposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<number>;
  #screen = "";

  constructor(program: string, args: readonly string[], environment: NodeJS.ProcessEnv, size: TerminalSize) {
    const command = `stty rows ${size.rows} cols ${size.columns}; exec ${[program, ...args].map(quote).join(" ")}`;
    this.#child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], { env: environment });
    this.#child.stdout.on("data", (chunk: Buffer) => (this.#screen += chunk.toString()));
    this.#child.stdin.on("error", () => {});
    this.#ended = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("close", (code) => resolve(code ?? 1));
    });
  }

  type(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Waits until what was printed since the start matches. */
  async sees(pattern: RegExp): Promise<void> {
    await eventually(
      `the terminal shows ${pattern}`,
      () => this.#screen,
      (screen) => pattern.test(screen),
    );
  }

  /** Types a line until the terminal shows what it prints: a shell that is not yet there drops what it is told. */
  async asks(line: string, pattern: RegExp): Promise<void> {
    this.type(`${line}\r`);
    await eventually(`${line} prints ${pattern}`, async () => {
      if (pattern.test(this.#screen)) return true;
      await new Promise((resolve) => setTimeout(resolve, 800));
      if (!pattern.test(this.#screen)) this.type(`${line}\r`);
      return false;
    });
  }

  /** Gives the terminal another size, as dragging its window does. */
  async resize({ rows, columns }: TerminalSize): Promise<void> {
    const inside = readFileSync(`/proc/${this.#child.pid}/task/${this.#child.pid}/children`, "utf8").trim();
    const device = readlinkSync(`/proc/${inside}/fd/0`);
    await run("stty", ["-F", device, "rows", `${rows}`, "cols", `${columns}`]);
  }

  /** The program's exit code, once it has ended. */
  ended(): Promise<number> {
    return Promise.race([
      this.#ended,
      new Promise<number>((_resolve, reject) => {
        setTimeout(() => reject(new Error(`still runs; the terminal shows ${this.#screen}`)), 60_000).unref();
      }),
    ]);
  }

  [Symbol.dispose](): void {
    this.#child.kill("SIGKILL");
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
