import { objectKey } from "@kube-ts/api/object";
import type { ReadView } from "../registry/list-reader.ts";
import { StoredSnapshot } from "../registry/stored-snapshot.ts";
import { compareKeys } from "../storage/key-range.ts";
import { LongWork } from "../storage/long-work.ts";
import type { CachedObject, CacheSnapshot } from "../storage/watch-cache.ts";
import type { ListQuery } from "./list-query.ts";
import { covers } from "./selection.ts";
import type { ObjectFilter } from "./selection.ts";

export interface Page {
  readonly objects: readonly CachedObject[];
  /** The key after which the next page starts; undefined on the last page. */
  readonly nextAfter: string | undefined;
  /** How many objects follow; undefined when that is not known without looking at them. */
  readonly remaining: number | undefined;
}

/** The objects of one page, in key order. */
export async function selectPage(readView: ReadView, query: ListQuery, signal: AbortSignal): Promise<Page> {
  const { snapshot, afterKey } = readView;
  const limit = readView.paged && query.point.limit > 0 ? query.point.limit : Infinity;
  const collector = new PageCollector(query, limit);
  const range = scanRange(query.filter, afterKey);
  if (snapshot instanceof StoredSnapshot) {
    for await (const object of snapshot.scan(range.namespace, range.startAfter)) if (!collector.take(object)) break;
    return collector.page(() => undefined);
  }
  const candidates = query.filter.pinned && snapshot.having(query.filter.pinned);
  if (candidates) collector.takeAfter(candidates, afterKey);
  else await scan(snapshot, range, collector, signal);
  return collector.page((key) => snapshot.count(query.filter.namespace, key));
}

/** Looks at the objects of the range one by one. */
async function scan(
  snapshot: CacheSnapshot,
  { namespace, startAfter, onlyKey }: ScanRange,
  collector: PageCollector,
  signal: AbortSignal,
): Promise<void> {
  const work = new LongWork();
  let continueAfter = startAfter;
  for (;;) {
    let paused = false;
    snapshot.visit(namespace, continueAfter, (object) => {
      if (onlyKey !== undefined && object.key !== onlyKey) return false;
      if (!collector.take(object)) return false;
      continueAfter = object.key;
      paused = work.step();
      return !paused;
    });
    if (!paused) return;
    await work.pause(signal);
  }
}

/** Fills a page, and finds out whether there is more. */
class PageCollector {
  readonly #query: ListQuery;
  readonly #limit: number;
  readonly #objects: CachedObject[] = [];
  #more = false;

  constructor(query: ListQuery, limit: number) {
    this.#query = query;
    this.#limit = limit;
  }

  /** False when nothing more needs to be looked at. */
  take(object: CachedObject): boolean {
    if (!covers(this.#query.filter, object)) return true;
    if (this.#objects.length < this.#limit) {
      this.#objects.push(object);
      return true;
    }
    this.#more = true;
    return false;
  }

  /** Takes what follows the key. */
  takeAfter(objects: readonly CachedObject[], afterKey: string | undefined): void {
    for (const object of objects) {
      if (afterKey !== undefined && compareKeys(object.key, afterKey) <= 0) continue;
      if (!this.take(object)) return;
    }
  }

  /** The page; `countAfter` tells how many objects follow a key. */
  page(countAfter: (key: string) => number | undefined): Page {
    const last = this.#more ? this.#objects.at(-1)?.key : undefined;
    const remaining = last === undefined || this.#query.selective ? undefined : countAfter(last);
    return { objects: this.#objects, nextAfter: last, remaining };
  }
}

interface ScanRange {
  readonly namespace: string | undefined;
  readonly startAfter: string | undefined;
  /** The only key that can match. */
  readonly onlyKey: string | undefined;
}

/** The part of the key space that a filter can match: one key when namespace and name are pinned. */
function scanRange(filter: ObjectFilter, afterKey: string | undefined): ScanRange {
  const { namespace, name } = filter;
  if (namespace === undefined || name === undefined || afterKey !== undefined) {
    return { namespace, startAfter: afterKey, onlyKey: undefined };
  }
  const key = objectKey(namespace, name);
  return { namespace, startAfter: justBefore(key), onlyKey: key };
}

/** A key such that nothing valid lies between it and the given one. */
function justBefore(key: string): string {
  return key.slice(0, -1) + String.fromCharCode(key.charCodeAt(key.length - 1) - 1) + "\uffff";
}
