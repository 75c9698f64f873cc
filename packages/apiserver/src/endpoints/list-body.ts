import type { CachedObject } from "../storage/watch-cache.ts";
import type { ObjectView } from "./object-view.ts";

/** Lists are written in pieces of this size. */
const pieceBytes = 256 * 1024;
/** How many buffers are kept for the lists to come. */
const keptPieces = 16;
/** How many objects are encoded between two breaths of the event loop, where they have to be encoded. */
const encodedSliceObjects = 200;
const openBrace = 0x7b;

/** The bytes of a list. */
export interface ListBody {
  /** Undefined where the items are made as they are sent. */
  readonly sizeBytes: number | undefined;
  /** The body piece by piece. A piece is overwritten when the one after the next is taken. */
  pieces(): Generator<Buffer, undefined, undefined>;
  /** Lets other lists have the memory of the pieces; for when all of them have been sent. */
  release(): void;
}

/** Buffers of lists that were sent, for those to come: fresh memory of this size costs more than what is written into it. */
export class PiecePool {
  readonly #free: Buffer[] = [];

  take(sizeBytes: number): Buffer {
    if (sizeBytes < pieceBytes) return Buffer.allocUnsafeSlow(sizeBytes);
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(pieceBytes);
  }

  give(piece: Buffer): void {
    if (piece.length === pieceBytes && this.#free.length < keptPieces) this.#free.push(piece);
  }
}

/** The body of a list of the objects; the metadata is JSON. */
export async function makeListBody(
  objects: readonly CachedObject[],
  view: ObjectView,
  metadata: string,
  pool: PiecePool,
  signal: AbortSignal,
): Promise<ListBody> {
  if (view.items === "made") {
    const head = view.listHead(metadata, 0);
    return bodyOf(head, lazyItems(objects, view), view, undefined, pool);
  }
  const items = await madeItems(objects, view, signal);
  const separators = Math.max(0, items.length - 1) * view.separator.length;
  let itemsBytes = separators;
  for (const item of items) itemsBytes += itemSize(item, view.itemSkip(item));
  const head = view.listHead(metadata, itemsBytes);
  const sizeBytes = head.length + itemsBytes + view.listTail.length;
  return bodyOf(head, items, view, sizeBytes, pool);
}

function bodyOf(
  head: Buffer,
  items: Iterable<Buffer>,
  view: ObjectView,
  sizeBytes: number | undefined,
  pool: PiecePool,
): ListBody {
  const writer = new PieceWriter(Math.min(pieceBytes, sizeBytes ?? pieceBytes), pool);
  return { sizeBytes, pieces: () => joined(head, items, view, writer), release: () => writer.release() };
}

/** The whole body in memory of its own. */
export function wholeBody(body: ListBody): Buffer {
  const copies: Buffer[] = [];
  for (const piece of body.pieces()) copies.push(Buffer.from(piece));
  return Buffer.concat(copies);
}

async function madeItems(objects: readonly CachedObject[], view: ObjectView, signal: AbortSignal): Promise<Buffer[]> {
  const items: Buffer[] = [];
  for (const object of objects) {
    items.push(view.item(object));
    if (view.items === "stored" || items.length % encodedSliceObjects !== 0) continue;
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
  return items;
}

function* lazyItems(objects: readonly CachedObject[], view: ObjectView): Generator<Buffer, undefined, undefined> {
  for (const object of objects) yield view.item(object);
}

function itemSize(item: Buffer, skip: number): number {
  return skip === 0 ? item.length : item.length - skip + 1;
}

function* joined(
  head: Buffer,
  items: Iterable<Buffer>,
  view: ObjectView,
  pieces: PieceWriter,
): Generator<Buffer, undefined, undefined> {
  yield* pieces.write(head, 0);
  let isFirst = true;
  for (const item of items) {
    if (!isFirst && view.separator.length > 0) yield* pieces.write(view.separator, 0);
    isFirst = false;
    const skip = view.itemSkip(item);
    // Most items lie in the piece that is being filled as a whole.
    if (!pieces.add(item, skip)) yield* pieces.write(item, skip);
  }
  yield* pieces.write(view.listTail, 0);
  yield* pieces.rest();
}

/** Fills two buffers in turn. */
class PieceWriter {
  #current: Buffer;
  #other: Buffer | undefined;
  #used = 0;
  readonly #pool: PiecePool;

  constructor(sizeBytes: number, pool: PiecePool) {
    this.#pool = pool;
    this.#current = pool.take(sizeBytes);
  }

  /** Copies the bytes if they fit without filling the buffer. `skip` of them give way to one `{`. */
  add(bytes: Buffer, skip: number): boolean {
    const from = skip === 0 ? 0 : skip - 1;
    const size = bytes.length - from;
    if (this.#used + size >= this.#current.length) return false;
    bytes.copy(this.#current, this.#used, from);
    if (skip > 0) this.#current[this.#used] = openBrace;
    this.#used += size;
    return true;
  }

  /** Copies the bytes, handing out what gets full. */
  *write(bytes: Buffer, skip: number): Generator<Buffer, undefined, undefined> {
    let from = skip === 0 ? 0 : skip - 1;
    const start = from;
    while (from < bytes.length) {
      const size = Math.min(bytes.length - from, this.#current.length - this.#used);
      bytes.copy(this.#current, this.#used, from, from + size);
      if (skip > 0 && from === start) this.#current[this.#used] = openBrace;
      from += size;
      this.#used += size;
      if (this.#used === this.#current.length) yield this.#swap();
    }
  }

  *rest(): Generator<Buffer, undefined, undefined> {
    if (this.#used > 0) yield this.#current.subarray(0, this.#used);
  }

  /** Neither buffer is used any more. */
  release(): void {
    this.#pool.give(this.#current);
    if (this.#other) this.#pool.give(this.#other);
  }

  #swap(): Buffer {
    const full = this.#current;
    this.#current = this.#other ?? this.#pool.take(full.length);
    this.#other = full;
    this.#used = 0;
    return full;
  }
}
