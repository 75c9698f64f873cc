import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { UserInfo } from "../auth/user.ts";
import type { RequestInfo, ResourceRequest } from "../endpoints/request-info.ts";
import { WatchCounts } from "./cost/watch-counts.ts";
import { type ResourceSize, type WorkSources, estimateWork } from "./cost/work-estimate.ts";
import { Ticket } from "./fair-queuing/ticket.ts";
import { type FlowConfig, readFlowConfig } from "./flow-config.ts";
import { FlowTarget } from "./flow-target.ts";
import { Level } from "./level.ts";
import { divideByDemand, nextTrend } from "./limits/borrowing.ts";
import { divideSeats } from "./limits/level-limits.ts";
import { Classifier } from "./matching/classifier.ts";
import { Traffic } from "./metrics/traffic.ts";
import type { Place, RequestGate } from "./request-gate.ts";

export interface FlowControlParts {
  /** Seats of the whole server. */
  readonly seats: number;
  /** The time that requests have which do not say so. */
  readonly requestTimeoutMs: number;
  /** Undefined for what is not stored here. */
  readonly sizeOf: (info: ResourceRequest) => ResourceSize | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A watch: holds seats until it has begun, and counts for the cost of writes until it ends. */
class WatchPlace implements Place {
  readonly #ticket: Ticket;
  readonly #registration: Disposable;

  constructor(ticket: Ticket, registration: Disposable) {
    this.#ticket = ticket;
    this.#registration = registration;
  }

  get headers(): Readonly<Record<string, string>> {
    return this.#ticket.headers;
  }

  begun(): void {
    this.#ticket.begun();
  }

  [Symbol.dispose](): void {
    this.#ticket[Symbol.dispose]();
    this.#registration[Symbol.dispose]();
  }
}

/** A request may wait for this part of the time that it has. */
const waitShare = 1 / 4;
const maxWaitMs = 60_000;
const catchAllName = "catch-all";

/**
 * Priority and fairness: sends each request to a priority level by the first schema that matches it, and lets as many run
 * at a time as the level has seats. Begins with what is mandatory, until it is told of the cluster's own levels and schemas.
 */
export class FlowControl implements RequestGate {
  readonly traffic: Traffic;
  readonly #parts: FlowControlParts;
  readonly #levels = new Map<string, Level>();
  readonly #watches = new WatchCounts();
  readonly #sources: WorkSources;
  #config: FlowConfig;
  #classifier: Classifier<FlowTarget>;
  #fairFraction = 0;

  constructor(parts: FlowControlParts) {
    this.#parts = parts;
    this.traffic = new Traffic(parts.clock.monotonicMs());
    this.#sources = { sizeOf: parts.sizeOf, watchesOf: (info) => this.#watches.interested(info) };
    this.#config = readFlowConfig([], []);
    this.#classifier = this.#apply(this.#config);
  }

