import type { Exchange } from "../endpoints/exchange.ts";
import { sendText } from "../endpoints/respond.ts";
import type { PathRequest } from "../endpoints/request-info.ts";
import { resourceNotFound } from "@kube-ts/api/status-error";
import type { PathRoutes } from "./path-routes.ts";

/** One thing that has to be right for the server to be healthy. */
export interface HealthCheck {
  readonly name: string;
  /** Rejects with the reason when it is not. */
  check(signal: AbortSignal): Promise<void> | void;
}

const checkTimeoutMs = 2_000;

/** Serves `/healthz`, `/livez` and `/readyz`, whole and check by check, as upstream words them. */
export function addHealthRoutes(routes: PathRoutes, live: readonly HealthCheck[], ready: readonly HealthCheck[]): void {
  for (const [path, checks] of [
    ["/healthz", live],
    ["/livez", live],
    ["/readyz", ready],
  ] as const) {
    routes.exact(path, (exchange, info) => serveChecks(exchange, info, path.slice(1), checks));
    routes.prefix(`${path}/`, (exchange, info) => serveOne(exchange, info, path, checks));
  }
}

async function serveChecks(
  exchange: Exchange,
  { query }: PathRequest,
  name: string,
  checks: readonly HealthCheck[],
): Promise<void> {
  const excluded = new Set(query.getAll("exclude"));
  const lines: string[] = [];
  let failed = 0;
  for (const check of checks) {
    if (excluded.delete(check.name)) {
      lines.push(`[+]${check.name} excluded: ok`);
      continue;
    }
    const problem = await problemOf(check, exchange.signal);
    if (problem === undefined) lines.push(`[+]${check.name} ok`);
    else {
      failed += 1;
      lines.push(`[-]${check.name} failed: reason withheld`);
    }
  }
  if (excluded.size > 0) {
    const unknown = [...excluded].map((entry) => JSON.stringify(entry)).join(",");
    lines.push(`warn: some health checks cannot be excluded: no matches for ${unknown}`);
  }
  if (failed > 0) sendText(exchange, 500, `${lines.join("\n")}\n${name} check failed\n`);
  else if (query.has("verbose")) sendText(exchange, 200, `${lines.join("\n")}\n${name} check passed\n`);
  else sendText(exchange, 200, "ok");
}

async function serveOne(
  exchange: Exchange,
  { path }: PathRequest,
  root: string,
  checks: readonly HealthCheck[],
): Promise<void> {
  const check = checks.find(({ name }) => path === `${root}/${name}`);
  if (!check) throw resourceNotFound();
  const problem = await problemOf(check, exchange.signal);
  if (problem === undefined) sendText(exchange, 200, "ok");
  else sendText(exchange, 500, `internal server error: ${problem}\n`);
}

async function problemOf(check: HealthCheck, signal: AbortSignal): Promise<string | undefined> {
  try {
    await check.check(AbortSignal.any([signal, AbortSignal.timeout(checkTimeoutMs)]));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
