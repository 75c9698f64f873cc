import { formatYaml } from "@kube-ts/std/yaml";
import { kubeProxyConfiguration } from "../cluster/kube-proxy-configuration.ts";
import { kubeletConfiguration } from "../cluster/kubelet-configuration.ts";
import type { Identities } from "./identities.ts";
import { kubeletConfigFile, proxyConfigFile } from "./layout.ts";
import type { LocalCluster } from "./layout.ts";
import { localPlan } from "./local-plan.ts";
import { writePrivateFile } from "./private-file.ts";

/** Writes what the kubelet and the proxy are told by file. */
export function writeNodeConfig(cluster: LocalCluster, identities: Identities): void {
  const plan = localPlan(cluster, identities);
  writePrivateFile(kubeletConfigFile(cluster), formatYaml(kubeletConfiguration(plan)));
  writePrivateFile(proxyConfigFile(cluster), formatYaml(kubeProxyConfiguration(plan)));
}
