/** What a key holds: a value, or nothing. */
type Content = string | undefined;

interface Entry {
  /** What the last acknowledged write left. */
  readonly acknowledged: Content;
  /** What writes of unknown outcome after it may have left. */
  readonly possible: readonly Content[];
}

/** Remembers what a store promised to keep, to compare it with what it has. */
export class WriteLedger {
  readonly #entries = new Map<string, Entry>();
  readonly #refused: string[] = [];
  #acknowledged = 0;

  /** How many writes were acknowledged. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** The store said that the key now holds this. */
  acknowledge(key: string, content: Content): void {
    this.#acknowledged += 1;
    this.#entries.set(key, { acknowledged: content, possible: [] });
  }

  /** The store said nothing: the write may have taken place, or may yet. */
  unknown(key: string, content: Content): void {
    const { acknowledged, possible } = this.#entries.get(key) ?? { acknowledged: undefined, possible: [] };
    this.#entries.set(key, { acknowledged, possible: [...possible, content] });
  }

  /** The store refused a write that what it had acknowledged allows: it has forgotten something. */
  refuse(key: string, reason: string): void {
    this.#refused.push(`${key}: ${reason}`);
  }

  /** Whether it is certain that the key holds something. */
  holds(key: string): boolean {
    const entry = this.#entries.get(key);
    return entry?.acknowledged !== undefined && entry.possible.length === 0;
  }

  /** Where what the store has contradicts what it acknowledged. */
  contradictions(found: ReadonlyMap<string, string>): readonly string[] {
    const wrong = [...this.#entries].flatMap(([key, { acknowledged, possible }]) => {
      const content = found.get(key);
      if ([acknowledged, ...possible].includes(content)) return [];
      return [`${key}: acknowledged ${acknowledged ?? "deletion"}, found ${content ?? "nothing"}`];
    });
    return [...this.#refused, ...wrong];
  }
}
