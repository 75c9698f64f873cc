import { withTimeout } from "./abort.ts";
import type { Logger } from "./log.ts";

/** One named condition of `/healthz`, `/livez` or `/readyz`. */
export interface HealthCheck {
  readonly name: string;
  /** Throws, or rejects, when unhealthy. Must heed the signal. */
  check(signal: AbortSignal): void | Promise<void>;
}

export interface HealthReport {
  readonly status: 200 | 404 | 500;
  readonly body: string;
}

const checkTimeoutMs = 10_000;

/** Succeeds whenever the process can answer at all. */
export const pingCheck: HealthCheck = { name: "ping", check: () => {} };

/**
 * Answers `/<endpoint>` (with `?verbose` and `?exclude=<check>`) or `/<endpoint>/<check>` in upstream's text format.
 * The reason of a failure is logged, and shown only for a single check.
 */
export async function reportHealth(
  endpoint: string,
  checks: readonly HealthCheck[],
  subject: string | undefined,
  query: URLSearchParams,
  log: Logger,
): Promise<HealthReport> {
  if (subject !== undefined) return reportOne(checks, subject);
  const excluded = new Set(query.getAll("exclude"));
  const outcomes = await Promise.all(
    checks.map(async (check) => {
      if (excluded.delete(check.name)) return { failed: false, line: `[+]${check.name} excluded: ok\n` };
      const failure = await runCheck(check);
      if (!failure) return { failed: false, line: `[+]${check.name} ok\n` };
      log.warn("health check failed", { endpoint, check: check.name, error: failure.error });
      return { failed: true, line: `[-]${check.name} failed: reason withheld\n` };
    }),
  );
  const unmatched = [...excluded].map((name) => JSON.stringify(name)).join(",");
  const warning = unmatched === "" ? "" : `warn: some health checks cannot be excluded: no matches for ${unmatched}\n`;
  const lines = outcomes.map((outcome) => outcome.line).join("") + warning;
  if (outcomes.some((outcome) => outcome.failed)) return { status: 500, body: `${lines}${endpoint} check failed\n` };
  return { status: 200, body: query.has("verbose") ? `${lines}${endpoint} check passed\n` : "ok" };
}

async function reportOne(checks: readonly HealthCheck[], name: string): Promise<HealthReport> {
  const check = checks.find((candidate) => candidate.name === name);
  if (!check) return { status: 404, body: "404 page not found\n" };
  const failure = await runCheck(check);
  if (!failure) return { status: 200, body: "ok" };
  const reason = failure.error instanceof Error ? failure.error.message : String(failure.error);
  return { status: 500, body: `internal server error: ${reason}\n` };
}

/** Runs one check within a deadline; its failure, if it fails. */
export async function runCheck(check: HealthCheck): Promise<{ readonly error: unknown } | undefined> {
  try {
    await check.check(withTimeout(new AbortController().signal, checkTimeoutMs));
    return undefined;
  } catch (error) {
    return { error };
  }
}
