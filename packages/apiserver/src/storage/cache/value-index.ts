import { compareKeys } from "../key-range.ts";
import { LongWork } from "../long-work.ts";
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

const defaultIndexLimits: ValueIndexLimits = { attributes: 8, leastObjects: 500, pendingChanges: 4_096 };

/** The objects by the values of one label or field. */
interface AttributeIndex {
  readonly valueOf: (object: StoredObject) => string | undefined;
  readonly byValue: Map<string, Set<StoredObject>>;
  /** What changed since: applied when somebody asks, so that a write pays nothing for selectors that nobody uses. */
  readonly pending: { readonly before: StoredObject | undefined; readonly after: StoredObject | undefined }[];
  /** The last key that is in the index while it is made; undefined once everything is. */
  indexedTo: string | undefined;
  /** Resolves when everything is in the index, or it was given up. */
  readonly made: PromiseWithResolvers<void>;
}

/**
 * Finds the objects that carry one value of a label or field without looking at all others. A label or field is
 * indexed from the first time that it is asked for.
 */
export class ValueIndex {
  readonly #tree: () => ObjectTree;
  readonly #limits: ValueIndexLimits;
  /** The one asked for last is the last. */
  readonly #attributes = new Map<string, AttributeIndex>();

  /** `tree` answers the objects as they are now. */
  constructor(tree: () => ObjectTree, limits: ValueIndexLimits = defaultIndexLimits) {
    this.#tree = tree;
    this.#limits = limits;
  }

  /** The objects that have the value now, in no order; undefined where no index can tell yet. */
  find(wanted: AttributeValue): ReadonlySet<StoredObject> | undefined {
    const index = this.#used(wanted);
    if (index === undefined || index.indexedTo !== undefined) return undefined;
    applyPending(index);
    return index.byValue.get(wanted.value) ?? nothing;
  }

  /** Resolves when an index of the label or field is made; undefined where there is one, or none is worth while. */
  making(wanted: AttributeValue): Promise<void> | undefined {
    const index = this.#used(wanted);
    return index?.indexedTo === undefined ? undefined : index.made.promise;
  }

  /** Takes note of a change: `before` was replaced by `after`; one of them is undefined for new and deleted objects. */
  record(before: StoredObject | undefined, after: StoredObject | undefined): void {
    for (const [key, index] of this.#attributes) {
      const { indexedTo, pending } = index;
      // What lies ahead is indexed as it is by then.
      if (indexedTo !== undefined && compareKeys((before ?? after)?.key ?? "", indexedTo) > 0) continue;
      if (pending.length < this.#limits.pendingChanges) pending.push({ before, after });
      else this.#giveUp(key, index);
    }
  }

  clear(): void {
    for (const [key, index] of this.#attributes) this.#giveUp(key, index);
  }

  /** The index of the label or field, begun if there was none. */
  #used({ kind, name }: AttributeValue): AttributeIndex | undefined {
    const key = `${kind} ${name}`;
    const known = this.#attributes.get(key);
    this.#attributes.delete(key);
    if (known) this.#attributes.set(key, known);
    if (known || this.#tree().size < this.#limits.leastObjects) return known;
    for (const [oldestKey, oldest] of this.#attributes) {
      if (this.#attributes.size >= this.#limits.attributes) this.#giveUp(oldestKey, oldest);
    }
    const valueOf = (object: StoredObject) => own(kind === "label" ? object.labels : object.fields, name);
    const made = Promise.withResolvers<void>();
    const index: AttributeIndex = { valueOf, byValue: new Map(), pending: [], indexedTo: "", made };
    this.#attributes.set(key, index);
    void this.#make(key, index);
    return index;
  }

  #giveUp(key: string, index: AttributeIndex): void {
    this.#attributes.delete(key);
    index.made.resolve();
  }

  /** Indexes all objects, slice by slice, unless the index is given up. */
  async #make(key: string, index: AttributeIndex): Promise<void> {
    const work = new LongWork();
    for (let after: string | undefined = ""; after !== undefined;) {
      await work.pause();
      if (this.#attributes.get(key) !== index) return;
      applyPending(index);
      after = addSlice(index, this.#tree(), after, work);
      index.indexedTo = after;
    }
    index.made.resolve();
  }
}

/** Indexes what follows the key; answers the key to go on after, or undefined at the end. */
function addSlice(index: AttributeIndex, tree: ObjectTree, after: string, work: LongWork): string | undefined {
  let last: string | undefined;
  tree.forRange(after, lastKey, false, (key, object) => {
    if (key === after) return undefined;
    add(index, object);
    if (!work.step()) return undefined;
    last = key;
    return { break: true };
  });
  return last;
}

function applyPending(index: AttributeIndex): void {
  for (const { before, after } of index.pending) {
    if (before) remove(index, before);
    if (after) add(index, after);
  }
  index.pending.length = 0;
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
