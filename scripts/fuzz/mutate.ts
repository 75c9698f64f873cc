import { type Random, randomInt } from "@kube-ts/std/random";
import type { FuzzTarget } from "./fuzz-target.ts";

/** Bytes that end or begin something in most formats, and some that no text has. */
const oddBytes = [0x00, 0x09, 0x0a, 0x0d, 0x20, 0x22, 0x25, 0x2c, 0x2e, 0x2f, 0x3a, 0x5b, 0x5c, 0x7b, 0x7f, 0x80, 0xff];
const oddNumbers = [
  "0",
  "-1",
  "1e309",
  "2147483648",
  "9223372036854775808",
  "-9223372036854775809",
  "0.1",
  "00",
  "NaN",
];

const oddKeys = ["__proto__", "constructor", "name", "", "$patch", "a.b/c", "0"];
const oddValues: readonly unknown[] = [null, true, 0, -1, 1.5, 1e300, 2 ** 53, "", "0", "\u0000", "\ud800", [], {}];

/** Makes inputs of a target's seeds; equal seeds of the random source make equal inputs. */
export class Mutator {
  readonly #random: Random;
  readonly #seeds: readonly Buffer[];
  readonly #words: readonly Buffer[];
  readonly #maxBytes: number;
  /** The seeds that are JSON, in which values take each other's places. */
  readonly #trees: readonly unknown[];

  constructor({ seeds, words, maxBytes }: Pick<FuzzTarget, "seeds" | "words" | "maxBytes">, random: Random) {
    this.#random = random;
    this.#seeds = seeds.map((seed) => Buffer.from(seed));
    this.#words = [...words, ...oddNumbers].map((word) => Buffer.from(word));
    this.#maxBytes = maxBytes;
    this.#trees = seeds.flatMap((seed) => parsed(seed));
  }

  /** A seed with a few changes; now and then bytes that come from nowhere. */
  next(): Buffer {
    if (this.#int(50) === 0) return this.#bytes(this.#int(Math.min(200, this.#maxBytes)));
    const isTree = this.#trees.length > 0 && this.#int(2) === 0;
    let input = isTree ? Buffer.from(JSON.stringify(this.#tree())) : this.#seed();
    if (isTree && this.#int(4) > 0 && input.length <= this.#maxBytes) return input;
    for (let left = this.#int(4); left >= 0; left -= 1) input = this.#change(input);
    return input.length > this.#maxBytes ? input.subarray(0, this.#maxBytes) : input;
  }

  #change(input: Buffer): Buffer {
    const at = this.#int(input.length + 1);
    const end = Math.min(input.length, at + 1 + this.#int(16));
    switch (this.#int(9)) {
      case 0:
        return splice(input, at, Math.min(input.length, at + 1), Buffer.from([this.#int(256)]));
      case 1:
        return splice(input, at, at, Buffer.from([oddBytes[this.#int(oddBytes.length)] ?? 0]));
      case 2:
        return splice(input, at, end, Buffer.alloc(0));
      case 3:
        return splice(input, at, at, this.#word());
      case 4:
        return splice(input, at, end, this.#word());
      case 5:
        return splice(input, at, at, this.#bytes(1 + this.#int(8)));
      case 6: {
        const other = this.#seed();
        return Buffer.concat([input.subarray(0, at), other.subarray(this.#int(other.length + 1))]);
      }
      case 7:
        return splice(input, at, at, repeat(input.subarray(at, end), 1 + this.#int(8)));
      default:
        return splice(input, at, at, this.#long(input, at, end));
    }
  }

  /** Once in a while a piece so often that whatever costs more than linear time shows. */
  #long(input: Buffer, at: number, end: number): Buffer {
    const piece = this.#int(2) === 0 ? this.#word() : input.subarray(at, end);
    const isLong = this.#int(40) === 0;
    const room = Math.floor(this.#maxBytes / Math.max(1, piece.length));
    return repeat(piece, isLong ? room : Math.min(room, 1 + this.#int(64)));
  }

  /** A seed in which a few values were replaced. */
  #tree(): unknown {
    let tree = this.#anyTree();
    for (let left = this.#int(3); left >= 0; left -= 1) tree = this.#replaced(tree, this.#int(8));
    return tree;
  }

  /** The value with one at most so deep in it replaced. */
  #replaced(value: unknown, depth: number): unknown {
    if (depth === 0 || typeof value !== "object" || value === null) return this.#oddValue(value);
    if (Array.isArray(value)) {
      const at = this.#int(value.length + 1);
      return [...value.slice(0, at), this.#replaced(value[at], depth - 1), ...value.slice(at + 1)];
    }
    const entries = Object.entries(value);
    const at = this.#int(entries.length + 1);
    const [key, item] = entries[at] ?? [oddKeys[this.#int(oddKeys.length)] ?? "", this.#anyTree()];
    return Object.fromEntries([...entries, [key, this.#replaced(item, depth - 1)]] as [string, unknown][]);
  }

  #oddValue(value: unknown): unknown {
    switch (this.#int(6)) {
      case 0:
        return oddValues[this.#int(oddValues.length)];
      case 1:
        return [value, value];
      case 2:
        return { [oddKeys[this.#int(oddKeys.length)] ?? ""]: value };
      case 3:
        return this.#word().toString();
      case 4:
        return this.#replaced(this.#anyTree(), 3);
      default:
        return Array.from({ length: 1 + this.#int(60) }).reduce(
          (inner) => (this.#int(2) === 0 ? [inner] : { a: inner }),
          value,
        );
    }
  }

  #anyTree(): unknown {
    return this.#trees[this.#int(this.#trees.length)];
  }

  #int(exclusiveMax: number): number {
    return randomInt(this.#random, exclusiveMax);
  }

  #seed(): Buffer {
    return this.#seeds[this.#int(this.#seeds.length)] ?? Buffer.alloc(0);
  }

  #word(): Buffer {
    return this.#words[this.#int(this.#words.length)] ?? Buffer.alloc(0);
  }

  #bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.#int(256)));
  }
}

function splice(input: Buffer, start: number, end: number, piece: Buffer): Buffer {
  return Buffer.concat([input.subarray(0, start), piece, input.subarray(end)]);
}

function repeat(piece: Buffer, times: number): Buffer {
  return piece.length === 0 ? piece : Buffer.alloc(piece.length * times, piece);
}

function parsed(seed: string | Buffer): unknown[] {
  try {
    return [JSON.parse(String(seed)) as unknown];
  } catch {
    return [];
  }
}
