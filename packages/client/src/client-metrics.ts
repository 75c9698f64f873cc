import { Counter, Histogram, type Registry } from "@kube-ts/std/metrics";

const durationBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

/** Upstream's metrics of the requests that a client makes. */
export interface ClientMetrics {
  /** `code` is the status code, or `<error>` when there was no answer. */
  requestDone(code: string, method: string, seconds: number): void;
  rateLimited(method: string, seconds: number): void;
}

/** Metrics of requests to `host`; clients of one registry share them. Without a registry nothing is counted. */
export function clientMetrics(registry: Registry | undefined, host: string): ClientMetrics {
  if (!registry) return { requestDone: () => {}, rateLimited: () => {} };
  const requests = existingOr(registry, "rest_client_requests_total", (name) => {
    const help = "Number of HTTP requests, by status code, method and host.";
    return new Counter({ name, help, labelNames: ["code", "method", "host"], registers: [registry] });
  });
  const durations = existingOr(registry, "rest_client_request_duration_seconds", (name) => {
    const help = "Time until the answer to a request began, by verb and host.";
    return new Histogram({ name, help, labelNames: ["verb", "host"], buckets: durationBuckets, registers: [registry] });
  });
  const waits = existingOr(registry, "rest_client_rate_limiter_duration_seconds", (name) => {
    const help = "Time that requests waited for the client's rate limit, by verb and host.";
    return new Histogram({ name, help, labelNames: ["verb", "host"], buckets: durationBuckets, registers: [registry] });
  });
  return {
    requestDone: (code, method, seconds) => {
      requests.inc({ code, method, host });
      durations.observe({ verb: method, host }, seconds);
    },
    rateLimited: (method, seconds) => waits.observe({ verb: method, host }, seconds),
  };
}

/** The metric that the registry already has under this name, or a new one. */
export function existingOr<M>(registry: Registry, name: string, create: (name: string) => M): M {
  return (registry.getSingleMetric(name) as M | undefined) ?? create(name);
}
