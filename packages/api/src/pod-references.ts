import type { Container, EphemeralContainer, Pod, Volume } from "./core/v1.ts";
import { nameOf } from "./object.ts";

export type ReferencedKind = "secret" | "configmap" | "persistentvolumeclaim" | "serviceaccount" | "resourceclaim";

/** Calls back with each object of its namespace that the pod needs to run; may repeat. */
export function visitPodReferences(pod: Pod, visit: (kind: ReferencedKind, name: string) => void): void {
  const { spec } = pod;
  const named = (kind: ReferencedKind, name: string | undefined) => {
    if (name) visit(kind, name);
  };
  named("serviceaccount", spec.serviceAccountName);
  for (const secret of spec.imagePullSecrets ?? []) named("secret", secret.name);
  const containers: (Container | EphemeralContainer)[] = [
    ...(spec.initContainers ?? []),
    ...spec.containers,
    ...(spec.ephemeralContainers ?? []),
  ];
  for (const container of containers) visitContainer(container, named);
  for (const volume of spec.volumes ?? []) visitVolume(volume, nameOf(pod), named);
  for (const name of resourceClaimNames(pod)) named("resourceclaim", name);
}

/** The claims of devices that the pod uses: those it names, and those that were made for it. */
export function resourceClaimNames({ spec, status }: Pod): string[] {
  return [
    ...(spec.resourceClaims ?? []).map((claim) => claim.resourceClaimName),
    ...(status?.resourceClaimStatuses ?? []).map((claim) => claim.resourceClaimName),
    status?.extendedResourceClaimStatus?.resourceClaimName,
  ].filter((name) => name !== undefined);
}

type Visitor = (kind: ReferencedKind, name: string | undefined) => void;

function visitContainer(container: Container | EphemeralContainer, named: Visitor): void {
  for (const source of container.envFrom ?? []) {
    named("secret", source.secretRef?.name);
    named("configmap", source.configMapRef?.name);
  }
  for (const { valueFrom } of container.env ?? []) {
    named("secret", valueFrom?.secretKeyRef?.name);
    named("configmap", valueFrom?.configMapKeyRef?.name);
  }
}

function visitVolume(volume: Volume, podName: string, named: Visitor): void {
  for (const secret of volumeSecrets(volume)) named("secret", secret);
  named("configmap", volume.configMap?.name);
  named("persistentvolumeclaim", volume.persistentVolumeClaim?.claimName);
  if (volume.ephemeral) named("persistentvolumeclaim", `${podName}-${volume.name}`);
  for (const source of volume.projected?.sources ?? []) {
    named("secret", source.secret?.name);
    named("configmap", source.configMap?.name);
  }
}

function volumeSecrets(volume: Volume): (string | undefined)[] {
  return [
    volume.secret?.secretName,
    volume.azureFile?.secretName,
    volume.cephfs?.secretRef?.name,
    volume.cinder?.secretRef?.name,
    volume.flexVolume?.secretRef?.name,
    volume.rbd?.secretRef?.name,
    volume.scaleIO?.secretRef?.name,
    volume.iscsi?.secretRef?.name,
    volume.storageos?.secretRef?.name,
    volume.csi?.nodePublishSecretRef?.name,
  ];
}
