import { leaderElectionFlags } from "@kube-ts/client/leader-election-flags";
import { defineFlags } from "@kube-ts/std/flags";
import { secureServingFlags } from "@kube-ts/std/serving-flags";

/** The daemon's flags, under upstream's names. */
export const schedulerFlags = defineFlags({
  ...secureServingFlags(10259),
  config: { type: "string", default: "", description: "file with a KubeSchedulerConfiguration" },
  kubeconfig: { type: "string", default: "", description: "kubeconfig file with the server and credentials" },
  "kube-api-qps": { type: "number", default: 50, description: "requests a second to the API server" },
  "kube-api-burst": { type: "integer", default: 100, description: "requests at once to the API server" },
  ...leaderElectionFlags("kube-scheduler"),
  "leader-elect-resource-namespace": { type: "string", default: "kube-system", description: "namespace of the lease" },
});
