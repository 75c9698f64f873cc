import type { Endpoint, EndpointSlice } from "@kube-ts/api/discovery/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { endpointSliceManagedByLabel, serviceNameLabel } from "@kube-ts/api/well-known-labels";
import { ipFamilyOf } from "@kube-ts/std/ip-address";
import type { IpFamily } from "@kube-ts/std/ip-address";

/** The Service that clients ask. */
export const dnsService = { namespace: "kube-system", name: "kube-dns" } as const;

const managedBy = "cluster-dns.kube-ts.io";

/** Where this server answers. */
export interface Presence {
  readonly nodeName: string;
  readonly addresses: readonly string[];
  readonly port: number;
  /** 0 when no metrics are served. */
  readonly metricsPort: number;
}

/** What makes the slice of this server right: one for each address family in which it answers. */
export type OwnSlice = Pick<EndpointSlice, "addressType" | "ports"> & {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly endpoints: Endpoint[];
};

const families: readonly IpFamily[] = ["IPv4", "IPv6"];

/** Names of all slices that a server on this node may have. */
export function ownSliceNames(nodeName: string): readonly string[] {
  return families.map((family) => sliceName(nodeName, family));
}

/** The slices to have. Pure. */
export function ownSlices({ nodeName, addresses, port, metricsPort }: Presence): readonly OwnSlice[] {
  return families.flatMap((family): readonly OwnSlice[] => {
    const own = addresses.filter((address) => ipFamilyOf(address) === family);
    if (own.length === 0) return [];
    return [
      {
        name: sliceName(nodeName, family),
        labels: {
          [serviceNameLabel]: dnsService.name,
          [endpointSliceManagedByLabel]: managedBy,
        },
        addressType: family,
        endpoints: own.map((address) => ({
          addresses: [address],
          conditions: { ready: true, serving: true, terminating: false },
          nodeName,
        })),
        ports: [
          { name: "dns", protocol: "UDP", port },
          { name: "dns-tcp", protocol: "TCP", port },
          ...(metricsPort > 0 ? [{ name: "metrics", protocol: "TCP", port: metricsPort } as const] : []),
        ],
      },
    ];
  });
}

/** Whether the slice that exists says what it should. */
export function isCurrent(existing: EndpointSlice, wanted: OwnSlice): boolean {
  const labels = Object.entries(wanted.labels).every(([key, value]) => existing.metadata.labels?.[key] === value);
  return (
    labels &&
    existing.addressType === wanted.addressType &&
    semanticEqual(existing.endpoints ?? [], wanted.endpoints) &&
    semanticEqual(existing.ports ?? [], wanted.ports ?? [])
  );
}

function sliceName(nodeName: string, family: IpFamily): string {
  return `${dnsService.name}-${nodeName}-${family.toLowerCase()}`;
}