  /** The levels at work, by name, those included that only empty themselves. */
  get levels(): readonly Level[] {
    return [...this.#levels.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The fraction of what they could use that levels without bounds were given. */
  get fairFraction(): number {
    return this.#fairFraction;
  }

  /** Takes effect at once, for requests that wait, too. */
  configure(config: FlowConfig): void {
    this.#config = config;
    this.#classifier = this.#apply(config);
  }

  /** Lends seats that levels do not use to those that can use them; to be called every ten seconds. */
  adjust(): void {
    const { clock, seats } = this.#parts;
    const levels = [...this.#levels.values()];
    for (const level of levels) {
      level.trend = nextTrend(level.trend, level.observed.demand.reset(clock.monotonicMs()));
    }
    const borrowers = levels.map(({ limits, trend, queues }) => ({ limits, trend, current: queues.limit }));
    const lending = divideByDemand(borrowers);
    this.#fairFraction = lending.fairFraction;
    for (const [index, level] of levels.entries()) {
      const given = lending.levels[index];
      if (!given) continue;
      level.targetSeats = given.target;
      level.setSeats(given.current, given.current > 0 ? given.current : Math.max(1, Math.round(seats / 10)));
    }
  }

  enter(
    user: UserInfo,
    info: RequestInfo,
    signal: AbortSignal,
    timeoutMs: number | undefined,
  ): Place | Promise<Place> | undefined {
    if (timeoutMs !== undefined) return this.#enter(user, info, signal, timeoutMs);
    // Of what takes long, only watches are limited, and only until they have begun.
    if (info.kind !== "resource" || info.verb !== "watch") return undefined;
    const entered = this.#enter(user, info, signal, this.#parts.requestTimeoutMs);
    if (entered instanceof Promise) return entered.then((ticket) => new WatchPlace(ticket, this.registerWatch(info)));
    return new WatchPlace(entered, this.registerWatch(info));
  }

  #enter(user: UserInfo, info: RequestInfo, signal: AbortSignal, timeoutMs: number): Ticket | Promise<Ticket> {
    const target = this.#classifier.classify(user, info);
    const { level, stats } = target;
    const nowMs = this.#parts.clock.monotonicMs();
    const work = estimateWork(info, level.limits.requestSeats, this.#sources, stats.watchCount);
    const distinguisher = target.distinguisherOf(user, info);
    const ticket = new Ticket(level, target, distinguisher, user, info, work, nowMs);
    stats.estimatedSeats.observe(ticket.seats);
    const waitMs = Math.min(timeoutMs * waitShare, maxWaitMs);
    return level.admit(ticket, target.handOf(distinguisher), signal, waitMs, nowMs);
  }

  /** Counts a watch, for the cost of writes that it will be told of, until it is disposed of. */
  registerWatch(info: ResourceRequest): Disposable {
    return this.#watches.register(info);
  }

  #apply(config: FlowConfig): Classifier<FlowTarget> {
    this.#setLevels(config);
    for (const [name, problem] of config.broken) {
      this.#parts.log.warn("a priority level is broken and left out", { level: name, problem });
    }
    const targets = config.schemas.flatMap((schema) => {
      const level = this.#levels.get(schema.levelName);
      return level ? [new FlowTarget(schema, level)] : [];
    });
    this.#forgetStats(targets);
    const fallback = targets.find(({ schema }) => schema.name === catchAllName) ?? targets.at(-1);
    if (!fallback) throw new Error("there is no flow schema for all requests");
    return new Classifier(
      targets.map((target) => ({ rules: target.schema.rules, target })),
      fallback,
    );
  }

  /** Makes the levels what the configuration says; what is gone stays until nothing waits or runs there. */
  #setLevels({ levels }: FlowConfig): void {
    const { clock, seats } = this.#parts;
    const wanted = new Set(levels.map(({ name }) => name));
    for (const [name, level] of this.#levels) {
      if (wanted.has(name)) continue;
      if (level.queues.idle) this.#levels.delete(name);
      else level.quiescing = true;
    }
    const made = new Set<Level>();
    for (const settings of levels) {
      const known = this.#levels.get(settings.name);
      const level = known ?? new Level(settings, clock, this.traffic, () => this.configure(this.#config));
      if (!known) made.add(level);
      level.settings = settings;
      level.quiescing = false;
      this.#levels.set(settings.name, level);
    }
    const all = [...this.#levels.values()];
    const limits = divideSeats(
      seats,
      all.map(({ settings }) => settings.shared),
    );
    for (const [index, level] of all.entries()) {
      level.limits = limits[index] ?? level.limits;
      const { nominal, min } = level.limits;
      if (made.has(level)) level.setSeats(nominal - Math.floor((nominal - min) / 2), Math.max(1, nominal));
    }
    this.#setTrafficLimits(all);
    this.adjust();
  }

  #setTrafficLimits(levels: readonly Level[]): void {
    const executing = levels.reduce((sum, { limits }) => sum + limits.nominal, 0);
    const waiting = levels.reduce((sum, level) => sum + level.queueCapacity, 0);
    this.traffic.setLimits(executing, waiting, this.#parts.clock.monotonicMs());
  }

  /** Forgets the counts of schemas that are gone. */
  #forgetStats(targets: readonly FlowTarget[]): void {
    const used = new Set(targets.map(({ stats }) => stats));
    for (const { stats } of this.#levels.values()) {
      for (const [schema, counted] of stats) if (!used.has(counted) && counted.idle) stats.delete(schema);
    }
  }
}
