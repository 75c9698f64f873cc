import type { IncomingMessage, ServerResponse } from "node:http";
import express from "express";
import type { Express, NextFunction, Request, Response } from "express";
import { reportHealth, pingCheck } from "@kube-ts/std/health";
import { type RequestTarget, requestTarget } from "@kube-ts/std/request-target";
import { checkAccess } from "./access.ts";
import { cpuAndMemoryOf } from "./cpu-and-memory.ts";
import { loggedContainer, sendLogs } from "./container-logs.ts";
import { type Exchange, type Handler, sendText } from "./exchange.ts";
import type { KubeletServerOptions } from "./kubelet-server.ts";
import { parseLogRequest } from "./log-request.ts";
import { cadvisorMetrics } from "./metrics/cadvisor-metrics.ts";
import { countRequest } from "./metrics/http-metrics.ts";
import { exposition, expositionContentType } from "./metrics/exposition.ts";
import { resourceMetrics } from "./metrics/resource-metrics.ts";
import { checkpointContainer, runCommand } from "./container-actions.ts";
import { sendNodeLog } from "./node-logs.ts";
import { RequestError } from "./pod-source.ts";
import { pathSegments } from "./path-segments.ts";
import { runningPods } from "./running-pods.ts";

const requestTimeoutMs = 60_000;
/** Paths that reach into pods or the node; off with the debugging handlers. */
const debugging = ["run", "exec", "attach", "portForward", "containerLogs", "runningpods", "configz", "logs", "debug"];

/** The server's plain requests. The signal aborts when the server stops. */
export function createRoutes(options: KubeletServerOptions, stop: AbortSignal): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use((request: Request, response: Response) => serve(options, request, response, stop));
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    options.log.warn("request failed", { path: requestTarget(request).path, error });
    if (response.headersSent) response.destroy();
    else sendText(response, 500, `${messageOf(error)}\n`);
  });
  return app;
}

async function serve(
  options: KubeletServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  stop: AbortSignal,
): Promise<void> {
  const target = requestTarget(request);
  response.once("close", countRequest(options, request, target.path));
  const refusal = await checkAccess(options.access, request, options.nodeName, options.log);
  if (refusal) {
    sendText(response, refusal.status, `${refusal.message}\n`);
    return;
  }
  const gone = new AbortController();
  response.once("close", () => gone.abort(new Error("client went away")));
  const signal = AbortSignal.any([stop, gone.signal]);
  try {
    await route(options, request, target)({ request, response, target, signal });
  } catch (error) {
    if (gone.signal.aborted) return;
    if (!(error instanceof RequestError) || response.headersSent) throw error;
    sendText(response, error.statusCode, `${error.message}\n`);
  }
}

function route(options: KubeletServerOptions, request: IncomingMessage, { path }: RequestTarget): Handler {
  const first = path.split("/")[1] ?? "";
  if (debugging.includes(first) && !options.debuggingHandlers)
    throw new RequestError(405, "Debug endpoints are disabled.");
  if (first === "exec" || first === "attach" || first === "portForward") {
    throw new RequestError(400, "unable to upgrade: missing upgrade headers in request");
  }
  const run = pathSegments(path, "run");
  if (run) return runCommand(options, request, run);
  const checkpoint = options.checkpointHandler ? pathSegments(path, "checkpoint") : undefined;
  if (checkpoint) return checkpointContainer(options, request, checkpoint);
  if (request.method !== "GET" && request.method !== "HEAD" && path !== "/stats/summary") {
    throw new RequestError(405, "405: Method Not Allowed");
  }
  const logs = pathSegments(path, "containerLogs");
  if (logs) return containerLogs(options, logs);
  const systemLogs = pathSegments(path, "logs");
  if (systemLogs) return nodeLogs(options, systemLogs);
  const health = /^\/healthz(?:\/(.+))?$/.exec(path);
  if (health) return healthz(options, health[1]);
  const handler = exactRoutes[path];
  if (!handler) throw new RequestError(404, "404 page not found");
  return (exchange) => handler(options, exchange);
}

