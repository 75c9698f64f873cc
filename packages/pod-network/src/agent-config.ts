import type { BindAddress } from "@kube-ts/std/bind-address";
import type { FamilyText } from "./plan/cluster-node.ts";
import type { NetworkSettings } from "./plan/network-plan.ts";
import type { MasqueradeSettings } from "./plan/packet-rules.ts";

/** What the agent runs with, validated. */
export interface AgentConfig {
  /** Empty in a pod, which uses its service account. */
  readonly kubeconfig: string;
  readonly nodeName: string;
  readonly network: NetworkSettings;
  readonly packets: MasqueradeSettings & { readonly clusterCidrs: readonly FamilyText[] };
  readonly cniConfDirectory: string;
  /** How often what is on the host is compared with what is to be there. */
  readonly syncPeriodMs: number;
  /** Undefined serves nothing. */
  readonly healthzBind: BindAddress | undefined;
  /** Undefined serves nothing. */
  readonly metricsBind: BindAddress | undefined;
}
