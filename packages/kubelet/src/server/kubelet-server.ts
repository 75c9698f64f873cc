import type { RequestListener } from "node:http";
import { createServer as createHttpServer } from "@kube-ts/std/node-http";
import { createServer } from "node:https";
import type { UpgradeRequest } from "@kube-ts/client/streaming/upgrade-server";
import { listenHost } from "@kube-ts/std/bind-address";
import type { Clock } from "@kube-ts/std/clock";
import type { HealthCheck } from "@kube-ts/std/health";
import { listen } from "@kube-ts/std/listen";
import type { Logger } from "@kube-ts/std/log";
import type { Registry } from "@kube-ts/std/metrics";
import type { ServingTls } from "@kube-ts/std/serving";
import { defaultTlsProtocol } from "@kube-ts/std/tls-protocol";
import type { ZPages } from "@kube-ts/std/zpages";
import type { Runtime } from "../runtime/runtime.ts";
import type { Summary } from "../stats/summary-api.ts";
import type { Access } from "./access.ts";
import type { MachineFacts } from "./metrics/cadvisor-metrics.ts";
import type { HttpMetrics } from "./metrics/http-metrics.ts";
import type { PodSource } from "./pod-source.ts";
import type { StreamUpgrades } from "./stream-upgrades.ts";

export interface KubeletServerOptions {
  readonly address: string;
  /** 10250; 0 picks a free port. */
  readonly port: number;
  /** Without it the server speaks plain HTTP, as the read-only port does. */
  readonly tls?: ServingTls;
  readonly nodeName: string;
  readonly runtime: Runtime;
  readonly pods: PodSource;
  readonly machine: MachineFacts;
  /** What node and pods use. */
  summary(signal: AbortSignal): Promise<Summary>;
  readonly access: Access;
  /** The kubelet's own metrics. */
  readonly registry: Registry;
  /** What is counted of requests; absent for nothing. */
  readonly requests?: HttpMetrics;
  /** Metrics about probes, in the same format. */
  readonly probes?: Registry;
  readonly healthChecks: readonly HealthCheck[];
  /** The effective configuration, for `/configz`. */
  configz(): unknown;
  /** Pages about the process; absent for none. */
  readonly zpages?: ZPages | undefined;
  /** Whether logs, exec, attach, port forwarding and what else reaches into pods is served. */
  readonly debuggingHandlers: boolean;
  /** What `/logs/` shows; undefined for nothing. */
  readonly systemLogDirectory: string | undefined;
  /** Whether `/checkpoint` is there, which wants to know who asks. */
  readonly checkpointHandler: boolean;
  readonly streamIdleTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface KubeletServer extends AsyncDisposable {
  readonly port: number;
  /** Serves new connections with another certificate. */
  setTls(tls: ServingTls): void;
}

const drainTimeoutMs = 5_000;

/** Listens; disposing the server ends its streams and waits for what is in flight. */
export async function startKubeletServer(options: KubeletServerOptions): Promise<KubeletServer> {
  const stop = new AbortController();
  const serveUpgrade = lateStreams(options);
  const routes = lateRoutes(options, stop.signal);
  const secure = options.tls ? createServer(tlsOptions(options.tls), routes) : undefined;
  const server = secure ?? createHttpServer(routes);
  const upgrades = new Set<Promise<void>>();
  server.on("upgrade", (request, socket, head) => {
    const task = serveUpgrade({ request, socket, head }, stop.signal).finally(() => upgrades.delete(task));
    upgrades.add(task);
  });
  // A half-open or broken client is nobody's error.
  server.on("clientError", (_error, socket) => socket.destroy());
  const port = await listen(server, { port: options.port, host: listenHost(options.address) });
  return {
    port,
    setTls: (tls) => secure?.setSecureContext(tlsOptions(tls)),
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      stop.abort(new Error("server is stopping"));
      await Promise.all(upgrades);
      const timer = setTimeout(() => server.closeAllConnections(), drainTimeoutMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** Passes requests to the routes, which most nodes are seldom asked for: express is loaded with the first one. */
function lateRoutes(options: KubeletServerOptions, stop: AbortSignal): RequestListener {
  let routes: Promise<RequestListener> | undefined;
  const load = async () => (await import("./routes.ts")).createRoutes(options, stop);
  return (request, response) => {
    routes ??= load();
    routes.then(
      (serve) => serve(request, response),
      (error: unknown) => {
        options.log.error("routes could not be loaded", { error });
        response.destroy();
      },
    );
  };
}

/** The same for streams, with their protocols. */
function lateStreams(options: KubeletServerOptions): (upgrade: UpgradeRequest, stop: AbortSignal) => Promise<void> {
  let streams: Promise<StreamUpgrades> | undefined;
  const load = async () => new (await import("./stream-upgrades.ts")).StreamUpgrades(options);
  return async (upgrade, stop) => {
    upgrade.socket.on("error", () => upgrade.socket.destroy());
    streams ??= load();
    await (await streams).serve(upgrade, stop);
  };
}

function tlsOptions(tls: ServingTls) {
  return {
    // Without a certificate no connection comes about.
    ...(tls.cert === "" ? {} : { cert: tls.cert, key: tls.key }),
    ...defaultTlsProtocol,
    // Certificates are asked for and judged by `Access`: a client may also come with a token.
    ...(tls.clientCa === undefined ? {} : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: false }),
  };
}
