import { LongWork } from "../storage/long-work.ts";
import type { CachedObject } from "../storage/watch-cache.ts";
import type { ObjectView } from "./object-view.ts";

/** Lists are written in pieces of this size. */
const pieceBytes = 256 * 1024;
/** How many buffers are kept for the lists to come. */
const keptPieces = 16;
const openBrace = 0x7b;

/** The bytes of a list. */
export interface ListBody {
  /** Undefined where the items are made as they are sent. */
  readonly sizeBytes: number | undefined;
  /**
   * The body piece by piece. A piece is overwritten when the one after the next is taken. Where items are made as they are
   * sent, a piece is handed out as it is when the slice of `work` is used up.
   */
  pieces(work: LongWork): Generator<Buffer, undefined, undefined>;
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
  const { items, itemsBytes } = await allItems(objects, view, signal);
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
  return { sizeBytes, pieces: (work) => joined(head, items, view, writer, work), release: () => writer.release() };
}

/** The whole body in memory of its own. */
export async function wholeBody(body: ListBody, signal: AbortSignal): Promise<Buffer> {
  const copies: Buffer[] = [];
  const work = new LongWork();
  for (const piece of body.pieces(work)) {
    copies.push(Buffer.from(piece));
    if (work.isDue) await work.pause(signal);
  }
  return Buffer.concat(copies);
}

async function allItems(
  objects: readonly CachedObject[],
  view: ObjectView,
  signal: AbortSignal,
): Promise<{ readonly items: readonly Buffer[]; readonly itemsBytes: number }> {
  const items: Buffer[] = [];
  let itemsBytes = Math.max(0, objects.length - 1) * view.separator.length;
  const work = new LongWork();
  for (const object of objects) {
    const item = view.item(object);
    items.push(item);
    itemsBytes += itemSize(item, view.itemSkip(item));
    if (work.step()) await work.pause(signal);
  }
  return { items, itemsBytes };
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
  work: LongWork,
): Generator<Buffer, undefined, undefined> {
  yield* pieces.write(head, 0);
  let isFirst = true;
  for (const item of items) {
    if (!isFirst && view.separator.length > 0) yield* pieces.write(view.separator, 0);
    isFirst = false;
    const skip = view.itemSkip(item);
    // Most items lie in the piece that is being filled as a whole.
    if (!pieces.add(item, skip)) yield* pieces.write(item, skip);
    if (view.items === "made" && work.step()) yield* pieces.early();
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

  /** Hands out what there is. */
  *early(): Generator<Buffer, undefined, undefined> {
    if (this.#used === 0) return;
    const used = this.#used;
    yield this.#swap().subarray(0, used);
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
