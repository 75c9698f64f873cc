import { goQuote } from "@kube-ts/api/go-quote";
import { withTimeout } from "@kube-ts/std/abort";
import type { Logger } from "@kube-ts/std/log";
import type { Exchange } from "../endpoints/exchange.ts";
import type { PathRequest } from "../endpoints/request-info.ts";
import { sendText } from "../endpoints/respond.ts";
import { HealthSlis } from "./health-slis.ts";
import type { PathRoutes } from "./path-routes.ts";
import type { ServerChecks } from "./server-checks.ts";

/** One thing that has to be right for the server to be healthy. */
export interface HealthCheck {
  readonly name: string;
  /** After how long the check counts as failed; two seconds if left out. */
  readonly timeoutMs?: number;
  /** Rejects with the reason when it is not. */
  check(signal: AbortSignal): Promise<void> | void;
}

const defaultTimeoutMs = 2_000;

/** Serves `/healthz`, `/livez` and `/readyz`, whole and check by check, as upstream words them, and what they found. */
export function addHealthRoutes(routes: PathRoutes, checks: ServerChecks, log: Logger): void {
  const slis = new HealthSlis();
  routes.exact("/metrics/slis", async ({ response }) => {
    const text = await slis.registry.metrics();
    response.setHeader("Content-Type", slis.registry.contentType);
    response.end(text);
  });
  for (const name of ["healthz", "livez", "readyz"] as const) {
    const tell = failureLog(name, log);
    routes.exact(`/${name}`, (exchange, info) =>
      serveChecks(exchange, info, { name, checks: checks[name], tell, slis }),
    );
    for (const check of checks[name]) {
      routes.exact(`/${name}/${check.name}`, (exchange) => serveOne(exchange, check));
    }
  }
}

interface HealthEndpoint {
  readonly name: string;
  readonly checks: readonly HealthCheck[];
  readonly tell: (failed: Readonly<Record<string, string>>) => void;
  readonly slis: HealthSlis;
}

async function serveChecks(
  exchange: Exchange,
  { query }: PathRequest,
  { name: endpoint, checks, tell, slis }: HealthEndpoint,
): Promise<void> {
  const excluded = new Set(query.getAll("exclude"));
  const lines: string[] = [];
  const failed: Record<string, string> = {};
  for (const check of checks) {
    if (excluded.delete(check.name)) {
      lines.push(`[+]${check.name} excluded: ok`);
      continue;
    }
    const problem = await problemOf(check, exchange.signal);
    slis.observe(check.name, endpoint, problem === undefined);
    if (problem !== undefined) failed[check.name] = problem;
    lines.push(problem === undefined ? `[+]${check.name} ok` : `[-]${check.name} failed: reason withheld`);
  }
  if (excluded.size > 0) {
    const unknown = [...excluded].sort().map(goQuote).join(",");
    lines.push(`warn: some health checks cannot be excluded: no matches for ${unknown}`);
  }
  tell(failed);
  if (Object.keys(failed).length > 0) sendText(exchange, 500, `${lines.join("\n")}\n${endpoint} check failed\n`);
  else if (query.has("verbose")) sendText(exchange, 200, `${lines.join("\n")}\n${endpoint} check passed\n`);
  else sendText(exchange, 200, "ok");
}

/** Anybody may ask, so that reasons go to the log only: whenever other checks fail than the last time. */
function failureLog(endpoint: string, log: Logger): (failed: Readonly<Record<string, string>>) => void {
  let last = "";
  return (failed) => {
    const names = Object.keys(failed).join(",");
    if (names === last) return;
    last = names;
    if (names === "") log.info("health checks pass again", { endpoint });
    else log.warn("health checks failed", { endpoint, failed });
  };
}

async function serveOne(exchange: Exchange, check: HealthCheck): Promise<void> {
  const problem = await problemOf(check, exchange.signal);
  if (problem === undefined) sendText(exchange, 200, "ok");
  else sendText(exchange, 500, `internal server error: ${problem}\n`);
}

async function problemOf(check: HealthCheck, signal: AbortSignal): Promise<string | undefined> {
  try {
    await check.check(withTimeout(signal, check.timeoutMs ?? defaultTimeoutMs));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
