import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { DatagramReceiver } from "./testing/datagram-receiver.ts";

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

/** What a daemon under `env` tells systemd between its start and its end; `told` reads what came so far. */
async function notifications(env: Readonly<Record<string, string>>, told: () => Promise<readonly string[]>) {
  const daemon = launch({ WATCHDOG_USEC: "200000", ...env });
  await daemon.started;
  const seen: string[] = [];
  for (let tries = 0; tries < 500 && !seen.includes("WATCHDOG=1"); tries += 1) {
    seen.push(...(await told()));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  daemon.child.kill("SIGTERM");
  assert.equal(await daemon.exited, 0, daemon.errors());
  return [...seen, ...(await told())];
}

const expected = [/^READY=1/m, /^WATCHDOG=1/m, /^STOPPING=1/m, /^EXTEND_TIMEOUT_USEC=70000000/m];

test("systemd is told when the daemon serves, that it lives, and when it stops", async () => {
  const directory = await mkdtemp(join(tmpdir(), "sd-notify-test-"));
  try {
    const path = join(directory, "notify");
    using receiver = new DatagramReceiver(path);
    const told = (await notifications({ NOTIFY_SOCKET: path }, async () => receiver.read())).join("\n");
    for (const pattern of expected) assert.match(told, pattern);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("where Node.js cannot send datagrams, systemd-notify does", async () => {
  const directory = await mkdtemp(join(tmpdir(), "sd-notify-test-"));
  try {
    const log = join(directory, "told");
    const command = join(directory, "systemd-notify");
    await writeFile(command, `#!/bin/sh\nfor state; do echo "$state" >> ${log}; done\n`);
    await chmod(command, 0o755);
    const env = {
      PATH: `${directory}:${process.env["PATH"] ?? ""}`,
      NOTIFY_SOCKET: "/run/n",
      NODE_OPTIONS: "--no-experimental-ffi",
    };
    const lines = async () => (await readFile(log, "utf8").catch(() => "")).split("\n");
    const told = (await notifications(env, lines)).join("\n");
    for (const pattern of expected) assert.match(told, pattern);
  } finally {
    await rm(directory, { recursive: true });
  }
});
