import type { PersistentVolume, SecretReference } from "@kube-ts/api/core/v1";

/** The secrets that a node needs to mount the volume, with their namespaces (the claim's where none is named). */
export function persistentVolumeSecrets(volume: PersistentVolume): { namespace: string; name: string }[] {
  const { spec } = volume;
  const claimNamespace = spec.claimRef?.namespace ?? "";
  const references: (SecretReference | undefined)[] = [
    spec.cephfs?.secretRef,
    spec.cinder?.secretRef,
    spec.flexVolume?.secretRef,
    spec.rbd?.secretRef,
    spec.scaleIO?.secretRef,
    spec.iscsi?.secretRef,
    spec.storageos?.secretRef,
    spec.csi?.controllerPublishSecretRef,
    spec.csi?.nodePublishSecretRef,
    spec.csi?.nodeStageSecretRef,
    spec.csi?.nodeExpandSecretRef,
    spec.azureFile && { name: spec.azureFile.secretName, namespace: spec.azureFile.secretNamespace ?? "" },
  ];
  return references.flatMap((reference) =>
    reference?.name ? [{ namespace: reference.namespace || claimNamespace, name: reference.name }] : [],
  );
}
