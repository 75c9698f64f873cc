import type { Duplex, Readable, Writable } from "node:stream";
import { finished } from "node:stream/promises";
import type { ChannelSet } from "./channel-set.ts";
import { decodeOutcome, encodeOutcome } from "./exec-outcome.ts";
import type { ExecOutcome } from "./exec-outcome.ts";
import { encodeTerminalSize, readTerminalSizes } from "./terminal-size.ts";
import type { TerminalSize } from "./terminal-size.ts";

/** An outcome with its message is small; the rest of a longer one is dropped. */
const maxOutcomeBytes = 64 * 1024;
const flushTimeoutMs = 10_000;

/** The side of an exec or attach session that runs the command. */
export class RemoteCommandServer {
  readonly stdin: Readable | undefined;
  readonly stdout: Writable | undefined;
  readonly stderr: Writable | undefined;
  readonly resize: AsyncIterable<TerminalSize> | undefined;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  readonly #channels: ChannelSet;

  constructor(channels: ChannelSet) {
    this.#channels = channels;
    this.stdin = channels.channel("stdin");
    this.stdout = channels.channel("stdout");
    this.stderr = channels.channel("stderr");
    const resize = channels.channel("resize");
    this.resize = resize ? readTerminalSizes(resize) : undefined;
    const controller = new AbortController();
    this.signal = controller.signal;
    void channels.closed.then(() => controller.abort(new Error("client went away")));
    // Over WebSocket nothing else tells the client that the session stands.
    (this.stdout ?? this.stderr ?? channels.channel("error"))?.write(Buffer.alloc(0));
  }

  /** Ends the output, writes the outcome and closes. Resolves when the connection is closed. */
  async finish(outcome: ExecOutcome): Promise<void> {
    const error = this.#channels.channel("error");
    const outputs = [this.stdout, this.stderr].filter((stream) => stream !== undefined);
    for (const stream of outputs) stream.end();
    error?.end(encodeOutcome(outcome, this.#channels.protocol));
    await flushed([...outputs, ...(error ? [error] : [])]);
    await this.#channels.close();
  }
}

/** The side of an exec or attach session that asked for it. */
export class RemoteCommandClient {
  readonly stdin: Writable | undefined;
  readonly stdout: Readable | undefined;
  readonly stderr: Readable | undefined;
  /** How the command ended; known once the server has closed its side. Never rejects. */
  readonly outcome: Promise<ExecOutcome>;
  readonly #channels: ChannelSet;
  readonly #resize: Duplex | undefined;

  constructor(channels: ChannelSet) {
    this.#channels = channels;
    this.stdin = channels.channel("stdin");
    this.stdout = channels.channel("stdout");
    this.stderr = channels.channel("stderr");
    this.#resize = channels.channel("resize");
    this.outcome = readOutcome(channels);
  }

  /** Tells the size of the terminal; nothing happens when the session has none. */
  resize(size: TerminalSize): void {
    // A peer that reads no sizes needs no queue of them.
    if (this.#resize?.writable && !this.#resize.writableNeedDrain) this.#resize.write(encodeTerminalSize(size));
  }

  close(): Promise<void> {
    return this.#channels.close();
  }

  destroy(): void {
    this.#channels.destroy();
  }
}

async function readOutcome(channels: ChannelSet): Promise<ExecOutcome> {
  const stream = channels.channel("error");
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of (stream ?? []) as AsyncIterable<Buffer>) {
      if (size + chunk.length > maxOutcomeBytes) continue;
      size += chunk.length;
      chunks.push(chunk);
    }
  } catch (error) {
    return { kind: "failure", message: error instanceof Error ? error.message : String(error) };
  }
  return decodeOutcome(Buffer.concat(chunks), channels.protocol);
}

/** Waits until the streams have handed over what was written; a client that does not read is not waited for long. */
async function flushed(streams: readonly Writable[]): Promise<void> {
  const done = Promise.allSettled(streams.map((stream) => finished(stream, { readable: false })));
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, flushTimeoutMs);
  await Promise.race([done, late]);
  clearTimeout(timer);
}
