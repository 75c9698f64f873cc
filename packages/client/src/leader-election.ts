import { isAbort, withDeadline } from "@kube-ts/std/abort";
import type { Logger } from "@kube-ts/std/log";
import { Gauge, type Registry } from "@kube-ts/std/metrics";
import type { Random } from "@kube-ts/std/random";
import { existingOr } from "./client-metrics.ts";
import { LeaseElector, type LeaseElectorOptions } from "./lease-elector.ts";

export interface LeaderElectionOptions extends Omit<LeaseElectorOptions, "leaseDurationMs"> {
  /** How long candidates wait after the last renewal that they saw; 15 s unless told. */
  readonly leaseDurationMs?: number;
  /** How long the leader tries to renew before it gives up; 10 s unless told. */
  readonly renewDeadlineMs?: number;
  /** Pause between attempts; 2 s unless told. */
  readonly retryPeriodMs?: number;
  /** Whether to free the lease at the end; true unless told. */
  readonly releaseOnCancel?: boolean;
  readonly random: Random;
  readonly log: Logger;
  readonly registry?: Registry;
}

/** The lease could not be renewed in time, or somebody else has it: another process may lead now. */
export class LeadershipLostError extends Error {
  constructor(lease: string) {
    super(`leader election lost: ${lease}`);
    this.name = "LeadershipLostError";
  }
}

/** Candidates spread their attempts by up to this fraction of the retry period. */
const jitter = 1.2;

/** What one request may take: one that hangs must not be the last. Of the deadline, for candidates and at least for leaders. */
const requestShare = { candidate: 1 / 4, leader: 1 / 6 };
/** Of the time that is left to a leader. */
const leftShare = 1 / 3;

/**
 * Waits for the lease, then runs `lead` while renewing it. When the signal aborts, `lead` is told to stop, the lease
 * is kept until it has, and then freed. When the lease is lost, the signal of `lead` aborts and the promise rejects
 * with a LeadershipLostError, at the latest when another candidate may have taken over. Otherwise the outcome is that
 * of `lead`.
 */
export async function runWhileLeading(
  options: LeaderElectionOptions,
  signal: AbortSignal,
  lead: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const election = new Election(options);
  if (!(await election.acquire(signal))) return;
  await election.lead(signal, lead);
}

class Election {
  readonly #options: LeaderElectionOptions;
  readonly #elector: LeaseElector;
  readonly #leaseDurationMs: number;
  readonly #renewDeadlineMs: number;
  readonly #retryPeriodMs: number;
  readonly #name: string;

  constructor(options: LeaderElectionOptions) {
    const { leaseDurationMs = 15_000, renewDeadlineMs = 10_000, retryPeriodMs = 2_000 } = options;
    this.#options = options;
    this.#leaseDurationMs = leaseDurationMs;
    this.#renewDeadlineMs = renewDeadlineMs;
    this.#retryPeriodMs = retryPeriodMs;
    this.#name = `${options.namespace}/${options.name}`;
    this.#elector = new LeaseElector({ ...options, leaseDurationMs });
  }

