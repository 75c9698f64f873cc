import { aborted } from "@kube-ts/std/abort";
import type { DaemonContext } from "@kube-ts/std/daemon";
import { TaskGroup } from "@kube-ts/std/task-group";
import { buildAdmission } from "../admission/chain.ts";
import { TypeCheckController } from "../admission/policies/type-check-controller.ts";
import { AddressRange } from "../allocators/address-range.ts";
import { ServiceAllocators } from "../allocators/service-allocators.ts";
import { LegacyTokenTracker } from "../auth/service-accounts/legacy-token-tracker.ts";
import { openIdDocuments } from "../auth/service-accounts/openid-metadata.ts";
import type { BootstrapStep } from "../bootstrap/run-bootstrap.ts";
import { bootstrapSteps, runBootstrap } from "../bootstrap/run-bootstrap.ts";
import type { ApiServerConfig } from "../config/server-config.ts";
import { groupVersions } from "../endpoints/discovery.ts";
import { ApiRouter } from "../endpoints/api-router.ts";
import { type Connection, admitConnection } from "../endpoints/connection-admission.ts";
import type { Catalog } from "../endpoints/discovery.ts";
import { LiveCatalog } from "../endpoints/live-catalog.ts";
import { KubeletConnections } from "../endpoints/nodes/kubelet-connection.ts";
import { HttpsWebhooks } from "../extensions/conversion/webhook-transport.ts";
import type { RegistryFactory } from "../extensions/registry-factory.ts";
import type { RegistrySet } from "../registry/registry-set.ts";
import { paramAccessHooks } from "../registry/admissionregistration/param-access.ts";
import { claimHooks } from "../registry/resource/claim-hooks.ts";
import type { ResourceDefinition } from "../registry/resource-definition.ts";
import { builtinResources } from "../registry/resources.ts";
import type { ResourceCache } from "../storage/cache/resource-cache.ts";
import { runCompactor } from "../storage/etcd/compactor.ts";
import { watchDatabaseSize } from "../storage/etcd/database-size.ts";
import { EtcdMetrics } from "../storage/etcd/etcd-metrics.ts";
import { EtcdStore } from "../storage/etcd/etcd-store.ts";
import type { Access } from "./access.ts";
import { buildAccess, escalationHooks } from "./access.ts";
import type { Authentication } from "./authentication.ts";
import { buildAuthentication } from "./authentication.ts";
import { startAggregation } from "./aggregation.ts";
import { buildCatalog } from "./catalog.ts";
import { CatalogForms } from "./served-forms.ts";
import { CatalogTypes } from "./served-types.ts";
import { startExtensions } from "./extensions.ts";
import { addDiscoveryRoutes } from "./discovery-routes.ts";
import type { HealthCheck } from "./health-checks.ts";
import { addHealthRoutes } from "./health-checks.ts";
import { HttpsServer } from "./https-server.ts";
import { InFlightLimits } from "./in-flight-limits.ts";
import { addOpenApiRoutes } from "./openapi-routes.ts";
import { addDocumentRoutes } from "./path-documents.ts";
import { PathRoutes } from "./path-routes.ts";
import { buildRegistries } from "./registries.ts";
import { RequestHandler } from "./request-handler.ts";
import { RequestMetrics } from "./request-metrics.ts";
import { UpgradeRouter } from "./upgrade-router.ts";

