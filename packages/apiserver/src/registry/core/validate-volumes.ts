import type {
  ConfigMapVolumeSource,
  CSIVolumeSource,
  DownwardAPIVolumeSource,
  EmptyDirVolumeSource,
  EphemeralVolumeSource,
  GitRepoVolumeSource,
  ImageVolumeSource,
  KeyToPath,
  PersistentVolumeClaimVolumeSource,
  ProjectedVolumeSource,
  SecretVolumeSource,
  Volume,
} from "@kube-ts/api/core/v1";
import { type FieldError, duplicateField, forbiddenField, invalidField, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { goQuote } from "@kube-ts/api/go-quote";
import { dns1123LabelErrors } from "@kube-ts/api/names";
import { parseQuantity } from "@kube-ts/api/quantity";
import { subdomainName } from "../meta/object-names.ts";
import { checkRequiredChoice, checkTexts, isBlank } from "../meta/validate-fields.ts";
import { checkTemplateMeta } from "../meta/validate-object-meta.ts";
import { checkClaimSpec } from "./validate-claim.ts";
import { checkDescendingPath, checkFileMode } from "./validate-file-path.ts";
import { checkDownwardFile, checkKeyToPath, checkProjectedSources } from "./validate-volume-projection.ts";
import { type SharedSources, checkDriverName, checkRequired, sharedSourceChecks } from "./validate-volume-sources.ts";

/** What the rules of volumes depend on in the pod. */
export interface VolumeOwner {
  /** Empty for a template. */
  readonly podName: string;
  readonly isPod: boolean;
}

/** Checks the volumes and returns the valid ones by name. */
export function checkVolumes(
  volumes: readonly Volume[],
  owner: VolumeOwner,
  path: FieldPath,
  errors: FieldError[],
): Map<string, Volume> {
  const createdClaims = createdClaimNames(volumes, owner);
  const valid = new Map<string, Volume>();
  for (const [index, volume] of volumes.entries()) {
    const itemPath = path.index(index);
    const before = errors.length;
    checkSource(volume, owner, itemPath, errors);
    if (isBlank(volume.name)) errors.push(requiredField(itemPath.child("name"), ""));
    else checkTexts(dns1123LabelErrors(volume.name), volume.name, itemPath.child("name"), errors);
    if (valid.has(volume.name)) errors.push(duplicateField(itemPath.child("name"), volume.name));
    if (errors.length === before) valid.set(volume.name, volume);
    const claim = volume.persistentVolumeClaim?.claimName;
    if (claim !== undefined && createdClaims.has(claim)) {
      const text = "must not reference a PVC that gets created for an ephemeral volume";
      errors.push(invalidField(itemPath.child("persistentVolumeClaim", "claimName"), claim, text));
    }
  }
  return valid;
}

function createdClaimNames(volumes: readonly Volume[], owner: VolumeOwner): ReadonlySet<string> {
  if (owner.podName === "") return new Set();
  return new Set(volumes.filter((volume) => volume.ephemeral).map((volume) => `${owner.podName}-${volume.name}`));
}

type SourceField = Exclude<keyof Volume, "name">;
type Check = (volume: Volume, owner: VolumeOwner, path: FieldPath, errors: FieldError[]) => void;

/** Upstream reports a few sources under other names than their fields. */
const reportedFields: Partial<Record<SourceField, string>> = {
  gcePersistentDisk: "persistentDisk",
};

function ownCheck<F extends SourceField>(
  field: F,
  check: (source: NonNullable<Volume[F]>, path: FieldPath, errors: FieldError[], owner: VolumeOwner) => void,
): Check {
  return (volume, owner, path, errors) => {
    const source = volume[field];
    if (source) check(source, path, errors, owner);
  };
}

function sharedCheck<F extends keyof SharedSources>(field: F): Check {
  const check = sharedSourceChecks[field] as (source: unknown, path: FieldPath, errors: FieldError[]) => void;
  return (volume, _owner, path, errors) => check(volume[field], path, errors);
}

/** In the order in which upstream looks at them, which decides which of two sources is one too many. */
const sourceChecks: readonly (readonly [SourceField, Check])[] = [
  ["emptyDir", ownCheck("emptyDir", checkEmptyDir)],
  ["hostPath", sharedCheck("hostPath")],
  ["gitRepo", ownCheck("gitRepo", checkGitRepo)],
  ["gcePersistentDisk", sharedCheck("gcePersistentDisk")],
  ["awsElasticBlockStore", sharedCheck("awsElasticBlockStore")],
  ["secret", ownCheck("secret", checkSecret)],
  ["nfs", sharedCheck("nfs")],
  ["iscsi", sharedCheck("iscsi")],
  ["glusterfs", sharedCheck("glusterfs")],
  ["flocker", sharedCheck("flocker")],
  ["persistentVolumeClaim", ownCheck("persistentVolumeClaim", checkClaimName)],
  ["rbd", sharedCheck("rbd")],
  ["cinder", sharedCheck("cinder")],
  ["cephfs", sharedCheck("cephfs")],
  ["quobyte", sharedCheck("quobyte")],
  ["downwardAPI", ownCheck("downwardAPI", checkDownward)],
  ["fc", sharedCheck("fc")],
  ["flexVolume", sharedCheck("flexVolume")],
  ["configMap", ownCheck("configMap", checkConfigMap)],
  ["azureFile", sharedCheck("azureFile")],
  ["vsphereVolume", sharedCheck("vsphereVolume")],
  ["photonPersistentDisk", sharedCheck("photonPersistentDisk")],
  ["portworxVolume", sharedCheck("portworxVolume")],
  ["azureDisk", sharedCheck("azureDisk")],
  ["storageos", sharedCheck("storageos")],
  ["projected", ownCheck("projected", checkProjected)],
  ["scaleIO", sharedCheck("scaleIO")],
  ["csi", ownCheck("csi", checkCsi)],
  ["ephemeral", ownCheck("ephemeral", checkEphemeral)],
  ["image", ownCheck("image", checkImage)],
];

function checkSource(volume: Volume, owner: VolumeOwner, path: FieldPath, errors: FieldError[]): void {
  let sources = 0;
  for (const [field, check] of sourceChecks) {
    if (volume[field] === undefined) continue;
    sources++;
    if (sources > 1) {
      errors.push(forbiddenField(path.child(field), "may not specify more than 1 volume type"));
    } else {
      check(volume, owner, path.child(reportedFields[field] ?? field), errors);
    }
  }
  if (sources === 0) errors.push(requiredField(path, "must specify a volume type"));
  checkNamesMadeOfVolume(volume, owner, path, errors);
}

function checkNamesMadeOfVolume(volume: Volume, owner: VolumeOwner, path: FieldPath, errors: FieldError[]): void {
  const { iscsi, ephemeral, name } = volume;
  if (iscsi?.initiatorName !== undefined && `${name}:${iscsi.targetPortal}`.length > 64) {
    const text =
      "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.";
    errors.push(invalidField(path.child("name"), name, text));
  }
  if (ephemeral && owner.podName !== "" && !isBlank(name)) {
    const claim = `${owner.podName}-${name}`;
    for (const text of subdomainName(claim, false)) {
      errors.push(invalidField(path.child("name"), name, `PVC name ${goQuote(claim)}: ${text}`));
    }
  }
}

function checkEmptyDir(source: EmptyDirVolumeSource, path: FieldPath, errors: FieldError[]): void {
  if (source.sizeLimit !== undefined && parseQuantity(source.sizeLimit).sign() < 0) {
    errors.push(forbiddenField(path.child("sizeLimit"), "SizeLimit field must be a valid resource quantity"));
  }
}

function checkGitRepo(source: GitRepoVolumeSource, path: FieldPath, errors: FieldError[]): void {
  checkRequired(source, ["repository"], path, errors);
  checkDescendingPath(source.directory ?? "", path.child("directory"), errors);
}

function checkSecret(source: SecretVolumeSource, path: FieldPath, errors: FieldError[]): void {
  checkRequired(source, ["secretName"], path, errors);
  checkFileMode(source.defaultMode, path.child("defaultMode"), errors);
  checkKeys(source.items, path.child("items"), errors);
}

function checkConfigMap(source: ConfigMapVolumeSource, path: FieldPath, errors: FieldError[]): void {
  checkRequired(source, ["name"], path, errors);
  checkFileMode(source.defaultMode, path.child("defaultMode"), errors);
  checkKeys(source.items, path.child("items"), errors);
}

function checkKeys(items: readonly KeyToPath[] | undefined, path: FieldPath, errors: FieldError[]): void {
  for (const [index, item] of (items ?? []).entries()) checkKeyToPath(item, path.index(index), errors);
}

function checkClaimName(source: PersistentVolumeClaimVolumeSource, path: FieldPath, errors: FieldError[]): void {
  checkRequired(source, ["claimName"], path, errors);
}

function checkProjected(source: ProjectedVolumeSource, path: FieldPath, errors: FieldError[]): void {
  checkFileMode(source.defaultMode, path.child("defaultMode"), errors);
  checkProjectedSources(source.sources ?? [], path, errors);
}

function checkDownward(source: DownwardAPIVolumeSource, path: FieldPath, errors: FieldError[]): void {
  checkFileMode(source.defaultMode, path.child("defaultMode"), errors);
  for (const file of source.items ?? []) checkDownwardFile(file, path, errors);
}

function checkCsi(source: CSIVolumeSource, path: FieldPath, errors: FieldError[]): void {
  checkDriverName(source.driver, path.child("driver"), errors);
  const secret = source.nodePublishSecretRef;
  if (secret === undefined) return;
  if (isBlank(secret.name)) errors.push(requiredField(path.child("nodePublishSecretRef", "name"), ""));
  else checkTexts(subdomainName(secret.name, false), secret.name, path.child("name"), errors);
}

function checkEphemeral(source: EphemeralVolumeSource, path: FieldPath, errors: FieldError[]): void {
  const template = source.volumeClaimTemplate;
  const templatePath = path.child("volumeClaimTemplate");
  if (template === undefined) {
    errors.push(requiredField(templatePath, ""));
    return;
  }
  checkTemplateMeta(template.metadata, templatePath.child("metadata"), errors);
  checkClaimSpec(template.spec, templatePath.child("spec"), errors);
}

function checkImage(source: ImageVolumeSource, path: FieldPath, errors: FieldError[], owner: VolumeOwner): void {
  if (owner.isPod) checkRequired(source, ["reference"], path, errors);
  const policies = ["Always", "IfNotPresent", "Never"];
  checkRequiredChoice(source.pullPolicy, policies, path.child("pullPolicy"), errors);
}
