import type { KubeObject } from "@kube-ts/api/object";
import { aborted } from "@kube-ts/std/abort";
import { pods } from "@kube-ts/api/resource-types";
import type { ApiServerConfig } from "../config/server-config.ts";
import { componentStatuses } from "../endpoints/component-status.ts";
import type { Catalog } from "../endpoints/discovery.ts";
import { deploymentRollback } from "../endpoints/deployment-rollback.ts";
import type { KubeletConnections } from "../endpoints/nodes/kubelet-connection.ts";
import { bindings } from "../endpoints/pods/bindings.ts";
import { podBinding } from "../endpoints/pods/pod-binding.ts";
import { podEviction } from "../endpoints/pods/pod-eviction.ts";
import { podLog } from "../endpoints/pods/pod-log.ts";
import { podStream } from "../endpoints/pods/pod-streams.ts";
import { proxySubresources } from "../endpoints/proxy/proxy-subresources.ts";
import { accessReviews } from "../endpoints/reviews/access-reviews.ts";
import { selfSubjectReviews, tokenReviews } from "../endpoints/reviews/authentication-reviews.ts";
import { selfSubjectRulesReviews } from "../endpoints/reviews/rules-review.ts";
import { ServedResource } from "../endpoints/served-resource.ts";
import { serviceAccountToken } from "../endpoints/serviceaccount-token.ts";
import type { UpgradeHandler } from "../endpoints/upgrade.ts";
import type { RegistrySet } from "../registry/registry-set.ts";
import { ReadyEndpoints } from "../service-routing/ready-endpoints.ts";
import type { Access } from "./access.ts";
import { componentProbes } from "./component-probes.ts";
import type { Authentication } from "./authentication.ts";
import type { ServerEnvironment } from "./environment.ts";

const rollbacks = [deploymentRollback("apps", "v1beta1"), deploymentRollback("extensions", "v1beta1")];

export interface CatalogParts {
  readonly registries: RegistrySet;
  readonly authentication: Authentication;
  readonly access: Access;
  readonly connections: KubeletConnections;
}

/** Everything the server offers, put together from the registries. */
export function buildCatalog(
  { apiResources: { runtimeConfig }, serviceAccounts }: Pick<ApiServerConfig, "apiResources" | "serviceAccounts">,
  { registries, authentication, access, connections }: CatalogParts,
  { random, background }: Pick<ServerEnvironment, "random" | "background">,
): { catalog: Catalog; upgrades: readonly UpgradeHandler[] } {
  const streams = (["exec", "attach", "portforward"] as const).map((kind) => podStream(kind, connections, registries));
  const log = podLog(connections, registries);
  const ready = new ReadyEndpoints(registries);
  background.start(async (signal) => {
    using _ready = ready;
    await aborted(signal);
  });
  const proxies = proxySubresources(registries, ready, connections, random);
  const catalog: Catalog = {
    resources: registries
      .all()
      .flatMap((registry): ServedResource<KubeObject>[] => [
        new ServedResource(registry),
        ...(registry.definition.alternates ?? []).map((alternate) => new ServedResource(registry, alternate)),
      ])
      .filter(({ type }) => runtimeConfig.isServed(type)),
    subresources: [
      podBinding,
      podEviction(registries, registries),
      log,
      ...streams,
      ...proxies,
      serviceAccountToken(authentication.issuer),
      ...rollbacks.filter(({ group, versions: [version = ""] = [] }) =>
        runtimeConfig.isServed({ group, version, plural: "deployments" }),
      ),
    ],
    virtuals: [
      ...["v1", "v1beta1"].flatMap((version) => [
        tokenReviews(authentication.tokens, serviceAccounts.audiences, version),
        selfSubjectReviews(version),
        ...accessReviews(access.authorizer, version),
        selfSubjectRulesReviews(access.resolvers, version),
      ]),
      bindings(registries),
      componentStatuses(componentProbes(registries.registry(pods).store)),
    ].filter((virtual) => runtimeConfig.isServed(virtual)),
  };
  return { catalog, upgrades: [...streams, log, ...proxies] };
}
