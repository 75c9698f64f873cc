import type { KubeObject } from "@kube-ts/api/object";
import { persistentVolumeClaims, persistentVolumes, volumeAttributesClasses } from "@kube-ts/api/resource-types";
import {
  pvProtectionFinalizer,
  pvcProtectionFinalizer,
  volumeAttributesClassProtectionFinalizer,
} from "@kube-ts/api/well-known-labels";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { isWriteOf } from "./forbidden.ts";

const protections = [
  { type: persistentVolumes, finalizer: pvProtectionFinalizer },
  { type: persistentVolumeClaims, finalizer: pvcProtectionFinalizer },
  { type: volumeAttributesClasses, finalizer: volumeAttributesClassProtectionFinalizer },
];

/**
 * Gives new volumes, claims and classes of volume attributes the finalizer that keeps them while they are in use. The
 * protection controllers take it away; without them what is deleted stays.
 */
export class StorageObjectInUseProtection implements AdmissionPlugin {
  readonly name = "StorageObjectInUseProtection";

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE";
  }

  admit(attributes: AdmissionAttributes): void {
    const protection = protections.find(({ type }) => isWriteOf(attributes, type));
    if (protection && attributes.object) addFinalizer(attributes.object, protection.finalizer);
  }
}

function addFinalizer({ metadata }: KubeObject, finalizer: string): void {
  const { finalizers = [] } = metadata;
  if (!finalizers.includes(finalizer)) metadata.finalizers = [...finalizers, finalizer];
}
