import type { BootstrapStep } from "../bootstrap/run-bootstrap.ts";
import type { ResourceCache } from "../storage/cache/resource-cache.ts";
import type { Store } from "../storage/store.ts";
import type { HealthCheck } from "./health-checks.ts";

export interface CheckedParts {
  readonly store: Store;
  readonly caches: readonly ResourceCache[];
  readonly pendingSteps: ReadonlySet<BootstrapStep>;
  /** Aborts when the server stops. */
  readonly stop: AbortSignal;
}

/** What has to be right for the server to be alive, and what for it to be ready. */
export function serverChecks(parts: CheckedParts): { live: HealthCheck[]; ready: HealthCheck[] } {
  const live = liveChecks(parts);
  return { live, ready: [...live, ...readyChecks(parts)] };
}

function liveChecks({ store }: CheckedParts): HealthCheck[] {
  return [
    { name: "ping", check: () => {} },
    { name: "log", check: () => {} },
    { name: "etcd", check: (signal) => store.checkHealth(signal) },
  ];
}

function readyChecks({ caches, pendingSteps, stop }: CheckedParts): HealthCheck[] {
  return [
    {
      name: "informer-sync",
      check: () => {
        const waiting = caches.filter((cache) => !cache.ready).map((cache) => cache.resource);
        if (waiting.length > 0) throw new Error(`caches not ready: ${waiting.join(", ")}`);
      },
    },
    ...[...pendingSteps].map((step) => ({
      name: `poststarthook/${step}`,
      check: () => {
        if (pendingSteps.has(step)) throw new Error("not finished");
      },
    })),
    {
      name: "shutdown",
      check: () => {
        if (stop.aborted) throw new Error("process is shutting down");
      },
    },
  ];
}
