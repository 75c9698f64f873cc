/** Something that can drop a form of itself that is costly to keep and can be made again. */
export interface Droppable {
  /** Roughly what the form takes. */
  readonly formBytes: number;
  /** Drops the form, unless it was used since the last call: then answers false. */
  drop(): boolean;
}

/** What nobody has used for this long is dropped, and nothing younger makes room for something new before the half. */
const idleMs = 120_000;

interface Kept {
  readonly droppable: Droppable;
  /** When it was made, or last found to have been used. */
  readonly sinceMs: number;
}

/**
 * Bounds the memory that forms of objects take, across all caches. When it is full of what was made a short time ago,
 * new forms are not kept: readers of more than fits would otherwise push out each form just before its next use.
 */
export class KeptForms {
  readonly #maxBytes: number;
  /** Oldest first. */
  #queue: Kept[] = [];
  #head = 0;
  #bytes = 0;
  #nowMs = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether the new form may be kept: it is dropped some time. */
  add(droppable: Droppable): boolean {
    const { formBytes } = droppable;
    const latestMs = this.#nowMs - idleMs / 2;
    while (this.#bytes + formBytes > this.#maxBytes) if (!this.#evict(latestMs)) return false;
    this.#queue.push({ droppable, sinceMs: this.#nowMs });
    this.#bytes += formBytes;
    return true;
  }

  /** Tells the time, on the monotonic clock; drops what was not used for long. */
  age(nowMs: number): void {
    this.#nowMs = nowMs;
    while (this.#evict(nowMs - idleMs));
    if (this.#head === this.#queue.length) this.#queue = [];
    else if (this.#head * 2 > this.#queue.length) this.#queue = this.#queue.slice(this.#head);
    else return;
    this.#head = 0;
  }

  /** Drops the oldest form unless it is younger, or puts it last because it was used; answers whether it did either. */
  #evict(latestMs: number): boolean {
    const oldest = this.#queue[this.#head];
    if (!oldest || oldest.sinceMs > latestMs) return false;
    this.#queue[this.#head] = undefined as unknown as Kept;
    this.#head += 1;
    if (oldest.droppable.drop()) this.#bytes -= oldest.droppable.formBytes;
    else this.#queue.push({ droppable: oldest.droppable, sinceMs: this.#nowMs });
    return true;
  }
}
