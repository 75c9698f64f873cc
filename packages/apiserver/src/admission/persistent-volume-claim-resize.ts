import type { PersistentVolumeClaim } from "@kube-ts/api/core/v1";
import { quantityOf } from "@kube-ts/api/quantity";
import { persistentVolumeClaims, storageClasses } from "@kube-ts/api/resource-types";
import { storageClassOf } from "../registry/core/claim-display.ts";
import type { ObjectSource } from "../registry/object-source.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { admissionForbidden, isWriteOf } from "./forbidden.ts";

/** Lets claims grow only when they are bound and their class says that volumes can. */
export class PersistentVolumeClaimResize implements AdmissionPlugin {
  readonly name = "PersistentVolumeClaimResize";
  readonly #source: ObjectSource;

  constructor(source: ObjectSource) {
    this.#source = source;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "UPDATE";
  }

  validate(attributes: AdmissionAttributes): void {
    const { object, oldObject } = attributes;
    if (!isWriteOf(attributes, persistentVolumeClaims) || !object || !oldObject) return;
    const [claim, old] = [object as PersistentVolumeClaim, oldObject as PersistentVolumeClaim];
    if (requested(claim).compare(requested(old)) <= 0) return;
    if (old.status?.phase !== "Bound") {
      throw admissionForbidden(attributes, "Only bound persistent volume claims can be expanded");
    }
    if (!this.#canGrow(claim, old)) {
      const condition = "the storageclass that provisions the pvc must support resize";
      throw admissionForbidden(attributes, `only dynamically provisioned pvc can be resized and ${condition}`);
    }
  }

  #canGrow(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
    const className = storageClassOf(claim, claim.spec.storageClassName) ?? "";
    if (className === "" || className !== storageClassOf(old, old.spec.storageClassName)) return false;
    return this.#source.get(storageClasses, "", className)?.allowVolumeExpansion === true;
  }
}

function requested({ spec }: PersistentVolumeClaim) {
  return quantityOf(spec.resources?.requests?.["storage"]);
}
