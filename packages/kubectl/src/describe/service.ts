import type { Endpoints, Service } from "@kube-ts/api/core/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import type { Description } from "./description.ts";

/** At most this many addresses are listed. */
const maxEndpoints = 3;

export function describeService(
  description: Description,
  { metadata, spec, status }: Service,
  slices: readonly EndpointSlice[],
): void {
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  line(`Namespace:\t${metadata.namespace ?? ""}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  const selector = Object.entries(spec?.selector ?? {}).map(([key, value]) => `${key}=${value}`);
  line(`Selector:\t${selector.toSorted().join(",") || "<none>"}`);
  line(`Type:\t${spec?.type ?? ""}`);
  if (spec?.ipFamilyPolicy) line(`IP Family Policy:\t${spec.ipFamilyPolicy}`);
  line(`IP Families:\t${spec?.ipFamilies?.join(",") || "<none>"}`);
  line(`IP:\t${spec?.clusterIP ?? ""}`);
  line(`IPs:\t${spec?.clusterIPs?.join(",") || "<none>"}`);
  if (spec?.externalIPs?.length) line(`External IPs:\t${spec.externalIPs.join(",")}`);
  if (spec?.externalName) line(`External Name:\t${spec.externalName}`);
  const ingress = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? "");
  if (ingress.length > 0) line(`LoadBalancer Ingress:\t${ingress.join(", ")}`);
  for (const port of spec?.ports ?? []) {
    const { name = "", protocol = "TCP" } = port;
    line(`Port:\t${name === "" ? "<unset>" : name}\t${port.port}/${protocol}`);
    line(`TargetPort:\t${port.targetPort ?? port.port}/${protocol}`);
    if (port.nodePort) line(`NodePort:\t${name === "" ? "<unset>" : name}\t${port.nodePort}/${protocol}`);
    line(`Endpoints:\t${endpointsText(slices, name)}`);
  }
  line(`Session Affinity:\t${spec?.sessionAffinity ?? ""}`);
  if (spec?.externalTrafficPolicy) line(`External Traffic Policy:\t${spec.externalTrafficPolicy}`);
  if (spec?.internalTrafficPolicy) line(`Internal Traffic Policy:\t${spec.internalTrafficPolicy}`);
  if (spec?.trafficDistribution) line(`Traffic Distribution:\t${spec.trafficDistribution}`);
  if (spec?.healthCheckNodePort) line(`HealthCheck NodePort:\t${spec.healthCheckNodePort}`);
}

export function endpointsText(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return "<none>";
  const all = slices.flatMap(({ ports, endpoints }) =>
    (ports ?? [])
      .filter(({ name = "" }) => name === portName)
      .flatMap(({ port }) =>
        (endpoints ?? [])
          .filter(({ conditions }) => conditions?.ready !== false)
          .flatMap(({ addresses = [] }) => addresses.map((address) => hostPort(address, port))),
      ),
  );
  if (all.length <= maxEndpoints) return all.join(",");
  return `${all.slice(0, maxEndpoints).join(",")} + ${all.length - maxEndpoints} more...`;
}

function hostPort(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

export function describeEndpoints(description: Description, { metadata, subsets = [] }: Endpoints): void {
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  line(`Namespace:\t${metadata.namespace ?? ""}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line("Subsets:");
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    line(`  Addresses:\t${addresses.map(({ ip }) => ip).join(",") || "<none>"}`);
    line(`  NotReadyAddresses:\t${notReadyAddresses.map(({ ip }) => ip).join(",") || "<none>"}`);
    if (ports.length > 0) {
      line("  Ports:");
      line("    Name\tPort\tProtocol");
      line("    ----\t----\t--------");
      for (const { name, port, protocol = "TCP" } of ports) line(`    ${name || "<unset>"}\t${port}\t${protocol}`);
    }
    line("");
  }
}

export function describeEndpointSlice(description: Description, slice: EndpointSlice): void {
  const { metadata, addressType } = slice;
  const ports = slice.ports ?? [];
  const endpoints = slice.endpoints ?? [];
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  line(`Namespace:\t${metadata.namespace ?? ""}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line(`AddressType:\t${addressType}`);
  if (ports.length === 0) line("Ports: <unset>");
  else {
    line("Ports:");
    line("  Name\tPort\tProtocol");
    line("  ----\t----\t--------");
    for (const { name, port, protocol = "TCP" } of ports)
      line(`  ${name || "<unset>"}\t${port ?? "<unset>"}\t${protocol}`);
  }
  if (endpoints.length === 0) line("Endpoints: <none>");
  else line("Endpoints:");
  for (const { addresses = [], conditions, hostname, targetRef, nodeName, zone } of endpoints) {
    line(`  - Addresses:\t${addresses.join(",")}`);
    line("    Conditions:");
    line(`      Ready:\t${conditions?.ready ?? "<unset>"}`);
    line(`    Hostname:\t${hostname ?? "<unset>"}`);
    if (targetRef) line(`    TargetRef:\t${targetRef.kind ?? ""}/${targetRef.name ?? ""}`);
    line(`    NodeName:\t${nodeName ?? "<unset>"}`);
    line(`    Zone:\t${zone ?? "<unset>"}`);
  }
}
