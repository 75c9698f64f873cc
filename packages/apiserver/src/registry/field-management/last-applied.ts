import { compareTyped } from "@kube-ts/api/apply/compare-typed";
import { ApplyConflictError } from "@kube-ts/api/apply/conflict";
import type { FieldSet } from "@kube-ts/api/apply/field-set";
import { fieldSetOf } from "@kube-ts/api/apply/field-set-of";
import { type JsonObject, cloneJson, isJsonObject } from "@kube-ts/api/json-value";
import type { KubeObject } from "@kube-ts/api/object";
import { lastAppliedAnnotation } from "@kube-ts/api/well-known-labels";
import type { AppliedObject, FieldManagement, FieldWrite } from "./field-management.ts";

/** The manager that `kubectl apply --server-side` names itself. */
const kubectl = "kubectl";
const maxAnnotationBytes = 256 * 1024;

/**
 * As `FieldManagement.apply`, for a client that has applied on its own side before: kubectl takes over what its
 * annotation says it had applied, without conflicts, and the annotation is kept up to date.
 */
export function applyWithLastApplied<T extends KubeObject>(
  management: FieldManagement<T>,
  live: T | undefined,
  config: JsonObject,
  write: FieldWrite,
  force: boolean,
): AppliedObject {
  if (write.manager !== kubectl) return management.apply(live, config, write, force);
  const applied = applyUpgrading(management, live, config, write, force);
  const value = applied.value ?? (live && (management.inVersion(live, write.apiVersion) as unknown as JsonObject));
  if (!value || lastApplied(value) === undefined) return applied;
  const updated = withLastApplied(value, configText(config));
  return updated === value ? applied : { ...applied, value: updated };
}

function applyUpgrading<T extends KubeObject>(
  management: FieldManagement<T>,
  live: T | undefined,
  config: JsonObject,
  write: FieldWrite,
  force: boolean,
): AppliedObject {
  try {
    return management.apply(live, config, write, force);
  } catch (error) {
    if (!(error instanceof ApplyConflictError) || !live) throw error;
    const owned = ownedByLastApplied(management, live, write.apiVersion);
    if (!owned) throw error;
    const left = error.conflicts.filter(({ path }) => !owned.has(path));
    if (left.length > 0) throw new ApplyConflictError(left);
    return management.apply(live, config, write, true);
  }
}

/** The fields that were last applied from the client's side and are as they were then. */
function ownedByLastApplied<T extends KubeObject>(
  management: FieldManagement<T>,
  live: T,
  apiVersion: string,
): FieldSet | undefined {
  const { schema } = management.version(apiVersion);
  const current = management.inVersion(live, apiVersion);
  const text = lastApplied(current as unknown as JsonObject);
  if (text === undefined) return undefined;
  try {
    const last: unknown = JSON.parse(text);
    if (!isJsonObject(last) || last["apiVersion"] !== apiVersion) return undefined;
    const { added, modified, removed } = compareTyped(schema, last, current);
    return fieldSetOf(schema, last).difference(modified).difference(added).difference(removed);
  } catch {
    // What somebody else wrote into the annotation makes nobody an owner.
    return undefined;
  }
}

function lastApplied(object: JsonObject): string | undefined {
  const metadata = object["metadata"];
  const annotations = isJsonObject(metadata) ? metadata["annotations"] : undefined;
  const text = isJsonObject(annotations) ? annotations[lastAppliedAnnotation] : undefined;
  return typeof text === "string" && text !== "" ? text : undefined;
}

function withLastApplied(object: JsonObject, text: string): JsonObject {
  if (lastApplied(object) === text) return object;
  const metadata = { ...(object["metadata"] as JsonObject) };
  const annotations: Record<string, unknown> = {
    ...(metadata["annotations"] as JsonObject),
    [lastAppliedAnnotation]: text,
  };
  const size = Object.entries(annotations).reduce((sum, entry) => sum + Buffer.byteLength(entry.join("")), 0);
  if (size > maxAnnotationBytes) delete annotations[lastAppliedAnnotation];
  return { ...object, metadata: { ...metadata, annotations } };
}

/** The configuration without the annotation itself, as kubectl writes it: keys sorted, a line end. */
function configText(config: JsonObject): string {
  const copy = cloneJson(config);
  const { metadata } = copy;
  if (isJsonObject(metadata) && isJsonObject(metadata["annotations"]))
    delete metadata["annotations"][lastAppliedAnnotation];
  const escaped = sortedJson(copy).replaceAll(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });
  return `${escaped}\n`;
}

function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value) ?? "null";
  const keys = Object.keys(value).toSorted();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${sortedJson(value[key])}`).join(",")}}`;
}
