import { aborted } from "@kube-ts/std/abort";
import type { DaemonContext } from "@kube-ts/std/daemon";
import { TaskGroup } from "@kube-ts/std/task-group";
import type { ApiServerConfig } from "../config/server-config.ts";
import { LiveCatalog } from "../endpoints/live-catalog.ts";
import { KubeletConnections } from "../endpoints/nodes/kubelet-connection.ts";
import type { EtcdStore } from "../storage/etcd/etcd-store.ts";
import { openAdmission, startTypeChecks } from "./admission.ts";
import { startAggregation } from "./aggregation.ts";
import { startAuthentication } from "./authentication.ts";
import { pendingBootstrapSteps, startBootstrap } from "./bootstrap.ts";
import { buildCatalog } from "./catalog.ts";
import { type ServerEnvironment, serverEnvironment } from "./environment.ts";
import { startExtensions } from "./extensions.ts";
import { openHttpsServer } from "./https-server.ts";
import { buildRequestChain } from "./request-chain.ts";
import { serverChecks } from "./server-checks.ts";
import { buildPaths } from "./server-paths.ts";
import { maintainStore, openStore } from "./storage.ts";
import { type StoredResources, startStoredResources } from "./stored-resources.ts";

/** Runs the API server until the signal aborts; resolves when open requests have ended. */
export async function runApiServer(config: ApiServerConfig, context: DaemonContext): Promise<void> {
  const background = new TaskGroup(context.signal);
  const environment = serverEnvironment(context, background);
  await using store = openStore(config.etcd, environment);
  try {
    maintainStore(store, config.etcd, environment);
    const stored = await startStoredResources(config, store, environment);
    using _access = stored.access;
    await serve(config, context, environment, store, stored);
  } finally {
    await background.stop();
  }
  await background.settled();
}

/** The order of the parts is the order of what they need; each is in a file of its own. */
async function serve(
  config: ApiServerConfig,
  context: Pick<DaemonContext, "signal" | "ready">,
  environment: ServerEnvironment,
  store: EtcdStore,
  { registries, factory, caches, access }: StoredResources,
): Promise<void> {
  const { background, log } = environment;
  const { signal } = context;
  const authentication = startAuthentication(config, registries, environment);
  using connections = new KubeletConnections(config.kubelet);
  const { catalog, upgrades } = buildCatalog(config, { registries, authentication, access, connections }, environment);
  const live = new LiveCatalog(catalog);
  using admission = openAdmission(config.admission, { registries, access, live }, environment);
  await startExtensions(
    { ...environment, registries, factory, store, storageRoot: config.etcd.prefix, live },
    background,
  );
  startTypeChecks(registries, live, environment);
  const aggregation = startAggregation(config, { registries, live }, environment);

  const pending = pendingBootstrapSteps(config);
  const checks = serverChecks({ store, caches, pendingSteps: pending, stop: signal });
  const paths = buildPaths(config, { live, aggregation, authentication, checks }, environment);
  const parts = { authentication, access, admission: admission.chain, live, aggregation, paths, upgrades, signal };
  const chain = buildRequestChain(config, parts, environment);
  const server = await openHttpsServer(config, chain, environment);
  log.info("serving", { host: config.serving.host, port: server.port });
  startBootstrap(config, { store, registries, catalog, port: server.port, pending }, environment);
  context.ready();
  await Promise.race([aborted(signal), background.settled()]);
  await server.close();
}
