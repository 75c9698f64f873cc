import { once } from "node:events";
import type { Duplex, Writable } from "node:stream";
import { isAbort } from "@kube-ts/std/abort";
import type { ProcessStreams, TerminalSize } from "../runtime.ts";
import { copyMultiplexed, copyRaw } from "./multiplexed-output.ts";

/** After its output has ended nothing more is read from the caller. */
const stopped = new Error("process ended");

/**
 * Connects a process's hijacked connection with the caller's streams until the output ends or the signal
 * aborts; then the connection is closed. `resize` tells the engine the terminal's size.
 */
export async function connectStreams(
  connection: Duplex,
  streams: ProcessStreams,
  resize: (size: TerminalSize) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const done = new AbortController();
  const ended = AbortSignal.any([signal, done.signal]);
  const onAbort = () => connection.destroy();
  signal.addEventListener("abort", onAbort, { once: true });
  connection.on("error", () => {});
  const input = streams.stdin ? feed(streams.stdin as AsyncIterable<Buffer>, connection, ended) : Promise.resolve();
  const sizes = streams.resize ? followSizes(streams.resize, resize, ended) : Promise.resolve();
  try {
    if (streams.tty) await copyRaw(connection, streams.stdout);
    else await copyMultiplexed(connection, streams);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
    done.abort(stopped);
    connection.destroy();
    await Promise.all([input, sizes]);
  }
  signal.throwIfAborted();
}

/** Passes input on with back-pressure and half-closes at its end. Never rejects: the output tells how it went. */
async function feed(source: AsyncIterable<Buffer>, sink: Writable, signal: AbortSignal): Promise<void> {
  const iterator = source[Symbol.asyncIterator]();
  const { promise: end, resolve } = Promise.withResolvers<{ done: true; value: undefined }>();
  signal.addEventListener("abort", () => resolve({ done: true, value: undefined }), { once: true });
  try {
    for (;;) {
      // The source may wait for its user for ever: the end of the process must end this too.
      const next = await Promise.race([iterator.next(), end]);
      if (next.done) break;
      if (!sink.write(next.value)) await once(sink, "drain", { signal });
    }
    if (!signal.aborted) sink.end();
  } catch {
    if (!signal.aborted) sink.end();
  }
}

async function followSizes(
  sizes: AsyncIterable<TerminalSize>,
  resize: (size: TerminalSize) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const iterator = sizes[Symbol.asyncIterator]();
  const { promise: end, resolve } = Promise.withResolvers<{ done: true; value: undefined }>();
  signal.addEventListener("abort", () => resolve({ done: true, value: undefined }), { once: true });
  for (;;) {
    const next = await Promise.race([iterator.next(), end]).catch(() => ({ done: true, value: undefined }) as const);
    if (next.done) return;
    // The process may have ended meanwhile; then its size matters no more.
    await resize(next.value).catch((error: unknown) => isAbort(error, signal));
  }
}
