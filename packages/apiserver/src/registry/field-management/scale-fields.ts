import { FieldSet } from "@kube-ts/api/apply/field-set";
import {
  type ManagerEntry,
  OwnedFields,
  identityKey,
  managedFieldsJson,
  parseEntries,
} from "@kube-ts/api/apply/managed-fields";
import { fieldElement } from "@kube-ts/api/apply/path-element";
import { schemaOfType } from "@kube-ts/api/apply/schema-of-type";
import type { Scale } from "@kube-ts/api/autoscaling/v1";
import { typeById } from "@kube-ts/api/schema-registry";
import { FieldManagement } from "./field-management.ts";

export const scaleApiVersion = "autoscaling/v1";

let management: FieldManagement<Scale> | undefined;

/** The field management of the Scale through which a scalable object is written. */
export function scaleFieldManagement(): FieldManagement<Scale> {
  const schema = schemaOfType(typeById("autoscaling/v1.Scale"));
  const facts = { group: "autoscaling", plural: "scale", hasStatus: false };
  management ??= new FieldManagement([{ apiVersion: scaleApiVersion, kind: "Scale", schema }], facts);
  return management;
}

const scaleReplicas = [fieldElement("spec"), fieldElement("replicas")];
const scaleReplicasOnly = FieldSet.of(scaleReplicas);

/** Where the replicas of built-in objects are. */
export const usualReplicas: readonly string[] = ["spec", "replicas"];

/**
 * The managed fields of the Scale: who owns the replicas of the object, whose path is given. Both are JSON texts, empty
 * for none.
 */
export function scaleFieldsOf(objectFields: string, replicasPath: readonly string[]): string {
  if (objectFields === "") return "";
  const replicas = replicasPath.map(fieldElement);
  const owners = parseEntries(objectFields).filter((entry) => entry.fields.set.has(replicas));
  const entries = owners.map((entry) => ({
    ...entry,
    apiVersion: scaleApiVersion,
    fields: OwnedFields.ofSet(scaleReplicasOnly),
  }));
  return managedFieldsJson(entries);
}

/** The managed fields of an object, with the replicas owned as the Scale's managed fields say. */
export function objectFieldsOf(
  objectFields: string,
  scaleFields: string,
  objectVersion: string,
  replicasPath: readonly string[],
): string {
  const replicas = replicasPath.map(fieldElement);
  const replicasOnly = FieldSet.of(replicas);
  const scale = new Map<string, ManagerEntry>();
  for (const entry of scaleFields === "" ? [] : parseEntries(scaleFields)) {
    if (entry.fields.set.has(scaleReplicas)) scale.set(identityKey(entry), entry);
  }
  const result: ManagerEntry[] = [];
  for (const entry of objectFields === "" ? [] : parseEntries(objectFields)) {
    const key = identityKey({ ...entry, apiVersion: scaleApiVersion });
    if (!entry.fields.set.has(replicas) || scale.delete(key)) {
      result.push(entry);
      continue;
    }
    const left = entry.fields.set.difference(replicasOnly);
    if (!left.isEmpty) result.push({ ...entry, fields: OwnedFields.ofSet(left) });
  }
  for (const entry of scale.values()) {
    result.push({ ...entry, apiVersion: objectVersion, time: undefined, fields: OwnedFields.ofSet(replicasOnly) });
  }
  return managedFieldsJson(result);
}
