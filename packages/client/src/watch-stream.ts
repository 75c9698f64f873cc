import type { KubeObject, WatchEvent } from "@kube-ts/api/object";
import { isRecord } from "@kube-ts/std/config-schema";
import { TransportError } from "./transport-error.ts";

/**
 * The longest watch event that is accepted. An API server takes no object above 3 MiB, and an event escapes at worst
 * into a small multiple of that; a longer line means that the peer is no API server.
 */
const maxEventBytes = 32 * 1024 * 1024;

const newline = 0x0a;

/**
 * Splits a stream into lines without their newline; a last line without one is kept too. Rejects with a
 * TransportError for a line above 32 MiB.
 */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      checkLineSize(pendingBytes + end - start);
      const tail = chunk.subarray(start, end);
      const line = pending.length === 0 ? tail : Buffer.concat([...pending, tail]);
      pending = [];
      pendingBytes = 0;
      start = end + 1;
      if (line.length > 0) yield line;
    }
    if (start < chunk.length) {
      pending.push(chunk.subarray(start));
      pendingBytes += chunk.length - start;
      checkLineSize(pendingBytes);
    }
  }
  if (pendingBytes > 0) yield Buffer.concat(pending);
}

/** Decodes one line of a watch stream. Throws a TransportError when it is not an event. */
export function decodeWatchEvent<T extends KubeObject>(line: Buffer): WatchEvent<T> {
  const value = parse(line);
  if (isRecord(value) && typeof value["type"] === "string" && isRecord(value["object"])) {
    return value as unknown as WatchEvent<T>;
  }
  throw new TransportError(`unable to decode a watch event: ${line.toString("utf8", 0, 200)}`, "");
}

function parse(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch (cause) {
    throw new TransportError("unable to decode a watch event: the stream is cut off or is not JSON", "", { cause });
  }
}

function checkLineSize(sizeBytes: number): void {
  if (sizeBytes <= maxEventBytes) return;
  throw new TransportError(`watch event is longer than ${maxEventBytes} bytes`, "");
}
