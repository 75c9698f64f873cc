/** Names one value in a cycle state and carries its type. */
export interface StateKey<T> {
  readonly name: string;
  readonly value?: T;
}

export function stateKey<T>(name: string): StateKey<T> {
  return { name };
}

interface Cloneable {
  clone(): unknown;
}

/** What plugins hand from one extension point to the next in the scheduling of one pod. */
export class CycleState {
  readonly #values = new Map<string, unknown>();
  /** Plugins whose PreFilter had nothing to do: their Filter is not asked. */
  readonly skipFilter = new Set<string>();
  /** Plugins whose PreScore had nothing to do: their Score is not asked. */
  readonly skipScore = new Set<string>();

  read<T>(key: StateKey<T>): T | undefined {
    return this.#values.get(key.name) as T | undefined;
  }

  /** Values with a `clone` method are copied with the state; others are shared and must not change. */
  write<T>(key: StateKey<T>, value: T): void {
    this.#values.set(key.name, value);
  }

  /** A copy for trying out changes of one node. */
  clone(): CycleState {
    const copy = new CycleState();
    for (const [name, value] of this.#values) copy.#values.set(name, isCloneable(value) ? value.clone() : value);
    for (const name of this.skipFilter) copy.skipFilter.add(name);
    for (const name of this.skipScore) copy.skipScore.add(name);
    return copy;
  }
}

function isCloneable(value: unknown): value is Cloneable {
  return typeof value === "object" && value !== null && "clone" in value && typeof value.clone === "function";
}
