import { ipFamilyOf, parseCidr } from "@kube-ts/std/ip-address";
import { nodePortAddressProblem } from "../model/node-port-addresses.ts";
import { parseBindAddress } from "@kube-ts/std/bind-address";
import type { BindAddress } from "@kube-ts/std/bind-address";
import { defaultHealthzPort, defaultMetricsPort } from "./proxy-config.ts";
import type { ProxyConfig, RawProxyConfig } from "./proxy-config.ts";

/** A configuration that cannot be used; the message lists every fault with its field. */
export class ProxyConfigError extends Error {
  override readonly name = "ProxyConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.length === 1 ? (problems[0] ?? "") : `[${problems.join(", ")}]`);
    this.problems = problems;
  }
}

/** Checks the configuration and puts it into its final form. Throws a `ProxyConfigError`. */
export function validateConfig(raw: RawProxyConfig): ProxyConfig {
  const problems: string[] = [];
  const healthzBind = readBind("healthzBindAddress", raw.healthzBindAddress, defaultHealthzPort, problems);
  const metricsBind = readBind("metricsBindAddress", raw.metricsBindAddress, defaultMetricsPort, problems);
  problems.push(...modeProblems(raw), ...addressProblems(raw), ...detectLocalProblems(raw), ...numberProblems(raw));
  if (problems.length > 0) throw new ProxyConfigError(problems);
  return {
    cleanup: raw.cleanup,
    client: raw.client,
    hostnameOverride: raw.hostnameOverride.trim().toLowerCase(),
    bindAddress: raw.bindAddress,
    bindHardFail: raw.bindHardFail,
    healthzBind,
    metricsBind,
    iptables: raw.iptables,
    detectLocal: {
      mode: raw.detectLocalMode || "ClusterCIDR",
      clusterCidrs: splitList(raw.clusterCidr),
      bridgeInterface: raw.bridgeInterface,
      interfaceNamePrefix: raw.interfaceNamePrefix,
    },
    nodePortRanges: raw.nodePortAddresses,
    conntrack: raw.conntrack,
    oomScoreAdj: raw.oomScoreAdj,
  };
}

function readBind(field: string, text: string, defaultPort: number, problems: string[]): BindAddress | undefined {
  try {
    return parseBindAddress(text, defaultPort);
  } catch (error) {
    problems.push(invalid(field, text, error instanceof Error ? error.message : String(error)));
    return undefined;
  }
}

function modeProblems({ mode }: RawProxyConfig): readonly string[] {
  if (mode === "" || mode === "iptables") return [];
  if (mode === "ipvs" || mode === "nftables") {
    return [`mode: Unsupported value: ${JSON.stringify(mode)}: this proxy writes iptables rules only`];
  }
  return [invalid("mode", mode, "must be iptables or blank")];
}

function addressProblems(raw: RawProxyConfig): readonly string[] {
  const problems: string[] = [];
  if (ipFamilyOf(raw.bindAddress) === undefined) {
    problems.push(invalid("bindAddress", raw.bindAddress, "not a valid textual representation of an IP address"));
  }
  const nodePorts = nodePortAddressProblem(raw.nodePortAddresses);
  if (nodePorts !== undefined) problems.push(`nodePortAddresses: ${nodePorts}`);
  const cidrs = splitList(raw.clusterCidr);
  const families = cidrs.map((text) => parseCidr(text)?.family);
  if (families.includes(undefined)) {
    const reason = "must be a valid CIDR block (e.g. 10.100.0.0/16 or fde4:8dba:82e1::/48)";
    problems.push(invalid("clusterCIDR", raw.clusterCidr, reason));
  } else if (cidrs.length > 2) {
    problems.push(invalid("clusterCIDR", raw.clusterCidr, "only one CIDR allowed or a valid DualStack CIDR"));
  } else if (new Set(families).size !== cidrs.length) {
    problems.push(
      invalid("clusterCIDR", raw.clusterCidr, "must be a valid DualStack CIDR (e.g. 10.100.0.0/16,fd00::/48)"),
    );
  }
  return problems;
}

function detectLocalProblems(raw: RawProxyConfig): readonly string[] {
  if (raw.detectLocalMode === "BridgeInterface" && raw.bridgeInterface === "") {
    return ["detectLocal.bridgeInterface: Required value: for detect-local-mode BridgeInterface"];
  }
  if (raw.detectLocalMode === "InterfaceNamePrefix" && raw.interfaceNamePrefix === "") {
    return ["detectLocal.interfaceNamePrefix: Required value: for detect-local-mode InterfaceNamePrefix"];
  }
  const names = [
    ["detectLocal.bridgeInterface", raw.bridgeInterface],
    ["detectLocal.interfaceNamePrefix", raw.interfaceNamePrefix],
  ] as const;
  return names
    .filter(([, name]) => !/^[A-Za-z0-9_.@-]{0,15}$/.test(name))
    .map(([field, name]) => invalid(field, name, "must be the name of a network interface, of 15 letters at most"));
}

function numberProblems(raw: RawProxyConfig): readonly string[] {
  const { iptables, conntrack } = raw;
  const problems: string[] = [];
  const require = (good: boolean, field: string, value: unknown, reason: string) => {
    if (!good) problems.push(invalid(field, value, reason));
  };
  const bit = iptables.masqueradeBit;
  require(bit >= 0 && bit <= 31, "iptables.masqueradeBit", bit, "must be within the range [0, 31]");
  require(iptables.syncPeriodMs > 0, "iptables.syncPeriod", `${iptables.syncPeriodMs}ms`, "must be greater than 0");
  const minMs = iptables.minSyncPeriodMs;
  require(minMs >= 0, "iptables.minSyncPeriod", `${minMs}ms`, "must be greater than or equal to 0");
  require(minMs <=
    iptables.syncPeriodMs, "iptables.syncPeriod", `${iptables.syncPeriodMs}ms`, "must be greater than or equal to iptables.minSyncPeriod");
  for (const [name, value] of Object.entries(conntrack)) {
    if (typeof value === "number")
      require(value >= 0, `conntrack.${name}`, value, "must be greater than or equal to 0");
  }
  const score = raw.oomScoreAdj ?? 0;
  require(score >= -1000 && score <= 1000, "oomScoreAdj", score, "must be within the range [-1000, 1000]");
  require(raw.client.burst >= 0, "clientConnection.burst", raw.client.burst, "must be non-negative");
  return problems;
}

function splitList(text: string): readonly string[] {
  return text === "" ? [] : text.split(",").map((part) => part.trim());
}

function invalid(field: string, value: unknown, reason: string): string {
  return `${field}: Invalid value: ${JSON.stringify(value)}: ${reason}`;
}
