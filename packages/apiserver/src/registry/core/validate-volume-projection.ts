import type {
  ClusterTrustBundleProjection,
  DownwardAPIVolumeFile,
  KeyToPath,
  PodCertificateProjection,
  ServiceAccountTokenProjection,
  VolumeProjection,
} from "@kube-ts/api/core/v1";
import {
  type FieldError,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { dns1123SubdomainErrors } from "@kube-ts/api/names";
import { validateLabelSelector } from "@kube-ts/api/selectors";
import { checkTexts, isBlank } from "../meta/validate-fields.ts";
import { checkFieldRef, checkResourceFieldRef } from "./validate-env.ts";
import { checkFileMode, checkLocalNonReservedPath } from "./validate-file-path.ts";
import { checkRequired } from "./validate-volume-sources.ts";

const minTokenSeconds = 600;
const maxTokenSeconds = 2 ** 32;
const minCertificateSeconds = 3600;
const maxCertificateSeconds = 7_862_400;
const keyTypes = ["ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519", "RSA3072", "RSA4096"];
const conflictText = "conflicting duplicate paths";

/** A key of a config map or secret, and the file that it becomes. */
export function checkKeyToPath(item: KeyToPath, path: FieldPath, errors: FieldError[]): void {
  checkRequired(item, ["key", "path"], path, errors);
  checkLocalNonReservedPath(item.path ?? "", path.child("path"), errors);
  checkFileMode(item.mode, path.child("mode"), errors);
}

/** A file whose content is a field of the pod or an amount of its resources. */
export function checkDownwardFile(file: DownwardAPIVolumeFile, path: FieldPath, errors: FieldError[]): void {
  checkRequired(file, ["path"], path, errors);
  checkLocalNonReservedPath(file.path ?? "", path.child("path"), errors);
  if (file.fieldRef) {
    checkFieldRef(file.fieldRef, "volume", path.child("fieldRef"), errors);
    if (file.resourceFieldRef) {
      const text = "fieldRef and resourceFieldRef can not be specified simultaneously";
      errors.push(invalidField(path, "resource", text));
    }
  } else if (file.resourceFieldRef) {
    checkResourceFieldRef(file.resourceFieldRef, "volume", path.child("resourceFieldRef"), errors);
  } else {
    errors.push(requiredField(path, "one of fieldRef and resourceFieldRef is required"));
  }
  checkFileMode(file.mode, path.child("mode"), errors);
}

/** The sources of a projected volume, whose files may not collide. `path` is the volume's. */
export function checkProjectedSources(
  sources: readonly VolumeProjection[],
  path: FieldPath,
  errors: FieldError[],
): void {
  const taken = new Set<string>();
  const claim = (file: string | undefined, value: string): void => {
    if (isBlank(file)) return;
    if (taken.has(file)) errors.push(invalidField(path, value, conflictText));
    taken.add(file);
  };
  for (const [index, source] of sources.entries()) checkProjection(source, path, index, claim, errors);
}

function checkProjection(
  source: VolumeProjection,
  path: FieldPath,
  index: number,
  claim: (file: string | undefined, value: string) => void,
  errors: FieldError[],
): void {
  const itemPath = path.child("sources").index(index);
  const { secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate } = source;
  for (const [field, keyed] of [
    ["secret", secret],
    ["configMap", configMap],
  ] as const) {
    if (keyed === undefined) continue;
    const keyedPath = itemPath.child(field);
    checkRequired(keyed, ["name"], keyedPath, errors);
    for (const [at, item] of (keyed.items ?? []).entries()) {
      checkKeyToPath(item, keyedPath.child("items").index(at), errors);
      claim(item.path, keyed.name ?? "");
    }
  }
  for (const file of downwardAPI?.items ?? []) {
    checkDownwardFile(file, itemPath.child("downwardAPI"), errors);
    claim(file.path, file.path);
  }
  if (serviceAccountToken) checkToken(serviceAccountToken, path, itemPath.child("serviceAccountToken"), errors);
  if (clusterTrustBundle) {
    checkTrustBundle(clusterTrustBundle, itemPath.child("clusterTrustBundle"), errors);
    claim(clusterTrustBundle.path, clusterTrustBundle.path);
  }
  if (podCertificate) checkCertificate(podCertificate, itemPath.child("podCertificate"), claim, errors);
  const count = Object.values(source).filter((part) => part !== undefined).length;
  if (count > 1) errors.push(forbiddenField(itemPath, "may not specify more than 1 volume type per source"));
}

/** Upstream reports the path of a token on the volume. */
function checkToken(
  token: ServiceAccountTokenProjection,
  volumePath: FieldPath,
  path: FieldPath,
  errors: FieldError[],
): void {
  const seconds = token.expirationSeconds ?? 0;
  if (seconds < minTokenSeconds) {
    const text = "may not specify a duration less than 10 minutes";
    errors.push(invalidField(path.child("expirationSeconds"), seconds, text));
  }
  if (seconds > maxTokenSeconds) {
    const text = "may not specify a duration larger than 2^32 seconds";
    errors.push(invalidField(path.child("expirationSeconds"), seconds, text));
  }
  if (isBlank(token.path)) errors.push(requiredField(volumePath.child("path"), ""));
  else checkLocalNonReservedPath(token.path, volumePath.child("path"), errors);
}

function checkTrustBundle(bundle: ClusterTrustBundleProjection, path: FieldPath, errors: FieldError[]): void {
  const { name, signerName, labelSelector } = bundle;
  if (name !== undefined && signerName !== undefined) {
    errors.push(invalidField(path, bundle, "only one of name and signerName may be used"));
  } else if (name !== undefined) {
    if (name === "") errors.push(requiredField(path.child("name"), "must be a valid object name"));
    else {
      const texts = dns1123SubdomainErrors(name.slice(name.lastIndexOf(":") + 1));
      const reports = texts.map((text) => `not a valid clustertrustbundlename: ${text}`);
      checkTexts(reports, name, path.child("name"), errors);
    }
    if (labelSelector !== undefined) {
      const text = "labelSelector must be unset if name is specified";
      errors.push(invalidField(path.child("labelSelector"), labelSelector, text));
    }
  } else if (signerName !== undefined) {
    if (signerName === "") errors.push(requiredField(path.child("signerName"), "must be a valid signer name"));
    errors.push(...validateLabelSelector(labelSelector, path.child("labelSelector")));
  } else {
    errors.push(requiredField(path, "either name or signerName must be specified"));
  }
  checkRequired(bundle, ["path"], path, errors);
  checkLocalNonReservedPath(bundle.path ?? "", path.child("path"), errors);
}

function checkCertificate(
  certificate: PodCertificateProjection,
  path: FieldPath,
  claim: (file: string | undefined, value: string) => void,
  errors: FieldError[],
): void {
  if (isBlank(certificate.signerName)) {
    errors.push(requiredField(path.child("signerName"), "must be a valid signer name"));
  }
  const keyType = certificate.keyType ?? "";
  if (!keyTypes.includes(keyType)) errors.push(notSupportedField(path.child("keyType"), keyType, keyTypes));
  const seconds = certificate.maxExpirationSeconds;
  if (seconds !== undefined && (seconds < minCertificateSeconds || seconds > maxCertificateSeconds)) {
    const text = `if provided, maxExpirationSeconds must be between ${minCertificateSeconds} and ${maxCertificateSeconds}`;
    errors.push(invalidField(path.child("maxExpirationSeconds"), seconds, text));
  }
  const { credentialBundlePath, keyPath, certificateChainPath } = certificate;
  if (isBlank(credentialBundlePath) && isBlank(keyPath) && isBlank(certificateChainPath)) {
    const text = "specify at least one of credentialBundlePath, keyPath, and certificateChainPath";
    errors.push(requiredField(path, text));
  }
  for (const field of ["credentialBundlePath", "keyPath", "certificateChainPath"] as const) {
    const file = certificate[field];
    if (isBlank(file)) continue;
    checkLocalNonReservedPath(file, path.child(field), errors);
    claim(file, file);
  }
}
