import type { KubeObject } from "@kube-ts/api/object";
import { formatTime } from "@kube-ts/api/rfc3339";
import { encodeForStorage, parseObject } from "../registry/object-encoding.ts";
import type { Store, StoredValue, WriteOutcome } from "../storage/store.ts";

const pageSize = 200;
/** Deletions that are under way at the same time. */
const parallel = 16;

/**
 * Deletes everything under a prefix; objects with finalizers are only marked. Answers how many are left. They are
 * taken as they are stored: what deletes them is the end of their definition, not a request that admission could refuse.
 */
export async function purgeInstances(
  store: Store,
  prefix: string,
  nowMs: number,
  signal: AbortSignal,
): Promise<number> {
  let left = 0;
  let startKey: string | undefined;
  for (;;) {
    const page = await store.list({ prefix, limit: pageSize, ...(startKey !== undefined && { startKey }) }, signal);
    for (let start = 0; start < page.values.length; start += parallel) {
      const batch = page.values.slice(start, start + parallel);
      const gone = await Promise.all(batch.map((value) => purge(store, value, nowMs, signal)));
      left += gone.filter((isGone) => !isGone).length;
    }
    const last = page.values.at(-1);
    if (page.remaining === 0 || !last) return left;
    startKey = `${last.key}\0`;
  }
}

/** Whether the object is gone. */
async function purge(store: Store, value: StoredValue, nowMs: number, signal: AbortSignal): Promise<boolean> {
  let current: StoredValue | undefined = value;
  while (current) {
    signal.throwIfAborted();
    const object: KubeObject = parseObject(current.bytes);
    const { metadata } = object;
    const isHeld: boolean = Boolean(metadata.finalizers?.length);
    if (isHeld && metadata.deletionTimestamp !== undefined) return false;
    if (isHeld) {
      metadata.deletionTimestamp = formatTime(nowMs);
      metadata.deletionGracePeriodSeconds = 0;
      metadata.generation = (metadata.generation ?? 0) + 1;
    }
    const outcome: WriteOutcome = isHeld
      ? await store.update(current.key, encodeForStorage(object), current.revision, signal)
      : await store.delete(current.key, current.revision, signal);
    if (outcome.done) return !isHeld;
    current = outcome.current;
  }
  return true;
}
