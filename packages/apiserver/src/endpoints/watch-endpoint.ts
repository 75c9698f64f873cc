import { randomInt, systemRandom } from "@kube-ts/std/random";
import { resourceExpired } from "@kube-ts/api/status-error";
import { checkWatchOptions } from "../registry/list-options.ts";
import { parseRevision, waitFor, waitForLatest } from "../registry/list-reader.ts";
import { LongWork, timeInTurn } from "../storage/long-work.ts";
import { storeCall } from "../registry/store-failure.ts";
import type { Revision } from "../storage/store.ts";
import type { CacheSnapshot, WatchScope } from "../storage/watch-cache.ts";
import type { Exchange } from "./exchange.ts";
import type { ListQuery } from "./list-query.ts";
import type { AcceptedForm } from "./negotiation.ts";
import type { ObjectView } from "./object-view.ts";
import type { ServedResource } from "./served-resource.ts";
import { covers } from "./selection.ts";
import { ResponseOutput } from "./watch-output.ts";
import type { WatchOutput } from "./watch-output.ts";
import { SocketOutput } from "./watch-socket.ts";
import { type EventCounter, WatchStream } from "./watch-stream.ts";

export interface WatchLimits {
  /** A watch without its own timeout ends after this long to twice this long, chosen at random. */
  readonly minRequestTimeoutSeconds: number;
  /** What counts the events sent to watchers of a resource. */
  readonly eventsOf?: (resource: ServedResource) => EventCounter;
}

/**
 * How long a watch waits for a version that no write has had. Upstream waits until the watch times out; but a client whose
 * version is of a state that was lost, before this server ran, would never list again.
 */
const unreachedMs = 15_000;

/** Answers a watch request until it times out, the client goes away, or it cannot keep up. */
export async function serveWatch(
  exchange: Exchange,
  resource: ServedResource,
  query: ListQuery,
  form: AcceptedForm,
  view: ObjectView,
  limits: WatchLimits,
): Promise<void> {
  const start = await findStart(resource, query, exchange.signal);
  const { cache } = resource.registry;
  const { offered } = exchange;
  const output = offered ? new SocketOutput(exchange, offered, form.encoding) : new ResponseOutput(exchange);
  const stream = new WatchStream(output, exchange.signal, query, view, limits.eventsOf?.(resource));
  const isLost = await isOfLostState(resource.registry, start.after, exchange.signal);
  using subscription = isLost ? undefined : cache.watch(start.after, stream, scopeOf(query));
  if (!(await output.open(form.contentType))) return;
  if (!subscription) {
    sendExpired(output, `too old resource version: ${start.after} (${cache.oldestRevision})`, view);
    return;
  }
  stream.open();
  using _unreached = start.after > cache.revision ? stream.expireUnlessAt(start.after, unreachedMs, cache) : undefined;
  const timeoutSeconds = query.timeoutSeconds || randomTimeoutSeconds(limits);
  using _timer = stream.endAfter(timeoutSeconds * 1000);
  if (start.initial) await sendInitial(exchange, query, view, { stream, output }, start.initial);
  exchange.place?.begun();
  stream.start(start.initial !== undefined && query.sendInitialEvents === true ? start.after : undefined);
  await stream.finished;
}

/** Whether the version was of a state that was lost when the store was restored to an earlier one. */
async function isOfLostState(
  { cache, store }: ServedResource["registry"],
  revision: Revision,
  signal: AbortSignal,
): Promise<boolean> {
  if (revision <= cache.revision || revision > cache.highestRevision) return false;
  return revision > (await storeCall(store.currentRevision(signal)));
}

/** The part of the key space outside which no event can concern the watch. */
function scopeOf({ filter }: ListQuery): WatchScope {
  return {
    ...(filter.namespace !== undefined && { namespace: filter.namespace }),
    ...(filter.exactFields && { fields: filter.exactFields }),
  };
}

interface WatchStart {
  readonly after: Revision;
  /** The state to replay as ADDED events first. */
  readonly initial: CacheSnapshot | undefined;
}

async function findStart(resource: ServedResource, query: ListQuery, signal: AbortSignal): Promise<WatchStart> {
  const { registry } = resource;
  const { resourceVersion } = query.point;
  checkWatchOptions(query.point, query.sendInitialEvents);
  const fromState = async (): Promise<WatchStart> => {
    if (query.filter.pinned) await registry.cache.indexed(query.filter.pinned, signal);
    await timeInTurn(signal);
    registry.checkReadable(query.filter.namespace);
    const initial = registry.cache.snapshot();
    return { after: initial.revision, initial };
  };
  if (query.sendInitialEvents) {
    if (resourceVersion === "") await waitForLatest(registry, signal);
    else await waitFor(registry, resourceVersion === "0" ? 0n : parseRevision(resourceVersion), signal);
    return fromState();
  }
  if (resourceVersion === "" && query.sendInitialEvents === undefined) {
    await waitForLatest(registry, signal);
    return fromState();
  }
  if (resourceVersion === "0" && query.sendInitialEvents === undefined) {
    await waitFor(registry, 0n, signal);
    return fromState();
  }
  if (resourceVersion === "" || resourceVersion === "0") {
    await waitFor(registry, 0n, signal);
    return { after: registry.cache.revision, initial: undefined };
  }
  const after = parseRevision(resourceVersion);
  await waitFor(registry, 0n, signal);
  return { after, initial: undefined };
}

/** Replays the state, then lets the buffered changes follow. */
async function sendInitial(
  exchange: Exchange,
  query: ListQuery,
  view: ObjectView,
  { stream, output }: { readonly stream: WatchStream; readonly output: WatchOutput },
  snapshot: CacheSnapshot,
): Promise<void> {
  const { signal } = exchange;
  const { namespace, pinned } = query.filter;
  const work = new LongWork();
  for (const object of (pinned && snapshot.having(pinned)) ?? snapshot.scan(namespace, undefined)) {
    if (work.step()) await work.pause(signal);
    if (!covers(query.filter, object)) continue;
    if (stream.ended) return;
    const frame = view.framing.frame("ADDED", object);
    output.write([frame], frame.length);
    const drained = output.drained(signal);
    if (drained) await drained;
  }
}

/** The watch protocol's way to say "list again": a watch with one ERROR event, as upstream sends it. */
function sendExpired(output: WatchOutput, message: string, view: ObjectView): void {
  const frame = view.framing.error(resourceExpired(message).status);
  output.write([frame], frame.length);
  output.end();
}

function randomTimeoutSeconds({ minRequestTimeoutSeconds }: WatchLimits): number {
  return minRequestTimeoutSeconds + randomInt(systemRandom, minRequestTimeoutSeconds);
}
