import type { KubeObject } from "@kube-ts/api/object";
import { badRequest } from "@kube-ts/api/status-error";

/** Throws BadRequest when the object is not the one that the URL names. */
export function checkIdentity({ metadata }: KubeObject, name: string, namespace: string): void {
  if (!metadata.name) {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  if (metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  if (metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
}
