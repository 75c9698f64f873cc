import type { Readable } from "node:stream";
import type { PullProgress } from "../image-service.ts";
import { RuntimeError } from "../runtime-error.ts";

/** One line of the engine's pull stream. */
interface PullMessage {
  readonly id?: string;
  readonly status?: string;
  readonly error?: string;
  readonly errorDetail?: { readonly code?: number; readonly message?: string };
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

const maxLineBytes = 64 * 1024;
const maxLayers = 1024;
const doneStatuses = new Set(["Pull complete", "Already exists"]);

/** Adds up what the lines say of each layer. */
export class PullTracker {
  readonly #layers = new Map<string, { current: number; total: number; done: boolean }>();

  /** Throws RuntimeError when the line reports a failure. */
  note(message: PullMessage): PullProgress {
    if (message.error !== undefined || message.errorDetail) throw pullError(message);
    const { id, status, progressDetail } = message;
    if (id !== undefined && (this.#layers.has(id) || this.#layers.size < maxLayers) && isLayerStatus(status)) {
      const layer = this.#layers.get(id) ?? { current: 0, total: 0, done: false };
      if (status === "Downloading") {
        layer.current = progressDetail?.current ?? layer.current;
        layer.total = Math.max(layer.total, progressDetail?.total ?? 0);
      }
      if (status === "Download complete") layer.current = layer.total;
      if (doneStatuses.has(status ?? "")) layer.done = true;
      this.#layers.set(id, layer);
    }
    return this.#sum();
  }

  #sum(): PullProgress {
    const sum = { layersDone: 0, layersTotal: this.#layers.size, bytesDone: 0, bytesTotal: 0 };
    for (const layer of this.#layers.values()) {
      sum.layersDone += layer.done ? 1 : 0;
      sum.bytesDone += layer.current;
      sum.bytesTotal += layer.total;
    }
    return sum;
  }
}

/** "Pulling from library/busybox" carries the tag as its id: it is no layer. */
function isLayerStatus(status: string | undefined): boolean {
  return status !== undefined && !status.startsWith("Pulling from") && !status.startsWith("Digest:");
}

function pullError(message: PullMessage): RuntimeError {
  const code = message.errorDetail?.code ?? 0;
  const unavailable = code === 502 || code === 503 || code === 504;
  return new RuntimeError(
    unavailable ? "RegistryUnavailable" : "ErrImagePull",
    message.errorDetail?.message ?? message.error ?? "unknown error",
  );
}

/** The JSON objects of a line stream; lines beyond the bound and unreadable ones are skipped. */
export async function* readJsonLines(stream: Readable): AsyncGenerator<unknown> {
  let pending: Buffer = Buffer.alloc(0);
  let skipping = false;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let rest: Buffer = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      const line = rest.subarray(0, end);
      rest = rest.subarray(end + 1);
      if (!skipping) {
        const value = parseJson(line);
        if (value !== undefined) yield value;
      }
      skipping = false;
    }
    if (rest.length > maxLineBytes) {
      skipping = true;
      rest = Buffer.alloc(0);
    }
    pending = Buffer.from(rest);
  }
  const last = skipping ? undefined : parseJson(pending);
  if (last !== undefined) yield last;
}

function parseJson(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    return undefined;
  }
}
