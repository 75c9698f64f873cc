import { hostname } from "node:os";
import { AddressRange } from "../allocators/address-range.ts";
import type { ClientAuthorities } from "../auth/x509/client-authorities.ts";
import { type BootstrapStep, bootstrapSteps, runBootstrap } from "../bootstrap/run-bootstrap.ts";
import type { ApiServerConfig } from "../config/server-config.ts";
import { type Catalog, groupVersions } from "../endpoints/discovery.ts";
import type { RegistrySet } from "../registry/registry-set.ts";
import type { Store } from "../storage/store.ts";
import type { ServerEnvironment } from "./environment.ts";

export interface BootstrapSurroundings {
  readonly store: Store;
  readonly registries: RegistrySet;
  /** What is built in. */
  readonly catalog: Catalog;
  /** Whose client certificates count. */
  readonly authorities: ClientAuthorities;
  /** Where the server listens. */
  readonly port: number;
}

/** Announces what `startBootstrap` will do, for health checks. */
export function expectBootstrap(config: ApiServerConfig, { startup }: ServerEnvironment): void {
  startup.expect(...bootstrapSteps({ rbac: usesRbac(config) }));
}

/** Makes the objects that every cluster has, and keeps those current that tell of this server. */
export function startBootstrap(
  config: ApiServerConfig,
  { store, registries, catalog, authorities, port }: BootstrapSurroundings,
  { clock, random, log, background, stop, startup }: ServerEnvironment,
): void {
  const { services, serving } = config;
  const { requestHeader } = config.authentication;
  const options = {
    kubernetesService: {
      clusterIp: new AddressRange(services.ipRanges[0] ?? "").firstAddress,
      advertiseAddress: serving.advertiseAddress,
      securePort: port,
      nodePort: services.kubernetesNodePort,
      keepsEndpoints: services.keepsEndpoints,
    },
    serviceRanges: services.ipRanges,
    authentication: () => ({
      clientCaPem: authorities.clientPem,
      ...(requestHeader && { requestHeader: { ...requestHeader, caPem: authorities.frontProxyPem } }),
    }),
    hostName: hostname(),
    groupVersions: groupVersions(catalog),
    rbac: usesRbac(config),
    store,
    storagePrefix: config.etcd.prefix,
    clock,
    random,
    log,
    onStepDone: (step: BootstrapStep) => startup.finish(step),
  };
  // The address of this server is withdrawn as soon as it is told to stop, while requests are still served.
  background.start((signal) => runBootstrap(registries, registries, options, AbortSignal.any([stop, signal])));
}

function usesRbac({ authorization }: ApiServerConfig): boolean {
  return authorization.modes.includes("RBAC");
}
