import type { ApiServerConfig } from "../config/server-config.ts";
import { type Catalog, groupVersions } from "../endpoints/discovery.ts";
import type { ResourceCache } from "../storage/cache/resource-cache.ts";
import type { Aggregation } from "./aggregation.ts";
import type { ServerEnvironment } from "./environment.ts";
import type { HealthCheck } from "./health-checks.ts";
import type { Stores } from "./storage.ts";

export interface CheckedParts {
  readonly stores: Stores;
  readonly caches: readonly ResourceCache[];
  /** What is built in. */
  readonly catalog: Catalog;
  readonly aggregation: Aggregation;
}

/** What has to be right for the server to be healthy, alive and ready. */
export interface ServerChecks {
  readonly healthz: readonly HealthCheck[];
  readonly livez: readonly HealthCheck[];
  readonly readyz: readonly HealthCheck[];
}

export function serverChecks(
  { etcd, lifecycle }: Pick<ApiServerConfig, "etcd" | "lifecycle">,
  { stores, caches, catalog, aggregation }: CheckedParts,
  environment: ServerEnvironment,
): ServerChecks {
  const { clock, stop } = environment;
  const basic = [ping, log, storeCheck("etcd", stores, etcd.liveTimeoutMs), ...(stores.encryption?.checks ?? [])];
  const start = [...startupChecks(environment), registrationCheck(catalog, aggregation)];
  const graceEndMs = clock.monotonicMs() + lifecycle.livezGraceMs;
  return {
    healthz: [...basic, ...start],
    livez: [...basic, ...start.map((check) => graced(check, () => clock.monotonicMs() < graceEndMs))],
    readyz: [
      ...basic,
      storeCheck("etcd-readiness", stores, etcd.readyTimeoutMs),
      cacheCheck(caches),
      ...start,
      shutdownCheck(stop),
    ],
  };
}

const ping: HealthCheck = { name: "ping", check: () => {} };
/** Log lines are written at once: when the log blocks, nothing is answered at all. */
const log: HealthCheck = { name: "log", check: () => {} };

function storeCheck(name: string, { all }: Stores, timeoutMs: number): HealthCheck {
  return {
    name,
    timeoutMs,
    check: async (signal) => {
      await Promise.all(all.map((store) => store.checkHealth(signal)));
    },
  };
}

function startupChecks({ startup }: ServerEnvironment): HealthCheck[] {
  return startup.all.map((step) => ({
    name: `poststarthook/${step}`,
    check: () => {
      if (startup.isPending(step)) throw new Error("not finished");
    },
  }));
}

/** The group of APIServices has none itself. */
const aggregationGroup = "apiregistration.k8s.io";

/** Fails until all APIServices of what is built in have been there once. */
function registrationCheck(catalog: Catalog, { table }: Aggregation): HealthCheck {
  const expected = groupVersions(catalog)
    .filter(({ group }) => group !== aggregationGroup)
    .map(({ group, version }) => `${version}.${group}`);
  let isComplete = false;
  return {
    name: "autoregister-completion",
    check: () => {
      if (isComplete) return;
      const existing = new Set(table.all.map(({ metadata }) => metadata.name));
      const missing = expected.filter((name) => !existing.has(name)).sort();
      if (missing.length > 0) throw new Error(`missing APIService: [${missing.join(" ")}]`);
      isComplete = true;
    },
  };
}

function cacheCheck(caches: readonly ResourceCache[]): HealthCheck {
  return {
    name: "informer-sync",
    check: () => {
      const waiting = caches.filter((cache) => !cache.ready).map((cache) => cache.resource);
      if (waiting.length > 0) throw new Error(`${waiting.length} informers not started yet: [${waiting.join(" ")}]`);
    },
  };
}

function shutdownCheck(stop: AbortSignal): HealthCheck {
  return {
    name: "shutdown",
    check: () => {
      if (stop.aborted) throw new Error("process is shutting down");
    },
  };
}

/** The check, passed whatever it finds for some time. */
function graced(check: HealthCheck, isInTime: () => boolean): HealthCheck {
  return {
    ...check,
    check: async (signal) => {
      try {
        await check.check(signal);
      } catch (error) {
        if (!isInTime()) throw error;
      }
    },
  };
}
