/** A set of small numbers as upstream stores it: a big-endian integer whose bit n stands for n. */
export class Bitmap {
  readonly size: number;
  /** Bit n is in byte n/8, counted from the low end. */
  readonly #bytes: Uint8Array;

  private constructor(size: number, bytes: Uint8Array) {
    this.size = size;
    this.#bytes = bytes;
  }

  static empty(size: number): Bitmap {
    return new Bitmap(size, new Uint8Array(Math.ceil(size / 8)));
  }

  /** Numbers beyond the size are dropped. */
  static decode(size: number, stored: Uint8Array): Bitmap {
    const bitmap = Bitmap.empty(size);
    const given = Math.min(stored.length, bitmap.#bytes.length);
    for (let index = 0; index < given; index += 1) bitmap.#bytes[index] = stored[stored.length - 1 - index] ?? 0;
    for (let number = size; number < bitmap.#bytes.length * 8; number += 1) bitmap.delete(number);
    return bitmap;
  }

  encode(): Buffer {
    let length = this.#bytes.length;
    while (length > 0 && this.#bytes[length - 1] === 0) length -= 1;
    return Buffer.from(this.#bytes.subarray(0, length)).reverse();
  }

  copy(): Bitmap {
    return new Bitmap(this.size, this.#bytes.slice());
  }

  has(number: number): boolean {
    return ((this.#bytes[number >> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }

  add(number: number): void {
    this.#bytes[number >> 3] = (this.#bytes[number >> 3] ?? 0) | (1 << (number & 7));
  }

  delete(number: number): void {
    this.#bytes[number >> 3] = (this.#bytes[number >> 3] ?? 0) & ~(1 << (number & 7));
  }

  /** The numbers that are not in the set, of those from `from` to before `to`. */
  missing(from: number, to: number): number[] {
    const numbers: number[] = [];
    for (let number = from; number < to; number += 1) if (!this.has(number)) numbers.push(number);
    return numbers;
  }
}
