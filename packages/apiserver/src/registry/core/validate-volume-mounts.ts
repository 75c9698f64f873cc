import type { Container, Volume, VolumeDevice, VolumeMount } from "@kube-ts/api/core/v1";
import {
  type FieldError,
  forbiddenField,
  invalidField,
  notFoundField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { checkChoice, isBlank } from "../meta/validate-fields.ts";
import { checkDescendingPath, hasBackstep } from "./validate-file-path.ts";

/** The valid volumes of a pod by name. */
export type VolumesByName = ReadonlyMap<string, Volume>;

const readOnlyModes = ["Disabled", "Enabled", "IfPossible"];

/** How a container mounts its pod's volumes, as files and as devices. */
export function checkMountsAndDevices(
  container: Container,
  volumes: VolumesByName,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { volumeMounts = [], volumeDevices = [] } = container;
  if (volumeMounts.length > 0) checkMounts(container, volumes, path.child("volumeMounts"), errors);
  if (volumeDevices.length > 0) checkDevices(container, volumes, path.child("volumeDevices"), errors);
}

function checkMounts(container: Container, volumes: VolumesByName, path: FieldPath, errors: FieldError[]): void {
  const { volumeMounts = [], volumeDevices = [] } = container;
  const mountPaths = new Set<string>();
  for (const [index, mount] of volumeMounts.entries()) {
    const itemPath = path.index(index);
    if (isBlank(mount.name)) errors.push(requiredField(itemPath.child("name"), ""));
    if (!volumes.has(mount.name)) errors.push(notFoundField(itemPath.child("name"), mount.name));
    if (isBlank(mount.mountPath)) errors.push(requiredField(itemPath.child("mountPath"), ""));
    if (mountPaths.has(mount.mountPath)) {
      errors.push(invalidField(itemPath.child("mountPath"), mount.mountPath, "must be unique"));
    }
    mountPaths.add(mount.mountPath);
    if (volumeDevices.some((device) => device.name === mount.name)) {
      errors.push(invalidField(itemPath.child("name"), mount.name, "must not already exist in volumeDevices"));
    }
    if (volumeDevices.some((device) => device.devicePath === mount.mountPath)) {
      const text = "must not already exist as a path in volumeDevices";
      errors.push(invalidField(itemPath.child("mountPath"), mount.mountPath, text));
    }
    checkSubPaths(mount, volumes.get(mount.name), itemPath, path, errors);
    checkMountModes(mount, container, path, errors);
  }
}

function checkSubPaths(
  mount: VolumeMount,
  volume: Volume | undefined,
  itemPath: FieldPath,
  listPath: FieldPath,
  errors: FieldError[],
): void {
  if (!isBlank(mount.subPath)) checkDescendingPath(mount.subPath, listPath.child("subPath"), errors);
  if (isBlank(mount.subPathExpr)) return;
  if (volume?.image) {
    errors.push(invalidField(itemPath.child("subPathExpr"), mount.subPathExpr, "not allowed in image volume sources"));
  }
  if (!isBlank(mount.subPath)) {
    const text = "subPathExpr and subPath are mutually exclusive";
    errors.push(invalidField(itemPath.child("subPathExpr"), mount.subPathExpr, text));
  }
  checkDescendingPath(mount.subPathExpr, listPath.child("subPathExpr"), errors);
}

/** Upstream reports these on the list, not on its item. */
function checkMountModes(mount: VolumeMount, container: Container, path: FieldPath, errors: FieldError[]): void {
  const { mountPropagation, recursiveReadOnly } = mount;
  if (mountPropagation !== undefined) {
    const propagationPath = path.child("mountPropagation");
    checkChoice(mountPropagation, ["Bidirectional", "HostToContainer", "None"], propagationPath, errors);
    if (mountPropagation === "Bidirectional" && !container.securityContext?.privileged) {
      const text = "Bidirectional mount propagation is available only to privileged containers";
      errors.push(forbiddenField(propagationPath, text));
    }
  }
  if (recursiveReadOnly === undefined || recursiveReadOnly === "Disabled") return;
  const modePath = path.child("recursiveReadOnly");
  if (!readOnlyModes.includes(recursiveReadOnly)) {
    errors.push(notSupportedField(modePath, recursiveReadOnly, readOnlyModes));
    return;
  }
  if (!mount.readOnly) errors.push(forbiddenField(modePath, "may only be specified when readOnly is true"));
  if (mountPropagation !== undefined && mountPropagation !== "None") {
    errors.push(forbiddenField(modePath, "may only be specified when mountPropagation is None or not specified"));
  }
}

function checkDevices(container: Container, volumes: VolumesByName, path: FieldPath, errors: FieldError[]): void {
  const names = new Set<string>();
  const paths = new Set<string>();
  for (const [index, device] of (container.volumeDevices ?? []).entries()) {
    const itemPath = path.index(index);
    checkDeviceName(device, names, volumes, itemPath.child("name"), errors);
    checkDevicePath(device, paths, itemPath.child("devicePath"), errors);
    for (const mount of container.volumeMounts ?? []) {
      if (mount.name === device.name) {
        errors.push(invalidField(itemPath.child("name"), device.name, "must not already exist in volumeMounts"));
      }
      if (mount.mountPath === device.devicePath) {
        const text = "must not already exist as a path in volumeMounts";
        errors.push(invalidField(itemPath.child("devicePath"), device.devicePath, text));
      }
    }
  }
}

function checkDeviceName(
  { name }: VolumeDevice,
  names: Set<string>,
  volumes: VolumesByName,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (isBlank(name)) errors.push(requiredField(path, ""));
  if (names.has(name)) errors.push(invalidField(path, name, "must be unique"));
  const volume = volumes.get(name);
  if (volume === undefined) {
    errors.push(notFoundField(path, name));
  } else if (!volume.persistentVolumeClaim && !volume.ephemeral) {
    const text = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
    errors.push(invalidField(path, name, text));
  }
  if (name !== "") names.add(name);
}

function checkDevicePath(
  { devicePath }: VolumeDevice,
  paths: Set<string>,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (isBlank(devicePath)) errors.push(requiredField(path, ""));
  if (paths.has(devicePath)) errors.push(invalidField(path, devicePath, "must be unique"));
  if (hasBackstep(devicePath)) errors.push(invalidField(path, devicePath, "can not contain backsteps ('..')"));
  else paths.add(devicePath);
}
