import type { PersistentVolumeClaim } from "@kube-ts/api/core/v1";
import { nameOf } from "@kube-ts/api/object";
import { persistentVolumeClaims, storageClasses } from "@kube-ts/api/resource-types";
import type { ObjectSource } from "../registry/object-source.ts";
import { storageClassOf } from "../registry/core/claim-display.ts";
import { isDefaultStorageClass } from "../registry/storage/storage-class.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { isWriteOf } from "./forbidden.ts";
import { newestDefault } from "./newest-default.ts";

/** Gives new claims that say nothing of a class the default one, if there is one: the newest of several. */
export class DefaultStorageClass implements AdmissionPlugin {
  readonly name = "DefaultStorageClass";
  readonly #source: ObjectSource;

  constructor(source: ObjectSource) {
    this.#source = source;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE";
  }

  admit(attributes: AdmissionAttributes): void {
    if (!isWriteOf(attributes, persistentVolumeClaims) || !attributes.object) return;
    const claim = attributes.object as PersistentVolumeClaim;
    if (storageClassOf(claim, claim.spec.storageClassName) !== undefined) return;
    const newest = newestDefault(this.#source.list(storageClasses).filter(isDefaultStorageClass));
    if (newest) claim.spec.storageClassName = nameOf(newest);
  }
}
