import { listenHost } from "@kube-ts/std/bind-address";
import type { Clock } from "@kube-ts/std/clock";
import { requestTarget } from "@kube-ts/std/request-target";
import type { ProxyMetrics } from "../proxy-metrics.ts";
import { answerJson, listenHealth } from "./health-server.ts";
import type { HealthListener } from "./health-server.ts";
import type { ProxyHealth } from "./proxy-health.ts";

/**
 * Serves `/healthz` for load balancers, which fails as well when the node is about to go, and `/livez` for
 * whoever restarts the proxy.
 */
export function serveProxyHealth(
  host: string,
  port: number,
  health: ProxyHealth,
  clock: Clock,
  metrics: Pick<ProxyMetrics, "healthz" | "livez">,
): Promise<HealthListener> {
  return listenHealth({ host: listenHost(host), port }, (request, response) => {
    const { path } = requestTarget(request);
    const updated = JSON.stringify(new Date(health.lastUpdatedMs).toISOString());
    const current = JSON.stringify(new Date(clock.now()).toISOString());
    const times = `{"lastUpdated": ${updated},"currentTime": ${current}`;
    if (path === "/healthz") {
      const status = health.healthy && health.nodeEligible ? 200 : 503;
      metrics.healthz.inc({ code: String(status) });
      answerJson(response, status, `${times}, "nodeEligible": ${health.nodeEligible}}`);
    } else if (path === "/livez") {
      const status = health.healthy ? 200 : 503;
      metrics.livez.inc({ code: String(status) });
      answerJson(response, status, `${times}}`);
    } else {
      response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("404 page not found\n");
    }
  });
}
