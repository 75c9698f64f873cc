import { isAbort } from "@kube-ts/std/abort";
import { ProgramError, runProgram } from "@kube-ts/std/run-program";
import { type Machine, type NodeGroup, type NodeGroupProvider, ProviderError } from "./node-group-provider.ts";
import { parseGroups } from "./provider-answer.ts";

export interface ExecProviderConfig {
  /** The program and its first arguments; the verb follows. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeouts: { readonly listMs: number; readonly increaseMs: number; readonly removeMs: number };
}

/** The exit code that says: not now, there is no machine left. */
const outOfResources = 3;

/**
 * A program that is run once for each request: the verb is its last argument, the details are JSON on standard input
 * and, for scripts, in the environment. `deploy/node-groups/README.md` is the protocol.
 */
export class ExecProvider implements NodeGroupProvider {
  readonly #config: ExecProviderConfig;

  constructor(config: ExecProviderConfig) {
    this.#config = config;
  }

  async list(signal: AbortSignal): Promise<readonly NodeGroup[]> {
    return parseGroups(await this.#run("list", {}, {}, this.#config.timeouts.listMs, signal));
  }

  async increase(group: string, count: number, signal: AbortSignal): Promise<void> {
    const environment = { NODE_GROUP: group, COUNT: String(count) };
    await this.#run("increase", { group, count }, environment, this.#config.timeouts.increaseMs, signal);
  }

  async remove(group: string, machines: readonly Machine[], signal: AbortSignal): Promise<void> {
    const named = machines.map(({ id, nodeName }) => ({ id, ...(nodeName !== undefined && { nodeName }) }));
    const environment = { NODE_GROUP: group, MACHINES: machines.map(({ id }) => id).join("\n") };
    await this.#run("delete", { group, machines: named }, environment, this.#config.timeouts.removeMs, signal);
  }

  async #run(
    verb: string,
    request: object,
    environment: Readonly<Record<string, string>>,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<string> {
    const { command, environment: configured } = this.#config;
    try {
      const { stdout } = await runProgram(
        {
          command: [...command, verb],
          input: JSON.stringify(request),
          environment: { ...configured, ...environment },
          timeoutMs,
        },
        signal,
      );
      return stdout;
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      const kind = error instanceof ProgramError && error.exitCode === outOfResources ? "OutOfResources" : "Other";
      throw new ProviderError(`${verb}: ${(error as Error).message}`, kind, { cause: error });
    }
  }
}
