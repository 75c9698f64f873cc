import type { Revision } from "../store.ts";
import type { TreeSnapshot } from "./object-tree.ts";

/** Each kept snapshot keeps the objects that changed since in memory. */
const maxKept = 32;
const maxAgeMs = 5 * 60_000;

interface Kept {
  readonly snapshot: TreeSnapshot;
  readonly usedMs: number;
}

/** Snapshots that listings in progress read their next pages from; the one unused for longest goes first. */
export class KeptSnapshots {
  /** Least recently used first. */
  #kept: Kept[] = [];

  get size(): number {
    return this.#kept.length;
  }

  keep(snapshot: TreeSnapshot, nowMs: number): void {
    const others = this.#kept.filter(
      (kept) => kept.snapshot.revision !== snapshot.revision && nowMs - kept.usedMs < maxAgeMs,
    );
    this.#kept = [...others.slice(-(maxKept - 1)), { snapshot, usedMs: nowMs }];
  }

  find(revision: Revision, nowMs: number): TreeSnapshot | undefined {
    const found = this.#kept.find(
      ({ snapshot }) => snapshot.changedAt <= revision && revision <= snapshot.revision,
    )?.snapshot;
    if (found) this.keep(found, nowMs);
    return found;
  }

  /** Drops what was not used for long. */
  expire(nowMs: number): void {
    this.#kept = this.#kept.filter((kept) => nowMs - kept.usedMs < maxAgeMs);
  }

  clear(): void {
    this.#kept = [];
  }
}
