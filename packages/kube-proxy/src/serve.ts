import type { DaemonContext } from "@kube-ts/std/daemon";
import { aborted } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import { startServing } from "@kube-ts/std/serving";
import type { ProxyConfig } from "./config/proxy-config.ts";
import type { ProxyHealth } from "./health/proxy-health.ts";
import { serveProxyHealth } from "./health/proxy-health-server.ts";
import type { ProxyMetrics } from "./proxy-metrics.ts";

const rebindDelayMs = 5_000;

/**
 * Serves health and metrics until the signal aborts. An address that cannot be bound is tried again and again,
 * or ends the proxy, as configured.
 */
export async function serveHealthAndMetrics(
  config: ProxyConfig,
  health: ProxyHealth,
  metrics: ProxyMetrics,
  context: DaemonContext,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log, registry, zpages } = context;
  const { healthzBind, metricsBind } = config;
  const bind = (what: string, start: () => Promise<AsyncDisposable>) =>
    bindAgain(what, start, config.bindHardFail, context, signal);
  await using servers = new AsyncDisposableStack();
  const starts: Promise<AsyncDisposable>[] = [];
  if (healthzBind) {
    const { host, port } = healthzBind;
    starts.push(bind("healthz", () => serveProxyHealth(host, port, health, clock, metrics)));
  }
  if (metricsBind) {
    const proxyMode = (_request: unknown, response: { end(body: string): unknown }) => void response.end("iptables");
    const routes = { "/proxyMode": proxyMode };
    starts.push(bind("metrics", () => startServing({ ...metricsBind, registry, zpages, routes, log })));
  }
  await Promise.all(starts.map(async (start) => servers.use(await start)));
  await aborted(signal);
}

async function bindAgain(
  what: string,
  start: () => Promise<AsyncDisposable>,
  hardFail: boolean,
  { clock, log }: DaemonContext,
  signal: AbortSignal,
): Promise<AsyncDisposable> {
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (hardFail) throw error;
      log.error("an address could not be bound", { server: what, error: errorFields(error) });
    }
    await clock.sleep(rebindDelayMs, signal);
  }
}
