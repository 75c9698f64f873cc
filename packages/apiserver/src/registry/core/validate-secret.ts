import type { Secret } from "@kube-ts/api/core/v1";
import { type FieldError, invalidField, requiredField, tooLongField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { configMapKeyErrors } from "@kube-ts/api/names";
import { serviceAccountNameAnnotation } from "@kube-ts/api/well-known-labels";
import { base64ByteLength } from "../meta/byte-length.ts";
import { checkImmutableWhenSet } from "../meta/immutable-data.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkImmutable, checkTexts } from "../meta/validate-fields.ts";
import { metadataPath, validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { maxDataBytes } from "./config-map.ts";

const dataPath = fieldPath("data");

export function validateSecret(secret: Secret): FieldError[] {
  const errors = validateObjectMeta(secret.metadata, "Namespaced", subdomainName);
  let bytes = 0;
  for (const [key, value] of Object.entries(secret.data ?? {})) {
    checkTexts(configMapKeyErrors(key), key, dataPath.key(key), errors);
    bytes += base64ByteLength(value);
  }
  if (bytes > maxDataBytes) errors.push(tooLongField(dataPath, maxDataBytes));
  checkTyped(secret, errors);
  return errors;
}

export function validateSecretUpdate(secret: Secret, old: Secret): FieldError[] {
  const errors = validateObjectMetaUpdate(secret.metadata, old.metadata);
  checkImmutable(secret.type ?? "", old.type ?? "", fieldPath("type"), errors);
  checkImmutableWhenSet(secret, old, ["data"], errors);
  errors.push(...validateSecret(secret));
  return errors;
}

/** What secrets of a well-known type have to hold. */
function checkTyped(secret: Secret, errors: FieldError[]): void {
  const data = secret.data ?? {};
  const requireKeys = (...keys: string[]) => {
    for (const key of keys) if (data[key] === undefined) errors.push(requiredField(dataPath.key(key), ""));
  };
  switch (secret.type) {
    case "kubernetes.io/service-account-token":
      if (!secret.metadata.annotations?.[serviceAccountNameAnnotation]) {
        errors.push(requiredField(metadataPath.child("annotations").key(serviceAccountNameAnnotation), ""));
      }
      break;
    case "kubernetes.io/dockercfg":
      checkJson(data, ".dockercfg", errors);
      break;
    case "kubernetes.io/dockerconfigjson":
      checkJson(data, ".dockerconfigjson", errors);
      break;
    case "kubernetes.io/basic-auth":
      if (data["username"] === undefined && data["password"] === undefined) requireKeys("username", "password");
      break;
    case "kubernetes.io/ssh-auth":
      if (!data["ssh-privatekey"]) errors.push(requiredField(dataPath.key("ssh-privatekey"), ""));
      break;
    case "kubernetes.io/tls":
      requireKeys("tls.crt", "tls.key");
      break;
    case undefined:
    default:
  }
}

function checkJson(data: Readonly<Record<string, string>>, key: string, errors: FieldError[]): void {
  const value = data[key];
  const path = dataPath.key(key);
  if (value === undefined) {
    errors.push(requiredField(path, ""));
    return;
  }
  const problem = jsonObjectError(Buffer.from(value, "base64").toString());
  if (problem !== undefined) errors.push(invalidField(path, "<secret contents redacted>", problem));
}

/** What is wrong with text that should be a JSON object, without quoting it. */
function jsonObjectError(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text.trim() === "" ? "unexpected end of JSON input" : "invalid JSON";
  }
  if (typeof value === "object" && !Array.isArray(value)) return undefined;
  const kind = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
}
