import { abortable, aborted } from "@kube-ts/std/abort";
import type { DaemonContext } from "@kube-ts/std/daemon";
import { TaskGroup } from "@kube-ts/std/task-group";
import type { OpenAudit } from "../audit/open-audit.ts";
import type { ApiServerConfig } from "../config/server-config.ts";
import { LiveCatalog } from "../endpoints/live-catalog.ts";
import { KubeletConnections } from "../endpoints/nodes/kubelet-connection.ts";
import { openAdmission, startTypeChecks } from "./admission.ts";
import { startAggregation } from "./aggregation.ts";
import { startAuthentication } from "./authentication.ts";
import { expectBootstrap, startBootstrap } from "./bootstrap.ts";
import { buildCatalog } from "./catalog.ts";
import { type ServerEnvironment, serverEnvironment } from "./environment.ts";
import { startExtensions } from "./extensions.ts";
import { startFlowControl } from "./flow-control.ts";
import { type HttpsServer, openHttpsServer } from "./https-server.ts";
import { runMemoryTrim } from "./memory-trim.ts";
import { buildRequestChain } from "./request-chain.ts";
import { serverChecks } from "./server-checks.ts";
import { buildPaths } from "./server-paths.ts";
import { ServingTls } from "./serving-tls.ts";
import { Shutdown } from "./shutdown.ts";
import { type Stores, maintainStores, openStores, startEncryption } from "./storage.ts";
import { type StoredResources, startStoredResources } from "./stored-resources.ts";

/** Runs the API server until the signal aborts; resolves when open requests have ended. */
export async function runApiServer(config: ApiServerConfig, context: DaemonContext): Promise<void> {
  // The background outlives the signal: requests are served for some time after the server was told to stop.
  const background = new TaskGroup(new AbortController().signal);
  const environment = serverEnvironment(context, background);
  using encryption = await startEncryption(config.encryption, environment);
  await using stores = openStores(config.etcd, environment, encryption);
  try {
    maintainStores(stores, config.etcd, environment);
    background.start((signal) => runMemoryTrim(environment, signal));
    const stored = await startStoredResources(config, stores, environment);
    using _access = stored.access;
    await serve(config, context, environment, stores, stored);
  } finally {
    await background.stop();
  }
  await background.settled();
}

/** The order of the parts is the order of what they need; each is in a file of its own. */
async function serve(
  config: ApiServerConfig,
  context: Pick<DaemonContext, "ready">,
  environment: ServerEnvironment,
  stores: Stores,
  { registries, factory, caches, access }: StoredResources,
): Promise<void> {
  const { background, log, stop, startup } = environment;
  const store = stores.main;
  const shutdown = new Shutdown(stop, config.lifecycle);
  const authentication = await startAuthentication(config, registries, environment);
  using connections = new KubeletConnections(config.kubelet);
  const { catalog, upgrades } = buildCatalog(config, { registries, authentication, access, connections }, environment);
  const live = new LiveCatalog(catalog);
  using admission = openAdmission(config.admission, { registries, access, live }, environment);
  const storeOf = (group: string, plural: string) => stores.of(group, plural);
  const extensions = { ...environment, registries, factory, storeOf, storageRoot: config.etcd.prefix, live };
  await abortable(startExtensions(extensions, background), stop);
  startup.finish("start-apiextensions-informers", "start-apiextensions-controllers", "crd-informer-synced");
  startTypeChecks(registries, live, environment);
  const aggregation = startAggregation(config, { registries, live }, environment);
  const flow = startFlowControl(config, { registries, live }, environment);

  expectBootstrap(config, environment);
  const checks = serverChecks(config, { stores, caches, catalog, aggregation }, environment);
  const paths = buildPaths(config, { live, aggregation, authentication, flow, checks }, environment);
  const { chain: plugins } = admission;
  await using records = await openRecords(config, environment);
  const audit = records?.auditing;
  const signal = shutdown.ending;
  const parts = { audit, authentication, access, admission: plugins, live, aggregation, flow, paths, upgrades, signal };
  const chain = buildRequestChain(config, parts, environment);
  const tls = await ServingTls.open(config, environment);
  const server = await openHttpsServer(config, tls, chain, shutdown, environment);
  tls.follow(environment);
  const { authorities } = authentication;
  authorities.onChange((pems) => tls.trust(pems));
  log.info("serving", { host: config.serving.host, port: server.port });
  startBootstrap(config, { store, registries, catalog, authorities, port: server.port }, environment);
  context.ready();
  await Promise.race([aborted(stop), background.settled()]);
  await shutDown(server, shutdown, environment);
}

/** What keeps records of requests is loaded only where they are kept. */
async function openRecords({ audit }: ApiServerConfig, environment: ServerEnvironment): Promise<OpenAudit | undefined> {
  if (!audit) return undefined;
  const { openAudit } = await import("../audit/open-audit.ts");
  return openAudit(audit, environment);
}

/** Serves on for the delay, then lets open requests end. */
async function shutDown(server: HttpsServer, shutdown: Shutdown, environment: ServerEnvironment): Promise<void> {
  const { background, clock, log } = environment;
  await Promise.race([shutdown.delay(clock), background.settled()]);
  log.info("draining");
  using _ending = shutdown.drain(clock);
  if (shutdown.sendsRetryAfter) await server.drained();
  await server.close();
}
