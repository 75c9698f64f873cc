import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LocalCluster } from "./layout.ts";

export function kubeletConfigFile(cluster: LocalCluster): string {
  return join(cluster.directory, "kubelet-config.yaml");
}

/** Writes what the kubelet has no flag for: pods' logs stay among the cluster's files, so that `down` removes them. */
export function writeKubeletConfig(cluster: LocalCluster): void {
  const lines = [
    "apiVersion: kubelet.config.k8s.io/v1beta1",
    "kind: KubeletConfiguration",
    `podLogsDir: ${JSON.stringify(join(cluster.directory, "pod-logs"))}`,
    "",
  ];
  writeFileSync(kubeletConfigFile(cluster), lines.join("\n"));
}
