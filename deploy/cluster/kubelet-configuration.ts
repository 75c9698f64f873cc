import { dnsServiceIndex, nodeTaints, serviceAddresses } from "./cluster-view.ts";
import type { DaemonPlan } from "./daemon-flags.ts";

/** Far above what services need, far below what starves a machine. */
const podPidsLimit = 4_096;

/**
 * The KubeletConfiguration of a machine. No pod may make calls or processes without bound unless its spec says so; what
 * the cluster's configuration has under `kubelet` has the last word, field by field.
 */
export function kubeletConfiguration({ config, machine, files }: DaemonPlan): Readonly<Record<string, unknown>> {
  const { kubelet: own } = files;
  const taints = nodeTaints(machine);
  return merged(
    {
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      authentication: { anonymous: { enabled: false }, webhook: { enabled: true } },
      authorization: { mode: "Webhook" },
      clusterDNS: serviceAddresses(config, dnsServiceIndex),
      clusterDomain: config.network.dnsDomain,
      containerRuntimeEndpoint: `unix://${own.dockerSocket}`,
      podLogsDir: own.podLogs,
      podPidsLimit,
      resolvConf: files.resolvConf,
      rotateCertificates: true,
      seccompDefault: true,
      ...(own.serving ? {} : { serverTLSBootstrap: true }),
      ...(own.staticPods === undefined ? {} : { staticPodPath: own.staticPods }),
      ...(taints.length > 0 ? { registerWithTaints: taints } : {}),
    },
    config.kubelet,
  );
}

/** `over` in `base`: objects field by field, everything else as a whole. */
export function merged(
  base: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isRecord(below) && isRecord(value) ? merged(below, value) : value;
  }
  return result;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
