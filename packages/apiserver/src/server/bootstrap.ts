import { AddressRange } from "../allocators/address-range.ts";
import type { ClientAuthorities } from "../auth/x509/client-authorities.ts";
import { type BootstrapStep, bootstrapSteps, runBootstrap } from "../bootstrap/run-bootstrap.ts";
import type { ApiServerConfig } from "../config/server-config.ts";
import { type Catalog, groupVersions } from "../endpoints/discovery.ts";
import type { RegistrySet } from "../registry/registry-set.ts";
import type { Store } from "../storage/store.ts";
import type { ServerEnvironment } from "./environment.ts";

/** The steps that the server has not taken yet. */
export function pendingBootstrapSteps(config: ApiServerConfig): Set<BootstrapStep> {
  return new Set(bootstrapSteps({ rbac: usesRbac(config) }));
}

export interface BootstrapSurroundings {
  readonly store: Store;
  readonly registries: RegistrySet;
  /** What is built in. */
  readonly catalog: Catalog;
  /** Whose client certificates count. */
  readonly authorities: ClientAuthorities;
  /** Where the server listens. */
  readonly port: number;
  /** Loses the steps as they are done. */
  readonly pending: Set<BootstrapStep>;
}

/** Makes the objects that every cluster has, and keeps those current that tell of this server. */
export function startBootstrap(
  config: ApiServerConfig,
  { store, registries, catalog, authorities, port, pending }: BootstrapSurroundings,
  { clock, random, log, background, stop }: ServerEnvironment,
): void {
  const { services, serving } = config;
  const { requestHeader } = config.authentication;
  const options = {
    kubernetesService: {
      clusterIp: new AddressRange(services.ipRanges[0] ?? "").firstAddress,
      advertiseAddress: serving.advertiseAddress,
      securePort: port,
    },
    serviceRanges: services.ipRanges,
    authentication: () => ({
      clientCaPem: authorities.clientPem,
      ...(requestHeader && { requestHeader: { ...requestHeader, caPem: authorities.frontProxyPem } }),
    }),
    groupVersions: groupVersions(catalog),
    rbac: usesRbac(config),
    store,
    storagePrefix: config.etcd.prefix,
    clock,
    random,
    log,
    onStepDone: (step: BootstrapStep) => void pending.delete(step),
  };
  // The address of this server is withdrawn as soon as it is told to stop, while requests are still served.
  background.start((signal) => runBootstrap(registries, registries, options, AbortSignal.any([stop, signal])));
}

function usesRbac({ authorization }: ApiServerConfig): boolean {
  return authorization.modes.includes("RBAC");
}
