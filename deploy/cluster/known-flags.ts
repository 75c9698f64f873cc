import { apiServerFlags } from "../../packages/apiserver/src/config/flags.ts";
import { autoscalerFlags } from "../../packages/cluster-autoscaler/src/config/flags.ts";
import { dnsFlags } from "../../packages/cluster-dns/src/dns-flags.ts";
import { controllerManagerFlags } from "../../packages/controller-manager/src/config/flags.ts";
import { proxyFlags } from "../../packages/kube-proxy/src/config/proxy-flags.ts";
import { configurationFields } from "../../packages/kubelet/src/config/configuration-fields.ts";
import { kubeletFlags } from "../../packages/kubelet/src/config/kubelet-flags.ts";
import { unsupportedFields } from "../../packages/kubelet/src/config/unsupported-configuration.ts";
import { rangeProblems } from "../../packages/kubelet/src/config/value-ranges.ts";
import { agentFlags } from "../../packages/pod-network/src/agent-flags.ts";
import { schedulerFlags } from "../../packages/scheduler/src/config/flags.ts";
import { objectField } from "@kube-ts/std/config-schema";
import type { FieldProblem } from "@kube-ts/std/config-schema";
import { featureGates } from "@kube-ts/std/feature-gates";
import { FlagError, defineFlags, parseFlags } from "@kube-ts/std/flags";
import type { FlagDefinitions } from "@kube-ts/std/flags";
import type { ClusterConfig } from "./cluster-config.ts";

/** What the daemons of this release can be told, as they declare it themselves. */
export const knownFlags: Readonly<Record<string, FlagDefinitions>> = {
  "kube-apiserver": apiServerFlags,
  "kube-controller-manager": controllerManagerFlags,
  "kube-scheduler": schedulerFlags,
  kubelet: kubeletFlags,
  "kube-proxy": proxyFlags,
  "pod-network-agent": agentFlags,
  "cluster-dns": dnsFlags,
  "cluster-autoscaler": autoscalerFlags,
};

/** Every daemon has this one. */
const verbosity = defineFlags({ v: { type: "integer", default: 0, description: "log verbosity" } });

/** Flags that decide who a daemon is and where its data are: the configuration has its own fields for them. */
const ownFlags: Readonly<Record<string, readonly string[]>> = {
  etcd: ["name", "data-dir", "initial-cluster", "initial-cluster-state"],
  kubelet: ["config", "kubeconfig", "bootstrap-kubeconfig", "hostname-override", "node-ip"],
  "kube-proxy": ["config", "cleanup"],
};

/** What the configuration tells daemons that they do not know. etcd's flags are etcd's. */
export function daemonSettingProblems(config: ClusterConfig): readonly FieldProblem[] {
  return [...flagProblems(config), ...featureProblems(config), ...kubeletProblems(config)];
}

function flagProblems({ flags }: ClusterConfig): readonly FieldProblem[] {
  return Object.entries(flags).flatMap(([daemon, values]) =>
    Object.entries(values).flatMap(([name, value]): FieldProblem[] => {
      const path = `flags.${daemon}[${name}]`;
      if (ownFlags[daemon]?.includes(name)) return [invalid(path, value, "follows from the rest of the configuration")];
      const reason = flagFault(knownFlags[daemon], daemon, name, value);
      return reason === undefined ? [] : [invalid(path, value, reason)];
    }),
  );
}

function flagFault(
  known: FlagDefinitions | undefined,
  daemon: string,
  name: string,
  value: string | readonly string[],
): string | undefined {
  if (!known) return undefined;
  try {
    const args = [value].flat().map((one) => `--${name}=${one}`);
    parseFlags({ ...verbosity, ...known }, daemon, args);
    return undefined;
  } catch (error) {
    if (error instanceof FlagError) return error.message;
    throw error;
  }
}

/** Gates are those of the API server and the controller manager: the other daemons have none. */
function featureProblems({ features }: ClusterConfig): readonly FieldProblem[] {
  return Object.entries(features).flatMap(([gate, on]): FieldProblem[] => {
    try {
      featureGates({ "feature-gates": [`${gate}=${on}`] });
      return [];
    } catch (error) {
      if (error instanceof FlagError) return [invalid(`features[${gate}]`, on, error.message)];
      throw error;
    }
  });
}

function kubeletProblems({ kubelet }: ClusterConfig): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const decoded = objectField(configurationFields).decode(kubelet, "kubelet", problems);
  if (problems.length > 0 || decoded === undefined) return problems;
  const unfit = [...unsupportedFields(decoded), ...rangeProblems(decoded)];
  return unfit.map((text) => {
    const [, field = "", message = text] = /^([A-Za-z.]+): (.*)$/s.exec(text) ?? [];
    return { path: `kubelet.${field}`, message, unknown: false };
  });
}

function invalid(path: string, value: unknown, reason: string): FieldProblem {
  return { path, message: `Invalid value: ${JSON.stringify(value)}: ${reason}`, unknown: false };
}
