import assert from "node:assert/strict";
import { test } from "node:test";
import { aborted } from "./abort.ts";
import { FakeClock } from "./clock.ts";
import { type DaemonContext, drainDeadlineMs, runDaemon } from "./daemon.ts";
import { defineFlags, FlagError } from "./flags.ts";
import { type Logger, silentLogger } from "./log.ts";
import type { ProcessHost } from "./process-host.ts";

/** A process that a test plays: what it writes, how it exits, and the signals it gets. */
class FakeProcess implements ProcessHost {
  readonly env = {};
  readonly clock = new FakeClock();
  readonly args: readonly string[];
  readonly messages: string[] = [];
  out = "";
  errors = "";
  exitCode: number | undefined;
  verbosity: number | undefined;
  readonly #stop = new Set<(name: string) => void>();
  readonly #fatal = new Set<(error: unknown) => void>();

  constructor(...args: string[]) {
    this.args = args;
  }

  createLogger(_component: string, verbosity: number): Logger {
    this.verbosity = verbosity;
    const write = (message: string) => void this.messages.push(message);
    return { ...silentLogger, error: write, warn: write, info: write };
  }

  writeOut(text: string): void {
    this.out += text;
  }

  writeError(text: string): void {
    this.errors += text;
  }

  mapPagesSingly(): void {}

  releaseMemory(): void {}

  exit(code: number): void {
    this.exitCode ??= code;
  }

  onStopSignal(callback: (name: string) => void): Disposable {
    this.#stop.add(callback);
    return { [Symbol.dispose]: () => void this.#stop.delete(callback) };
  }

  onFatalError(callback: (error: unknown) => void): Disposable {
    this.#fatal.add(callback);
    return { [Symbol.dispose]: () => void this.#fatal.delete(callback) };
  }

  signal(name: string): void {
    for (const callback of this.#stop) callback(name);
  }

  fail(error: unknown): void {
    for (const callback of this.#fatal) callback(error);
  }
}

interface Config {
  readonly size: number;
  readonly nested: { readonly list: string[] };
}

/** Starts a daemon in a fake process. */
function start(run: (config: Config, context: DaemonContext) => Promise<void>, ...args: string[]) {
  const process = new FakeProcess(...args);
  const running = runDaemon<ReturnType<typeof definition>["flags"], Config>({ ...definition(), run }, process);
  return { process, running };
}

function definition() {
  return {
    name: "test-daemon",
    description: "Tests the skeleton.",
    flags: defineFlags({ size: { type: "integer", default: 1, description: "a size" } }),
    configure: ({ values }: { readonly values: { readonly size: number } }): Config => {
      if (values.size < 0) throw new FlagError("size", `--size ${values.size} must not be negative`);
      return { size: values.size, nested: { list: [] } };
    },
  };
}

const untilStopped = (_config: Config, { signal }: DaemonContext) => aborted(signal);

test("a stop signal drains and exits with 0", async () => {
  const { process, running } = start(untilStopped, "-v=5");
  await process.clock.advance(0);
  assert.equal(process.exitCode, undefined);
  process.signal("SIGTERM");
  await running;
  assert.equal(process.exitCode, 0);
  assert.equal(process.verbosity, 5);
  assert.deepEqual(process.messages, ["starting", "stopping", "stopped"]);
  assert.equal(process.clock.pendingTimers, 0);
});

test("ending by the signal's own reason is a clean stop", async () => {
  const { process, running } = start(async (_config, { signal, clock }) => clock.sleep(1e9, signal));
  await process.clock.advance(0);
  process.signal("SIGINT");
  await running;
  assert.equal(process.exitCode, 0);
});

test("the configuration is frozen all the way down", async () => {
  const { process, running } = start(async (config) => {
    assert.throws(() => config.nested.list.push("x"), TypeError);
  });
  await running;
  assert.equal(process.exitCode, 0);
});

test("a bad command line or configuration is told on standard error, and nothing starts", async () => {
  for (const [argument, message] of [
    ["--bogus", "error: unknown flag: --bogus\n"],
    ["--size=-1", "error: --size -1 must not be negative\n"],
  ] as const) {
    let ran = false;
    const { process, running } = start(async () => void (ran = true), argument);
    await running;
    assert.deepEqual([process.exitCode, process.errors, ran], [1, message, false]);
  }
});

test("help and version are printed", async () => {
  const help = start(untilStopped, "--help");
  await help.running;
  assert.match(help.process.out, /^Tests the skeleton\.\n\nUsage:\n {2}test-daemon \[flags\]\n/);
  const version = start(untilStopped, "--version");
  await version.running;
  assert.deepEqual([version.process.out, version.process.exitCode], ["Kubernetes v1.36.0\n", 0]);
});

test("a failed run exits with 1", async () => {
  const { process, running } = start(async () => {
    throw new Error("lost");
  });
  await running;
  assert.equal(process.exitCode, 1);
  assert.deepEqual(process.messages, ["starting", "daemon failed"]);
});

test("a second signal exits at once with 1", async () => {
  const { process, running } = start(() => new Promise(() => {}));
  await process.clock.advance(0);
  process.signal("SIGTERM");
  await process.clock.advance(1_000);
  assert.equal(process.exitCode, undefined);
  process.signal("SIGTERM");
  await running;
  assert.equal(process.exitCode, 1);
});

test("an overdue drain exits with 1", async () => {
  const { process, running } = start(() => new Promise(() => {}));
  await process.clock.advance(0);
  process.signal("SIGTERM");
  await process.clock.advance(drainDeadlineMs);
  await running;
  assert.equal(process.exitCode, 1);
});

test("a daemon may say how long it drains", async () => {
  const process = new FakeProcess();
  const running = runDaemon(
    {
      name: "test-daemon",
      description: "Tests.",
      flags: {},
      configure: () => ({ graceMs: 2 * drainDeadlineMs }),
      drainDeadlineMs: ({ graceMs }) => graceMs,
      run: () => new Promise<void>(() => {}),
    },
    process,
  );
  await process.clock.advance(0);
  process.signal("SIGTERM");
  await process.clock.advance(2 * drainDeadlineMs - 1);
  assert.equal(process.exitCode, undefined);
  await process.clock.advance(1);
  await running;
  assert.equal(process.exitCode, 1);
});

test("an error that nothing caught exits with 255", async () => {
  const { process, running } = start(() => new Promise(() => {}));
  await process.clock.advance(0);
  process.fail(new Error("broken invariant"));
  await running;
  assert.equal(process.exitCode, 255);
  assert.deepEqual(process.messages, ["starting", "uncaught error"]);
});