/** Runs the API server until the signal aborts; resolves when open requests have ended. */
export async function runApiServer(config: ApiServerConfig, context: DaemonContext): Promise<void> {
  const { signal, log, clock, random, registry: metrics } = context;
  await using store = new EtcdStore({
    endpoints: config.etcd.endpoints,
    ...(config.etcd.tls && { tls: config.etcd.tls }),
    clock,
    random,
    log,
    metrics: new EtcdMetrics(metrics, config.etcd.prefix),
  });
  const storageRoot = config.etcd.prefix;
  const allocators = new ServiceAllocators({ store, storageRoot, ...config.services, clock, random, log });
  const late: { access?: Access } = {};
  const reads = { authorizer: () => required(late.access).authorizer, source: () => registries };
  const hooks = new Map([
    ...escalationHooks(() => required(late.access).guard),
    ...claimHooks(reads),
    ...paramAccessHooks({
      ...reads,
      pluralOf: (group, kind) => registries.pluralOf(group, kind),
    }),
    ["/services", allocators.hooks()] as const,
  ]);
  const definitions = await definedResources(config, allocators);
  const { registries, caches, factory } = buildRegistries({
    store,
    storageRoot,
    definitions,
    hooks,
    clock,
    random,
    log,
    metrics,
  });

  const background = new TaskGroup(signal);
  for (const cache of caches) background.start((inner) => cache.run(inner));
  if (config.etcd.compactionIntervalMs > 0) {
    background.start((inner) => runCompactor(store, config.etcd.compactionIntervalMs, clock, log, inner));
  }
  const databaseSize = { kv: store.kv, registry: metrics, intervalMs: config.etcd.databaseSizeIntervalMs, clock, log };
  background.start((inner) => watchDatabaseSize(databaseSize, inner));
  try {
    await Promise.race([waitForCaches(caches, signal), background.settled()]);
    using access = (late.access = buildAccess(config.authorizationModes, registries));
    background.start((inner) => allocators.run(registries, inner));
    await serve(config, context, { store, registries, factory, caches, access, background });
  } finally {
    await background.stop();
  }
  await background.settled();
}

/** The definitions of all built-in resources, with the versions of former times where somebody wants them. */
async function definedResources(
  { runtimeConfig, eventTtlSeconds }: ApiServerConfig,
  { families }: ServiceAllocators,
): Promise<readonly ResourceDefinition[]> {
  const definitions = builtinResources({ serviceFamilies: families, eventTtlSeconds });
  if (!runtimeConfig.hasLegacy) return definitions;
  const { withLegacyVersions } = await import("../registry/legacy-versions.ts");
  return withLegacyVersions(definitions, (type) => runtimeConfig.isServed(type));
}

interface ServerState {
  readonly store: EtcdStore;
  readonly registries: RegistrySet;
  readonly factory: RegistryFactory;
  readonly caches: readonly ResourceCache[];
  readonly access: Access;
  readonly background: TaskGroup;
}

async function serve(config: ApiServerConfig, context: DaemonContext, state: ServerState): Promise<void> {
  const { signal, log, clock, random, registry: metrics } = context;
  const { registries, factory, store, access, background } = state;
  const tracker = new LegacyTokenTracker(registries, clock, log);
  background.start((inner) => tracker.run(inner));
  const authentication = buildAuthentication(config, registries, tracker, clock, random);
  using connections = kubeletConnections(config);
  const audiences = config.serviceAccounts.audiences;
  const { catalog, upgrades } = buildCatalog(
    registries,
    authentication,
    access,
    connections,
    audiences,
    random,
    config.runtimeConfig,
  );
  const live = new LiveCatalog(catalog);
  using transport = new HttpsWebhooks(registries);
  const forms = new CatalogForms({ live: () => live, source: registries, transport, random });
  using admission = buildAdmission(config.admission, {
    source: registries,
    writer: registries,
    ...access,
    clock,
    random,
    dynamic: { forms, transport, metrics },
  });
  const kinds = new CatalogTypes(live);
  const typeChecks = new TypeCheckController({ source: registries, writer: registries, kinds, clock, log });
  const watchLimits = { minRequestTimeoutSeconds: config.minRequestTimeoutSeconds };
  const storageRoot = config.etcd.prefix;
  await startExtensions({ registries, factory, store, storageRoot, live, clock, random, log }, background);
  background.start((inner) => typeChecks.run(inner));
  const aggregation = startAggregation({ config, registries, live, clock, random, log }, background);
  const behind = aggregation.serving;
  const router = new ApiRouter({ behind, catalog: live, admission, authorizer: access.authorizer, watchLimits });

  const pendingSteps = new Set<BootstrapStep>(bootstrapSteps({ rbac: config.authorizationModes.includes("RBAC") }));
  const paths = new PathRoutes();
  addDiscoveryRoutes(paths, live, aggregation, `${config.advertiseAddress}:${config.serving.port}`);
  addOpenApiRoutes(paths, live, aggregation.documents);
  addDocumentRoutes(paths, metrics, openIdDocumentsOf(config, authentication));
  addHealthRoutes(paths, liveChecks(state), [...liveChecks(state), ...readyChecks(state, pendingSteps, signal)]);
  const handler = new RequestHandler({
    authenticator: authentication.authenticator,
    authorizer: access.authorizer,
    router,
    paths,
    metrics: new RequestMetrics(metrics, (info) => info.kind === "resource" && router.find(info) !== undefined),
    limits: new InFlightLimits(config.inFlight, metrics),
    log,
    clock,
    requestTimeoutMs: config.requestTimeoutMs,
    signal,
  });
  const admit = (connection: Connection) => admitConnection(admission, live.current, connection);
  const upgradeRouter = new UpgradeRouter(handler, upgrades, admit, behind, log, signal);
  const { clientCaPem, requestHeader } = config;
  const authorities = [clientCaPem, requestHeader?.caPem ?? ""].filter((pem) => pem !== "");
  const server = await HttpsServer.create(config.serving, handler, upgradeRouter, clock.now(), authorities);
  const port = await server.listen();
  log.info("serving", { host: config.serving.host, port });
  startBootstrap(config, context, state, { catalog, port, pendingSteps });
  context.ready();
  await Promise.race([aborted(signal), background.settled()]);
  await server.close();
}

