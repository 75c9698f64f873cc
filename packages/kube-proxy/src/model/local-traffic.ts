import { formatCidr, parseCidr } from "@kube-ts/std/ip-address";
import type { IpFamily } from "@kube-ts/std/ip-address";

/** How traffic from pods is told from other traffic; undefined where it cannot be. */
export type LocalTraffic =
  | { readonly by: "source"; readonly cidr: string }
  /** A trailing `+` matches every interface with that prefix. */
  | { readonly by: "interface"; readonly name: string };

/** Upstream's detection modes. */
export type DetectLocalMode = "ClusterCIDR" | "NodeCIDR" | "BridgeInterface" | "InterfaceNamePrefix";

export interface DetectLocalSettings {
  readonly mode: DetectLocalMode;
  readonly clusterCidrs: readonly string[];
  readonly bridgeInterface: string;
  readonly interfaceNamePrefix: string;
}

/** The detection for a family. `nodeCidrs` are the pod ranges in the Node object, needed by mode NodeCIDR only. */
export function localTraffic(
  settings: DetectLocalSettings,
  family: IpFamily,
  nodeCidrs: readonly string[],
): LocalTraffic | undefined {
  switch (settings.mode) {
    case "ClusterCIDR":
      return bySource(settings.clusterCidrs, family);
    case "NodeCIDR":
      return bySource(nodeCidrs, family);
    case "BridgeInterface":
      return byInterface(settings.bridgeInterface);
    case "InterfaceNamePrefix":
      return byInterface(settings.interfaceNamePrefix === "" ? "" : `${settings.interfaceNamePrefix}+`);
    default:
      return undefined;
  }
}

function bySource(cidrs: readonly string[], family: IpFamily): LocalTraffic | undefined {
  for (const text of cidrs) {
    const cidr = parseCidr(text);
    if (cidr?.family === family) return { by: "source", cidr: formatCidr(cidr) };
  }
  return undefined;
}

function byInterface(name: string): LocalTraffic | undefined {
  return name === "" ? undefined : { by: "interface", name };
}
