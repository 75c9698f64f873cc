import type { KubeObject } from "@kube-ts/api/object";
import { badRequest } from "@kube-ts/api/status-error";
import { managedFieldsText, setManagedFieldsText } from "../../storage/cache/managed-fields-text.ts";

/** What the server gives an object before admission, and admission cannot take back. */
const serverFields = ["uid", "creationTimestamp", "resourceVersion"] as const;

/**
 * Makes an object what another one is, so that everyone who holds it sees the change. Throws BadRequest for one that is
 * to move into another namespace.
 */
export function replaceContent(object: KubeObject, content: KubeObject): void {
  if (object.metadata !== undefined && content.metadata !== undefined) keepMetadata(object, content);
  const fields = object as unknown as Record<string, unknown>;
  for (const key of Object.keys(fields)) delete fields[key];
  Object.assign(fields, content);
}

function keepMetadata({ metadata: old }: KubeObject, { metadata }: KubeObject): void {
  if ((metadata.namespace ?? "") !== (old.namespace ?? "")) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  for (const field of serverFields) {
    if (old[field] !== undefined) metadata[field] = old[field];
    else delete metadata[field];
  }
  const text = managedFieldsText(old);
  if (text !== undefined && JSON.stringify(metadata.managedFields) === text) setManagedFieldsText(metadata, text);
}
