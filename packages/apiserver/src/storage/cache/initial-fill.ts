import { LongWork } from "../long-work.ts";
import { StoreError } from "../store.ts";
import type { Page, PageRequest, Revision, Store, StoredValue } from "../store.ts";

/** Bounds of a page: etcd counts all that follows for each, and its answer is decoded in one turn of the event loop. */
const firstPageObjects = 500;
const maxPageObjects = 4_000;
const targetPageBytes = 8 * 1024 * 1024;

/**
 * Lists everything under a prefix at one revision, page by page, and hands each value to `take`. The next page is under
 * way meanwhile, and the event loop gets its turns. Answers the revision.
 */
export async function fillFrom(
  store: Store,
  prefix: string,
  take: (value: StoredValue) => void,
  signal: AbortSignal,
): Promise<Revision> {
  const work = new LongWork();
  let coming = listPage(store, { prefix, limit: firstPageObjects }, signal);
  for (;;) {
    const page = await coming;
    const next = nextRequest(prefix, page);
    if (next) {
      coming = listPage(store, next, signal);
      // Told by the await of the next round, unless this one fails.
      coming.catch(() => undefined);
    }
    await work.pause(signal);
    for (const value of page.values) {
      take(value);
      if (work.step()) await work.pause(signal);
    }
    if (!next) return page.revision;
  }
}

function nextRequest(prefix: string, page: Page): PageRequest | undefined {
  const last = page.values.at(-1);
  if (page.remaining === 0 || !last) return undefined;
  return { prefix, limit: nextLimit(page), startKey: `${last.key}\0`, revision: page.revision };
}

/** A page, with fewer objects if that many do not fit a message. */
async function listPage(store: Store, request: PageRequest, signal: AbortSignal): Promise<Page> {
  let { limit } = request;
  for (;;) {
    try {
      return await store.list({ ...request, limit }, signal);
    } catch (error) {
      const smaller = error instanceof StoreError && error.code === "too-large" && limit > 1;
      if (!smaller) throw error;
      limit = Math.ceil(limit / 8);
    }
  }
}

function nextLimit({ values }: Page): number {
  const bytes = values.reduce((sum, value) => sum + value.bytes.length, 0);
  const fitting = Math.floor((targetPageBytes * values.length) / Math.max(bytes, 1));
  return Math.max(1, Math.min(maxPageObjects, fitting));
}
