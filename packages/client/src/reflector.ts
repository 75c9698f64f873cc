import type { KubeObject, WatchEvent } from "@kube-ts/api/object";
import { ApiError, apiErrorFromStatus, internal } from "@kube-ts/api/status-error";
import { backoffDelayMs, type BackoffPolicy } from "@kube-ts/std/backoff";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";
import type { ObjectView, ResourceClient, Selection } from "./client.ts";
import { KubeconfigError } from "./kubeconfig.ts";
import {
  afterList,
  afterListFailure,
  afterWatchEnd,
  afterWatchFailure,
  initialState,
  type ListStart,
  type ReflectorState,
} from "./reflector-state.ts";
import { isNewerVersion } from "./resource-version.ts";
import { isStatus } from "./server-error.ts";
import { isTransportError } from "./transport-error.ts";

/** Where a reflector puts what it learns. What it throws ends the reflector. */
export interface ReflectorSink<T extends KubeObject> {
  /** The complete content. */
  replace(objects: readonly T[]): void;
  put(object: T): void;
  /** The object was deleted; this is its last state. */
  remove(object: T): void;
}

export interface ReflectorEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

const pageSize = 500;
const backoff: BackoffPolicy = { baseMs: 800, maxMs: 30_000, factor: 2, jitter: 1 };

/** The server ends a watch after a random time between this and twice as long, so that reconnects spread. */
const minWatchSeconds = 300;

/** A watch that lived this long forgives earlier failures. */
const healthyWatchMs = 30_000;

/**
 * Mirrors one resource into a sink: lists, watches, resumes where a watch ended, and lists again when the server
 * no longer knows that place. Events that are not newer than the place reached are dropped.
 */
export class Reflector<T extends KubeObject> {
  readonly #resource: ResourceClient<T>;
  readonly #selection: Selection & ObjectView;
  readonly #sink: ReflectorSink<T>;
  readonly #environment: ReflectorEnvironment;
  #failures = 0;

  constructor(
    resource: ResourceClient<T>,
    selection: Selection & ObjectView,
    sink: ReflectorSink<T>,
    environment: ReflectorEnvironment,
  ) {
    this.#resource = resource;
    this.#selection = selection;
    this.#sink = sink;
    this.#environment = environment;
  }

  /** Runs until the signal aborts. Rejects only with what the sink throws. */
  async run(signal: AbortSignal): Promise<void> {
    let state: ReflectorState = initialState;
    while (!signal.aborted) {
      try {
        state = await this.#step(state, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }

  async #step(state: ReflectorState, signal: AbortSignal): Promise<ReflectorState> {
    switch (state.kind) {
      case "list":
        return this.#list(state.start, signal);
      case "watch":
        return this.#watch(state.resourceVersion, signal);
      case "pause":
        await this.#pause(signal);
        return state.next;
    }
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#environment;
    const delayMs = backoffDelayMs(backoff, Math.min(this.#failures, 16), random);
    this.#failures += 1;
    await clock.sleep(delayMs, signal);
  }

  async #list(start: ListStart, signal: AbortSignal): Promise<ReflectorState> {
    let listed: { readonly objects: readonly T[]; readonly resourceVersion: string };
    try {
      listed = await this.#listPages(start, signal);
    } catch (error) {
      return this.#failed("list failed", error, signal, afterListFailure(start, error));
    }
    const next = afterList(start, listed.resourceVersion);
    if (next.kind === "watch") this.#sink.replace(listed.objects);
    else this.#environment.log.warn("list is older than what is known: ignored", listVersions(start, listed));
    return next;
  }

  async #listPages(start: ListStart, signal: AbortSignal) {
    const objects: T[] = [];
    let continueToken: string | undefined;
    for (;;) {
      const position = continueToken === undefined ? startParameters(start) : { continueToken };
      const limit = start.kind === "latest" && !start.paged ? {} : { limit: pageSize };
      const page = await this.#resource.list({ ...this.#selection, ...position, ...limit, signal });
      for (const object of page.items) objects.push(object);
      continueToken = page.metadata.continue || undefined;
      if (continueToken === undefined) return { objects, resourceVersion: page.metadata.resourceVersion ?? "" };
    }
  }

  async #watch(startVersion: string, signal: AbortSignal): Promise<ReflectorState> {
    const { clock, random } = this.#environment;
    const startMs = clock.monotonicMs();
    let resourceVersion = startVersion;
    let eventCount = 0;
    try {
      const events = this.#resource.watch({
        ...this.#selection,
        signal,
        resourceVersion,
        allowBookmarks: true,
        timeoutSeconds: Math.floor(minWatchSeconds * (1 + random.next())),
      });
      for await (const event of events) {
        const version = this.#apply(event, resourceVersion);
        eventCount += 1;
        this.#failures = 0;
        resourceVersion = version;
      }
    } catch (error) {
      if (clock.monotonicMs() - startMs >= healthyWatchMs) this.#failures = 0;
      return this.#failed("watch failed", error, signal, afterWatchFailure(resourceVersion, error));
    }
    return afterWatchEnd(resourceVersion, eventCount, clock.monotonicMs() - startMs);
  }

  /** Passes one event on and answers the place that the watch has reached. Throws the ApiError of an error event. */
  #apply(event: WatchEvent<T>, reached: string): string {
    if (event.type === "ERROR") throw errorOfEvent(event.object);
    const version = event.object.metadata.resourceVersion ?? "";
    if (version === reached || isNewerVersion(reached, version)) {
      this.#environment.log.debug("event is not newer than what is known: dropped", { version, reached });
      return reached;
    }
    if (event.type === "DELETED") this.#sink.remove(event.object);
    else if (event.type !== "BOOKMARK") this.#sink.put(event.object);
    return version === "" ? reached : version;
  }

  /** Rethrows what is no failure of the server or the network: a sink's error must not be retried away. */
  #failed(message: string, error: unknown, signal: AbortSignal, next: ReflectorState): ReflectorState {
    const expected = error instanceof ApiError || error instanceof KubeconfigError || isTransportError(error);
    if (signal.aborted || !expected) throw error;
    const { log } = this.#environment;
    if (next.kind === "list") log.info("resource version expired: listing again");
    else log.warn(message, { error });
    return next;
  }
}

function startParameters(start: ListStart) {
  switch (start.kind) {
    case "cached":
      return { resourceVersion: "0" };
    case "notOlderThan":
      return { resourceVersion: start.resourceVersion, resourceVersionMatch: "NotOlderThan" as const };
    case "latest":
      return {};
  }
}

function listVersions(start: ListStart, listed: { readonly resourceVersion: string }) {
  return { listed: listed.resourceVersion, ...("resourceVersion" in start && { known: start.resourceVersion }) };
}

function errorOfEvent(object: unknown): ApiError {
  if (isStatus(object)) return apiErrorFromStatus(object);
  return internal(new Error("the watch failed for a reason that it does not tell"));
}
