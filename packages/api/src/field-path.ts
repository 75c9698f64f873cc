/** The path of a field in an object, written as `spec.containers[0].env[1].name` or `metadata.labels[app]`. */
export class FieldPath {
  readonly #parent: FieldPath | undefined;
  readonly #element: string;

  private constructor(parent: FieldPath | undefined, element: string) {
    this.#parent = parent;
    this.#element = element;
  }

  /** A path that starts at a top-level field. */
  static of(name: string, ...more: readonly string[]): FieldPath {
    const root = new FieldPath(undefined, name);
    return more.length === 0 ? root : root.child(...more);
  }

  child(...names: readonly string[]): FieldPath {
    let path = this as FieldPath;
    for (const name of names) path = new FieldPath(path, `.${name}`);
    return path;
  }

  index(index: number): FieldPath {
    return new FieldPath(this, `[${index}]`);
  }

  key(key: string): FieldPath {
    return new FieldPath(this, `[${key}]`);
  }

  toString(): string {
    let text = this.#element;
    for (let path = this.#parent; path !== undefined; path = path.#parent) text = path.#element + text;
    return text;
  }
}

/** A path that starts at a top-level field. */
export function fieldPath(name: string, ...more: readonly string[]): FieldPath {
  return FieldPath.of(name, ...more);
}
