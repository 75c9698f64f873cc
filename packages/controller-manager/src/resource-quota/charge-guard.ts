import type { ResourceList } from "@kube-ts/api/core/v1";
import type { ObjectKey } from "@kube-ts/api/object";
import { parseResources } from "@kube-ts/api/resource-amounts";

/** An object that was charged for is in the caches after this long, as a rule. */
const settleMs = 1_000;
/** A quota that is charged all the time is lowered after this long all the same. */
const maxDelayMs = 10_000;

/**
 * Remembers when quotas were charged. An object is charged for before it exists, so that a count made in between knows
 * nothing of it, and must not take the charge back.
 */
export class ChargeGuard {
  /** Milliseconds of the monotonic clock. */
  readonly #charges = new Map<ObjectKey, { lastMs: number; delayedSinceMs: number | undefined }>();

  charged(key: ObjectKey, nowMs: number): void {
    const known = this.#charges.get(key);
    if (known) known.lastMs = nowMs;
    else this.#charges.set(key, { lastMs: nowMs, delayedSinceMs: undefined });
  }

  forget(key: ObjectKey): void {
    this.#charges.delete(key);
  }

  /** How long a count that lowers the quota's usage has to wait; 0 when it may be written. */
  delayMs(key: ObjectKey, nowMs: number): number {
    const charge = this.#charges.get(key);
    if (!charge) return 0;
    const remainingMs = charge.lastMs + settleMs - nowMs;
    charge.delayedSinceMs ??= nowMs;
    if (remainingMs > 0 && nowMs - charge.delayedSinceMs < maxDelayMs) return remainingMs;
    this.#charges.delete(key);
    return 0;
  }
}

/** Whether any amount of the second list is below what the first one has. */
export function lowers(before: ResourceList | undefined, after: ResourceList | undefined): boolean {
  const known = parseResources(before);
  return [...parseResources(after)].some(([name, amount]) => {
    const old = known.get(name);
    return old !== undefined && amount.compare(old) < 0;
  });
}
