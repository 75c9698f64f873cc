import { persistentVolumes } from "@kube-ts/api/resource-types";
import { pvProtectionFinalizer } from "@kube-ts/api/well-known-labels";
import type { ControllerDefinition } from "../framework/controller.ts";
import { ProtectionController } from "./protection-controller.ts";

/** Keeps volumes that are deleted until no claim is bound to them any more. */
export const volumeProtectionController: ControllerDefinition = {
  name: "persistentvolume-protection-controller",
  serviceAccount: "pv-protection-controller",
  create: (context) =>
    new ProtectionController(context, {
      type: persistentVolumes,
      finalizer: pvProtectionFinalizer,
      queue: "pvprotection",
      isUsed: (volume) => volume.status?.phase === "Bound",
    }),
};
