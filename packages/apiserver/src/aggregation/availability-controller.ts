import { isDeepStrictEqual } from "node:util";
import type { APIService } from "@kube-ts/api/apiregistration/v1";
import { apiServices, endpointSlices, services } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import { serviceNameLabel } from "@kube-ts/api/well-known-labels";
import { isAbort } from "@kube-ts/std/abort";
import { type BackoffPolicy, backoffDelayMs } from "@kube-ts/std/backoff";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";
import { TaskGroup } from "@kube-ts/std/task-group";
import { groupVersionPath } from "../endpoints/group-version.ts";
import type { ObjectChange, ObjectSource, ObjectWriter } from "../registry/object-source.ts";
import { type Verdict, failedDiscovery, passedVerdict, verdictOfObjects, withVerdict } from "./availability.ts";
import type { AvailabilityMetrics } from "./availability-metrics.ts";
import type { ApiServiceTable } from "./api-service-table.ts";
import type { RemoteServers } from "./remote-servers.ts";

export interface AvailabilityParts {
  readonly source: ObjectSource;
  readonly writer: ObjectWriter;
  readonly table: Pick<ApiServiceTable, "remote">;
  readonly servers: RemoteServers;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly metrics: AvailabilityMetrics;
}

const checkEveryMs = 30_000;
const attempts = 5;
const probeLimits = { timeoutMs: 5_000, maxBytes: 4 * 1024 * 1024 };
const retryPolicy: BackoffPolicy = { baseMs: 250, maxMs: 5_000, factor: 2, jitter: 0.2 };

/** Whether nothing changed but the status: there is nothing new to check then. */
function isOwnWrite({ type, object, previous }: ObjectChange): boolean {
  if (type !== "MODIFIED" || !previous) return false;
  const now = object() as APIService;
  const before = previous() as APIService;
  const isChecked = now.status?.conditions?.some((condition) => condition.type === "Available") ?? false;
  return isChecked && isDeepStrictEqual(now.spec, before.spec);
}

/** Keeps the condition Available of all APIServices. */
export class AvailabilityController {
  readonly #parts: AvailabilityParts;
  readonly #pending = new Set<string>();
  readonly #busy = new Set<string>();
  /** When the next check is due, by name; at most one for each. */
  readonly #timers = new Map<string, Disposable>();
  readonly #failures = new Map<string, number>();
  #wake: () => void = () => {};

  constructor(parts: AvailabilityParts) {
    this.#parts = parts;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { source, table } = this.#parts;
    const add = (name: string) => {
      this.#pending.add(name);
      this.#wake();
    };
    const addServing = (namespace: string, service: string) => {
      for (const { metadata, spec } of table.remote.values()) {
        if (spec.service?.namespace === namespace && spec.service.name === service) add(metadata.name ?? "");
      }
    };
    using _services = source.onChange(services, ({ namespace, name }) => addServing(namespace, name));
    using _slices = source.onChange(endpointSlices, ({ namespace, object }) => {
      // Slices change often, and are parsed only where they may matter.
      const matters = table.remote.values().some(({ spec }) => spec.service?.namespace === namespace);
      if (!matters) return;
      addServing(namespace, object().metadata.labels?.[serviceNameLabel] ?? "");
    });
    using _apiServices = source.onChange(apiServices, (change) => {
      if (!isOwnWrite(change)) add(change.name);
    });
    for (const { metadata } of source.list(apiServices)) add(metadata.name ?? "");
    signal.addEventListener("abort", () => this.#wake(), { once: true });
    const checks = new TaskGroup(signal);
    try {
      while (!signal.aborted) {
        this.#start(checks);
        await this.#touched(signal);
      }
    } finally {
      for (const timer of this.#timers.values()) timer[Symbol.dispose]();
      await checks.stop();
    }
  }

  #touched(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    if (signal.aborted || [...this.#pending].some((name) => !this.#busy.has(name))) resolve();
    return promise;
  }

  /** One check of an APIService at a time; those of different ones do not wait for each other. */
  #start(checks: TaskGroup): void {
    for (const name of this.#pending) {
      if (this.#busy.has(name)) continue;
      this.#pending.delete(name);
      this.#busy.add(name);
      checks.start(async (signal) => {
        try {
          await this.#check(name, signal);
        } finally {
          this.#busy.delete(name);
          this.#wake();
        }
      });
    }
  }

  async #check(name: string, signal: AbortSignal): Promise<void> {
    const { source, writer, clock, log, metrics } = this.#parts;
    const service = source.get(apiServices, "", name);
    this.#timers.get(name)?.[Symbol.dispose]();
    this.#timers.delete(name);
    if (!service) {
      this.#failures.delete(name);
      metrics.deleted(name);
      return;
    }
    try {
      const verdict = verdictOfObjects(service, source) ?? (await this.#probe(service, signal));
      metrics.judged(service, verdict);
      const failures = verdict.status === "True" ? 0 : (this.#failures.get(name) ?? 0) + 1;
      this.#failures.set(name, failures);
      if (service.spec.service) this.#later(name, failures);
      const change = (current: APIService) => {
        const conditions = withVerdict(current, verdict, clock.now());
        return conditions && { ...current, status: { ...current.status, conditions } };
      };
      if (change(service)) await writer.update(apiServices, "", name, change, signal, "status");
    } catch (error) {
      if (isAbort(error, signal) || isNotFound(error)) return;
      if (!isConflict(error)) log.warn("availability of an APIService not recorded", { name, error });
      this.#later(name, 1);
    }
  }

  #later(name: string, failures: number): void {
    const { clock, random } = this.#parts;
    const delayMs = failures === 0 ? checkEveryMs : backoffDelayMs(retryPolicy, failures - 1, random);
    this.#timers.get(name)?.[Symbol.dispose]();
    const fire = () => {
      this.#timers.delete(name);
      this.#pending.add(name);
      this.#wake();
    };
    this.#timers.set(name, clock.setTimer(delayMs, fire));
  }

  /** Asks the server; of several endpoints one that answers is enough. */
  async #probe(service: APIService, signal: AbortSignal): Promise<Verdict> {
    const first = await this.#ask(service, signal);
    if (first === undefined) return passedVerdict;
    const others = Array.from({ length: attempts - 1 }, async () => {
      const problem = await this.#ask(service, signal);
      if (problem !== undefined) throw new Error(problem);
    });
    return Promise.any(others).then(
      () => passedVerdict,
      () => {
        signal.throwIfAborted();
        return failedDiscovery(first);
      },
    );
  }

  /** What is wrong with the server's answer; undefined when it is good. */
  async #ask(service: APIService, signal: AbortSignal): Promise<string | undefined> {
    const { group = "", version = "" } = service.spec;
    const path = groupVersionPath({ group, version });
    let url = path;
    try {
      url = `https://${this.#parts.servers.backend(service).host}${path}`;
      const { code } = await this.#parts.servers.get(service, path, {}, probeLimits, signal);
      return code >= 200 && code < 300
        ? undefined
        : `failing or missing response from ${url}: bad status from ${url}: ${code}`;
    } catch (error) {
      signal.throwIfAborted();
      const problem = error instanceof Error ? error.message : String(error);
      return `failing or missing response from ${url}: Get "${url}": ${problem}`;
    }
  }
}
