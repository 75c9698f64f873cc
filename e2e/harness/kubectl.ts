import { execFile, spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { localCluster, repositoryRoot } from "../../deploy/local/layout.ts";
import { Terminal } from "./terminal.ts";
import type { TerminalSize } from "./terminal.ts";
import { upstreamKubectl } from "./upstream-kubectl.ts";

/** What a command said and how it ended. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A kubectl program with the local cluster's admin kubeconfig. */
export class Kubectl {
  readonly name: string;
  readonly program: string;

  constructor(name: string, program: string) {
    this.name = name;
    this.program = program;
  }

  /** Runs to the end; does not throw for exit codes. */
  try(args: readonly string[], input?: string): Promise<CommandResult> {
    return new Promise((resolve) => {
      const child = execFile(
        this.program,
        [...args],
        { env: this.#environment(), timeout: 120_000, maxBuffer: 64 * 1024 * 1024 },
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
    return spawn(this.program, args, { env: this.#environment() });
  }

  /** Starts the program in a terminal. */
  terminal(args: readonly string[], size: TerminalSize = { rows: 33, columns: 101 }): Terminal {
    return new Terminal(this.program, args, { ...this.#environment(), TERM: "dumb" }, size);
  }

  #environment(): NodeJS.ProcessEnv {
    return { ...process.env, KUBECONFIG: localCluster().adminKubeconfig, HOME: "/root" };
  }
}

/** Ours and upstream's: every scenario has to work with both. */
export function bothKubectls(): readonly Kubectl[] {
  return [
    new Kubectl("upstream kubectl", upstreamKubectl()),
    new Kubectl("kubectl", join(repositoryRoot, "packages", "kubectl", "bin", "kubectl")),
  ];
}
