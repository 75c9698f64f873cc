import type { Pod, PodDNSConfig } from "@kube-ts/api/core/v1";
import type { DnsConfig } from "../runtime/config.ts";

const maxServers = 3;
const maxSearches = 32;
const maxSearchLength = 2048;

/** What the node knows about name servers. */
export interface NodeDns {
  /** Addresses of the cluster's DNS service; empty when there is none. */
  readonly clusterDns: readonly string[];
  readonly clusterDomain: string;
  /** The node's own configuration. */
  readonly host: DnsConfig;
}

export interface PodDns {
  readonly config: DnsConfig;
  /** What users should know: reason and message of warning events. */
  readonly warnings: readonly { readonly reason: string; readonly message: string }[];
}

/** How a pod resolves names, by its policy and its own additions. */
export function podDns(pod: Pod, node: NodeDns): PodDns {
  const warnings: { reason: string; message: string }[] = [];
  let policy = pod.spec.dnsPolicy ?? "ClusterFirst";
  if (policy === "ClusterFirst" && pod.spec.hostNetwork) policy = "Default";
  if (policy === "ClusterFirstWithHostNet") policy = "ClusterFirst";
  if (policy === "ClusterFirst" && node.clusterDns.length === 0) {
    warnings.push({
      reason: "MissingClusterDNS",
      message:
        "kubelet does not have ClusterDNS IP configured and cannot create Pod using " +
        `"${pod.spec.dnsPolicy ?? "ClusterFirst"}" policy. Falling back to "Default" policy.`,
    });
    policy = "Default";
  }
  const base = policy === "None" ? none : policy === "Default" ? node.host : clusterFirst(pod, node);
  const config = withinLimits(extended(base, pod.spec.dnsConfig ?? {}), warnings);
  return { config, warnings };
}

const none: DnsConfig = { servers: [], searches: [], options: [] };

function clusterFirst(pod: Pod, { clusterDns, clusterDomain, host }: NodeDns): DnsConfig {
  const cluster =
    clusterDomain === ""
      ? []
      : [`${pod.metadata.namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain];
  return { servers: clusterDns, searches: unique([...cluster, ...host.searches]), options: ["ndots:5"] };
}

function extended(base: DnsConfig, { nameservers = [], searches = [], options = [] }: PodDNSConfig): DnsConfig {
  const byName = new Map(base.options.map((option) => [option.split(":")[0] ?? option, option]));
  for (const { name = "", value } of options)
    byName.set(name, value === undefined || value === "" ? name : `${name}:${value}`);
  return {
    servers: unique([...base.servers, ...nameservers]),
    searches: unique([...base.searches, ...searches]),
    options: [...byName.values()],
  };
}

function withinLimits(config: DnsConfig, warnings: { reason: string; message: string }[]): DnsConfig {
  const servers = config.servers.slice(0, maxServers);
  if (servers.length < config.servers.length) {
    const message =
      "Nameserver limits were exceeded, some nameservers have been omitted, " +
      `the applied nameserver line is: ${servers.join(" ")}`;
    warnings.push({ reason: "DNSConfigForming", message });
  }
  let searches = config.searches.slice(0, maxSearches);
  while (searches.join(" ").length > maxSearchLength) searches = searches.slice(0, -1);
  if (searches.length < config.searches.length) {
    const message =
      "Search Line limits were exceeded, some search paths have been omitted, " +
      `the applied search line is: ${searches.join(" ")}`;
    warnings.push({ reason: "DNSConfigForming", message });
  }
  return { servers, searches, options: config.options };
}

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}

/** Reads a resolv.conf. Later search lines replace earlier ones, as the resolver takes them. */
export function parseResolvConf(text: string): DnsConfig {
  const servers: string[] = [];
  let searches: string[] = [];
  const options: string[] = [];
  for (const line of text.split("\n")) {
    const [keyword, ...values] = line
      .replace(/[#;].*$/, "")
      .trim()
      .split(/\s+/);
    if (keyword === "nameserver" && values[0]) servers.push(values[0]);
    else if (keyword === "search") searches = values.map((domain) => domain.replace(/(?<=.)\.$/, ""));
    else if (keyword === "options") options.push(...values);
  }
  return { servers, searches, options };
}

export function formatResolvConf({ servers, searches, options }: DnsConfig): string {
  return [
    ...(searches.length > 0 ? [`search ${searches.join(" ")}`] : []),
    ...servers.map((server) => `nameserver ${server}`),
    ...(options.length > 0 ? [`options ${options.join(" ")}`] : []),
    "",
  ].join("\n");
}
