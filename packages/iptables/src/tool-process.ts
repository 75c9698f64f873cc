import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { IptablesError } from "./iptables-error.ts";

export interface ToolRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly input: string;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  /** The distribution's package that brings the tool. */
  readonly packageName: string;
}

export interface ToolResult {
  readonly exitCode: number;
  readonly stdout: string;
  /** Cut off after a few kilobytes. */
  readonly stderr: string;
}

/** `runTool`, or something that runs tools elsewhere. */
export type ToolRunner = (run: ToolRun, signal: AbortSignal) => Promise<ToolResult>;

const maxErrorBytes = 8192;

/** Where Debian and its relatives keep the tools, for processes whose PATH lacks it. */
const systemDirectories = ["/usr/sbin", "/sbin"];

/**
 * Runs a tool to its end. Rejects with an `IptablesError` when it cannot be started, prints too much or takes
 * too long (it is killed then), or with the signal's reason.
 */
export async function runTool(run: ToolRun, signal: AbortSignal): Promise<ToolResult> {
  const candidates = [run.command, ...systemDirectories.map((directory) => `${directory}/${run.command}`)];
  for (const path of candidates) {
    const result = await runAt(path, run, signal);
    if (result) return result;
  }
  throw new IptablesError("not-installed", `not found; install the package ${run.packageName}`, {
    command: run.command,
  });
}

/** As `runTool`; undefined when there is no such file. */
function runAt(path: string, run: ToolRun, signal: AbortSignal): Promise<ToolResult | undefined> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(path, run.args, { stdio: ["pipe", "pipe", "pipe"] });
    let failure: unknown;
    const stop = (reason: unknown) => {
      failure ??= reason;
      child.kill("SIGKILL");
    };
    const onAbort = () => stop(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    const timer = setTimeout(() => stop(timeoutError(run)), run.timeoutMs);
    const output = collect(child, run, stop);
    child.stdin.on("error", () => {
      // The tool ended before it read everything; its exit code tells why.
    });
    child.stdin.end(run.input);
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      finish();
    };
    child.once("error", (error: NodeJS.ErrnoException) => {
      settle(() => {
        if (error.code === "ENOENT") resolve(undefined);
        else reject(new IptablesError("failed", "could not be started", { command: run.command, cause: error }));
      });
    });
    child.once("close", (code, killedBy) => {
      settle(() => {
        if (failure !== undefined) reject(failure);
        else if (code === null) reject(killedError(run, killedBy));
        else resolve({ exitCode: code, stdout: output.stdout(), stderr: output.stderr() });
      });
    });
  });
}

function collect(
  child: ChildProcessWithoutNullStreams,
  run: ToolRun,
  stop: (reason: unknown) => void,
): { stdout(): string; stderr(): string } {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let outputBytes = 0;
  let errorBytes = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    outputBytes += chunk.length;
    if (outputBytes <= run.maxOutputBytes) stdout.push(chunk);
    else stop(tooLargeError(run));
  });
  child.stderr.on("data", (chunk: Buffer) => {
    if (errorBytes < maxErrorBytes) stderr.push(chunk.subarray(0, maxErrorBytes - errorBytes));
    errorBytes += chunk.length;
  });
  return { stdout: () => Buffer.concat(stdout).toString(), stderr: () => Buffer.concat(stderr).toString() };
}

function timeoutError(run: ToolRun): IptablesError {
  return new IptablesError("timeout", `not done after ${run.timeoutMs} ms`, { command: run.command });
}

function tooLargeError(run: ToolRun): IptablesError {
  const reason = `printed more than ${run.maxOutputBytes} bytes`;
  return new IptablesError("output-too-large", reason, { command: run.command });
}

function killedError(run: ToolRun, killedBy: NodeJS.Signals | null): IptablesError {
  return new IptablesError("failed", `killed by ${killedBy ?? "a signal"}`, { command: run.command });
}
