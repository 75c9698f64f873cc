/** A value as it was before it was encrypted. */
export interface Decrypted {
  readonly bytes: Buffer;
  /** Whether it would be stored otherwise now. */
  readonly isStale: boolean;
}

/** Makes values what is stored, and back. Errors say nothing of the value. */
export interface Transformer {
  /** `key` is where the value is stored. Throws or rejects for a value that was not made by it, for this key. */
  decrypt(stored: Buffer, key: string, signal: AbortSignal): Decrypted | Promise<Decrypted>;
  encrypt(bytes: Buffer, key: string, signal: AbortSignal): Buffer | Promise<Buffer>;
}

/** A transformer by what its stored values start with. */
export interface PrefixedTransformer {
  readonly prefix: string;
  readonly transformer: Transformer;
}

/** Told of each value that is transformed. */
export interface TransformationObserver {
  /** `problem` is undefined where all went well. */
  transformed(direction: "from_storage" | "to_storage", prefix: string, startMs: number, problem: unknown): void;
  nowMs(): number;
}

interface Choice extends PrefixedTransformer {
  readonly mark: Buffer;
}

/** Writes with the first of its transformers, reads with those whose prefix a value has, in their order. */
export class TransformerList implements Transformer {
  readonly #choices: readonly Choice[];
  readonly #noMatch: string;
  readonly #observer: TransformationObserver | undefined;

  /** `noMatch` is told of values that have no known prefix. */
  constructor(list: readonly PrefixedTransformer[], noMatch: string, observer?: TransformationObserver) {
    this.#choices = list.map((each) => ({ ...each, mark: Buffer.from(each.prefix) }));
    this.#noMatch = noMatch;
    this.#observer = observer;
  }

  async decrypt(stored: Buffer, key: string, signal: AbortSignal): Promise<Decrypted> {
    const startMs = this.#observer?.nowMs() ?? 0;
    const problems: Error[] = [];
    for (const [index, { prefix, mark, transformer }] of this.#choices.entries()) {
      if (!stored.subarray(0, mark.length).equals(mark)) continue;
      try {
        const { bytes, isStale } = await transformer.decrypt(stored.subarray(mark.length), key, signal);
        this.#observer?.transformed("from_storage", prefix, startMs, undefined);
        return { bytes, isStale: isStale || index > 0 };
      } catch (error) {
        // What is no plain value may be one that a later transformer has encrypted.
        if (prefix === "") continue;
        this.#observer?.transformed("from_storage", prefix, startMs, error);
        problems.push(error instanceof Error ? error : new Error(String(error)));
      }
    }
    const [first] = problems;
    if (problems.length > 1) throw new Error(`[${problems.map(({ message }) => message).join(", ")}]`);
    if (first) throw first;
    const error = new Error(this.#noMatch);
    this.#observer?.transformed("from_storage", "unknown", startMs, error);
    throw error;
  }

  async encrypt(bytes: Buffer, key: string, signal: AbortSignal): Promise<Buffer> {
    const [choice] = this.#choices;
    if (!choice) throw new Error(this.#noMatch);
    const startMs = this.#observer?.nowMs() ?? 0;
    try {
      const encrypted = await choice.transformer.encrypt(bytes, key, signal);
      this.#observer?.transformed("to_storage", choice.prefix, startMs, undefined);
      return choice.mark.length === 0 ? encrypted : Buffer.concat([choice.mark, encrypted]);
    } catch (error) {
      this.#observer?.transformed("to_storage", choice.prefix, startMs, error);
      throw error;
    }
  }
}
