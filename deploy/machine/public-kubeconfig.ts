import { serverFields } from "@kube-ts/client/server-list";
import { formatYaml } from "@kube-ts/std/yaml";
import type { ClusterConfig } from "../cluster/cluster-config.ts";
import { apiServerUrls, clusterUrl } from "../cluster/cluster-view.ts";

/** A kubeconfig with the cluster's servers and authority, and nobody in it: what `cluster-info` shows to everybody. */
export function publicClusterKubeconfig(config: ClusterConfig, authority: string): string {
  const cluster = {
    "certificate-authority-data": Buffer.from(authority).toString("base64"),
    ...serverFields(apiServerUrls(config), "random", clusterUrl(config)),
  };
  return formatYaml({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "", cluster }],
    contexts: null,
    "current-context": "",
    users: null,
  });
}
