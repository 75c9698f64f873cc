import type { Readable } from "node:stream";

/** Columns and rows of a terminal. */
export interface TerminalSize {
  readonly width: number;
  readonly height: number;
}

/** A size message is tiny; more without a line end is not one. */
const maxPendingBytes = 1024;

/** What the resize stream carries for one size. */
export function encodeTerminalSize(size: TerminalSize): Buffer {
  return Buffer.from(`${JSON.stringify({ Width: size.width, Height: size.height })}\n`);
}

/** The sizes on a resize stream: JSON objects, with or without line ends between them. Unreadable ones are skipped. */
export async function* readTerminalSizes(stream: Readable): AsyncGenerator<TerminalSize> {
  let pending = "";
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    pending += chunk.toString("latin1");
    for (let end = pending.indexOf("}"); end >= 0; end = pending.indexOf("}")) {
      const size = parseSize(pending.slice(0, end + 1));
      pending = pending.slice(end + 1);
      if (size) yield size;
    }
    if (pending.length > maxPendingBytes) pending = "";
  }
}

function parseSize(text: string): TerminalSize | undefined {
  try {
    const { Width: width, Height: height } = JSON.parse(text) as { Width?: unknown; Height?: unknown };
    return isSize(width) && isSize(height) ? { width, height } : undefined;
  } catch {
    return undefined;
  }
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value <= 0xffff;
}
