import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

const script = fileURLToPath(new URL("../testdata/sample-daemon.ts", import.meta.url));

/** The sample daemon in a process of its own. */
function launch(env: Readonly<Record<string, string>>, ...args: string[]) {
  const child: ChildProcess = spawn(process.execPath, [script, ...args], { env: { ...process.env, ...env } });
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  const started = new Promise<void>((resolve, reject) => {
    child.stdout?.once("data", () => resolve());
    child.once("close", () => reject(new Error(`the daemon ended before it served: ${errors}`)));
  });
  started.catch(() => undefined);
  return { child, started, exited, errors: () => errors };
}

for (const [mode, code] of [
  ["drain", 0],
  ["throw", 1],
  ["crash", 255],
] as const) {
  test(`a real process that is told to stop and then does "${mode}" exits with ${code}`, async () => {
    const daemon = launch({}, `--mode=${mode}`);
    await daemon.started;
    daemon.child.kill("SIGTERM");
    assert.equal(await daemon.exited, code, daemon.errors());
  });
}

test("systemd is told when the daemon serves and when it stops", async () => {
  const directory = await mkdtemp(join(tmpdir(), "sd-notify-test-"));
  try {
    const told = join(directory, "told");
    const command = join(directory, "systemd-notify");
    await writeFile(command, `#!/bin/sh\necho "$NOTIFY_SOCKET $1" >> ${told}\n`);
    await chmod(command, 0o755);
    const env = {
      PATH: `${directory}:${process.env["PATH"] ?? ""}`,
      NOTIFY_SOCKET: "/run/n",
      WATCHDOG_USEC: "200000",
    };
    const daemon = launch(env);
    await daemon.started;
    const lines = async () => (await readFile(told, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
    for (let tries = 0; tries < 500 && !(await lines()).includes("/run/n WATCHDOG=1"); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    daemon.child.kill("SIGTERM");
    assert.equal(await daemon.exited, 0, daemon.errors());
    for (const state of ["READY=1", "WATCHDOG=1", "STOPPING=1"]) {
      assert.ok((await lines()).includes(`/run/n ${state}`), `${state} is missing in ${(await lines()).join()}`);
    }
  } finally {
    await rm(directory, { recursive: true });
  }
});
