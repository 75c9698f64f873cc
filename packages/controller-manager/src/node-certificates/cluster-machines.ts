import type { ConfigMap } from "@kube-ts/api/core/v1";
import { type Cidr, formatIpAddress, parseCidr, parseIpAddress } from "@kube-ts/std/ip-address";
import { parseYaml } from "@kube-ts/std/yaml";

/** What the cluster's own configuration says of who has which address. */
export interface ClusterMachines {
  /** Addresses of the machines that it names, in canonical form, by the machine's name. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  /** Ranges for pods and services: no machine has an address in them. */
  readonly ranges: readonly Cidr[];
  /** The host of the balancer in front of the API servers, if there is one. */
  readonly balancer: string | undefined;
}

const contentKey = "cluster.yaml";

/** Reads the config map. Throws when it holds no configuration of a cluster; what nobody asks about is not looked at. */
export function clusterMachines(map: ConfigMap): ClusterMachines {
  const config = recordOf(parseYaml(map.data?.[contentKey] ?? ""));
  if (config["kind"] !== "Cluster") throw new Error(`${contentKey} is no configuration of a cluster`);
  const network = recordOf(config["network"]);
  const texts = [...listOf(network["podCIDRs"]), ...listOf(network["serviceCIDRs"])].map(String);
  const endpoint = config["controlPlaneEndpoint"];
  return {
    addresses: new Map(listOf(config["machines"]).map(recordOf).map(machineOf)),
    ranges: texts.map(rangeOf),
    balancer: typeof endpoint === "string" ? canonicalHost(hostOf(endpoint)) : undefined,
  };
}

/** Addresses in the one form that can be compared, names in lower case. */
export function canonicalHost(host: string): string {
  const address = parseIpAddress(host);
  return address ? formatIpAddress(address) : host.toLowerCase();
}

function machineOf({ name, addresses }: Readonly<Record<string, unknown>>): readonly [string, readonly string[]] {
  return [String(name), listOf(addresses).map(String).map(canonicalHost)];
}

function rangeOf(text: string): Cidr {
  const range = parseCidr(text);
  if (!range) throw new Error(`${contentKey}: network: ${JSON.stringify(text)} is no CIDR`);
  return range;
}

function hostOf(endpoint: string): string {
  return endpoint.replace(/:\d+$/, "").replaceAll(/[[\]]/g, "");
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
