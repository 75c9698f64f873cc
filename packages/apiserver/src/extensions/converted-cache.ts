import { findApiError } from "@kube-ts/api/status-error";
import { ResourceCache } from "../storage/cache/resource-cache.ts";
import type { Revision } from "../storage/store.ts";

/**
 * A cache of converted objects. As long as the conversion fails it is not ready; whoever waits for it learns why at
 * once instead of running into a timeout.
 */
export class ConvertedCache extends ResourceCache {
  readonly #waiting = new Set<(failure: unknown) => void>();
  #failure: unknown;

  /** Takes how the last conversion went: undefined when it did. */
  converted(failure: unknown): void {
    this.#failure = findApiError(failure);
    if (this.#failure === undefined) return;
    for (const reject of this.#waiting) reject(this.#failure);
  }

  override async waitFor(revision: Revision, signal: AbortSignal): Promise<void> {
    if (this.ready && this.revision >= revision) return;
    if (!this.ready && this.#failure !== undefined) throw this.#failure;
    const { promise, reject } = Promise.withResolvers<never>();
    this.#waiting.add(reject);
    try {
      await Promise.race([super.waitFor(revision, signal), promise]);
    } finally {
      this.#waiting.delete(reject);
    }
  }
}
