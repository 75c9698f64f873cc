import { Counter, Gauge, Histogram } from "@kube-ts/std/metrics";
import type { Registry } from "@kube-ts/std/metrics";
import type { NetworkPlan, UnreachableReason } from "./plan/network-plan.ts";

export interface NetworkMetrics {
  /** What is to be on the host now. */
  planned(plan: NetworkPlan): void;
  readonly syncSeconds: Histogram;
  readonly failures: Counter;
  /** Commands carried out after the first round: changes of the cluster, and repairs. */
  readonly commands: Counter<"tool">;
}

const reasons: readonly UnreachableReason[] = ["OffSegment", "NoAddress", "RangeConflict"];

export function createNetworkMetrics(registry: Registry): NetworkMetrics {
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge<L>({ name, help, labelNames, registers });
  const routes = gauge("pod_network_routes", "Routes to be on this node", ["ip_family"]);
  const unreachable = gauge("pod_network_unreachable_nodes", "Nodes whose pods cannot be reached", ["reason"]);
  const mtu = gauge("pod_network_mtu_bytes", "Largest packet of pods");
  return {
    planned: (plan) => {
      for (const family of ["IPv4", "IPv6"] as const) {
        routes.set({ ip_family: family }, plan.routes.filter((route) => route.family === family).length);
      }
      for (const reason of reasons) {
        unreachable.set({ reason }, plan.unreachable.filter((node) => node.reason === reason).length);
      }
      mtu.set(plan.podMtu);
    },
    syncSeconds: new Histogram({
      name: "pod_network_sync_duration_seconds",
      help: "Duration of one comparison with the host, and of what it led to",
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    failures: new Counter({ name: "pod_network_sync_failures_total", help: "Rounds that failed", registers }),
    commands: new Counter({
      name: "pod_network_commands_total",
      help: "Changes made to the host",
      labelNames: ["tool"],
      registers,
    }),
  };
}
