import { runTool } from "../tool-process.ts";
import type { ToolResult, ToolRunner } from "../tool-process.ts";

/** A network namespace for tests; disposing it removes it with everything inside. */
export interface NetworkNamespace extends AsyncDisposable {
  readonly name: string;
  /** Runs tools in the namespace. */
  readonly runner: ToolRunner;
  /** Runs a command in the namespace; throws unless it succeeds. Answers what it printed. */
  run(command: string, ...args: string[]): Promise<string>;
}

const limits = { input: "", timeoutMs: 30_000, maxOutputBytes: 64 * 1024 * 1024, packageName: "iproute2" };

/** Makes a network namespace with only a loopback interface, which is up. Needs root. */
export async function createNetworkNamespace(name: string, signal: AbortSignal): Promise<NetworkNamespace> {
  await ip(["netns", "add", name], signal);
  const runner: ToolRunner = (run, runSignal) =>
    runTool({ ...run, command: "ip", args: ["netns", "exec", name, run.command, ...run.args] }, runSignal);
  const namespace: NetworkNamespace = {
    name,
    runner,
    run: async (command, ...args) => {
      const result = await runner({ ...limits, command, args }, signal);
      return requireSuccess(`${command} ${args.join(" ")}`, result);
    },
    [Symbol.asyncDispose]: async () => {
      await ip(["netns", "delete", name], AbortSignal.timeout(30_000));
    },
  };
  await ip(["-n", name, "link", "set", "lo", "up"], signal);
  return namespace;
}

async function ip(args: readonly string[], signal: AbortSignal): Promise<void> {
  requireSuccess(`ip ${args.join(" ")}`, await runTool({ ...limits, command: "ip", args }, signal));
}

function requireSuccess(command: string, result: ToolResult): string {
  if (result.exitCode === 0) return result.stdout;
  throw new Error(`${command}: exit code ${result.exitCode}: ${result.stderr}`);
}
