import type { FlagValues, ParsedFlags } from "@kube-ts/std/flags";
import { FlagError } from "@kube-ts/std/flags";
import type { KubeletConfiguration } from "./configuration-fields.ts";
import type { kubeletFlags } from "./kubelet-flags.ts";
import { taintEffects } from "./taint-problems.ts";

type Flags = typeof kubeletFlags;
type FlagName = keyof Flags & string;
type Field = keyof KubeletConfiguration;

/** The flags that stand for one field of the configuration, as it is. */
const direct: { readonly [N in FlagName]?: Field } = {
  address: "address",
  port: "port",
  "read-only-port": "readOnlyPort",
  "healthz-bind-address": "healthzBindAddress",
  "healthz-port": "healthzPort",
  "tls-cert-file": "tlsCertFile",
  "tls-private-key-file": "tlsPrivateKeyFile",
  "rotate-certificates": "rotateCertificates",
  "rotate-server-certificates": "serverTLSBootstrap",
  "enable-debugging-handlers": "enableDebuggingHandlers",
  "streaming-connection-idle-timeout": "streamingConnectionIdleTimeout",
  "register-node": "registerNode",
  "provider-id": "providerID",
  "node-status-update-frequency": "nodeStatusUpdateFrequency",
  "node-status-max-images": "nodeStatusMaxImages",
  "max-pods": "maxPods",
  "pods-per-core": "podsPerCore",
  "kube-reserved": "kubeReserved",
  "system-reserved": "systemReserved",
  "enforce-node-allocatable": "enforceNodeAllocatable",
  "pod-manifest-path": "staticPodPath",
  "file-check-frequency": "fileCheckFrequency",
  "sync-frequency": "syncFrequency",
  "cluster-dns": "clusterDNS",
  "cluster-domain": "clusterDomain",
  "resolv-conf": "resolvConf",
  "pod-max-pids": "podPidsLimit",
  "allowed-unsafe-sysctls": "allowedUnsafeSysctls",
  "seccomp-default": "seccompDefault",
  "cpu-cfs-quota": "cpuCFSQuota",
  "cpu-cfs-quota-period": "cpuCFSQuotaPeriod",
  "container-runtime-endpoint": "containerRuntimeEndpoint",
  "runtime-request-timeout": "runtimeRequestTimeout",
  "cgroup-driver": "cgroupDriver",
  "cgroup-root": "cgroupRoot",
  "container-log-max-size": "containerLogMaxSize",
  "container-log-max-files": "containerLogMaxFiles",
  "serialize-image-pulls": "serializeImagePulls",
  "max-parallel-image-pulls": "maxParallelImagePulls",
  "registry-qps": "registryPullQPS",
  "registry-burst": "registryBurst",
  "image-gc-high-threshold": "imageGCHighThresholdPercent",
  "image-gc-low-threshold": "imageGCLowThresholdPercent",
  "minimum-image-ttl-duration": "imageMinimumGCAge",
  "eviction-soft-grace-period": "evictionSoftGracePeriod",
  "eviction-max-pod-grace-period": "evictionMaxPodGracePeriod",
  "eviction-minimum-reclaim": "evictionMinimumReclaim",
  "eviction-pressure-transition-period": "evictionPressureTransitionPeriod",
  "event-qps": "eventRecordQPS",
  "event-burst": "eventBurst",
  "kube-api-qps": "kubeAPIQPS",
  "kube-api-burst": "kubeAPIBurst",
  "fail-swap-on": "failSwapOn",
  "fail-cgroupv1": "failCgroupV1",
  "oom-score-adj": "oomScoreAdj",
};

/** The configuration with what the command line says in place of the file. Throws a `FlagError`. */
export function withFlags(file: KubeletConfiguration, flags: ParsedFlags<Flags>): KubeletConfiguration {
  const { values } = flags;
  const fields: Record<string, unknown> = { ...file };
  for (const [name, field] of Object.entries(direct)) {
    const value = values[name as FlagName];
    if (value !== undefined) fields[field] = value;
  }
  const hard = values["eviction-hard"];
  if (hard) fields["evictionHard"] = thresholds("eviction-hard", hard);
  const soft = values["eviction-soft"];
  if (soft) fields["evictionSoft"] = thresholds("eviction-soft", soft);
  const taints = values["register-with-taints"];
  if (taints) fields["registerWithTaints"] = taints.map(parseTaint);
  fields["authentication"] = authentication(file, values);
  fields["authorization"] = authorization(file, values);
  return fields;
}

function authentication(file: KubeletConfiguration, values: FlagValues<Flags>): KubeletConfiguration["authentication"] {
  const { x509, webhook, anonymous } = file.authentication ?? {};
  const clientCAFile = values["client-ca-file"] ?? x509?.clientCAFile;
  const tokens = values["authentication-token-webhook"] ?? webhook?.enabled;
  const cacheTTL = values["authentication-token-webhook-cache-ttl"] ?? webhook?.cacheTTL;
  const anonymousEnabled = values["anonymous-auth"] ?? anonymous?.enabled;
  return {
    x509: clientCAFile === undefined ? {} : { clientCAFile },
    webhook: { ...(tokens === undefined ? {} : { enabled: tokens }), ...(cacheTTL === undefined ? {} : { cacheTTL }) },
    anonymous: anonymousEnabled === undefined ? {} : { enabled: anonymousEnabled },
  };
}

function authorization(file: KubeletConfiguration, values: FlagValues<Flags>): KubeletConfiguration["authorization"] {
  const { mode: fileMode, webhook } = file.authorization ?? {};
  const mode = values["authorization-mode"] ?? fileMode;
  const yes = values["authorization-webhook-cache-authorized-ttl"] ?? webhook?.cacheAuthorizedTTL;
  const no = values["authorization-webhook-cache-unauthorized-ttl"] ?? webhook?.cacheUnauthorizedTTL;
  return {
    ...(mode === undefined ? {} : { mode }),
    webhook: {
      ...(yes === undefined ? {} : { cacheAuthorizedTTL: yes }),
      ...(no === undefined ? {} : { cacheUnauthorizedTTL: no }),
    },
  };
}

function thresholds(flag: string, texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf("<");
      if (at <= 0)
        throw new FlagError(flag, `--${flag}: malformed pair, expect string<string: ${JSON.stringify(text)}`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

function parseTaint(text: string): { key: string; value?: string; effect: string } {
  const [, key = "", value, effect = ""] = /^([^=:]+)(?:=([^:]*))?:(.+)$/.exec(text) ?? [];
  if (key === "" || !taintEffects.includes(effect)) {
    throw new FlagError(
      "register-with-taints",
      `--register-with-taints: invalid taint spec: ${JSON.stringify(text)}, must be <key>=<value>:<effect> or <key>:<effect>`,
    );
  }
  return { key, ...(value ? { value } : {}), effect };
}
