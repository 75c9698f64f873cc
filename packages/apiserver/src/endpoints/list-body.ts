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
    const items = { items: lazyItems(objects, view), skips: undefined };
    return bodyOf(view.listHead(metadata, 0), items, view, undefined, pool);
  }
  const items = await allItems(objects, view, signal);
  const head = view.listHead(metadata, items.itemsBytes);
  return bodyOf(head, items, view, head.length + items.itemsBytes + view.listTail.length, pool);
}

interface ListItems {
  readonly items: Iterable<Buffer>;
  /** How many of the first bytes of each give way to one `{`; undefined where all items go in as they are. */
  readonly skips: Uint16Array | undefined;
}

function bodyOf(
  head: Buffer,
  items: ListItems,
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
): Promise<ListItems & { readonly itemsBytes: number }> {
  const items: Buffer[] = [];
  const skips = new Uint16Array(objects.length);
  let itemsBytes = Math.max(0, objects.length - 1) * view.separator.length;
  const work = new LongWork();
  for (const [index, object] of objects.entries()) {
    const item = view.item(object);
    const skip = view.itemSkip(object, item);
    items.push(item);
    skips[index] = skip;
    itemsBytes += skip === 0 ? item.length : item.length - skip + 1;
    if (work.step()) await work.pause(signal);
  }
  return { items, skips, itemsBytes };
}

function* lazyItems(objects: readonly CachedObject[], view: ObjectView): Generator<Buffer, undefined, undefined> {
  for (const object of objects) yield view.item(object);
}

function* joined(
  head: Buffer,
  { items, skips }: ListItems,
  view: ObjectView,
  pieces: PieceWriter,
  work: LongWork,
): Generator<Buffer, undefined, undefined> {
  yield* pieces.write(head, 0);
  let index = 0;
  for (const item of items) {
    if (index > 0 && view.separator.length > 0 && !pieces.add(view.separator, 0))
      yield* pieces.write(view.separator, 0);
    const skip = skips?.[index] ?? 0;
    index += 1;
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
