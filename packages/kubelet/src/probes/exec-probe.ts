import { goQuote } from "@kube-ts/api/go-quote";
import { formatDuration } from "@kube-ts/std/duration";
import { runtimeErrorCode } from "../runtime/runtime-error.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { type ProbeAnswer, maxOutputBytes } from "./probe-answer.ts";

/** Runs the command in the container; exit code 0 is a success, and not ending in time a failure. */
export async function probeExec(
  runtime: Pick<Runtime, "execSync">,
  containerId: string,
  command: readonly string[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  try {
    const { stdout, stderr, exitCode } = await runtime.execSync(containerId, command, timeoutMs, signal);
    const output = Buffer.concat([stdout, stderr]).subarray(0, maxOutputBytes).toString("utf8");
    return { result: exitCode === 0 ? "success" : "failure", output };
  } catch (error) {
    if (runtimeErrorCode(error) !== "DeadlineExceeded") throw error;
    const text = `command timed out: ${goQuote(command.join(" "))} timed out after ${formatDuration(timeoutMs)}`;
    return { result: "failure", output: text };
  }
}
