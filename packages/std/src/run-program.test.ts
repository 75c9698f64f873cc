import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ProgramError, runProgram, type ProgramCall } from "./run-program.ts";

const never = new AbortController().signal;

function shell(script: string, call: Partial<ProgramCall> = {}) {
  return runProgram({ command: ["sh", "-c", script], timeoutMs: 20_000, ...call }, never);
}

async function failureOf(run: Promise<unknown>): Promise<ProgramError> {
  const error: unknown = await run.then(
    () => assert.fail("the program has succeeded"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ProgramError, String(error));
  return error;
}

describe("run-program", () => {
  it("hands input and environment over and answers the output", async () => {
    const { stdout } = await shell('printf "%s:" "$GREETING"; cat', { input: "in", environment: { GREETING: "hi" } });
    assert.equal(stdout, "hi:in");
  });

  it("does not hand over the environment of this process", async () => {
    process.env["RUN_PROGRAM_SECRET"] = "secret";
    try {
      assert.equal((await shell('printf "%s" "$RUN_PROGRAM_SECRET"')).stdout, "");
    } finally {
      delete process.env["RUN_PROGRAM_SECRET"];
    }
  });

  it("fails with the exit code and the last line of standard error", async () => {
    const error = await failureOf(shell("echo first >&2; echo no machine left >&2; exit 3"));
    assert.equal(error.exitCode, 3);
    assert.equal(error.message, "sh exited with 3: no machine left");
  });

  it("fails when the program does not exist", async () => {
    const error = await failureOf(runProgram({ command: ["/no/such/program"], timeoutMs: 1_000 }, never));
    assert.match(error.message, /^\/no\/such\/program cannot be run: .*ENOENT/);
  });

  it("kills a program that takes too long, with its children", async () => {
    const started = Date.now();
    const error = await failureOf(shell("sleep 60 & sleep 60", { timeoutMs: 200 }));
    assert.equal(error.message, "sh took longer than 200 ms");
    assert.ok(Date.now() - started < 20_000, "the children kept the pipes open");
  });

  it("does not wait for what a program leaves behind", async () => {
    const { stdout } = await shell("sleep 5 & echo $!");
    process.kill(Number(stdout), "SIGKILL");
  });

  it("ends a program that prints without end", async () => {
    const error = await failureOf(shell("while :; do echo yes; done", { maxOutputBytes: 1_000 }));
    assert.equal(error.message, "sh printed too much");
  });

  it("rejects with the reason of the signal", async () => {
    const controller = new AbortController();
    const run = runProgram({ command: ["sleep", "60"], timeoutMs: 60_000 }, controller.signal);
    const reason = new Error("stopped");
    controller.abort(reason);
    await assert.rejects(run, reason);
  });
});
