import type { Container, Pod, PodSpec } from "@kube-ts/api/core/v1";

/** The pods outside of the system's namespaces of which the pod or one of its containers is so. */
export function podsThat(pods: readonly Pod[], is: (pod: PodSpec, container: Container) => boolean): readonly string[] {
  return pods.flatMap(({ metadata, spec }) => {
    if (!spec || metadata.namespace?.startsWith("kube-")) return [];
    const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
    return containers.some((container) => is(spec, container)) ? [`${metadata.namespace}/${metadata.name}`] : [];
  });
}

/** Containers may unless they are told not to. */
export function mayGainPrivileges(_pod: PodSpec, container: Container): boolean {
  return container.securityContext?.allowPrivilegeEscalation !== false;
}

export function mayBeRoot(pod: PodSpec, container: Container): boolean {
  const nonRoot = container.securityContext?.runAsNonRoot ?? pod.securityContext?.runAsNonRoot ?? false;
  const user = container.securityContext?.runAsUser ?? pod.securityContext?.runAsUser ?? 0;
  return !nonRoot && Number(user) === 0;
}

export function addsCapabilities(_pod: PodSpec, container: Container): boolean {
  return (container.securityContext?.capabilities?.add ?? []).some((name) => name !== "NET_BIND_SERVICE");
}

/** NET_RAW is given unless it is dropped. */
export function mayForgePackets(_pod: PodSpec, container: Container): boolean {
  const { add = [], drop = [] } = container.securityContext?.capabilities ?? {};
  return add.includes("NET_RAW") || !drop.some((name) => name === "NET_RAW" || name === "ALL");
}

export function usesHostPorts(pod: PodSpec, container: Container): boolean {
  return pod.hostNetwork !== true && (container.ports?.some((port) => (port.hostPort ?? 0) > 0) ?? false);
}
