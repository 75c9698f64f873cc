import type { PersistentVolume } from "@kube-ts/api/core/v1";
import { formatTime } from "@kube-ts/api/rfc3339";
import { persistentVolumes } from "@kube-ts/api/resource-types";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn, wideColumn } from "../table/columns.ts";
import { canonicalizeResources } from "./canonical-resources.ts";
import { accessModeText, storageClassText } from "./claim-display.ts";
import { defaultBlockSources } from "./default-volumes.ts";
import {
  validatePersistentVolume,
  validatePersistentVolumeStatusUpdate,
  validatePersistentVolumeUpdate,
} from "./validate-persistent-volume.ts";

export const persistentVolumeResource = defineResource<PersistentVolume>({
  type: persistentVolumes,
  singular: "persistentvolume",
  shortNames: ["pv"],
  storagePrefix: "persistentvolumes",
  strategy: {
    defaults: defaultPersistentVolume,
    prepareForCreate(volume, { nowMs }) {
      volume.status = { phase: "Pending", lastPhaseTransitionTime: formatTime(nowMs) };
    },
    prepareForUpdate(volume, old) {
      if (old.status !== undefined) volume.status = old.status;
    },
    validateCreate: validatePersistentVolume,
    validateUpdate: validatePersistentVolumeUpdate,
    returnsDeletedObject: true,
  },
  status: {
    prepareForUpdate(volume, old, { nowMs }) {
      volume.spec = old.spec;
      const status = (volume.status ??= {});
      const before = old.status?.lastPhaseTransitionTime;
      if (status.phase !== old.status?.phase) {
        const isSetByClient = status.lastPhaseTransitionTime && status.lastPhaseTransitionTime !== before;
        if (!isSetByClient) status.lastPhaseTransitionTime = formatTime(nowMs);
      } else if (before !== undefined) {
        status.lastPhaseTransitionTime ??= before;
      }
    },
    validateUpdate: validatePersistentVolumeStatusUpdate,
  },
  columns: {
    definitions: [
      nameColumn,
      column("Capacity", "string", "Size of the volume."),
      column("Access Modes", "string", "How the volume can be mounted."),
      column("Reclaim Policy", "string", "What happens to the volume when its claim is gone."),
      column("Status", "string", "Phase of the volume."),
      column("Claim", "string", "Claim that the volume is bound to."),
      column("StorageClass", "string", "Storage class of the volume."),
      column("VolumeAttributesClass", "string", "Volume attributes class of the volume."),
      column("Reason", "string", "Why the volume is in its phase, in one word."),
      ageColumn,
      wideColumn("VolumeMode", "string", "Whether the volume is a filesystem or a device."),
    ],
    row(volume, nowMs) {
      const { spec, status } = volume;
      const claim = spec.claimRef;
      return {
        cells: [
          nameCell(volume),
          spec.capacity?.["storage"] ?? "0",
          accessModeText(spec.accessModes),
          spec.persistentVolumeReclaimPolicy ?? "",
          volume.metadata.deletionTimestamp === undefined ? (status?.phase ?? "") : "Terminating",
          claim ? `${claim.namespace ?? ""}/${claim.name ?? ""}` : "",
          storageClassText(volume, spec.storageClassName),
          spec.volumeAttributesClassName ?? "<unset>",
          status?.reason ?? "",
          ageCell(volume, nowMs),
          spec.volumeMode ?? "<unset>",
        ],
      };
    },
  },
});

function defaultPersistentVolume(volume: PersistentVolume): void {
  const spec = (volume.spec ??= {});
  dropZeroFields(spec, ["storageClassName"]);
  spec.persistentVolumeReclaimPolicy ||= "Retain";
  spec.volumeMode ??= "Filesystem";
  canonicalizeResources(spec.capacity);
  if (spec.hostPath) spec.hostPath.type ??= "";
  defaultBlockSources(spec);
  volume.status ??= {};
  volume.status.phase ||= "Pending";
}
