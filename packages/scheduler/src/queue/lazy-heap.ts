import { Heap } from "heap-js";

/** A heap whose items may die: dead ones are skipped when they come up, and swept when they are the majority. */
export class LazyHeap<T extends { readonly live: boolean }> {
  #heap: Heap<T>;
  readonly #compare: (a: T, b: T) => number;
  #dead = 0;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
    this.#heap = new Heap(compare);
  }

  push(item: T): void {
    this.#heap.push(item);
  }

  /** An item in the heap has died. */
  countDead(): void {
    this.#dead += 1;
    if (this.#dead < 64 || this.#dead * 2 < this.#heap.length) return;
    const living = this.#heap.toArray().filter((item) => item.live);
    this.#heap = new Heap(this.#compare);
    this.#heap.init(living);
    this.#dead = 0;
  }

  peek(): T | undefined {
    for (;;) {
      const top = this.#heap.peek();
      if (top === undefined || top.live) return top;
      this.#heap.pop();
      this.#dead -= 1;
    }
  }

  pop(): T | undefined {
    const top = this.peek();
    if (top !== undefined) this.#heap.pop();
    return top;
  }
}
