import type { Container, PodSpec, Probe, Volume } from "@kube-ts/api/core/v1";

/**
 * Clears what belongs to features that are off in this version, as upstream does with fields behind a closed
 * feature gate. What an object had before stays.
 */
export function dropDisabledPodFields(spec: PodSpec, old: PodSpec | undefined): void {
  if (old?.schedulingGroup === undefined) delete spec.schedulingGroup;
  if (old?.evictionResponders === undefined) delete spec.evictionResponders;
  for (const field of ["initContainers", "containers", "ephemeralContainers"] as const) {
    const containers: readonly Container[] = spec[field] ?? [];
    for (const [index, container] of containers.entries()) dropFromContainer(container, old?.[field]?.[index]);
  }
  for (const [index, volume] of (spec.volumes ?? []).entries()) dropFromVolume(volume, old?.volumes?.[index]);
}

function dropFromContainer(container: Container, old: Container | undefined): void {
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    if (old?.volumeMounts?.[index]?.bindMountOptions === undefined) delete mount.bindMountOptions;
  }
  dropFromProbe(container.livenessProbe, old?.livenessProbe);
  dropFromProbe(container.readinessProbe, old?.readinessProbe);
  dropFromProbe(container.startupProbe, old?.startupProbe);
}

function dropFromProbe(probe: Probe | undefined, old: Probe | undefined): void {
  if (probe?.httpGet && old?.httpGet?.protocol === undefined) delete probe.httpGet.protocol;
  if (probe?.grpc && old?.grpc?.mode === undefined) delete probe.grpc.mode;
}

function dropFromVolume(volume: Volume, old: Volume | undefined): void {
  if (volume.emptyDir && old?.emptyDir?.mode === undefined) delete volume.emptyDir.mode;
  for (const field of ["secret", "configMap", "downwardAPI", "projected"] as const) {
    const source = volume[field];
    if (source && old?.[field]?.defaultUser === undefined) delete source.defaultUser;
  }
}
