import type { PersistentVolume, PersistentVolumeClaim } from "@kube-ts/api/core/v1";
import { nameOf, objectKey } from "@kube-ts/api/object";
import { persistentVolumeClaims, persistentVolumes, volumeAttributesClasses } from "@kube-ts/api/resource-types";
import { volumeAttributesClassProtectionFinalizer } from "@kube-ts/api/well-known-labels";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { ProtectionController } from "./protection-controller.ts";

const byAttributesClass = "volume-attributes-class";

/** The classes that a claim asks for, has, or is being changed to. */
function classesOfClaim({ spec, status }: PersistentVolumeClaim): string[] {
  const names = [
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
  return names.flatMap((name) => (name ? [name] : []));
}

function classesOfVolume({ spec }: PersistentVolume): string[] {
  return spec?.volumeAttributesClassName ? [spec.volumeAttributesClassName] : [];
}

/** Keeps classes of volume attributes that are deleted until no claim and no volume has them any more. */
function protectAttributesClasses(context: ControllerContext): Controller {
  const claims = context.informers.informer(persistentVolumeClaims);
  const volumes = context.informers.informer(persistentVolumes);
  claims.addIndex(byAttributesClass, classesOfClaim);
  volumes.addIndex(byAttributesClass, classesOfVolume);
  const controller = new ProtectionController(context, {
    type: volumeAttributesClasses,
    finalizer: volumeAttributesClassProtectionFinalizer,
    queue: "vacprotection",
    isUsed: (attributesClass) =>
      [claims, volumes].some((users) => users.byIndex(byAttributesClass, nameOf(attributesClass)).length > 0),
  });
  const released = (names: readonly string[]) => {
    for (const name of names) controller.released(objectKey("", name));
  };
  claims.subscribe({
    updated: (old) => released(classesOfClaim(old)),
    deleted: (claim) => released(classesOfClaim(claim)),
  });
  volumes.subscribe({
    updated: (old) => released(classesOfVolume(old)),
    deleted: (volume) => released(classesOfVolume(volume)),
  });
  return controller;
}

export const attributesClassProtectionController: ControllerDefinition = {
  name: "volumeattributesclass-protection-controller",
  serviceAccount: "volumeattributesclass-protection-controller",
  create: protectAttributesClasses,
};
