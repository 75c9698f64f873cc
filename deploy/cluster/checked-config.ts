import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigFileError } from "@kube-ts/std/config-file";
import type { FieldProblem } from "@kube-ts/std/config-schema";
import { parseFlags } from "@kube-ts/std/flags";
import { formatYaml } from "@kube-ts/std/yaml";
import { configureProxy, proxyFlags } from "../../packages/kube-proxy/src/config/proxy-flags.ts";
import { loadClusterConfig } from "./cluster-config.ts";
import type { ClusterConfig } from "./cluster-config.ts";
import { daemonSettingProblems } from "./known-flags.ts";

/** Reads a configuration file and checks also what it tells the daemons. Throws a ConfigFileError that lists every fault. */
export async function checkedClusterConfig(path: string): Promise<ClusterConfig> {
  return withCheckedSettings(await loadClusterConfig(path), path);
}

/** The configuration, if what it tells the daemons is right. Throws a ConfigFileError that lists every fault. */
export async function withCheckedSettings(config: ClusterConfig, path: string): Promise<ClusterConfig> {
  const problems = [...daemonSettingProblems(config), ...(await proxyProblems(config))];
  if (problems.length === 0) return config;
  const text = problems.map(({ path: field, message }) => `${field}: ${message}`).join("; ");
  throw new ConfigFileError(path, text, problems);
}

/** What the proxy itself says of its part of the configuration, which it reads from a file. */
export async function proxyProblems({ kubeProxy, network }: ClusterConfig): Promise<readonly FieldProblem[]> {
  const directory = await mkdtemp(join(tmpdir(), "kube-ts-check-"));
  try {
    const file = join(directory, "kube-proxy.yaml");
    const kind = { apiVersion: "kubeproxy.config.k8s.io/v1alpha1", kind: "KubeProxyConfiguration" };
    await writeFile(file, formatYaml({ ...kind, clusterCIDR: network.podCidrs.join(","), ...kubeProxy }));
    await configureProxy(parseFlags(proxyFlags, "kube-proxy", [`--config=${file}`]));
    return [];
  } catch (error) {
    const message =
      error instanceof Error ? error.message.replace(/^failed to load config file "[^"]*": /, "") : String(error);
    return [{ path: "kubeProxy", message, unknown: false }];
  } finally {
    await rm(directory, { recursive: true });
  }
}