/** Makes the objects that every cluster has, and keeps those current that tell of this server. */
function startBootstrap(
  config: ApiServerConfig,
  { clock, random, log }: DaemonContext,
  { store, registries, background }: ServerState,
  serving: { readonly catalog: Catalog; readonly port: number; readonly pendingSteps: Set<BootstrapStep> },
): void {
  const { clientCaPem, requestHeader, services } = config;
  const options = {
    kubernetesService: {
      clusterIp: new AddressRange(services.ipRanges[0] ?? "").firstAddress,
      advertiseAddress: config.advertiseAddress,
      securePort: serving.port,
    },
    serviceRanges: services.ipRanges,
    authentication: { clientCaPem, ...(requestHeader && { requestHeader }) },
    groupVersions: groupVersions(serving.catalog),
    rbac: config.authorizationModes.includes("RBAC"),
    store,
    storagePrefix: config.etcd.prefix,
    clock,
    random,
    log,
    onStepDone: (step: BootstrapStep) => void serving.pendingSteps.delete(step),
  };
  background.start((inner) => runBootstrap(registries, registries, options, inner));
}

async function waitForCaches(caches: readonly ResourceCache[], signal: AbortSignal): Promise<void> {
  await Promise.all(caches.map((cache) => cache.waitFor(0n, signal)));
}

function liveChecks({ store }: ServerState): HealthCheck[] {
  return [
    { name: "ping", check: () => {} },
    { name: "log", check: () => {} },
    { name: "etcd", check: (signal) => store.checkHealth(signal) },
  ];
}

function readyChecks({ caches }: ServerState, pending: ReadonlySet<BootstrapStep>, stop: AbortSignal): HealthCheck[] {
  return [
    {
      name: "informer-sync",
      check: () => {
        const waiting = caches.filter((cache) => !cache.ready).map((cache) => cache.resource);
        if (waiting.length > 0) throw new Error(`caches not ready: ${waiting.join(", ")}`);
      },
    },
    ...[...pending].map((step) => ({
      name: `poststarthook/${step}`,
      check: () => {
        if (pending.has(step)) throw new Error("not finished");
      },
    })),
    {
      name: "shutdown",
      check: () => {
        if (stop.aborted) throw new Error("process is shutting down");
      },
    },
  ];
}

function kubeletConnections({ kubelet }: ApiServerConfig): KubeletConnections {
  const { certificate, key, certificateAuthority, preferredAddressTypes, timeoutMs } = kubelet;
  return new KubeletConnections({
    ...(certificate && { certificate }),
    ...(key && { key }),
    ...(certificateAuthority && { certificateAuthority }),
    preferredAddressTypes,
    timeoutMs,
  });
}

/** The OpenID documents; undefined when the issuer is not a URL that clients could discover. */
function openIdDocumentsOf(config: ApiServerConfig, { keys }: Authentication) {
  const [issuer = ""] = config.serviceAccounts.issuers;
  if (!issuer.startsWith("https://")) return undefined;
  const externalAddress = `${config.advertiseAddress}:${config.serving.port}`;
  return openIdDocuments({ issuer, jwksUri: "", externalAddress, keys: keys.all });
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a write came before the server was ready");
  return value;
}