const exactRoutes: Readonly<Record<string, (options: KubeletServerOptions, exchange: Exchange) => Promise<void>>> = {
  "/pods": async ({ pods }, { response }) => sendPods(response, pods.list()),
  "/pods/": async ({ pods }, { response }) => sendPods(response, pods.list()),
  "/runningpods": async ({ runtime }, { response, signal }) => sendPods(response, await runningPods(runtime, signal)),
  "/runningpods/": async ({ runtime }, { response, signal }) => sendPods(response, await runningPods(runtime, signal)),
  "/statusz": sendZPage,
  "/flagz": sendZPage,
  "/configz": async ({ configz }, { response }) => sendJson(response, { kubeletconfig: configz() }),
  "/metrics": async ({ registry }, { response }) =>
    sendText(response, 200, await registry.metrics(), registry.contentType),
  "/metrics/probes": async ({ probes }, { response }) =>
    sendText(response, 200, (await probes?.metrics()) ?? "", expositionContentType),
  "/metrics/cadvisor": async ({ runtime, machine }, { response, signal }) => {
    const cgroups = await runtime.listPodSandboxMetrics(signal);
    sendText(response, 200, exposition(cadvisorMetrics(cgroups, machine)), expositionContentType);
  },
  "/metrics/resource": async (options, { response, signal }) => {
    const summary = await boundedSummary(options, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      options.log.warn("usage cannot be read", { error });
      return undefined;
    });
    sendText(response, 200, exposition(resourceMetrics(summary)), expositionContentType);
  },
  "/stats/summary": async (options, { response, target, signal }) => {
    const summary = await boundedSummary(options, signal);
    const onlyCpuAndMemory = target.query.get("only_cpu_and_memory") === "true";
    sendJson(response, onlyCpuAndMemory ? cpuAndMemoryOf(summary) : summary);
  },
};

function boundedSummary(options: KubeletServerOptions, signal: AbortSignal) {
  return options.summary(AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]));
}

function healthz({ healthChecks, log }: KubeletServerOptions, subject: string | undefined): Handler {
  return async ({ response, target }) => {
    const report = await reportHealth("healthz", [pingCheck, ...healthChecks], subject, target.query, log);
    sendText(response, report.status, report.body);
  };
}

function containerLogs({ pods, runtime, clock }: KubeletServerOptions, segments: readonly string[]): Handler {
  const [namespace, name, container, ...rest] = segments;
  if (!namespace || !name || !container || rest.length > 0) throw new RequestError(404, "404 page not found");
  return async ({ response, target, signal }) => {
    const request = parseLogRequest(target.query, clock.now());
    const pod = pods.get(namespace, name);
    if (!pod) throw new RequestError(404, `pod "${name}" does not exist`);
    const id = await loggedContainer(runtime, pod, container, request.previous, signal);
    response.writeHead(200, { "Content-Type": "text/plain" });
    // A follower wants to know at once that it follows.
    response.flushHeaders();
    await sendLogs(runtime, id, request, response, signal);
    response.end();
  };
}

/** The node's own log files, as a file server shows them. */
function nodeLogs({ systemLogDirectory }: KubeletServerOptions, segments: readonly string[]): Handler {
  if (systemLogDirectory === undefined) throw new RequestError(405, "logs endpoint is disabled.");
  // Without its slash it is not below the directory.
  if (segments.length === 0) throw new RequestError(404, "404 page not found");
  return ({ response, signal }) => sendNodeLog(systemLogDirectory, segments, response, signal);
}

async function sendZPage({ zpages }: KubeletServerOptions, { request, response, target }: Exchange): Promise<void> {
  const paths = ["/healthz", "/pods", "/runningpods", ...Object.keys(exactRoutes)];
  const page = await zpages?.page(target.path, request.headers.accept, paths);
  if (!page) throw new RequestError(404, "404 page not found");
  if (page.warning !== undefined) response.setHeader("Warning", page.warning);
  sendText(response, page.status, page.body, page.contentType);
}

function sendPods(response: ServerResponse, items: readonly unknown[]): void {
  sendJson(response, { kind: "PodList", apiVersion: "v1", metadata: {}, items });
}

function sendJson(response: ServerResponse, value: unknown): void {
  sendText(response, 200, JSON.stringify(value), "application/json");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
