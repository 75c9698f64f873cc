import { setImmediate as turn } from "node:timers/promises";
import { StoreError } from "../store.ts";
import type { Page, PageRequest, Revision, Store, StoredValue } from "../store.ts";

/** Bounds of a page: small enough that one never blocks the event loop for long. */
const firstPageObjects = 500;
const maxPageObjects = 2_000;
const targetPageBytes = 2 * 1024 * 1024;

/**
 * Lists everything under a prefix at one revision, page by page, and hands each value to `take`. The event loop
 * gets a turn between pages. Answers the revision.
 */
export async function fillFrom(
  store: Store,
  prefix: string,
  take: (value: StoredValue) => void,
  signal: AbortSignal,
): Promise<Revision> {
  let limit = firstPageObjects;
  let request: PageRequest = { prefix, limit };
  for (;;) {
    const page = await listPage(store, request, signal);
    for (const value of page.values) take(value);
    const last = page.values.at(-1);
    if (page.remaining === 0 || !last) return page.revision;
    limit = nextLimit(page);
    request = { prefix, limit, startKey: `${last.key}\0`, revision: page.revision };
    await turn();
    signal.throwIfAborted();
  }
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
