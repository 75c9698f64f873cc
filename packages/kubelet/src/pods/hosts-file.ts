import type { HostAlias } from "@kube-ts/api/core/v1";
import type { PodHostname } from "./pod-hostname.ts";

const standardEntries = [
  "127.0.0.1\tlocalhost",
  "::1\tlocalhost ip6-localhost ip6-loopback",
  "fe00::0\tip6-localnet",
  "fe00::0\tip6-mcastprefix",
  "fe00::1\tip6-allnodes",
  "fe00::2\tip6-allrouters",
];

/** The hosts file of a pod with its own network. */
export function podHostsFile(
  ips: readonly string[],
  { name, domain }: PodHostname,
  aliases: readonly HostAlias[],
): string {
  const own = ips.map((ip) => (domain === "" ? `${ip}\t${name}` : `${ip}\t${name}.${domain}\t${name}`));
  return ["# Kubernetes-managed hosts file.", ...standardEntries, ...own, ""].join("\n") + aliasLines(aliases);
}

/** The hosts file of a pod on the node's network. */
export function nodeHostsFile(nodeFile: string, aliases: readonly HostAlias[]): string {
  return `# Kubernetes-managed hosts file (host network).\n${nodeFile}${aliasLines(aliases)}`;
}

function aliasLines(aliases: readonly HostAlias[]): string {
  if (aliases.length === 0) return "";
  const lines = aliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join("\t")}`);
  return ["", "# Entries added by HostAliases.", ...lines, ""].join("\n");
}
