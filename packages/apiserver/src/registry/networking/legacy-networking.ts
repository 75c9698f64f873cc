import type { Ingress as LegacyIngress, IngressBackend as LegacyBackend } from "@kube-ts/api/networking/v1beta1";
import type {
  IPAddress,
  Ingress,
  IngressBackend,
  IngressClass,
  NetworkPolicy,
  ServiceCIDR,
} from "@kube-ts/api/networking/v1";
import { ingressClasses, ingresses, ipAddresses, networkPolicies, serviceCidrs } from "@kube-ts/api/resource-types";
import { type LegacyDifferences, legacyVersion } from "../legacy-version.ts";
import type { AlternateVersion } from "../resource-definition.ts";

const ingressDifferences: LegacyDifferences<Ingress, LegacyIngress> = {
  fromStored(ingress) {
    const { defaultBackend, rules, ...spec } = ingress.spec;
    return {
      ...ingress,
      spec: {
        ...spec,
        ...(defaultBackend && { backend: legacyBackend(defaultBackend) }),
        ...(rules && {
          rules: rules.map(({ http, ...rule }) => ({
            ...rule,
            ...(http && {
              http: { paths: http.paths.map((path) => ({ ...path, backend: legacyBackend(path.backend) })) },
            }),
          })),
        }),
      },
    };
  },
  toStored(ingress) {
    const { backend, rules, ...spec } = ingress.spec;
    return {
      ...ingress,
      spec: {
        ...spec,
        ...(backend && { defaultBackend: storedBackend(backend) }),
        ...(rules && {
          rules: rules.map(({ http, ...rule }) => ({
            ...rule,
            ...(http && {
              http: { paths: http.paths.map((path) => ({ ...path, backend: storedBackend(path.backend) })) },
            }),
          })),
        }),
      },
    };
  },
  defaults(ingress) {
    for (const { http } of ingress.spec?.rules ?? []) {
      for (const path of http?.paths ?? []) path.pathType ??= "ImplementationSpecific";
    }
  },
};

export const legacyIngresses: readonly AlternateVersion<Ingress>[] = [
  legacyVersion(ingresses, "networking.k8s.io/v1beta1", ingressDifferences),
  legacyVersion(ingresses, "extensions/v1beta1", ingressDifferences),
];

export const legacyIngressClasses: readonly AlternateVersion<IngressClass>[] = [
  legacyVersion(ingressClasses, "networking.k8s.io/v1beta1"),
];

export const legacyNetworkPolicies: readonly AlternateVersion<NetworkPolicy>[] = [
  legacyVersion(networkPolicies, "extensions/v1beta1"),
];

export const legacyIpAddresses: readonly AlternateVersion<IPAddress>[] = [
  legacyVersion(ipAddresses, "networking.k8s.io/v1beta1"),
];

export const legacyServiceCidrs: readonly AlternateVersion<ServiceCIDR>[] = [
  legacyVersion(serviceCidrs, "networking.k8s.io/v1beta1"),
];

function legacyBackend({ service, ...rest }: IngressBackend): LegacyBackend {
  if (!service) return rest;
  const { name, number = 0 } = service.port ?? {};
  return { ...rest, serviceName: service.name, servicePort: name ?? number };
}

function storedBackend({ serviceName, servicePort, ...rest }: LegacyBackend): IngressBackend {
  if (!serviceName && !servicePort) return rest;
  const port = typeof servicePort === "string" ? { name: servicePort } : servicePort ? { number: servicePort } : {};
  return { ...rest, service: { name: serviceName ?? "", port } };
}
