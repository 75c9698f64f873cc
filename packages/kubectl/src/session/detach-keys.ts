import { Transform } from "node:stream";
import { CommandError } from "../command-line/command-error.ts";

const named: Readonly<Record<string, number>> = { "@": 0, "[": 27, "\\": 28, "]": 29, "^": 30, _: 31 };

/** Reads keys such as `ctrl-p,ctrl-q` or `x`. Empty for none. Throws a CommandError. */
export function parseDetachKeys(text: string): Buffer {
  if (text === "") return Buffer.alloc(0);
  return Buffer.from(text.split(",").map((key) => keyCode(key, text)));
}

function keyCode(key: string, text: string): number {
  if (key.length === 1) return key.charCodeAt(0);
  const letter = /^ctrl-(.)$/i.exec(key)?.[1]?.toLowerCase() ?? "";
  const code = /^[a-z]$/.test(letter) ? letter.charCodeAt(0) - 96 : named[letter];
  if (code === undefined) {
    throw new CommandError(`could not bind detach keys: Unknown character: '${key}' in ${JSON.stringify(text)}`);
  }
  return code;
}

/** Passes input on until the keys come one after the other; those are kept back, and `detach` is called. */
export class DetachableInput extends Transform {
  readonly #keys: Buffer;
  readonly #detach: () => void;
  /** How many of the keys have come. */
  #matched = 0;
  #detached = false;

  constructor(keys: Buffer, detach: () => void) {
    super();
    this.#keys = keys;
    this.#detach = detach;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const passed: number[] = [];
    for (const byte of chunk) {
      if (this.#detached) break;
      this.#take(byte, passed);
    }
    if (passed.length > 0) this.push(Buffer.from(passed));
    done();
  }

  override _flush(done: () => void): void {
    if (!this.#detached && this.#matched > 0) this.push(this.#keys.subarray(0, this.#matched));
    done();
  }

  #take(byte: number, passed: number[]): void {
    if (byte !== this.#keys[this.#matched]) {
      passed.push(...this.#keys.subarray(0, this.#matched));
      this.#matched = 0;
      if (byte !== this.#keys[0]) {
        passed.push(byte);
        return;
      }
    }
    this.#matched += 1;
    if (this.#matched < this.#keys.length) return;
    this.#detached = true;
    this.#detach();
  }
}
