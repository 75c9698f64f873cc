import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Runtime } from "../runtime/runtime.ts";
import type { ImageMetrics } from "./image-metrics.ts";
import { planImageGc, removableImages } from "./image-gc-plan.ts";
import type { ImageGcPolicy, ImageRecord } from "./image-gc-plan.ts";

export interface ImageCollectorOptions {
  readonly runtime: Runtime;
  readonly policy: ImageGcPolicy;
  readonly metrics: Pick<ImageMetrics, "collected">;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told when less could be freed than was wanted. */
  readonly onShortfall: (message: string) => void;
}

const intervalMs = 5 * 60_000;

/** Removes images that are no longer needed. */
export class ImageCollector {
  readonly #options: ImageCollectorOptions;
  readonly #seen = new Map<string, { readonly firstDetectedMs: number; lastUsedMs: number }>();

  constructor(options: ImageCollectorOptions) {
    this.#options = options;
  }

  /** Looks every five minutes until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    while (!signal.aborted) {
      await this.collect(signal).catch((error: unknown) => {
        if (!signal.aborted) log.warn("image collection failed", { error });
      });
      await clock.sleep(intervalMs, signal).catch(() => undefined);
    }
  }

  /** One round by the policy; answers the bytes freed. */
  async collect(signal: AbortSignal): Promise<number> {
    const { runtime, policy, clock, onShortfall } = this.#options;
    const records = await this.#look(signal);
    const plan = planImageGc(records, await runtime.images.fsInfo(signal), policy, clock.now());
    const freed = await this.#remove(plan.remove, plan.expired, signal);
    if (freed < plan.bytesWanted) {
      onShortfall(
        `Failed to garbage collect required amount of images. Attempted to free ${plan.bytesWanted} bytes, ` +
          `but only found ${freed} bytes eligible to free.`,
      );
    }
    return freed;
  }

  /** Removes everything that is not in use; answers the bytes freed. */
  async freeUnused(signal: AbortSignal): Promise<number> {
    return await this.#remove(removableImages(await this.#look(signal)), new Set(), signal);
  }

  async #look(signal: AbortSignal): Promise<ImageRecord[]> {
    const { runtime, clock } = this.#options;
    // Containers after images: an image that came in between is not on the list yet.
    const images = await runtime.images.list(signal);
    const ofContainers = (await runtime.listContainers({}, signal)).map((container) => container.imageId);
    const used = new Set([...ofContainers, ...(await runtime.images.held(signal))]);
    const nowMs = clock.now();
    const present = new Set(images.map((image) => image.id));
    for (const id of this.#seen.keys()) if (!present.has(id)) this.#seen.delete(id);
    return images.map(({ id, sizeBytes, pinned }) => {
      const seen = this.#seen.get(id) ?? { firstDetectedMs: nowMs, lastUsedMs: 0 };
      if (used.has(id)) seen.lastUsedMs = nowMs;
      this.#seen.set(id, seen);
      return { id, sizeBytes, pinned, inUse: used.has(id), ...seen };
    });
  }

  /** `expired` are those that go for their age. */
  async #remove(
    records: readonly ImageRecord[],
    expired: ReadonlySet<ImageRecord>,
    signal: AbortSignal,
  ): Promise<number> {
    const { runtime, metrics, log } = this.#options;
    let freed = 0;
    for (const record of records) {
      try {
        await runtime.images.remove(record.id, signal);
        freed += record.sizeBytes;
        metrics.collected(expired.has(record) ? "age" : "space");
        log.info("image removed", { image: record.id, sizeBytes: record.sizeBytes });
      } catch (error) {
        signal.throwIfAborted();
        // A container has started with it meanwhile, most likely.
        log.warn("image cannot be removed", { image: record.id, error });
      }
    }
    return freed;
  }
}
