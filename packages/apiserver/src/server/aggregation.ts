import { AggregatedRequests } from "../aggregation/aggregated-requests.ts";
import { ApiServiceTable } from "../aggregation/api-service-table.ts";
import { runAutoRegistration } from "../aggregation/auto-registration.ts";
import { AvailabilityController } from "../aggregation/availability-controller.ts";
import { AvailabilityMetrics } from "../aggregation/availability-metrics.ts";
import { RemoteDocuments } from "../aggregation/remote-documents.ts";
import { RemoteServers } from "../aggregation/remote-servers.ts";
import { isIdentityHeader } from "../auth/front-proxy/front-proxy-authenticator.ts";
import type { ApiServerConfig } from "../config/server-config.ts";
import { type Catalog, groupVersions } from "../endpoints/discovery.ts";
import type { Exchange } from "../endpoints/exchange.ts";
import type { GroupVersionName } from "../endpoints/group-version.ts";
import type { LiveCatalog } from "../endpoints/live-catalog.ts";
import type { UpgradeExchange } from "../endpoints/upgrade.ts";
import type { RegistrySet } from "../registry/registry-set.ts";
import type { ServerEnvironment } from "./environment.ts";

export interface AggregationParts {
  readonly registries: RegistrySet;
  readonly live: LiveCatalog;
}

/** The servers behind this one: what APIServices name is theirs, whether this server could answer itself or not. */
export interface Aggregation {
  readonly table: ApiServiceTable;
  readonly documents: RemoteDocuments;
  /** The server behind that answers requests of a group-version; undefined where there is none. */
  serving(group: string, version: string): AggregatedVersionHandler | undefined;
}

export interface AggregatedVersionHandler {
  serve(exchange: Exchange): Promise<void>;
  upgrade(exchange: UpgradeExchange): Promise<void>;
}

/** Starts to follow APIServices, until the background ends. */
export function startAggregation(
  config: Pick<ApiServerConfig, "aggregation" | "authentication">,
  { registries, live }: AggregationParts,
  { clock, random, log, metrics, background, startup }: ServerEnvironment,
): Aggregation {
  const table = new ApiServiceTable(registries);
  const servers = new RemoteServers(registries, random, config.aggregation);
  const requests = new AggregatedRequests(servers, isIdentityHeader(config.authentication.requestHeader));
  const documents = new RemoteDocuments(table, servers, clock, log);
  const controller = new AvailabilityController({
    source: registries,
    writer: registries,
    table,
    servers,
    clock,
    random,
    log,
    metrics: new AvailabilityMetrics(metrics),
  });
  background.start(async (signal) => {
    using _table = table;
    using _servers = servers;
    await controller.run(signal);
  });
  background.start((signal) => documents.run(signal));
  const local = localVersions(live);
  const registration = { source: registries, writer: registries, clock, log, local };
  background.start((signal) => runAutoRegistration(registration, signal));
  startup.finish(
    "start-kube-aggregator-informers",
    "apiservice-status-local-available-controller",
    "apiservice-status-remote-available-controller",
    "apiservice-registration-controller",
    "apiservice-discovery-controller",
    "apiservice-openapi-controller",
    "apiservice-openapiv3-controller",
  );
  return {
    table,
    documents,
    serving: (group, version) => {
      const { remote } = table;
      const service = remote.size === 0 ? undefined : remote.get(`${group}/${version}`);
      return (
        service && {
          serve: (exchange) => requests.serve(exchange, service),
          upgrade: (exchange) => requests.upgrade(exchange, service),
        }
      );
    },
  };
}

/** The same list as long as the catalog is the same. */
function localVersions(live: LiveCatalog): () => readonly GroupVersionName[] {
  let last: { readonly catalog: Catalog; readonly versions: readonly GroupVersionName[] } | undefined;
  return () => {
    const { catalog } = live.current;
    if (last?.catalog !== catalog) last = { catalog, versions: groupVersions(catalog) };
    return last.versions;
  };
}
