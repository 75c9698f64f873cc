import { FlagError } from "@kube-ts/std/flags";
import { parseCidr } from "@kube-ts/std/ip-address";
import type { IpFamily } from "@kube-ts/std/ip-address";

interface NodeCidrValues {
  readonly "allocate-node-cidrs": boolean;
  readonly "cluster-cidr": readonly string[];
  readonly "service-cluster-ip-range": readonly string[];
  readonly "node-cidr-mask-size": number;
  readonly "node-cidr-mask-size-ipv4": number;
  readonly "node-cidr-mask-size-ipv6": number;
}

/** Which ranges of pod addresses nodes get. */
export interface NodeCidrs {
  readonly clusterCidrs: readonly string[];
  /** Ranges of services: no node gets a part that overlaps them. */
  readonly serviceCidrs: readonly string[];
  readonly maskSizeIpv4: number;
  readonly maskSizeIpv6: number;
}

const defaultMasks: Readonly<Record<IpFamily, number>> = { IPv4: 24, IPv6: 64 };

/** Checks the flags against each other; undefined when nodes get no ranges. Throws a FlagError. */
export function nodeCidrs(values: NodeCidrValues): NodeCidrs | undefined {
  if (!values["allocate-node-cidrs"]) return undefined;
  const clusterCidrs = values["cluster-cidr"];
  const [first, second] = familiesOf("cluster-cidr", clusterCidrs);
  if (!first) throw new FlagError("cluster-cidr", "--allocate-node-cidrs needs --cluster-cidr");
  familiesOf("service-cluster-ip-range", values["service-cluster-ip-range"]);
  const masks = second ? dualStackMasks(values) : singleStackMasks(values, first);
  return {
    clusterCidrs,
    serviceCidrs: values["service-cluster-ip-range"],
    maskSizeIpv4: masks.IPv4,
    maskSizeIpv6: masks.IPv6,
  };
}

function familiesOf(flag: string, ranges: readonly string[]): readonly IpFamily[] {
  const families = ranges.map((range) => {
    const family = parseCidr(range)?.family;
    if (family) return family;
    throw new FlagError(flag, `--${flag}: invalid CIDR address: ${range}`);
  });
  if (ranges.length > 2) {
    throw new FlagError(flag, `--${flag}: len of clusters is:${ranges.length} > more than max allowed of 2`);
  }
  if (families.length === 2 && families[0] === families[1]) {
    const text = `len of ClusterCIDRs==${ranges.length} and they are not configured as dual stack (at least one from each IPFamily)`;
    throw new FlagError(flag, `--${flag}: ${text}`);
  }
  return families;
}

function dualStackMasks(values: NodeCidrValues): Readonly<Record<IpFamily, number>> {
  if (values["node-cidr-mask-size"] !== 0) {
    refuse("node-cidr-mask-size", "usage of --node-cidr-mask-size is not allowed with dual-stack clusters");
  }
  return {
    IPv4: values["node-cidr-mask-size-ipv4"] || defaultMasks.IPv4,
    IPv6: values["node-cidr-mask-size-ipv6"] || defaultMasks.IPv6,
  };
}

function singleStackMasks(values: NodeCidrValues, family: IpFamily): Readonly<Record<IpFamily, number>> {
  const [mask, ipv4, ipv6] = [
    values["node-cidr-mask-size"],
    values["node-cidr-mask-size-ipv4"],
    values["node-cidr-mask-size-ipv6"],
  ];
  if (mask !== 0 && (ipv4 !== 0 || ipv6 !== 0)) {
    refuse(
      "node-cidr-mask-size",
      "usage of --node-cidr-mask-size-ipv4 and --node-cidr-mask-size-ipv6 is not allowed if --node-cidr-mask-size is set. " +
        "For dual-stack clusters please unset it and use IPFamily specific flags",
    );
  }
  if (mask !== 0) return { IPv4: mask, IPv6: mask };
  if (ipv4 !== 0 && family === "IPv6") refuseFamily("node-cidr-mask-size-ipv4", "IPv6");
  if (ipv6 !== 0 && family === "IPv4") refuseFamily("node-cidr-mask-size-ipv6", "IPv4");
  return { IPv4: ipv4 || defaultMasks.IPv4, IPv6: ipv6 || defaultMasks.IPv6 };
}

function refuseFamily(flag: string, family: IpFamily): never {
  return refuse(flag, `usage of --${flag} is not allowed for a single-stack ${family} cluster`);
}

function refuse(flag: string, text: string): never {
  throw new FlagError(flag, text);
}
