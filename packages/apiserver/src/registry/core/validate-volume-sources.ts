import type {
  AzureDiskVolumeSource,
  FCVolumeSource,
  FlockerVolumeSource,
  HostPathVolumeSource,
  ISCSIVolumeSource,
  NFSVolumeSource,
  QuobyteVolumeSource,
  SecretReference,
  VolumeSource,
} from "@kube-ts/api/core/v1";
import {
  type FieldError,
  invalidField,
  notSupportedField,
  requiredField,
  tooLongField,
} from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { dns1123LabelErrors, dns1123SubdomainErrors, rangeError } from "@kube-ts/api/names";
import { checkChoice, checkTexts, isBlank } from "../meta/validate-fields.ts";
import { checkNoBacksteps } from "./validate-file-path.ts";

/** The sources that pods and persistent volumes have in common; the check of what they have in common. */
export type SharedSources = Partial<
  Pick<
    VolumeSource,
    | "hostPath"
    | "gcePersistentDisk"
    | "awsElasticBlockStore"
    | "nfs"
    | "iscsi"
    | "glusterfs"
    | "rbd"
    | "cephfs"
    | "flocker"
    | "fc"
    | "azureFile"
    | "vsphereVolume"
    | "quobyte"
    | "azureDisk"
    | "photonPersistentDisk"
    | "portworxVolume"
    | "scaleIO"
    | "storageos"
    | "cinder"
    | "flexVolume"
  >
>;

type Checks = {
  readonly [S in keyof SharedSources]-?: (
    source: NonNullable<SharedSources[S]>,
    path: FieldPath,
    errors: FieldError[],
  ) => void;
};

/** The rules of each source, by its field. */
export const sharedSourceChecks: Checks = {
  hostPath: checkHostPath,
  gcePersistentDisk: (disk, path, errors) => {
    checkRequired(disk, ["pdName"], path, errors);
    checkPartition(disk.partition, path, errors);
  },
  awsElasticBlockStore: (disk, path, errors) => {
    checkRequired(disk, ["volumeID"], path, errors);
    checkPartition(disk.partition, path, errors);
  },
  nfs: checkNfs,
  iscsi: checkIscsi,
  glusterfs: (source, path, errors) => checkRequired(source, ["endpoints", "path"], path, errors),
  rbd: (source, path, errors) => {
    checkMonitors(source.monitors, path, errors);
    checkRequired(source, ["image"], path, errors);
  },
  cephfs: (source, path, errors) => checkMonitors(source.monitors, path, errors),
  flocker: checkFlocker,
  fc: checkFibreChannel,
  azureFile: (source, path, errors) => checkRequired(source, ["secretName", "shareName"], path, errors),
  vsphereVolume: (source, path, errors) => checkRequired(source, ["volumePath"], path, errors),
  quobyte: checkQuobyte,
  azureDisk: checkAzureDisk,
  photonPersistentDisk: (source, path, errors) => checkRequired(source, ["pdID"], path, errors),
  portworxVolume: (source, path, errors) => checkRequired(source, ["volumeID"], path, errors),
  scaleIO: (source, path, errors) => checkRequired(source, ["gateway", "system", "volumeName"], path, errors),
  storageos: (source, path, errors) => {
    checkRequired(source, ["volumeName"], path, errors);
    for (const field of ["volumeName", "volumeNamespace"] as const) {
      const value = source[field];
      if (!isBlank(value)) checkTexts(dns1123LabelErrors(value), value, path.child(field), errors);
    }
    checkSecretName(source.secretRef, path, errors);
  },
  cinder: (source, path, errors) => {
    checkRequired(source, ["volumeID"], path, errors);
    checkSecretName(source.secretRef, path, errors);
  },
  flexVolume: (source, path, errors) => {
    checkRequired(source, ["driver"], path, errors);
    for (const key of Object.keys(source.options ?? {})) {
      const domain = `.${key.split("/", 1)[0] ?? ""}`.toLowerCase();
      if (!domain.endsWith(".kubernetes.io") && !domain.endsWith(".k8s.io")) continue;
      const text = "kubernetes.io and k8s.io namespaces are reserved";
      errors.push(invalidField(path.child("options").key(key), key, text));
    }
  },
};

/** The name of a storage driver. */
export function checkDriverName(name: string | undefined, path: FieldPath, errors: FieldError[]): void {
  const text = name ?? "";
  if (text === "") errors.push(requiredField(path, ""));
  if (text.length > 63) errors.push(tooLongField(path, 63));
  checkTexts(dns1123SubdomainErrors(text.toLowerCase()), text, path, errors);
}

/** A secret that a persistent volume names with its namespace. */
export function checkSecretReference(secret: SecretReference | undefined, path: FieldPath, errors: FieldError[]): void {
  if (secret === undefined) return;
  if (isBlank(secret.name)) errors.push(requiredField(path.child("name"), ""));
  else checkTexts(dns1123SubdomainErrors(secret.name), secret.name, path.child("name"), errors);
  if (isBlank(secret.namespace)) errors.push(requiredField(path.child("namespace"), ""));
  else checkTexts(dns1123LabelErrors(secret.namespace), secret.namespace, path.child("namespace"), errors);
}

/** Adds an error for each field that is missing or empty. */
export function checkRequired<T extends object>(
  source: T,
  fields: readonly (keyof T & string)[],
  path: FieldPath,
  errors: FieldError[],
): void {
  for (const field of fields) {
    const value = source[field];
    if (value === undefined || value === "") errors.push(requiredField(path.child(field), ""));
  }
}

const hostPathTypes = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];

function checkHostPath(source: HostPathVolumeSource, path: FieldPath, errors: FieldError[]): void {
  if (isBlank(source.path)) {
    errors.push(requiredField(path.child("path"), ""));
    return;
  }
  checkNoBacksteps(source.path, path.child("path"), errors);
  checkChoice(source.type, hostPathTypes, path.child("type"), errors);
}

