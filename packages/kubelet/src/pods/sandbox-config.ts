import { join } from "node:path";
import type { Pod } from "@kube-ts/api/core/v1";
import type { PortMapping, SandboxConfig } from "../runtime/config.ts";
import { podLabels } from "../runtime/labels.ts";
import type { PodIdentity } from "../runtime/runtime.ts";
import { type SecurityPolicy, pidMode, sandboxSecurity } from "./container-security.ts";
import type { NodeDns } from "./pod-dns.ts";
import { podDns } from "./pod-dns.ts";
import { dottedSysctl } from "./sysctl-names.ts";
import { podHostname } from "./pod-hostname.ts";

export interface SandboxPolicy extends SecurityPolicy {
  readonly dns: NodeDns;
  readonly nodeHostname: string;
  readonly podLogsDirectory: string;
}

/** How the kernel's own pod shows up in `ps` and limits: next to nothing. */
const sandboxCpuShares = 2;
const sandboxOomScoreAdj = -998;

export function podIdentity(pod: Pod): PodIdentity {
  const { name = "", namespace = "", uid = "" } = pod.metadata;
  return { name, namespace, uid };
}

export function podLogDirectory(pod: Pod, podLogsDirectory: string): string {
  const { name, namespace, uid } = podIdentity(pod);
  return join(podLogsDirectory, `${namespace}_${name}_${uid}`);
}

/** What the runtime is told to create a pod's sandbox. */
export function sandboxConfig(
  pod: Pod,
  attempt: number,
  cgroupParent: string,
  policy: SandboxPolicy,
  runtimeHandler = "",
): SandboxConfig {
  const identity = podIdentity(pod);
  const hostNetwork = pod.spec.hostNetwork ?? false;
  const sysctls = Object.fromEntries(
    (pod.spec.securityContext?.sysctls ?? []).map(({ name, value }) => [dottedSysctl(name), value]),
  );
  return {
    pod: identity,
    attempt,
    hostname: hostNetwork ? policy.nodeHostname : podHostname(pod, policy.dns.clusterDomain).hostname,
    ...(hostNetwork ? {} : { dns: podDns(pod, policy.dns).config }),
    portMappings: portMappings(pod),
    labels: { ...pod.metadata.labels, ...podLabels(identity) },
    annotations: { ...pod.metadata.annotations },
    cgroupParent,
    sysctls,
    namespaces: {
      network: hostNetwork ? "node" : "pod",
      pid: pidMode(pod),
      ipc: pod.spec.hostIPC ? "node" : "pod",
    },
    security: sandboxSecurity(pod, policy),
    logDirectory: podLogDirectory(pod, policy.podLogsDirectory),
    resources: { cpuShares: sandboxCpuShares, oomScoreAdj: sandboxOomScoreAdj },
    ...(runtimeHandler === "" ? {} : { runtimeHandler }),
  };
}

function portMappings(pod: Pod): PortMapping[] {
  const sidecars = (pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === "Always");
  return [...pod.spec.containers, ...sidecars].flatMap((container) =>
    (container.ports ?? []).map(({ protocol, containerPort, hostPort, hostIP }) => ({
      protocol: protocol ?? "TCP",
      containerPort,
      hostPort: hostPort ?? 0,
      hostIp: hostIP ?? "",
    })),
  );
}
