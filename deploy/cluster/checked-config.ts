import { ConfigFileError } from "@kube-ts/std/config-file";
import { loadClusterConfig } from "./cluster-config.ts";
import type { ClusterConfig } from "./cluster-config.ts";
import { daemonSettingProblems } from "./known-flags.ts";

/** Reads a configuration file and checks also what it tells the daemons. Throws a ConfigFileError that lists every fault. */
export async function checkedClusterConfig(path: string): Promise<ClusterConfig> {
  const config = await loadClusterConfig(path);
  const problems = daemonSettingProblems(config);
  if (problems.length === 0) return config;
  const text = problems.map(({ path: field, message }) => `${field}: ${message}`).join("; ");
  throw new ConfigFileError(path, text, problems);
}
