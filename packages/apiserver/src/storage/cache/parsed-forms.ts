/** Something that can drop a form of itself that is costly to keep and can be made again. */
export interface Droppable {
  /** Roughly what the form takes. */
  readonly formBytes: number;
  /** Drops the form, unless it was used since the last call: then answers false. */
  drop(): boolean;
}

/**
 * Bounds the memory that parsed objects take, across all caches: the one made longest ago goes first, unless it
 * was used since.
 */
export class ParsedForms {
  readonly #maxBytes: number;
  #queue: Droppable[] = [];
  #head = 0;
  #bytes = 0;

  /** `maxBytes` counts the JSON that the forms were parsed from. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes note of a new form. */
  add(droppable: Droppable): void {
    this.#queue.push(droppable);
    this.#bytes += droppable.formBytes;
    for (let checks = this.#queue.length - this.#head; this.#bytes > this.#maxBytes && checks > 0; checks -= 1) {
      this.#evict();
    }
    if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
  }

  #evict(): void {
    const oldest = this.#queue[this.#head] as Droppable;
    this.#head += 1;
    if (oldest.drop()) this.#bytes -= oldest.formBytes;
    else this.#queue.push(oldest);
  }
}
