import type { Container, Pod, Probe, Volume } from "@kube-ts/api/core/v1";

const probeDefaults = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
const fileMode = 0o644;

/** The pod with the defaults that the API server would have set. */
export function withPodDefaults(pod: Pod): Pod {
  const { spec } = pod;
  const hostNetwork = spec.hostNetwork ?? false;
  return {
    ...pod,
    spec: {
      restartPolicy: "Always",
      dnsPolicy: "ClusterFirst",
      terminationGracePeriodSeconds: 30,
      enableServiceLinks: true,
      schedulerName: "default-scheduler",
      securityContext: {},
      ...spec,
      containers: spec.containers.map((container) => withContainerDefaults(container, hostNetwork)),
      ...(spec.initContainers
        ? { initContainers: spec.initContainers.map((container) => withContainerDefaults(container, hostNetwork)) }
        : {}),
      ...(spec.volumes ? { volumes: spec.volumes.map(withVolumeDefaults) } : {}),
    },
  };
}

function withContainerDefaults(container: Container, hostNetwork: boolean): Container {
  const { resources, ports, livenessProbe, readinessProbe, startupProbe } = container;
  return {
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: pullPolicyOf(container.image ?? ""),
    ...container,
    // What is limited and not requested is requested as far as it is limited.
    resources: resources?.limits
      ? { ...resources, requests: { ...resources.limits, ...resources.requests } }
      : (resources ?? {}),
    ...(ports
      ? {
          ports: ports.map((port) => ({
            protocol: "TCP" as const,
            ...(hostNetwork ? { hostPort: port.containerPort } : {}),
            ...port,
          })),
        }
      : {}),
    ...(livenessProbe ? { livenessProbe: withProbeDefaults(livenessProbe) } : {}),
    ...(readinessProbe ? { readinessProbe: withProbeDefaults(readinessProbe) } : {}),
    ...(startupProbe ? { startupProbe: withProbeDefaults(startupProbe) } : {}),
  };
}

function withProbeDefaults(probe: Probe): Probe {
  const { httpGet } = probe;
  return {
    ...probeDefaults,
    ...probe,
    ...(httpGet ? { httpGet: { path: "/", scheme: "HTTP" as const, ...httpGet } } : {}),
  };
}

function withVolumeDefaults(volume: Volume): Volume {
  if (volume.name && Object.keys(volume).length === 1) return { ...volume, emptyDir: {} };
  if (volume.hostPath) return { ...volume, hostPath: { type: "", ...volume.hostPath } };
  if (volume.downwardAPI) return { ...volume, downwardAPI: { defaultMode: fileMode, ...volume.downwardAPI } };
  return volume.projected ? { ...volume, projected: { defaultMode: fileMode, ...volume.projected } } : volume;
}

/** A tag that may come to mean another image is looked up every time. */
function pullPolicyOf(image: string): "Always" | "IfNotPresent" {
  if (image.includes("@")) return "IfNotPresent";
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag === undefined || tag === "latest" ? "Always" : "IfNotPresent";
}
