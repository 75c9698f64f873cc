import type { Random } from "@kube-ts/std/random";
import type { KubeObject } from "@kube-ts/api/object";
import { pods } from "@kube-ts/api/resource-types";
import { componentStatuses } from "../endpoints/component-status.ts";
import type { Catalog } from "../endpoints/discovery.ts";
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
import type { Access } from "./access.ts";
import { componentProbes } from "./component-probes.ts";
import type { Authentication } from "./authentication.ts";

/** Everything the server offers, put together from the registries. */
export function buildCatalog(
  registries: RegistrySet,
  authentication: Authentication,
  access: Access,
  connections: KubeletConnections,
  apiAudiences: readonly string[],
  random: Random,
): { catalog: Catalog; upgrades: readonly UpgradeHandler[] } {
  const streams = (["exec", "attach", "portforward"] as const).map((kind) => podStream(kind, connections, registries));
  const proxies = proxySubresources(registries, connections, random);
  const catalog: Catalog = {
    resources: registries
      .all()
      .flatMap((registry): ServedResource<KubeObject>[] => [
        new ServedResource(registry),
        ...(registry.definition.alternates ?? []).map((alternate) => new ServedResource(registry, alternate)),
      ]),
    subresources: [
      podBinding,
      podEviction(registries, registries),
      podLog(connections, registries),
      ...streams,
      ...proxies,
      serviceAccountToken(authentication.issuer),
    ],
    virtuals: [
      tokenReviews(authentication.tokens, apiAudiences),
      selfSubjectReviews,
      ...accessReviews(access.authorizer),
      selfSubjectRulesReviews(access.resolvers),
      bindings(registries),
      componentStatuses(componentProbes(registries.registry(pods).store)),
    ],
  };
  return { catalog, upgrades: [...streams, ...proxies] };
}
