import { type KubeObject, nameOf, uidOf } from "./object.ts";
import type { OwnerReference } from "./meta/v1.ts";
import { type ResourceType, apiVersionOf } from "./resource-type.ts";

/** The reference that names the managing controller, if there is one. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/** Whether the object is managed by the controller with this uid. */
export function isControlledBy(object: KubeObject, ownerUid: string): boolean {
  return controllerOf(object)?.uid === ownerUid;
}

/** A reference that makes the owner the managing controller and keeps it until the dependent is gone. */
export function controllerReference<T extends KubeObject>(owner: T, type: ResourceType<T>): OwnerReference {
  return { ...ownerReference(owner, type), controller: true, blockOwnerDeletion: true };
}

/** A plain reference to an owner. */
export function ownerReference<T extends KubeObject>(owner: T, type: ResourceType<T>): OwnerReference {
  return { apiVersion: apiVersionOf(type), kind: type.kind, name: nameOf(owner), uid: uidOf(owner) };
}
