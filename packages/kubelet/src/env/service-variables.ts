import type { Service } from "@kube-ts/api/core/v1";
import type { EnvValue } from "../runtime/config.ts";

/** The service whose address every pod is told. */
const apiService = { namespace: "default", name: "kubernetes" };

/**
 * The variables that tell a pod of services: of the API server's always, of those of its namespace when it has service
 * links.
 */
export function serviceVariables(
  services: readonly Service[],
  podNamespace: string,
  serviceLinks: boolean,
): readonly EnvValue[] {
  const byName = new Map<string, Service>();
  for (const service of services) {
    const { namespace, name = "" } = service.metadata;
    if (!hasClusterIp(service)) continue;
    if (namespace === podNamespace && serviceLinks) byName.set(name, service);
    else if (namespace === apiService.namespace && name === apiService.name && !byName.has(name))
      byName.set(name, service);
  }
  return [...byName.values()]
    .toSorted((left, right) => ((left.metadata.name ?? "") < (right.metadata.name ?? "") ? -1 : 1))
    .flatMap(variablesOf);
}

function hasClusterIp({ spec }: Service): boolean {
  return spec?.clusterIP !== undefined && spec.clusterIP !== "" && spec.clusterIP !== "None";
}

function variablesOf(service: Service): EnvValue[] {
  const prefix = variableName(service.metadata.name ?? "");
  const ip = service.spec?.clusterIP ?? "";
  const ports = service.spec?.ports ?? [];
  const [first] = ports;
  if (!first) return [];
  const named = ports.filter((port) => port.name);
  return [
    { name: `${prefix}_SERVICE_HOST`, value: ip },
    { name: `${prefix}_SERVICE_PORT`, value: `${first.port}` },
    ...named.map(({ name = "", port }) => ({ name: `${prefix}_SERVICE_PORT_${variableName(name)}`, value: `${port}` })),
    { name: `${prefix}_PORT`, value: url(first.protocol, ip, first.port) },
    ...ports.flatMap(({ protocol = "TCP", port }) => {
      const link = `${prefix}_PORT_${port}_${protocol.toUpperCase()}`;
      return [
        { name: link, value: url(protocol, ip, port) },
        { name: `${link}_PROTO`, value: protocol.toLowerCase() },
        { name: `${link}_PORT`, value: `${port}` },
        { name: `${link}_ADDR`, value: ip },
      ];
    }),
  ];
}

function url(protocol: string | undefined, ip: string, port: number): string {
  const host = ip.includes(":") ? `[${ip}]` : ip;
  return `${(protocol ?? "TCP").toLowerCase()}://${host}:${port}`;
}

function variableName(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}