function checkPartition(partition: number | undefined, path: FieldPath, errors: FieldError[]): void {
  if (partition !== undefined && (partition < 0 || partition > 255)) {
    errors.push(invalidField(path.child("partition"), partition, rangeError(1, 255)));
  }
}

function checkMonitors(monitors: readonly string[] | undefined, path: FieldPath, errors: FieldError[]): void {
  if (!monitors?.length) errors.push(requiredField(path.child("monitors"), ""));
}

function checkSecretName(secret: { name?: string } | undefined, path: FieldPath, errors: FieldError[]): void {
  if (secret !== undefined && isBlank(secret.name)) errors.push(requiredField(path.child("secretRef", "name"), ""));
}

function checkNfs(source: NFSVolumeSource, path: FieldPath, errors: FieldError[]): void {
  checkRequired(source, ["server", "path"], path, errors);
  if (!source.path?.startsWith("/")) {
    errors.push(invalidField(path.child("path"), source.path ?? "", "must be an absolute path"));
  }
}

const initiatorPatterns: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.([A-Za-z0-9\-.]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[A-Za-z0-9]{16}$/,
  naa: /^naa.[A-Za-z0-9]{32}$/,
};

function checkInitiator(name: string, path: FieldPath, errors: FieldError[]): void {
  const pattern = initiatorPatterns[name.slice(0, 3)];
  if (pattern === undefined) {
    errors.push(invalidField(path, name, "must be valid format starting with iqn, eui, or naa"));
  } else if (!pattern.test(name)) {
    errors.push(invalidField(path, name, "must be valid format"));
  }
}

function checkIscsi(source: ISCSIVolumeSource, path: FieldPath, errors: FieldError[]): void {
  checkRequired(source, ["targetPortal", "iqn"], path, errors);
  if (!isBlank(source.iqn)) checkInitiator(source.iqn, path.child("iqn"), errors);
  checkLun(source.lun ?? 0, path, errors);
  if ((source.chapAuthDiscovery || source.chapAuthSession) && source.secretRef === undefined) {
    errors.push(requiredField(path.child("secretRef"), ""));
  }
  if (source.initiatorName !== undefined) {
    checkInitiator(source.initiatorName, path.child("initiatorname"), errors);
  }
}

function checkLun(lun: number, path: FieldPath, errors: FieldError[]): void {
  if (lun < 0 || lun > 255) errors.push(invalidField(path.child("lun"), lun, rangeError(0, 255)));
}

function checkFibreChannel(source: FCVolumeSource, path: FieldPath, errors: FieldError[]): void {
  const names = source.targetWWNs ?? [];
  const ids = source.wwids ?? [];
  const namesPath = path.child("targetWWNs");
  if (names.length === 0 && ids.length === 0) {
    errors.push(requiredField(namesPath, "must specify either targetWWNs or wwids, but not both"));
  }
  if (names.length > 0 && ids.length > 0) {
    errors.push(invalidField(namesPath, names, "targetWWNs and wwids can not be specified simultaneously"));
  }
  if (names.length === 0) return;
  if (source.lun === undefined) {
    errors.push(requiredField(path.child("lun"), "lun is required if targetWWNs is specified"));
  } else {
    checkLun(source.lun, path, errors);
  }
}

function checkFlocker(source: FlockerVolumeSource, path: FieldPath, errors: FieldError[]): void {
  const { datasetName, datasetUUID } = source;
  if (isBlank(datasetName) && isBlank(datasetUUID)) {
    errors.push(requiredField(path, "one of datasetName and datasetUUID is required"));
  }
  if (!isBlank(datasetName) && !isBlank(datasetUUID)) {
    const text = "datasetName and datasetUUID can not be specified simultaneously";
    errors.push(invalidField(path, "resource", text));
  }
  if (datasetName?.includes("/")) {
    errors.push(invalidField(path.child("datasetName"), datasetName, "must not contain '/'"));
  }
}

const hostPortPair = /^(\[[^\][]*\]|[^:[\]]*):[^:[\]]*$/;

function checkQuobyte(source: QuobyteVolumeSource, path: FieldPath, errors: FieldError[]): void {
  const text = "must be a host:port pair or multiple pairs separated by commas";
  const { registry, tenant } = source;
  if (isBlank(registry)) {
    errors.push(requiredField(path.child("registry"), text));
  } else if ((tenant?.length ?? 0) >= 65) {
    const tenantText = "must be a UUID and may not exceed a length of 64 characters";
    errors.push(requiredField(path.child("tenant"), tenantText));
  } else {
    for (const pair of registry.split(",")) {
      if (!hostPortPair.test(pair)) errors.push(invalidField(path.child("registry"), registry, text));
    }
  }
  checkRequired(source, ["volume"], path, errors);
}

const managedDiskUri =
  "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}";
const blobDiskUri = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";

function checkAzureDisk(source: AzureDiskVolumeSource, path: FieldPath, errors: FieldError[]): void {
  const { kind, diskURI, cachingMode } = source;
  checkRequired(source, ["diskName", "diskURI"], path, errors);
  checkChoice(cachingMode, ["None", "ReadOnly", "ReadWrite"], path.child("cachingMode"), errors);
  checkChoice(kind, ["Dedicated", "Managed", "Shared"], path.child("kind"), errors);
  if (kind === undefined) return;
  const [prefix, supported] = kind === "Managed" ? ["/subscriptions/", managedDiskUri] : ["https://", blobDiskUri];
  if (!diskURI.startsWith(prefix)) errors.push(notSupportedField(path.child("diskURI"), diskURI, [supported]));
}
