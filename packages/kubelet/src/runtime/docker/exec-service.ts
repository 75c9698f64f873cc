import { readFile } from "node:fs/promises";
import { Writable } from "node:stream";
import type { Exec } from "dockerode";
import type { Clock } from "@kube-ts/std/clock";
import type { ExecOptions, ExecResult, ProcessStreams } from "../runtime.ts";
import { RuntimeError } from "../runtime-error.ts";
import type { DockerEngine } from "./engine.ts";
import { connectStreams } from "./process-streams.ts";

const maxOutputBytes = 1024 * 1024;
/** The engine reports the exit a moment after the output has ended. */
const exitTimeoutMs = 10_000;
const exitPollMs = 20;
const cleanupTimeoutMs = 10_000;

/** Commands run inside containers beside their main process. */
export class ExecService {
  readonly #engine: DockerEngine;
  readonly #clock: Clock;

  constructor(engine: DockerEngine, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  async execSync(
    containerId: string,
    command: readonly string[],
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<ExecResult> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const stdout = new BoundedSink(maxOutputBytes);
    const stderr = new BoundedSink(maxOutputBytes);
    try {
      const streams = { stdout, stderr, tty: false };
      const bounded = AbortSignal.any([signal, timeout]);
      const exitCode = await this.exec(containerId, { command, tty: false }, streams, bounded);
      return { stdout: stdout.bytes(), stderr: stderr.bytes(), exitCode };
    } catch (error) {
      signal.throwIfAborted();
      if (!timeout.aborted) throw error;
      const text = `command ${JSON.stringify(command)} timed out`;
      throw new RuntimeError("DeadlineExceeded", text, { cause: error });
    }
  }

  /** When the signal aborts, the command is killed. */
  async exec(containerId: string, options: ExecOptions, streams: ProcessStreams, signal: AbortSignal): Promise<number> {
    const exec = await this.#engine.call(
      (docker, abortSignal) =>
        docker.getContainer(containerId).exec({
          Cmd: [...options.command],
          Tty: options.tty,
          AttachStdin: streams.stdin !== undefined,
          AttachStdout: streams.stdout !== undefined || streams.stderr === undefined,
          AttachStderr: streams.stderr !== undefined,
          abortSignal,
        }),
      signal,
    );
    // Without a signal: an aborted start would leave a command that nobody knows of.
    const connection = await this.#engine.stream(
      () => exec.start({ hijack: true, stdin: true, Tty: options.tty }),
      signal,
    );
    const resize = (size: { readonly width: number; readonly height: number }) =>
      this.#engine.call((_, abortSignal) => exec.resize({ h: size.height, w: size.width, abortSignal }), signal);
    try {
      await connectStreams(connection, { ...streams, tty: options.tty }, resize, signal);
    } catch (error) {
      await this.#kill(exec, containerId);
      throw error;
    }
    return await this.#exitCode(exec, signal);
  }

  async #exitCode(exec: Exec, signal: AbortSignal): Promise<number> {
    const deadlineMs = this.#clock.monotonicMs() + exitTimeoutMs;
    for (;;) {
      const info = await this.#engine.call((_, abortSignal) => exec.inspect({ abortSignal }), signal);
      if (!info.Running && info.ExitCode !== null) return info.ExitCode;
      if (this.#clock.monotonicMs() > deadlineMs) {
        throw new RuntimeError("Internal", "command ended its output but did not exit");
      }
      await this.#clock.sleep(exitPollMs, signal);
    }
  }

  /** The engine has no call for it; the process is ours to signal when it is visibly in the container. */
  async #kill(exec: Exec, containerId: string): Promise<void> {
    try {
      const signal = AbortSignal.timeout(cleanupTimeoutMs);
      const info = await this.#engine.call((_, abortSignal) => exec.inspect({ abortSignal }), signal);
      if (!info.Running || info.Pid <= 1) return;
      const cgroup = await readFile(`/proc/${info.Pid}/cgroup`, "utf8");
      if (cgroup.includes(containerId)) process.kill(info.Pid, "SIGKILL");
    } catch {
      // It has ended by itself, or is not visible from here.
    }
  }
}

/** Keeps the first bytes and drops the rest. */
class BoundedSink extends Writable {
  readonly #chunks: Buffer[] = [];
  readonly #limit: number;
  #size = 0;

  constructor(limit: number) {
    super();
    this.#limit = limit;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    const kept = chunk.subarray(0, this.#limit - this.#size);
    if (kept.length > 0) {
      this.#chunks.push(Buffer.from(kept));
      this.#size += kept.length;
    }
    callback();
  }
}
