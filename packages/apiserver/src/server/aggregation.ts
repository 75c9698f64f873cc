import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";
import type { TaskGroup } from "@kube-ts/std/task-group";
import { AggregatedRequests } from "../aggregation/aggregated-requests.ts";
import { ApiServiceTable } from "../aggregation/api-service-table.ts";
import { runAutoRegistration } from "../aggregation/auto-registration.ts";
import { AvailabilityController } from "../aggregation/availability-controller.ts";
import type { GroupVersionName } from "../aggregation/group-order.ts";
import { RemoteDocuments } from "../aggregation/remote-documents.ts";
import { RemoteServers } from "../aggregation/remote-servers.ts";
import { isIdentityHeader } from "../auth/front-proxy/front-proxy-authenticator.ts";
import type { ApiServerConfig } from "../config/server-config.ts";
import { type Catalog, groupVersions } from "../endpoints/discovery.ts";
import type { Exchange } from "../endpoints/exchange.ts";
import type { LiveCatalog } from "../endpoints/live-catalog.ts";
import type { UpgradeExchange } from "../endpoints/upgrade.ts";
import type { RegistrySet } from "../registry/registry-set.ts";

export interface AggregationParts {
  readonly config: Pick<ApiServerConfig, "aggregation" | "requestHeader">;
  readonly registries: RegistrySet;
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** The servers behind this one: requests for what it does not serve itself go there. */
export interface Aggregation {
  readonly table: ApiServiceTable;
  readonly documents: RemoteDocuments;
  /** Who answers requests of a group-version; undefined where nobody does. */
  serving(group: string, version: string): AggregatedVersionHandler | undefined;
}

export interface AggregatedVersionHandler {
  serve(exchange: Exchange): Promise<void>;
  upgrade(exchange: UpgradeExchange): Promise<void>;
}

/** Starts to follow APIServices, until the background ends. */
export function startAggregation(parts: AggregationParts, background: TaskGroup): Aggregation {
  const { config, registries, live, clock, random, log } = parts;
  const table = new ApiServiceTable(registries);
  const servers = new RemoteServers(registries, random, config.aggregation);
  const requests = new AggregatedRequests(servers, isIdentityHeader(config.requestHeader));
  const documents = new RemoteDocuments(table, servers, clock, log);
  const controller = new AvailabilityController({
    source: registries,
    writer: registries,
    table,
    servers,
    clock,
    random,
    log,
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
  return {
    table,
    documents,
    serving: (group, version) => {
      const service = table.remote.get(`${group}/${version}`);
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
