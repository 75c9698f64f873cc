import { defineFlags } from "@kube-ts/std/flags";
import { secureServingFlags } from "@kube-ts/std/serving-flags";

/** The daemon's flags, under upstream's names. */
export const schedulerFlags = defineFlags({
  ...secureServingFlags(10259),
  config: { type: "string", default: "", description: "file with a KubeSchedulerConfiguration" },
  kubeconfig: { type: "string", default: "", description: "kubeconfig file with the server and credentials" },
  "kube-api-qps": { type: "number", default: 50, description: "requests a second to the API server" },
  "kube-api-burst": { type: "integer", default: 100, description: "requests at once to the API server" },
  "leader-elect": { type: "boolean", default: true, description: "work only while holding the leader lease" },
  "leader-elect-lease-duration": { type: "duration", default: 15_000, description: "how long a lease is honoured" },
  "leader-elect-renew-deadline": {
    type: "duration",
    default: 10_000,
    description: "how long the leader tries to renew before it gives up",
  },
  "leader-elect-retry-period": { type: "duration", default: 2_000, description: "pause between attempts" },
  "leader-elect-resource-name": { type: "string", default: "kube-scheduler", description: "name of the lease" },
  "leader-elect-resource-namespace": { type: "string", default: "kube-system", description: "namespace of the lease" },
});
