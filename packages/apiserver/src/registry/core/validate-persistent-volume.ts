import type { PersistentVolume, PersistentVolumeSpec, VolumeNodeAffinity } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import {
  type FieldError,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { dns1123LabelErrors } from "@kube-ts/api/names";
import { describeChanges } from "../meta/describe-changes.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkChoice, checkImmutable, checkTexts, immutableText, isBlank } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { checkAccessModes, volumeModes } from "./validate-claim.ts";
import { checkNoBacksteps } from "./validate-file-path.ts";
import { checkNodeSelector } from "./validate-node-selector.ts";
import { checkBasicAmount, checkPositiveAmount } from "./validate-resources.ts";
import { checkDriverName, checkRequired, checkSecretReference, sharedSourceChecks } from "./validate-volume-sources.ts";

const specPath = fieldPath("spec");
const reclaimPolicies = ["Delete", "Recycle", "Retain"];

/** The fields of a volume's source, in the order in which upstream looks at them. */
const sourceFields = [
  "hostPath",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "glusterfs",
  "flocker",
  "nfs",
  "rbd",
  "quobyte",
  "cephfs",
  "iscsi",
  "cinder",
  "fc",
  "flexVolume",
  "azureFile",
  "vsphereVolume",
  "photonPersistentDisk",
  "portworxVolume",
  "azureDisk",
  "scaleIO",
  "local",
  "storageos",
  "csi",
] as const satisfies (keyof PersistentVolumeSpec)[];

export function validatePersistentVolume(volume: PersistentVolume): FieldError[] {
  const errors = validateObjectMeta(volume.metadata, "Cluster", subdomainName);
  checkSpec(volume.spec, errors);
  return errors;
}

export function validatePersistentVolumeUpdate(volume: PersistentVolume, old: PersistentVolume): FieldError[] {
  const errors = [...validateObjectMetaUpdate(volume.metadata, old.metadata), ...validatePersistentVolume(volume)];
  const source = sourceOf(volume.spec);
  const oldSource = sourceOf(old.spec);
  if (old.spec.csi && !old.spec.csi.controllerExpandSecretRef && source.csi) {
    const { controllerExpandSecretRef: _added, ...csi } = source.csi;
    source.csi = csi;
  }
  if (!semanticEqual(source, oldSource)) {
    const changes = describeChanges(oldSource, source, "spec");
    const text = `spec.persistentvolumesource is immutable after creation\n${changes}`;
    errors.push(forbiddenField("spec.persistentvolumesource", text));
  }
  checkImmutable(volume.spec.volumeMode, old.spec.volumeMode, fieldPath("volumeMode"), errors);
  if (old.spec.nodeAffinity) checkNodeAffinityKept(volume.spec.nodeAffinity, old.spec.nodeAffinity, errors);
  if (old.spec.volumeAttributesClassName !== undefined && volume.spec.volumeAttributesClassName === undefined) {
    const text = "update from non-nil value to nil is forbidden";
    errors.push(forbiddenField(specPath.child("volumeAttributesClassName"), text));
  }
  return errors;
}

export function validatePersistentVolumeStatusUpdate(volume: PersistentVolume, old: PersistentVolume): FieldError[] {
  const errors = validateObjectMetaUpdate(volume.metadata, old.metadata);
  return errors;
}

type Source = Pick<PersistentVolumeSpec, (typeof sourceFields)[number]>;

function sourceOf(spec: PersistentVolumeSpec): Source {
  return Object.fromEntries(
    sourceFields.filter((field) => spec[field] !== undefined).map((field) => [field, spec[field]]),
  );
}

function checkSpec(spec: PersistentVolumeSpec, errors: FieldError[]): void {
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.push(requiredField(specPath.child("accessModes"), ""));
  checkAccessModes(modes, specPath.child("accessModes"), errors);
  checkCapacity(spec, specPath.child("capacity"), errors);
  const policyPath = specPath.child("persistentVolumeReclaimPolicy");
  checkChoice(spec.persistentVolumeReclaimPolicy, reclaimPolicies, policyPath, errors);
  if (spec.nodeAffinity) checkNodeAffinity(spec.nodeAffinity, specPath.child("nodeAffinity"), errors);
  checkVolumeSource(spec, specPath, errors);
  const isRoot = spec.hostPath !== undefined && cleanPath(spec.hostPath.path) === "/";
  if (isRoot && spec.persistentVolumeReclaimPolicy === "Recycle") {
    errors.push(forbiddenField(policyPath, "may not be 'recycle' for a hostPath mount of '/'"));
  }
  const className = spec.storageClassName;
  if (!isBlank(className)) {
    checkTexts(subdomainName(className, false), className, specPath.child("storageClassName"), errors);
  }
  checkChoice(spec.volumeMode, volumeModes, specPath.child("volumeMode"), errors);
  checkAttributesClass(spec, specPath.child("volumeAttributesClassName"), errors);
}

function checkCapacity(spec: PersistentVolumeSpec, path: FieldPath, errors: FieldError[]): void {
  const capacity = spec.capacity ?? {};
  const names = Object.keys(capacity);
  if (names.length === 0) errors.push(requiredField(path, ""));
  if (capacity["storage"] === undefined || names.length > 1) {
    errors.push(notSupportedField(path, capacity, ["storage"]));
  }
  for (const [name, text] of Object.entries(capacity)) {
    checkBasicAmount(text, path.key(name), errors);
    checkPositiveAmount(text, path.key(name), errors);
  }
}

/** Adds the errors of what the volume is: exactly one of the sources has to be there. */
export function checkVolumeSource(spec: PersistentVolumeSpec, path: FieldPath, errors: FieldError[]): void {
  let sources = 0;
  for (const field of sourceFields) {
    if (spec[field] === undefined) continue;
    sources++;
    if (sources > 1) {
      errors.push(forbiddenField(path.child(field), "may not specify more than 1 volume type"));
    } else {
      const sourcePath = path.child(field === "gcePersistentDisk" ? "persistentDisk" : field);
      checkOneSource(spec, field, sourcePath, errors);
    }
  }
  if (sources === 0) errors.push(requiredField(path, "must specify a volume type"));
}

function checkOneSource(
  spec: PersistentVolumeSpec,
  field: (typeof sourceFields)[number],
  path: FieldPath,
  errors: FieldError[],
): void {
  if (field === "local") {
    checkRequired(spec.local ?? { path: "" }, ["path"], path, errors);
    checkNoBacksteps(spec.local?.path ?? "", path.child("path"), errors);
    return;
  }
  if (field === "csi") {
    checkCsi(spec, path, errors);
    return;
  }
  const check = sharedSourceChecks[field] as (source: unknown, path: FieldPath, errors: FieldError[]) => void;
  check(spec[field], path, errors);
  checkNamespaced(spec, field, path, errors);
}

/** What the sources of persistent volumes have beyond those of pods: the namespaces of what they name. */
function checkNamespaced(
  spec: PersistentVolumeSpec,
  field: (typeof sourceFields)[number],
  path: FieldPath,
  errors: FieldError[],
): void {
  if (field === "glusterfs" && spec.glusterfs?.endpointsNamespace !== undefined) {
    const namespace = spec.glusterfs.endpointsNamespace;
    const namespacePath = path.child("endpointsNamespace");
    if (namespace === "") {
      const text = "if the endpointnamespace is set, it must be a valid namespace name";
      errors.push(invalidField(namespacePath, namespace, text));
    } else {
      checkTexts(dns1123LabelErrors(namespace), namespace, namespacePath, errors);
    }
  }
  if (field === "cinder" || field === "storageos") {
    const secret = spec[field]?.secretRef;
    if (secret !== undefined && isBlank(secret.namespace)) {
      errors.push(requiredField(path.child("secretRef", "namespace"), ""));
    }
  }
  if (field === "azureFile" && spec.azureFile?.secretNamespace === "") {
    errors.push(requiredField(path.child("secretNamespace"), ""));
  }
}

function checkCsi(spec: PersistentVolumeSpec, path: FieldPath, errors: FieldError[]): void {
  const { csi } = spec;
  if (csi === undefined) return;
  checkDriverName(csi.driver, path.child("driver"), errors);
  checkRequired(csi, ["volumeHandle"], path, errors);
  for (const field of [
    "controllerPublishSecretRef",
    "controllerExpandSecretRef",
    "nodePublishSecretRef",
    "nodeExpandSecretRef",
  ] as const) {
    checkSecretReference(csi[field], path.child(field), errors);
  }
}

function checkNodeAffinity(affinity: VolumeNodeAffinity, path: FieldPath, errors: FieldError[]): void {
  if (affinity.required) checkNodeSelector(affinity.required, path.child("required"), errors);
  else errors.push(requiredField(path.child("required"), "must specify required node constraints"));
}

function checkAttributesClass(spec: PersistentVolumeSpec, path: FieldPath, errors: FieldError[]): void {
  const name = spec.volumeAttributesClassName;
  if (name === undefined) return;
  if (name === "") errors.push(requiredField(path, "an empty string is disallowed"));
  else checkTexts(subdomainName(name, false), name, path, errors);
  if (spec.csi === undefined) {
    errors.push(requiredField(specPath.child("csi"), "has to be specified when using volumeAttributesClassName"));
  }
}

const stableLabels: Readonly<Record<string, string>> = {
  "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
  "beta.kubernetes.io/os": "kubernetes.io/os",
  "beta.kubernetes.io/arch": "kubernetes.io/arch",
  "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
};

/** The nodes of a volume stay, but beta labels may be replaced by what became of them. */
function checkNodeAffinityKept(
  affinity: VolumeNodeAffinity | undefined,
  old: VolumeNodeAffinity,
  errors: FieldError[],
): void {
  const upgraded = structuredClone(old);
  for (const [at, term] of (upgraded.required?.nodeSelectorTerms ?? []).entries()) {
    for (const [index, requirement] of (term.matchExpressions ?? []).entries()) {
      const key = affinity?.required?.nodeSelectorTerms[at]?.matchExpressions?.[index]?.key;
      if (key !== undefined && stableLabels[requirement.key] === key) requirement.key = key;
    }
  }
  if (semanticEqual(affinity, upgraded)) return;
  const text = `${immutableText}, except for updating from beta label to GA`;
  errors.push(invalidField("nodeAffinity", affinity ?? null, text));
}

/** The path without empty, `.` and `..` elements. */
function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `${path.startsWith("/") ? "/" : ""}${parts.join("/")}`;
}
