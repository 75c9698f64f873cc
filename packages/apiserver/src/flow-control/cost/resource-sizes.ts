import type { Clock } from "@kube-ts/std/clock";
import type { LiveCatalog } from "../../endpoints/live-catalog.ts";
import type { ResourceRequest } from "../../endpoints/request-info.ts";
import type { ResourceRegistry } from "../../registry/resource-registry.ts";
import type { ResourceSize } from "./work-estimate.ts";

/** How long a size is taken as current. */
const freshMs = 10_000;
/** The average size is that of so many objects. */
const sampleSize = 500;

/** The sizes of stored resources, looked up in their caches now and then. */
export class ResourceSizes {
  readonly #live: LiveCatalog;
  readonly #clock: Clock;
  readonly #known = new WeakMap<ResourceRegistry, { readonly size: ResourceSize; readonly untilMs: number }>();

  constructor(live: LiveCatalog, clock: Clock) {
    this.#live = live;
    this.#clock = clock;
  }

  /** Undefined for what is not stored here. */
  sizeOf({ group, version, resource }: ResourceRequest): ResourceSize | undefined {
    const registry = this.#live.current.resource(`${group}/${version}/${resource}`)?.registry;
    if (!registry?.cache.ready) return undefined;
    const nowMs = this.#clock.monotonicMs();
    const known = this.#known.get(registry);
    if (known && nowMs < known.untilMs) return known.size;
    const size = measure(registry);
    this.#known.set(registry, { size, untilMs: nowMs + freshMs });
    return size;
  }
}

function measure({ cache }: ResourceRegistry): ResourceSize {
  const snapshot = cache.snapshot();
  let sampled = 0;
  let bytes = 0;
  snapshot.visit(undefined, undefined, (object) => {
    sampled += 1;
    bytes += object.bytes.length;
    return sampled < sampleSize;
  });
  return { count: snapshot.count(undefined), averageBytes: sampled > 0 ? bytes / sampled : 0 };
}
