import { hostname } from "node:os";
import { FlagError, defineFlags } from "@kube-ts/std/flags";
import type { ParsedFlags } from "@kube-ts/std/flags";
import { cidrContains, ipFamilyOf, parseCidr, parseIpAddress } from "@kube-ts/std/ip-address";

/** What the server runs with, validated. */
export interface DnsConfig {
  /** Empty in a pod, which uses its service account. */
  readonly kubeconfig: string;
  /** Lower case, without a final dot. */
  readonly clusterDomain: string;
  /** Addresses to answer on; an unspecified one stands for every address of the host in its family. */
  readonly bindAddresses: readonly string[];
  readonly port: number;
  /** 0 serves nothing. */
  readonly healthPort: number;
  /** 0 serves nothing. */
  readonly metricsPort: number;
  /** Empty to hand nothing on. */
  readonly resolvConf: string;
  readonly nodeName: string;
  /** Keep an EndpointSlice of the DNS Service for this server. */
  readonly registerEndpointSlice: boolean;
}

export const dnsFlags = defineFlags({
  "bind-address": {
    type: "stringList",
    default: ["0.0.0.0", "::"],
    description: "addresses to answer on; 0.0.0.0 and :: stand for every address of the host",
  },
  "cluster-domain": { type: "string", default: "cluster.local", description: "domain of the cluster's names" },
  "health-port": { type: "integer", default: 8181, description: "port of /health and /ready; 0 serves neither" },
  "hostname-override": { type: "string", default: "", description: "name of the Node, if not the host's name" },
  kubeconfig: {
    type: "string",
    default: "",
    description: "file that says how to reach the API server; without it the pod's service account is used",
  },
  "metrics-port": { type: "integer", default: 9153, description: "port of /metrics; 0 does not serve them" },
  port: { type: "integer", default: 53, description: "port to answer on, over UDP and TCP" },
  "register-endpoint-slice": {
    type: "boolean",
    default: false,
    description: "keep this server, by its --bind-address, among the endpoints of the Service kube-system/kube-dns",
  },
  "resolv-conf": {
    type: "string",
    default: "/etc/resolv.conf",
    description: "file that names the servers for all other names; empty to refuse those",
  },
});

/** Checks the flags. Throws a FlagError. */
export function configureDns({ values }: ParsedFlags<typeof dnsFlags>): DnsConfig {
  const bindAddresses = values["bind-address"];
  const bad = bindAddresses.find((host) => ipFamilyOf(host) === undefined);
  if (bad !== undefined || bindAddresses.length === 0) {
    throw new FlagError("bind-address", `--bind-address: ${JSON.stringify(bad ?? "")} is not an IP address`);
  }
  const registerEndpointSlice = values["register-endpoint-slice"];
  const ownOnly = bindAddresses.find(isOfThisHostOnly);
  if (registerEndpointSlice && ownOnly !== undefined) {
    throw new FlagError(
      "register-endpoint-slice",
      `--register-endpoint-slice: --bind-address ${ownOnly} cannot be told to others`,
    );
  }
  return {
    kubeconfig: values.kubeconfig,
    clusterDomain: domainOf(values["cluster-domain"]),
    bindAddresses,
    port: portOf("port", values.port, 1),
    healthPort: portOf("health-port", values["health-port"], 0),
    metricsPort: portOf("metrics-port", values["metrics-port"], 0),
    resolvConf: values["resolv-conf"],
    nodeName: values["hostname-override"] || hostname().trim().toLowerCase(),
    registerEndpointSlice,
  };
}

/** Unspecified, loopback and link-local addresses mean something else on every host. */
function isOfThisHostOnly(text: string): boolean {
  const address = parseIpAddress(text);
  const ranges = ["0.0.0.0/32", "127.0.0.0/8", "169.254.0.0/16", "::/127", "fe80::/10"];
  return ranges.some((range) => {
    const cidr = parseCidr(range);
    return address !== undefined && cidr !== undefined && cidrContains(cidr, address);
  });
}

function domainOf(text: string): string {
  const domain = text.replace(/\.$/, "").toLowerCase();
  const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
  if (domain.length > 200 || !domain.split(".").every((part) => label.test(part))) {
    throw new FlagError("cluster-domain", `--cluster-domain: ${JSON.stringify(text)} is not a domain name`);
  }
  return domain;
}

function portOf(name: string, port: number, least: number): number {
  if (port >= least && port <= 65_535) return port;
  throw new FlagError(name, `--${name}: ${port} is not a port, ${least} to 65535`);
}
