import type { AttributeValue } from "../watch-cache.ts";
import type { StoredObject } from "./cached-object.ts";
import { lastKey } from "./object-tree.ts";
import type { ObjectTree } from "./object-tree.ts";

export interface ValueIndexLimits {
  /** Labels and fields that are indexed at a time; the one that was asked for longest ago makes room. */
  readonly attributes: number;
  /** Fewer objects than these are not worth an index. */
  readonly leastObjects: number;
  /** Changes that are kept until somebody asks; beyond, the index is given up and built anew when it is asked for. */
  readonly pendingChanges: number;
}

export const defaultIndexLimits: ValueIndexLimits = { attributes: 8, leastObjects: 500, pendingChanges: 4_096 };

/** How many objects are indexed between two breaths of the event loop. */
const sliceObjects = 1_000;

/** The objects by the values of one label or field. */
interface AttributeIndex {
  readonly valueOf: (object: StoredObject) => string | undefined;
  readonly byValue: Map<string, Set<StoredObject>>;
  /** What changed since: applied when somebody asks, so that a write pays nothing for selectors that nobody uses. */
  readonly pending: { readonly before: StoredObject | undefined; readonly after: StoredObject | undefined }[];
  complete: boolean;
}

/**
 * Finds the objects that carry one value of a label or field without looking at all others. A label or field is
 * indexed from the first time that it is asked for.
 */
export class ValueIndex {
  readonly #limits: ValueIndexLimits;
  /** The one asked for last is the last. */
  readonly #attributes = new Map<string, AttributeIndex>();

  constructor(limits: ValueIndexLimits = defaultIndexLimits) {
    this.#limits = limits;
  }

  /**
   * The objects of the tree that have the value, in no order; undefined where no index can tell yet. `tree` is a clone
   * of the present state: nothing was recorded since it was made.
   */
  find(wanted: AttributeValue, tree: ObjectTree): ReadonlySet<StoredObject> | undefined {
    if (tree.size < this.#limits.leastObjects) return undefined;
    const key = `${wanted.kind} ${wanted.name}`;
    const index = this.#attributes.get(key);
    if (index === undefined) {
      this.#start(key, wanted, tree);
      return undefined;
    }
    this.#attributes.delete(key);
    this.#attributes.set(key, index);
    if (!index.complete) return undefined;
    for (const { before, after } of index.pending) {
      if (before) remove(index, before);
      if (after) add(index, after);
    }
    index.pending.length = 0;
    return index.byValue.get(wanted.value) ?? nothing;
  }

  /** Takes note of a change: `before` was replaced by `after`; one of them is undefined for new and deleted objects. */
  record(before: StoredObject | undefined, after: StoredObject | undefined): void {
    for (const [key, index] of this.#attributes) {
      if (index.pending.length < this.#limits.pendingChanges) index.pending.push({ before, after });
      else this.#attributes.delete(key);
    }
  }

  clear(): void {
    this.#attributes.clear();
  }

  #start(key: string, { kind, name }: AttributeValue, tree: ObjectTree): void {
    const oldest = this.#attributes.keys().next();
    if (this.#attributes.size >= this.#limits.attributes && !oldest.done) this.#attributes.delete(oldest.value);
    const valueOf = (object: StoredObject) => own(kind === "label" ? object.labels : object.fields, name);
    const index = { valueOf, byValue: new Map(), pending: [], complete: false };
    this.#attributes.set(key, index);
    setImmediate(() => this.#fill(key, index, tree, ""));
  }

  /** Goes on after the key, slice by slice, unless the index was given up. */
  #fill(key: string, index: AttributeIndex, tree: ObjectTree, after: string): void {
    if (this.#attributes.get(key) !== index) return;
    let seen = 0;
    let last = after;
    tree.forRange(after, lastKey, false, (objectKey, object) => {
      if (objectKey === after) return undefined;
      add(index, object);
      last = objectKey;
      seen += 1;
      return seen < sliceObjects ? undefined : { break: true };
    });
    if (seen < sliceObjects) index.complete = true;
    else setImmediate(() => this.#fill(key, index, tree, last));
  }
}

const nothing: ReadonlySet<StoredObject> = new Set();

function own(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function add({ valueOf, byValue }: AttributeIndex, object: StoredObject): void {
  const value = valueOf(object);
  if (value === undefined) return;
  const objects = byValue.get(value);
  if (objects) objects.add(object);
  else byValue.set(value, new Set([object]));
}

function remove({ valueOf, byValue }: AttributeIndex, object: StoredObject): void {
  const value = valueOf(object);
  const objects = value === undefined ? undefined : byValue.get(value);
  if (value === undefined || !objects) return;
  objects.delete(object);
  if (objects.size === 0) byValue.delete(value);
}
