import { openIdDocuments } from "../auth/service-accounts/openid-metadata.ts";
import type { ApiServerConfig } from "../config/server-config.ts";
import type { LiveCatalog } from "../endpoints/live-catalog.ts";
import type { FlowControl } from "../flow-control/flow-control.ts";
import type { Aggregation } from "./aggregation.ts";
import type { Authentication } from "./authentication.ts";
import { addDebugRoutes } from "./debug-routes.ts";
import { addDiscoveryRoutes } from "./discovery-routes.ts";
import type { ServerEnvironment } from "./environment.ts";
import { addFlowRoutes } from "./flow-routes.ts";
import { addHealthRoutes } from "./health-checks.ts";
import { addOpenApiRoutes } from "./openapi-routes.ts";
import { addDocumentRoutes } from "./path-documents.ts";
import { PathRoutes } from "./path-routes.ts";
import type { ServerChecks } from "./server-checks.ts";
import { addZPageRoutes } from "./zpage-routes.ts";

export interface PathParts {
  readonly live: LiveCatalog;
  readonly aggregation: Aggregation;
  readonly authentication: Authentication;
  /** Undefined where priority and fairness is off. */
  readonly flow: FlowControl | undefined;
  readonly checks: ServerChecks;
}

/** Everything the server answers that is no resource: discovery, OpenAPI, documents, health. */
export function buildPaths(
  config: ApiServerConfig,
  { live, aggregation, authentication, flow, checks }: PathParts,
  { metrics, zpages, clock, log }: ServerEnvironment,
): PathRoutes {
  const { externalAddress } = config.serving;
  const paths = new PathRoutes();
  addDiscoveryRoutes(paths, live, aggregation, externalAddress);
  addOpenApiRoutes(paths, live, aggregation.documents);
  addDocumentRoutes(paths, metrics, openIdDocumentsOf(config, authentication));
  addHealthRoutes(paths, checks, log);
  if (zpages) addZPageRoutes(paths, zpages);
  if (flow) addFlowRoutes(paths, flow, clock);
  if (config.observability.profiling) addDebugRoutes(paths, log, clock);
  return paths;
}

/** The OpenID documents; undefined when the issuer is not a URL that clients could discover. */
function openIdDocumentsOf({ serviceAccounts, serving }: ApiServerConfig, { keys }: Authentication) {
  const { issuers, jwksUri } = serviceAccounts;
  const [issuer = ""] = issuers;
  if (!issuer.startsWith("https://")) return undefined;
  return openIdDocuments({ issuer, jwksUri, externalAddress: serving.externalAddress, keys: keys.all });
}
