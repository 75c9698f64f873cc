import { execFile, spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { localCluster, repositoryRoot } from "../../deploy/local/layout.ts";
import { Terminal } from "./terminal.ts";
import type { TerminalSize } from "./terminal.ts";
import { upstreamKubectl } from "./upstream-programs.ts";

/** What a command said and how it ended. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a kubectl runs. */
export interface KubectlPlace {
  readonly kubeconfig: string;
  /** What it remembers between runs goes into a directory of this one. */
  readonly home: string;
  /** Its working directory; that of the tests where this is left out. */
  readonly directory?: string;
  /** Variables besides those of the tests. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A kubectl program with a kubeconfig. */
export class Kubectl {
  readonly name: string;
  readonly program: string;
  readonly #place: KubectlPlace;

  constructor(name: string, program: string, place: KubectlPlace) {
    this.name = name;
    this.program = program;
    this.#place = place;
  }

  /** Runs to the end; does not throw for exit codes. */
  try(args: readonly string[], input?: string): Promise<CommandResult> {
    return new Promise((resolve) => {
      const child = execFile(
        this.program,
        [...args],
        { ...this.#options(), timeout: 120_000, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => {
          const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
          resolve({ code, stdout, stderr });
        },
      );
      child.stdin?.end(input ?? "");
    });
  }

  /** Runs to the end and answers standard output. Throws when the program fails. */
  async run(args: readonly string[], input?: string): Promise<string> {
    const { code, stdout, stderr } = await this.try(args, input);
    if (code !== 0) throw new Error(`${this.name} ${args.join(" ")} exited with ${code}: ${stderr}${stdout}`);
    return stdout;
  }

  /** Runs with `-o json` and answers the object. */
  async json<T>(args: readonly string[]): Promise<T> {
    return JSON.parse(await this.run([...args, "-o", "json"])) as T;
  }

  /** Starts the program and leaves it running. */
  start(args: readonly string[]): ChildProcessWithoutNullStreams {
    return spawn(this.program, args, this.#options());
  }

  /** Starts the program in a terminal. */
  terminal(args: readonly string[], size: TerminalSize = { rows: 33, columns: 101 }): Terminal {
    return new Terminal(this.program, args, { ...this.#environment(), TERM: "dumb" }, size);
  }

  #environment(): NodeJS.ProcessEnv {
    const { kubeconfig, home, environment } = this.#place;
    return { ...process.env, KUBECONFIG: kubeconfig, HOME: home, ...environment };
  }

  #options(): { env: NodeJS.ProcessEnv; cwd: string | undefined } {
    return { env: this.#environment(), cwd: this.#place.directory };
  }
}

/** Ours and upstream's: every scenario has to work with both. They are the administrator of the local cluster. */
export function bothKubectls(): readonly Kubectl[] {
  const place: KubectlPlace = { kubeconfig: localCluster().adminKubeconfig, home: "/root" };
  return [upstream(place), ours(place)];
}

export const upstream = (place: KubectlPlace): Kubectl => new Kubectl("upstream kubectl", upstreamKubectl(), place);

export const ours = (place: KubectlPlace): Kubectl =>
  new Kubectl("kubectl", join(repositoryRoot, "packages", "kubectl", "bin", "kubectl"), place);
