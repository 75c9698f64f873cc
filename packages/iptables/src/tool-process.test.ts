import assert from "node:assert/strict";
import { test } from "node:test";
import { runTool } from "./tool-process.ts";

const limits = { input: "", timeoutMs: 10_000, maxOutputBytes: 1000, packageName: "toolbox" };
const never = new AbortController().signal;

test("gives output, errors and the exit code", async () => {
  const args = ["-c", "cat; echo problem >&2; exit 3"];
  const result = await runTool({ ...limits, command: "sh", args, input: "in" }, never);
  assert.deepEqual(result, { exitCode: 3, stdout: "in", stderr: "problem\n" });
});

test("a missing tool names the package", async () => {
  const run = runTool({ ...limits, command: "kube-no-such-tool", args: [] }, never);
  await assert.rejects(run, { code: "not-installed", message: /install the package toolbox/ });
});

test("a tool that never ends is killed", async () => {
  const run = runTool({ ...limits, command: "sleep", args: ["100"], timeoutMs: 50 }, never);
  await assert.rejects(run, { code: "timeout" });
});

test("endless output is cut off", async () => {
  const run = runTool({ ...limits, command: "cat", args: ["/dev/zero"] }, never);
  await assert.rejects(run, { code: "output-too-large" });
});

test("an abort kills the tool and gives the reason", async () => {
  const controller = new AbortController();
  const run = runTool({ ...limits, command: "sleep", args: ["100"] }, controller.signal);
  controller.abort(new Error("stop now"));
  await assert.rejects(run, { message: "stop now" });
  await assert.rejects(runTool({ ...limits, command: "true", args: [] }, controller.signal), { message: "stop now" });
});

test("input that the tool does not read is no error", async () => {
  const run = { ...limits, command: "true", args: [], input: "x".repeat(1_000_000) };
  assert.equal((await runTool(run, never)).exitCode, 0);
});
