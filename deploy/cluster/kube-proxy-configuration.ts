import type { DaemonPlan } from "./daemon-flags.ts";
import { merged } from "./kubelet-configuration.ts";

/** The KubeProxyConfiguration of a machine; what the cluster's configuration has under `kubeProxy` has the last word. */
export function kubeProxyConfiguration({ config, machine, files }: DaemonPlan): Readonly<Record<string, unknown>> {
  return merged(
    {
      apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
      kind: "KubeProxyConfiguration",
      clientConnection: { kubeconfig: files.kubeProxy.kubeconfig },
      clusterCIDR: config.network.podCidrs.join(","),
      hostnameOverride: machine.name,
    },
    config.kubeProxy,
  );
}
