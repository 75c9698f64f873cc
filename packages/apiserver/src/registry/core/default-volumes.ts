import type { DownwardAPIVolumeFile, Volume, VolumeProjection, VolumeSource } from "@kube-ts/api/core/v1";
import { canonicalQuantity } from "@kube-ts/api/quantity";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { defaultFieldRef, defaultPullPolicy, defaultResourceFieldRef } from "./default-container.ts";
import { defaultClaimSpec } from "./default-claim.ts";

const fileMode = 0o644;
const tokenLifetimeSeconds = 3600;
const certificateLifetimeSeconds = 86_400;

/** Defaults of a pod's volumes; one without any source is an empty directory. */
export function defaultVolumes(volumes: readonly Volume[]): void {
  for (const volume of volumes) defaultVolume(volume);
}

function defaultVolume(volume: Volume): void {
  if (!hasSource(volume)) volume.emptyDir = {};
  const { emptyDir, secret, configMap, downwardAPI, projected, hostPath, ephemeral, image } = volume;
  if (emptyDir) {
    dropZeroFields(emptyDir, ["medium"]);
    if (emptyDir.sizeLimit !== undefined) emptyDir.sizeLimit = canonicalQuantity(emptyDir.sizeLimit);
  }
  if (secret) secret.defaultMode ??= fileMode;
  if (configMap) configMap.defaultMode ??= fileMode;
  if (hostPath) hostPath.type ??= "";
  if (downwardAPI) {
    downwardAPI.defaultMode ??= fileMode;
    for (const file of downwardAPI.items ?? []) defaultDownwardFile(file);
  }
  if (projected) {
    projected.defaultMode ??= fileMode;
    for (const source of projected.sources ?? []) defaultProjection(source);
  }
  if (ephemeral?.volumeClaimTemplate) {
    ephemeral.volumeClaimTemplate.metadata ??= {};
    defaultClaimSpec(ephemeral.volumeClaimTemplate.spec);
  }
  if (image) {
    dropZeroFields(image, ["reference", "pullPolicy"]);
    image.pullPolicy ??= defaultPullPolicy(image.reference ?? "");
  }
  if (volume.persistentVolumeClaim) dropZeroFields(volume.persistentVolumeClaim, ["readOnly"]);
  if (volume.nfs) dropZeroFields(volume.nfs, ["readOnly"]);
  defaultBlockSources(volume);
}

/** The sources that persistent volumes share with pods and that have defaults. */
export function defaultBlockSources(source: Pick<VolumeSource, "iscsi" | "rbd" | "azureDisk" | "scaleIO">): void {
  const { iscsi, rbd, azureDisk, scaleIO } = source;
  if (iscsi) iscsi.iscsiInterface ||= "default";
  if (rbd) {
    rbd.pool ||= "rbd";
    rbd.user ||= "admin";
    rbd.keyring ||= "/etc/ceph/keyring";
  }
  if (azureDisk) {
    azureDisk.cachingMode ??= "ReadWrite";
    azureDisk.kind ??= "Shared";
    azureDisk.fsType ??= "ext4";
    azureDisk.readOnly ??= false;
  }
  if (scaleIO) {
    scaleIO.storageMode ||= "ThinProvisioned";
    scaleIO.fsType ||= "xfs";
  }
}

function hasSource(volume: Volume): boolean {
  for (const field in volume) {
    if (field !== "name" && volume[field as keyof Volume] !== undefined) return true;
  }
  return false;
}

function defaultProjection(source: VolumeProjection): void {
  if (source.serviceAccountToken) source.serviceAccountToken.expirationSeconds ??= tokenLifetimeSeconds;
  if (source.podCertificate) source.podCertificate.maxExpirationSeconds ??= certificateLifetimeSeconds;
  for (const file of source.downwardAPI?.items ?? []) defaultDownwardFile(file);
}

function defaultDownwardFile(file: DownwardAPIVolumeFile): void {
  if (file.fieldRef) defaultFieldRef(file.fieldRef);
  if (file.resourceFieldRef) defaultResourceFieldRef(file.resourceFieldRef);
}
