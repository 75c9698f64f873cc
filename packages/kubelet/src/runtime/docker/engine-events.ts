import type { Readable } from "node:stream";
import { backoffDelayMs } from "@kube-ts/std/backoff";
import type { BackoffPolicy } from "@kube-ts/std/backoff";
import { BoundedQueue } from "@kube-ts/std/bounded-queue";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";
import { podOfLabels } from "../labels.ts";
import type { RuntimeEvent } from "../runtime.ts";
import { dockerLabels } from "./docker-labels.ts";
import type { DockerEngine } from "./engine.ts";
import { readJsonLines } from "./pull-progress.ts";

export interface EngineEventsOptions {
  readonly engine: DockerEngine;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Called whenever the connection was lost, before it is made again. */
  readonly onDisconnect: () => void;
}

/** Events that wait for their reader; beyond it they are replaced by one resync. */
const queueCapacity = 4096;
const reconnect: BackoffPolicy = { baseMs: 200, maxMs: 5_000, factor: 2, jitter: 0.2 };
/** A connection that lasted so long starts the back-off afresh. */
const stableMs = 10_000;

const changes: Readonly<Record<string, "created" | "started" | "exited" | "removed" | "oom">> = {
  create: "created",
  start: "started",
  die: "exited",
  destroy: "removed",
  oom: "oom",
};

/** An event of the engine in our words; undefined for what does not matter or is not ours. */
export function runtimeEvent(value: unknown): RuntimeEvent | undefined {
  const { Type, Action, Actor } = value as {
    readonly Type?: string;
    readonly Action?: string;
    readonly Actor?: { readonly ID?: string; readonly Attributes?: Readonly<Record<string, string>> };
  };
  const attributes = Actor?.Attributes ?? {};
  const change = changes[Action ?? ""];
  const pod = podOfLabels(attributes);
  if (Type !== "container" || !change || !pod || !Actor?.ID) return undefined;
  const type = attributes[dockerLabels.type] === "podsandbox" ? "sandbox" : "container";
  return { type, change, id: Actor.ID, pod };
}

/** The engine's events without end: reconnects with back-off and asks for a resync after each gap. */
export async function* engineEvents(options: EngineEventsOptions, signal: AbortSignal): AsyncGenerator<RuntimeEvent> {
  const queue = new BoundedQueue<RuntimeEvent>(queueCapacity);
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const follow = followForever(options, queue, ended);
  try {
    for (;;) {
      const event = await queue.shift(ended).catch(() => undefined);
      if (!event) return;
      yield event;
    }
  } finally {
    stop.abort(new Error("reader went away"));
    await follow;
  }
}

async function followForever(
  options: EngineEventsOptions,
  queue: BoundedQueue<RuntimeEvent>,
  signal: AbortSignal,
): Promise<void> {
  const { clock, random, log, onDisconnect } = options;
  for (let attempt = 0; !signal.aborted; attempt++) {
    const startedMs = clock.monotonicMs();
    try {
      await followOnce(options, queue, signal);
    } catch (error) {
      if (signal.aborted) return;
      log.warn("container events are interrupted", { error });
    }
    onDisconnect();
    if (clock.monotonicMs() - startedMs > stableMs) attempt = 0;
    await clock.sleep(backoffDelayMs(reconnect, attempt, random), signal).catch(() => undefined);
  }
}

async function followOnce(
  options: EngineEventsOptions,
  queue: BoundedQueue<RuntimeEvent>,
  signal: AbortSignal,
): Promise<void> {
  const stream = (await options.engine.stream(
    (docker, abortSignal) =>
      docker.getEvents({ filters: { type: ["container"], label: [dockerLabels.type] }, abortSignal }),
    signal,
  )) as Readable;
  const onAbort = () => stream.destroy();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    // Only now: what happens from here on is on the stream.
    enqueue(queue, { type: "resync" });
    for await (const value of readJsonLines(stream)) {
      const event = runtimeEvent(value);
      if (event) enqueue(queue, event);
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    stream.destroy();
  }
}

/** When the reader is too far behind, a relist tells it everything at once. */
function enqueue(queue: BoundedQueue<RuntimeEvent>, event: RuntimeEvent): void {
  if (queue.push(event)) return;
  queue.drain();
  queue.push({ type: "resync" });
}
