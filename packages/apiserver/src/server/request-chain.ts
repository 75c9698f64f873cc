import type { ApiServerConfig } from "../config/server-config.ts";
import type { Auditing } from "../audit/request-audit.ts";
import { ApiRouter } from "../endpoints/api-router.ts";
import { type Connection, admitConnection } from "../endpoints/connection-admission.ts";
import type { LiveCatalog } from "../endpoints/live-catalog.ts";
import type { UpgradeHandler } from "../endpoints/upgrade.ts";
import type { FlowControl } from "../flow-control/flow-control.ts";
import type { PluginChain } from "../admission/plugin-chain.ts";
import { TimedAuthorizer } from "../auth/timed-authorizer.ts";
import type { Access } from "./access.ts";
import type { Aggregation } from "./aggregation.ts";
import type { Authentication } from "./authentication.ts";
import type { ServerEnvironment } from "./environment.ts";
import { InFlightLimits } from "./in-flight-limits.ts";
import type { PathRoutes } from "./path-routes.ts";
import { RequestHandler } from "./request-handler.ts";
import { RequestMetrics } from "./request-metrics.ts";
import { RequestTargets } from "./request-target.ts";
import { UnknownConnections } from "./unknown-connections.ts";
import { watchEventCounters } from "./watch-event-metrics.ts";
import { UpgradeRouter } from "./upgrade-router.ts";

export interface ChainParts {
  /** Undefined where no records of requests are kept. */
  readonly audit: Auditing | undefined;
  readonly authentication: Authentication;
  readonly access: Access;
  readonly admission: PluginChain;
  readonly live: LiveCatalog;
  readonly aggregation: Aggregation;
  /** Undefined where priority and fairness is off. */
  readonly flow: FlowControl | undefined;
  readonly paths: PathRoutes;
  readonly upgrades: readonly UpgradeHandler[];
  /** Aborts when long-running requests have to end. */
  readonly signal: AbortSignal;
}

/** What every request passes, and what requests to switch protocols pass. */
export interface RequestChain {
  readonly requests: RequestHandler;
  readonly upgrades: UpgradeRouter;
  /** Is told of new connections; the requests tell it who is known. */
  readonly unknown: UnknownConnections;
}

/**
 * Enough for health checks and for clients that are about to send their first request; each takes some 50 KB once its
 * handshake is done.
 */
const maxUnknownConnections = 1_000;

export function buildRequestChain(
  { requests: { inFlight, timeoutMs, minTimeoutSeconds } }: Pick<ApiServerConfig, "requests">,
  { audit, authentication, access, admission, live, aggregation, flow, paths, upgrades, signal }: ChainParts,
  { metrics, log, clock }: ServerEnvironment,
): RequestChain {
  const { authorizer } = access;
  const behind = aggregation.serving;
  const watchLimits = { minRequestTimeoutSeconds: minTimeoutSeconds, eventsOf: watchEventCounters(metrics) };
  const router = new ApiRouter({ behind, catalog: live, admission, authorizer, watchLimits });
  const unknown = new UnknownConnections(maxUnknownConnections);
  const requestMetrics = new RequestMetrics(metrics, new RequestTargets(live));
  const requests = new RequestHandler({
    audit,
    authenticator: authentication.authenticator,
    authorizer: new TimedAuthorizer(authorizer, metrics, clock),
    impersonation: authorizer,
    router,
    paths,
    metrics: requestMetrics,
    unknown,
    gate: flow ?? new InFlightLimits(inFlight, metrics),
    log,
    clock,
    requestTimeoutMs: timeoutMs,
    signal,
  });
  const admit = (connection: Connection) => admitConnection(admission, live.current, connection);
  return {
    requests,
    upgrades: new UpgradeRouter(requests, upgrades, admit, behind, requestMetrics, log, signal),
    unknown,
  };
}
