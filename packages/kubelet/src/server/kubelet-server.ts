import type { IncomingMessage } from "node:http";
import { createServer as createHttpServer } from "@kube-ts/std/node-http";
import { createServer } from "node:https";
import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { refuseUpgrade } from "@kube-ts/client/streaming/upgrade-server";
import { listenHost } from "@kube-ts/std/bind-address";
import type { Clock } from "@kube-ts/std/clock";
import type { HealthCheck } from "@kube-ts/std/health";
import type { Logger } from "@kube-ts/std/log";
import type { Registry } from "@kube-ts/std/metrics";
import type { ServingTls } from "@kube-ts/std/serving";
import { defaultTlsProtocol } from "@kube-ts/std/tls-protocol";
import type { Runtime } from "../runtime/runtime.ts";
import type { Summary } from "../stats/summary-api.ts";
import { checkAccess } from "./access.ts";
import type { Access } from "./access.ts";
import type { MachineFacts } from "./metrics/cadvisor-metrics.ts";
import type { PodSource } from "./pod-source.ts";
import { createRoutes } from "./routes.ts";
import { StreamServer } from "./streams/stream-server.ts";

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
  /** Metrics about probes, in the same format. */
  readonly probes?: Registry;
  readonly healthChecks: readonly HealthCheck[];
  /** The effective configuration, for `/configz`. */
  configz(): unknown;
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

const maxStreams = 1024;
const drainTimeoutMs = 5_000;

/** Listens; disposing the server ends its streams and waits for what is in flight. */
export async function startKubeletServer(options: KubeletServerOptions): Promise<KubeletServer> {
  const stop = new AbortController();
  const streams = new StreamServer({
    runtime: options.runtime,
    pods: options.pods,
    idleTimeoutMs: options.streamIdleTimeoutMs,
    maxStreams,
    log: options.log,
  });
  const routes = createRoutes(options, stop.signal);
  const secure = options.tls ? createServer(tlsOptions(options.tls), routes) : undefined;
  const server = secure ?? createHttpServer(routes);
  const upgrades = new Set<Promise<void>>();
  server.on("upgrade", (request, socket, head) => {
    const task = serveUpgrade(options, streams, request, socket, head, stop.signal).finally(() =>
      upgrades.delete(task),
    );
    upgrades.add(task);
  });
  // A half-open or broken client is nobody's error.
  server.on("clientError", (_error, socket) => socket.destroy());
  await listen(server as Server, options.address, options.port);
  return {
    port: (server.address() as AddressInfo).port,
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

async function serveUpgrade(
  options: KubeletServerOptions,
  streams: StreamServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  signal: AbortSignal,
): Promise<void> {
  socket.on("error", () => socket.destroy());
  const refusal = await checkAccess(options.access, request, options.nodeName, options.log);
  if (refusal) refuseUpgrade(socket, refusal.status, `${refusal.message}\n`);
  else if (!options.debuggingHandlers) refuseUpgrade(socket, 405, "Debug endpoints are disabled.\n");
  else await streams.serve({ request, socket, head }, signal);
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

function listen(server: Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, listenHost(address), () => {
      server.off("error", reject);
      resolve();
    });
  });
}