  /** True once the lease is held; false when the signal aborts before. */
  async acquire(signal: AbortSignal): Promise<boolean> {
    const { clock, log } = this.#options;
    log.info("attempting to acquire leader lease", { lease: this.#name });
    this.#reportLeading(false);
    let lastHolder = "";
    try {
      for (;;) {
        const startMs = clock.monotonicMs();
        const requestMs = this.#renewDeadlineMs * requestShare.candidate;
        if (await this.#attempt(this.#renewDeadlineMs, requestMs, signal)) break;
        const { holder } = this.#elector;
        if (holder !== lastHolder) log.info("new leader elected", { lease: this.#name, holder });
        lastHolder = holder;
        await clock.sleep(this.#candidatePauseMs(startMs), signal);
      }
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
    log.info("successfully acquired lease", { lease: this.#name });
    this.#reportLeading(true);
    return true;
  }

  /** Attempts are spread, and those that hung were a pause, too; but the end of the lease is not slept through. */
  #candidatePauseMs(startMs: number): number {
    const { clock, random } = this.#options;
    const nowMs = clock.monotonicMs();
    const nextMs = startMs + this.#retryPeriodMs * (1 + jitter * random.next());
    const { validUntilMs } = this.#elector;
    return Math.max(0, (validUntilMs > nowMs ? Math.min(validUntilMs, nextMs) : nextMs) - nowMs);
  }

  async lead(signal: AbortSignal, lead: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const lost = new AbortController();
    const done = new AbortController();
    const leading = lead(AbortSignal.any([signal, lost.signal])).finally(() => done.abort());
    const renewing = this.#renewUntil(done.signal).catch((error: unknown) => lost.abort(error));
    await Promise.race([settled(leading), renewing]);
    if (!lost.signal.aborted) await renewing;
    this.#reportLeading(false);
    if (lost.signal.aborted) {
      await this.#untilTakeover(leading);
      throw lost.signal.reason;
    }
    await this.#release();
    await leading.catch((error: unknown) => {
      if (!isAbort(error, signal)) throw error;
    });
  }

  /** Keeps the lease until `done` aborts. Rejects with a LeadershipLostError when it cannot. */
  async #renewUntil(done: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!done.aborted) {
      await this.#pause(this.#retryPeriodMs, done);
      const expiryMs = this.#elector.renewedAtMs + this.#leaseDurationMs;
      const deadlineMs = Math.min(clock.monotonicMs() + this.#renewDeadlineMs, expiryMs);
      for (let startMs = clock.monotonicMs(); !done.aborted; startMs = clock.monotonicMs()) {
        const leftMs = deadlineMs - startMs;
        const requestMs = Math.max(leftMs * leftShare, this.#renewDeadlineMs * requestShare.leader);
        if (await this.#attempt(leftMs, requestMs, done)) break;
        if (done.aborted) return;
        const takenOver = !this.#elector.isHolder && this.#elector.holder !== "";
        const nowMs = clock.monotonicMs();
        if (takenOver || nowMs >= deadlineMs) throw new LeadershipLostError(this.#name);
        await this.#pause(Math.max(0, Math.min(startMs + this.#retryPeriodMs, deadlineMs) - nowMs), done);
      }
    }
  }

  /** One attempt of at most `limitMs`; a failure counts as not having the lease. */
  async #attempt(limitMs: number, requestMs: number, signal: AbortSignal): Promise<boolean> {
    const { clock, log } = this.#options;
    if (limitMs <= 0) return false;
    using deadline = withDeadline(clock, signal, limitMs);
    try {
      return await this.#elector.tryAcquireOrRenew(deadline.signal, requestMs);
    } catch (error) {
      if (!signal.aborted) log.warn("leader lease attempt failed", { lease: this.#name, error });
      return false;
    }
  }

  /** Waits for work that was told to stop, but not into the time when another process may lead. */
  async #untilTakeover(leading: Promise<void>): Promise<void> {
    const remainingMs = this.#elector.renewedAtMs + this.#leaseDurationMs - this.#options.clock.monotonicMs();
    const drained = new AbortController();
    void settled(leading).then(() => drained.abort());
    await this.#pause(Math.max(0, remainingMs), drained.signal);
  }

  async #release(): Promise<void> {
    const { releaseOnCancel = true, log, clock } = this.#options;
    if (!releaseOnCancel) return;
    using deadline = withDeadline(clock, new AbortController().signal, this.#renewDeadlineMs);
    await this.#elector.release(deadline.signal).catch((error: unknown) => {
      log.warn("leader lease could not be released", { lease: this.#name, error });
    });
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    await this.#options.clock.sleep(ms, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  #reportLeading(leading: boolean): void {
    const { registry, name } = this.#options;
    if (!registry) return;
    const gauge = existingOr(registry, "leader_election_master_status", (metric) => {
      const help = "Whether this process leads (1) or stands by (0), by name of the lease.";
      return new Gauge({ name: metric, help, labelNames: ["name"], registers: [registry] });
    });
    gauge.set({ name }, leading ? 1 : 0);
  }
}

/** Resolves when the promise has ended, however it did. */
function settled(work: Promise<void>): Promise<void> {
  return work.catch(() => undefined);
}
