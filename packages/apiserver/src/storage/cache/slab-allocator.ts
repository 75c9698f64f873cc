import { LongWork } from "../long-work.ts";
import type { StoredObject } from "./cached-object.ts";
import { lastKey } from "./object-tree.ts";
import type { ObjectTree } from "./object-tree.ts";
import { allocateAlone } from "./resource-version.ts";

const slabBytes = 64 * 1024;
/** Less than this, or less than this share of all slabs, may be wasted. */
const leastWasteBytes = 4 * 1024 * 1024;
const leastWasteShare = 0.25;

/**
 * Packs the bytes of objects into slabs, which is cheaper than memory for each by half a kilobyte and a microsecond. A
 * slab is kept as long as one of its objects is, so this is for the state that a cache begins with. What replaces it is
 * allocated alone, and slabs of which little is left are emptied.
 */
export class Slabs {
  #slab = Buffer.alloc(0);
  #used = 0;
  /** How much of each slab is in use. */
  readonly #inUse = new Map<ArrayBufferLike, number>();
  #inUseBytes = 0;

  /** What slabs take beyond the bytes that are in use. */
  get wastedBytes(): number {
    return this.#inUse.size * slabBytes - this.#inUseBytes;
  }

  get isWasteful(): boolean {
    return this.wastedBytes > Math.max(leastWasteBytes, this.#inUse.size * slabBytes * leastWasteShare);
  }

  readonly allocate = (sizeBytes: number): Buffer => {
    if (sizeBytes > slabBytes / 4) return allocateAlone(sizeBytes);
    if (this.#used + sizeBytes > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(slabBytes);
      this.#used = 0;
    }
    const { buffer } = this.#slab;
    this.#used += sizeBytes;
    this.#inUseBytes += sizeBytes;
    this.#inUse.set(buffer, (this.#inUse.get(buffer) ?? 0) + sizeBytes);
    return this.#slab.subarray(this.#used - sizeBytes, this.#used);
  };

  /** Takes note that the bytes are no longer those of an object. */
  release({ buffer, length }: Buffer): void {
    const inUse = this.#inUse.get(buffer);
    if (inUse === undefined) return;
    this.#inUseBytes -= length;
    if (inUse > length) this.#inUse.set(buffer, inUse - length);
    else this.#inUse.delete(buffer);
  }

  /** Whether the bytes lie in a slab of which more than half is wasted, and which is not being filled. */
  isSparse({ buffer }: Buffer): boolean {
    const inUse = this.#inUse.get(buffer);
    return inUse !== undefined && inUse < slabBytes / 2 && buffer !== this.#slab.buffer;
  }
}

/**
 * Moves objects out of sparse slabs for a slice of time, beginning after the key. Answers the key to go on after, or
 * undefined when all objects were looked at.
 */
export function emptySparseSlabs(tree: ObjectTree, slabs: Slabs, after: string): string | undefined {
  const work = new LongWork();
  let last: string | undefined;
  tree.forRange(after, lastKey, false, (key, object: StoredObject) => {
    if (slabs.isSparse(object.bytes)) {
      slabs.release(object.bytes);
      object.moveBytes(slabs.allocate);
    }
    if (!work.step()) return undefined;
    last = key;
    return { break: true };
  });
  return last;
}
