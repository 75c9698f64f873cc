import { hostname } from "node:os";
import { parseBindAddress } from "@kube-ts/std/bind-address";
import { FlagError, defineFlags } from "@kube-ts/std/flags";
import type { ParsedFlags } from "@kube-ts/std/flags";
import type { AgentConfig } from "./agent-config.ts";
import { canonicalCidr } from "./plan/cluster-node.ts";
import type { FamilyText } from "./plan/cluster-node.ts";
import type { NetworkMode } from "./plan/network-plan.ts";

const defaultHealthzPort = 10_246;
const defaultMetricsPort = 10_245;

export const agentFlags = defineFlags({
  "cluster-cidr": {
    type: "stringList",
    default: [],
    description: "ranges of all pods, one of each IP family; without it, the ranges of the nodes that exist count",
  },
  "cni-conf-dir": {
    type: "string",
    default: "/etc/cni/net.d",
    description: "directory of CNI network configurations, where the agent writes the node's",
  },
  "healthz-bind-address": {
    type: "string",
    default: `127.0.0.1:${defaultHealthzPort}`,
    description: "address of the health server; empty turns it off",
  },
  "hostname-override": { type: "string", default: "", description: "name of the Node, if not the host's name" },
  interface: {
    type: "string",
    default: "",
    description: "interface that carries traffic between nodes; without it, the one with the node's address",
  },
  kubeconfig: {
    type: "string",
    default: "",
    description: "file that says how to reach the API server; without it the pod's service account is used",
  },
  masquerade: {
    type: "boolean",
    default: true,
    description: "hide pods behind the node's address towards everything outside the cluster",
  },
  "metrics-bind-address": {
    type: "string",
    default: `127.0.0.1:${defaultMetricsPort}`,
    description: "address of the metrics server; empty turns it off",
  },
  mode: {
    type: "string",
    default: "routes",
    description:
      "how packets get to other nodes: routes, for which nodes share a segment, vxlan, " +
      "or auto, routes where a segment is shared and vxlan elsewhere",
  },
  mtu: { type: "integer", default: 0, description: "largest packet of pods in bytes; 0 to find it out" },
  "non-masquerade-cidr": {
    type: "stringList",
    default: [],
    description: "further ranges that see pods' own addresses, besides those of pods and nodes",
  },
  "sync-period": {
    type: "duration",
    default: 10_000,
    description: "how often routes and devices are compared with what is to be there and repaired",
  },
  "vxlan-id": { type: "integer", default: 1, description: "number of the virtual network (VNI)" },
  "vxlan-port": { type: "integer", default: 8_472, description: "UDP port of encapsulated packets" },
});

/** Checks the flags. Throws a FlagError. */
export function configureAgent({ values }: ParsedFlags<typeof agentFlags>): AgentConfig {
  return {
    kubeconfig: values.kubeconfig,
    nodeName: values["hostname-override"] || hostname().trim().toLowerCase(),
    network: {
      mode: modeOf(values.mode),
      mtu: values.mtu === 0 ? 0 : within("mtu", values.mtu, 576, 65_535),
      interface: values.interface,
      vxlan: {
        id: within("vxlan-id", values["vxlan-id"], 1, 16_777_215),
        port: within("vxlan-port", values["vxlan-port"], 1, 65_535),
      },
    },
    packets: {
      masquerade: values.masquerade,
      clusterCidrs: clusterCidrs(values["cluster-cidr"]),
      nonMasqueradeCidrs: ranges("non-masquerade-cidr", values["non-masquerade-cidr"]),
    },
    cniConfDirectory: values["cni-conf-dir"],
    syncPeriodMs: within("sync-period", values["sync-period"], 100, 3_600_000),
    healthzBind: bindAddress("healthz-bind-address", values["healthz-bind-address"], defaultHealthzPort),
    metricsBind: bindAddress("metrics-bind-address", values["metrics-bind-address"], defaultMetricsPort),
  };
}

function modeOf(text: string): NetworkMode {
  if (text === "routes" || text === "vxlan" || text === "auto") return text;
  throw new FlagError("mode", `--mode: ${JSON.stringify(text)} is not routes, vxlan or auto`);
}

function clusterCidrs(texts: readonly string[]): readonly FamilyText[] {
  const found = ranges("cluster-cidr", texts);
  if (new Set(found.map(({ family }) => family)).size < found.length) {
    throw new FlagError("cluster-cidr", "--cluster-cidr: at most one range of each IP family");
  }
  return found;
}

function ranges(flag: string, texts: readonly string[]): readonly FamilyText[] {
  return texts.map((text) => {
    const [range] = canonicalCidr(text);
    if (range) return range;
    throw new FlagError(flag, `--${flag}: invalid CIDR address: ${text}`);
  });
}

function within(flag: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new FlagError(flag, `--${flag}: ${value} is not within ${least} and ${most}`);
}

function bindAddress(flag: string, text: string, defaultPort: number) {
  try {
    return parseBindAddress(text, defaultPort);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FlagError(flag, `--${flag}: ${JSON.stringify(text)} ${reason}`);
  }
}
