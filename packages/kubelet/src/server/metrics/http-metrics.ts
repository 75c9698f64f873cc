import { HotCounter, HotHistogram } from "@kube-ts/std/hot-metrics";
import { Gauge, type Registry } from "@kube-ts/std/metrics";
import type { KubeletServerOptions } from "../kubelet-server.ts";

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const labelNames = ["method", "path", "server_type", "long_running"] as const;

/** First segments of paths that are served; everything else is one label value, so that nobody can make more. */
const roots: ReadonlySet<string> = new Set([
  "attach",
  "checkpoint",
  "configz",
  "containerLogs",
  "debug",
  "exec",
  "flagz",
  "healthz",
  "logs",
  "metrics",
  "pods",
  "portForward",
  "run",
  "runningpods",
  "stats",
  "statusz",
]);
const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const longRunning: ReadonlySet<string> = new Set(["attach", "exec", "debug", "portForward"]);

/** Requests to the kubelet's server, under upstream's names. */
export class HttpMetrics {
  readonly #requests: HotCounter;
  readonly #durations: HotHistogram;
  readonly #inFlight = new Map<string, { readonly values: readonly string[]; count: number }>();

  constructor(registry: Registry) {
    this.#requests = new HotCounter({
      name: "kubelet_http_requests_total",
      help: "Requests to the kubelet's server.",
      labelNames,
      registry,
    });
    this.#durations = new HotHistogram({
      name: "kubelet_http_requests_duration_seconds",
      help: "How long it takes to answer requests.",
      labelNames,
      buckets,
      registry,
    });
    const inFlight: Gauge = new Gauge({
      name: "kubelet_http_inflight_requests",
      help: "Requests that are being answered.",
      labelNames: [...labelNames],
      registers: [registry],
      collect: () => {
        for (const { values, count } of this.#inFlight.values()) inFlight.set(labelsOf(values), count);
      },
    });
  }

  /** One request has come; the answer is to be called, once, when it was answered. */
  begin(method: string, path: string, serverType: "readonly" | "readwrite"): (seconds: number) => void {
    const root = path.split("/")[1] ?? "";
    const values = [
      methods.has(method) ? method : "other",
      roots.has(root) ? root : "invalid path",
      serverType,
      String(longRunning.has(root)),
    ] as const;
    const key = values.join();
    const current = this.#inFlight.get(key) ?? { values, count: 0 };
    this.#inFlight.set(key, current);
    current.count += 1;
    this.#requests.with(...values).inc();
    return (seconds) => {
      current.count -= 1;
      this.#durations.with(...values).observe(seconds);
    };
  }
}

/** Counts one request, if anybody wants to know; the answer is to be called when it is over. */
export function countRequest(
  { requests, tls, clock }: Pick<KubeletServerOptions, "requests" | "tls" | "clock">,
  request: { readonly method?: string | undefined },
  path: string,
): () => void {
  const done = requests?.begin(request.method ?? "GET", path, tls ? "readwrite" : "readonly");
  const startMs = clock.monotonicMs();
  return () => done?.((clock.monotonicMs() - startMs) / 1000);
}

function labelsOf(values: readonly string[]): Record<string, string> {
  return Object.fromEntries(labelNames.map((name, index) => [name, values[index] ?? ""]));
}
