import type { Service } from "@kube-ts/api/core/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import type { Ingress, IngressBackend, IngressClass } from "@kube-ts/api/networking/v1";
import type { Description } from "./description.ts";
import { endpointsText } from "./service.ts";

/** What is known of a service that an ingress names; an error where it could not be read. */
export type BackendService =
  | { readonly service: Service; readonly slices: readonly EndpointSlice[] }
  | { readonly error: string };

/** `services` has every service that the ingress names. */
export function describeIngress(
  description: Description,
  { metadata, spec = {}, status }: Ingress,
  services: ReadonlyMap<string, BackendService>,
): void {
  const line = (text: string) => description.line(0, text);
  const backend = (target: IngressBackend) => backendText(target, services);
  const addresses = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || "");
  line(`Name:\t${metadata.name ?? ""}`);
  description.map("Labels", metadata.labels);
  line(`Namespace:\t${metadata.namespace ?? ""}`);
  line(`Address:\t${addresses.filter((each) => each !== "").join(",")}`);
  line(`Ingress Class:\t${spec.ingressClassName ?? "<none>"}`);
  line(`Default backend:\t${spec.defaultBackend ? backend(spec.defaultBackend) : "<default>"}`);
  if (spec.tls?.length) line("TLS:");
  for (const { secretName = "", hosts = [] } of spec.tls ?? []) {
    line(secretName === "" ? `  SNI routes ${hosts.join(",")}` : `  ${secretName} terminates ${hosts.join(",")}`);
  }
  line("Rules:");
  line("  Host\tPath\tBackends");
  line("  ----\t----\t--------");
  const rules = (spec.rules ?? []).filter(({ http }) => http);
  for (const { host = "", http } of rules) {
    line(`  ${host || "*"}\t`);
    for (const { path = "", backend: target } of http?.paths ?? []) line(`    \t${path} \t${backend(target)}`);
  }
  if (rules.length === 0 && spec.defaultBackend) line(`  *\t*\t${backend(spec.defaultBackend)}`);
  description.annotations(metadata.annotations);
}

function backendText({ service, resource }: IngressBackend, services: ReadonlyMap<string, BackendService>): string {
  if (resource) {
    return `APIGroup: ${resource.apiGroup ?? "<none>"}, Kind: ${resource.kind}, Name: ${resource.name}`;
  }
  if (!service) return "<none>";
  const port = service.port?.name || String(service.port?.number ?? "");
  const known = services.get(service.name);
  const detail = known && "service" in known ? endpointsOf(known, port) : `<error: ${known?.error ?? ""}>`;
  return `${service.name}:${port} (${detail})`;
}

function endpointsOf(
  { service, slices }: { service: Service; slices: readonly EndpointSlice[] },
  port: string,
): string {
  const found = service.spec?.ports?.find((each) => each.name === port || String(each.port) === port);
  return endpointsText(slices, found?.name ?? "");
}

/** The services that an ingress names. */
export function servicesOf({ spec = {} }: Ingress): string[] {
  const backends = [
    spec.defaultBackend,
    ...(spec.rules ?? []).flatMap(({ http }) => http?.paths.map((each) => each.backend)),
  ];
  return [...new Set(backends.flatMap((each) => each?.service?.name ?? []))];
}

export function describeIngressClass(description: Description, { metadata, spec = {} }: IngressClass): void {
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line(`Controller:\t${spec.controller ?? ""}`);
  if (!spec.parameters) return;
  const { apiGroup, kind, name } = spec.parameters;
  line("Parameters:");
  if (apiGroup !== undefined) line(`  APIGroup:\t${apiGroup}`);
  line(`  Kind:\t${kind}`);
  line(`  Name:\t${name}`);
}
