import type { Event, ObjectReference } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { events } from "@kube-ts/api/resource-types";
import { findApiError, isAlreadyExists, isNamespaceTerminating, isNotFound } from "@kube-ts/api/status-error";
import { type BackoffPolicy, backoffDelayMs } from "@kube-ts/std/backoff";
import { BoundedQueue } from "@kube-ts/std/bounded-queue";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import { Counter, type Registry } from "@kube-ts/std/metrics";
import type { Random } from "@kube-ts/std/random";
import type { Client, ResourceClient } from "./client.ts";
import { existingOr } from "./client-metrics.ts";
import { TokenBucket } from "./token-bucket.ts";
import { EventCorrelator, type EventReport, type EventVerdict } from "./event-correlator.ts";

export type EventType = "Normal" | "Warning";

export interface EventDetails {
  /** What was done or failed, in machine-readable form. */
  readonly action?: string;
  /** A second object that the event concerns. */
  readonly related?: KubeObject | ObjectReference;
}

/** Tells users what happened to an object. Never blocks and never fails: events may be lost. */
export interface EventRecorder {
  /** `subject` is the object as the API server gives it, or a reference to it. */
  event(
    subject: KubeObject | ObjectReference,
    type: EventType,
    reason: string,
    message: string,
    details?: EventDetails,
  ): void;
}

export interface EventRecorderOptions {
  readonly client: Client;
  /** Such as `kubelet` or `deployment-controller`. */
  readonly component: string;
  /** The node's name, for components that run on each node. */
  readonly host?: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly registry?: Registry;
  /** How many writes a second, and at once; what is beyond waits in the queue. Left out, the client's own limit counts. */
  readonly rate?: { readonly qps: number; readonly burst: number };
}

const queueCapacity = 1_000;
const maxTries = 12;
/** An event holds up those behind it, so the first retries come soon; a server that is gone is left in peace. */
const retryBackoff: BackoffPolicy = { baseMs: 250, maxMs: 10_000, factor: 2.5, jitter: 1 };

/** Messages are cut to what an event may hold. */
const maxMessageBytes = 1_024;

/** Writes events to the API server in the background; what does not fit into its queue is dropped and counted. */
export class ApiEventRecorder implements EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #events: ResourceClient<Event>;
  readonly #correlator: EventCorrelator;
  readonly #queue = new BoundedQueue<EventReport>(queueCapacity);
  readonly #limiter: TokenBucket | undefined;
  readonly #dropped: Counter | undefined;

  constructor(options: EventRecorderOptions) {
    const { registry, rate, clock } = options;
    this.#options = options;
    this.#events = options.client.resource(events);
    this.#correlator = new EventCorrelator(options.component, options.host ?? "", options.clock, options.random);
    this.#limiter = rate && new TokenBucket(clock, rate.qps, rate.burst);
    this.#dropped =
      registry &&
      existingOr(registry, "event_recorder_dropped_total", (name) => {
        const help = "Events that were not written, by reason: queue_full, spam, rejected, unreachable.";
        return new Counter({ name, help, labelNames: ["reason"], registers: [registry] });
      });
  }

  event(
    subject: KubeObject | ObjectReference,
    type: EventType,
    reason: string,
    message: string,
    details: EventDetails = {},
  ): void {
    const report: EventReport = {
      subject: referenceTo(subject),
      type,
      reason,
      message: truncate(message),
      action: details.action ?? "",
      related: details.related && referenceTo(details.related),
      atMs: this.#options.clock.now(),
    };
    if (!this.#queue.push(report)) this.#drop("queue_full", report.reason);
  }

  /** Writes what is recorded until the signal aborts; what is queued then is lost. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        const report = await this.#queue.shift(signal);
        if (!report) return;
        await this.#process(report, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #process(report: EventReport, signal: AbortSignal): Promise<void> {
    const verdict = this.#correlator.decide(report);
    if (verdict.kind === "drop") {
      this.#drop("spam", report.reason);
      return;
    }
    const { clock, random } = this.#options;
    for (let tries = 1, { event } = verdict; ; tries += 1) {
      try {
        await this.#limiter?.take(signal);
        await this.#write(verdict, event, signal);
        return;
      } catch (error) {
        if (signal.aborted) throw error;
        // An earlier try that nobody answered may have been stored.
        if (isAlreadyExists(error) && tries > 1) return;
        if (isAlreadyExists(error)) event = this.#correlator.renamed(event, verdict.key);
        else if (tries >= maxTries || !isPassing(error)) {
          this.#giveUp(verdict, error);
          return;
        } else await clock.sleep(backoffDelayMs(retryBackoff, tries - 1, random), signal);
      }
    }
  }

  async #write(verdict: Exclude<EventVerdict, { kind: "drop" }>, event: Event, signal: AbortSignal): Promise<void> {
    if (verdict.kind === "count") {
      const { namespace = "", name = "" } = event.metadata;
      try {
        await this.#events.patch({ namespace, name }, "strategic", verdict.patch, { signal });
        return;
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    await this.#events.create(event, { signal });
  }

  #giveUp(verdict: Exclude<EventVerdict, { kind: "drop" }>, error: unknown): void {
    const { event, key } = verdict;
    this.#correlator.forget(key);
    this.#dropped?.inc({ reason: isPassing(error) ? "unreachable" : "rejected" });
    const fields = { reason: event.reason, namespace: event.metadata.namespace, error };
    if (isNamespaceTerminating(error)) this.#options.log.debug("event rejected", fields);
    else this.#options.log.warn("event could not be written", fields);
  }

  #drop(why: "queue_full" | "spam", eventReason: string): void {
    this.#dropped?.inc({ reason: why });
    this.#options.log.debug("event dropped", { why, eventReason });
  }
}

/** Whether the same write may succeed later: nobody answered, or the server has trouble or no time. */
function isPassing(error: unknown): boolean {
  const code = findApiError(error)?.code;
  return code === undefined || code === 429 || code >= 500;
}

/** The reference to an object that an event carries. */
function referenceTo(subject: KubeObject | ObjectReference): ObjectReference {
  if (!("metadata" in subject)) return subject;
  const { namespace, name, uid, resourceVersion } = subject.metadata;
  return {
    ...(subject.kind !== undefined && { kind: subject.kind }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(uid !== undefined && { uid }),
    ...(subject.apiVersion !== undefined && { apiVersion: subject.apiVersion }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
}

function truncate(message: string): string {
  if (Buffer.byteLength(message) <= maxMessageBytes) return message;
  // Cutting inside a character leaves replacement characters at the end.
  return Buffer.from(message)
    .subarray(0, maxMessageBytes)
    .toString("utf8")
    .replace(/\uFFFD+$/, "");
}
