import { join } from "node:path";
import type { LocalCluster } from "./layout.ts";
import { writePrivateFile } from "./private-file.ts";

/** Far above what services need, far below what starves a machine. */
const podPidsLimit = 4_096;

export function kubeletConfigFile(cluster: LocalCluster): string {
  return join(cluster.directory, "kubelet-config.yaml");
}

/**
 * Writes what the kubelet is told by file: pods' logs stay among the cluster's files, so that `down` removes them, and no
 * pod may make calls or processes without bound unless its spec says so.
 */
export function writeKubeletConfig(cluster: LocalCluster): void {
  const lines = [
    "apiVersion: kubelet.config.k8s.io/v1beta1",
    "kind: KubeletConfiguration",
    `podLogsDir: ${JSON.stringify(join(cluster.directory, "pod-logs"))}`,
    "seccompDefault: true",
    `podPidsLimit: ${podPidsLimit}`,
    "",
  ];
  writePrivateFile(kubeletConfigFile(cluster), lines.join("\n"));
}
