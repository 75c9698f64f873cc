import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

const headBytes = 8;

/** Where the engine's output goes; what nobody wants is dropped. */
export interface OutputSinks {
  readonly stdout?: Writable;
  readonly stderr?: Writable;
}

/**
 * Splits the engine's multiplexed stream (one byte of stream number, three of zero, four of length, payload)
 * and writes each part as it arrives, waiting for slow sinks. Resolves at the end of the stream. Does not end
 * the sinks.
 */
export async function copyMultiplexed(source: Readable, sinks: OutputSinks): Promise<void> {
  let head: Buffer = Buffer.alloc(0);
  let remaining = 0;
  let sink: Writable | undefined;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    let rest = chunk;
    while (rest.length > 0) {
      if (remaining > 0) {
        const part = rest.subarray(0, remaining);
        remaining -= part.length;
        rest = rest.subarray(part.length);
        await writeTo(sink, part);
        continue;
      }
      const wanted = headBytes - head.length;
      head = Buffer.concat([head, rest.subarray(0, wanted)]);
      rest = rest.subarray(wanted);
      if (head.length < headBytes) break;
      remaining = head.readUInt32BE(4);
      sink = head[0] === 2 ? sinks.stderr : sinks.stdout;
      head = Buffer.alloc(0);
    }
  }
}

/** Copies a terminal's output, which is not multiplexed. */
export async function copyRaw(source: Readable, stdout: Writable | undefined): Promise<void> {
  for await (const chunk of source as AsyncIterable<Buffer>) await writeTo(stdout, chunk);
}

/** Writes and waits for a slow sink. A sink that is gone swallows the rest, so that its process is not held up. */
async function writeTo(sink: Writable | undefined, data: Buffer): Promise<void> {
  if (!sink || sink.destroyed || sink.writableEnded || sink.write(data)) return;
  const stopWaiting = new AbortController();
  const { signal } = stopWaiting;
  await Promise.race([once(sink, "drain", { signal }), once(sink, "close", { signal })]).catch(() => undefined);
  stopWaiting.abort();
}
