import sortedBtree from "sorted-btree";
import type sortedBtreeTypes from "sorted-btree";
import { compareKeys } from "../key-range.ts";
import type { Revision } from "../store.ts";
import type { AttributeValue, CacheSnapshot } from "../watch-cache.ts";
import type { StoredObject } from "./cached-object.ts";

const BTree = sortedBtree.default;

/** The objects of a cache by key, in order. Cloning is cheap: the clones share what neither has changed. */
export type ObjectTree = sortedBtreeTypes.default<string, StoredObject>;

export function createTree(): ObjectTree {
  return new BTree<string, StoredObject>(undefined, compareKeys);
}

/** Looks up what has a value; undefined where that is not known. */
export type FindByValue = (wanted: AttributeValue) => ReadonlySet<StoredObject> | undefined;

/** A view of a tree that nothing changes any more. */
export class TreeSnapshot implements CacheSnapshot {
  readonly revision: Revision;
  readonly tree: ObjectTree;
  /** The revision of the last change in it: the state is the same at all revisions from there to `revision`. */
  readonly changedAt: Revision;
  readonly #find: FindByValue | undefined;

  constructor(tree: ObjectTree, changedAt: Revision, revision: Revision, find?: FindByValue) {
    this.tree = tree;
    this.#find = find;
    this.changedAt = changedAt;
    this.revision = revision;
  }

  count(namespace: string | undefined, afterKey?: string): number {
    if (namespace === undefined && afterKey === undefined) return this.tree.size;
    const end = namespace === undefined ? lastKey : `${namespace}0`;
    // Nothing lies between a key and the key with a NUL behind it.
    const start = afterKey !== undefined ? `${afterKey}\0` : `${namespace}/`;
    return this.tree.forRange(start, end, false);
  }

  *scan(namespace: string | undefined, afterKey: string | undefined): IterableIterator<StoredObject> {
    const prefix = namespace === undefined ? "" : `${namespace}/`;
    const start = afterKey !== undefined && afterKey > prefix ? afterKey : prefix;
    for (const object of this.tree.values(start)) {
      if (object.key === afterKey) continue;
      if (!object.key.startsWith(prefix)) return;
      yield object;
    }
  }

  having(wanted: AttributeValue): readonly StoredObject[] | undefined {
    const found = this.#find?.(wanted);
    // A scan costs less than putting many in order.
    if (!found || found.size * Math.log2(found.size + 1) > this.tree.size) return undefined;
    return [...found].sort((a, b) => compareKeys(a.key, b.key));
  }

  visit(namespace: string | undefined, afterKey: string | undefined, visit: (object: StoredObject) => boolean): void {
    const prefix = namespace === undefined ? "" : `${namespace}/`;
    const start = afterKey !== undefined && afterKey > prefix ? afterKey : prefix;
    // Past every key of the namespace: "0" follows "/".
    const end = namespace === undefined ? lastKey : `${namespace}0`;
    this.tree.forRange(start, end, false, (key, object) =>
      key === afterKey || visit(object) ? undefined : { break: true },
    );
  }
}

/** Follows every key: names and namespaces are ASCII. */
export const lastKey = "\u{10ffff}";
