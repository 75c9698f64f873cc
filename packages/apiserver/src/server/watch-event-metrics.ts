import { HotCounter, HotHistogram } from "@kube-ts/std/hot-metrics";
import type { Registry } from "@kube-ts/std/metrics";
import type { ServedResource } from "../endpoints/served-resource.ts";
import type { EventCounter } from "../endpoints/watch-stream.ts";

const labelNames = ["group", "version", "resource"] as const;
const sizeBuckets = [1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072];

/** Counts what is sent to watchers; the counter of a resource is looked up once for each watch. */
export function watchEventCounters(registry: Registry): (resource: ServedResource) => EventCounter {
  const events = new HotCounter({
    name: "apiserver_watch_events_total",
    help: "Events sent to watchers.",
    labelNames,
    registry,
  });
  const sizes = new HotHistogram({
    name: "apiserver_watch_events_sizes",
    help: "Bytes of the events sent to watchers.",
    labelNames,
    buckets: sizeBuckets,
    registry,
  });
  return ({ type: { group, version, plural } }) => {
    const count = events.with(group, version, plural);
    const size = sizes.with(group, version, plural);
    return {
      inc: (bytes) => {
        count.inc();
        size.observe(bytes);
      },
    };
  };
}
