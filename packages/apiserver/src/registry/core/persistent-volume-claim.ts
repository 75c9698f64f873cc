import type { PersistentVolumeClaim, TypedLocalObjectReference } from "@kube-ts/api/core/v1";
import { persistentVolumeClaims } from "@kube-ts/api/resource-types";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn, wideColumn } from "../table/columns.ts";
import { accessModeText, storageClassText } from "./claim-display.ts";
import { defaultClaim } from "./default-claim.ts";
import { validateClaim, validateClaimStatusUpdate, validateClaimUpdate } from "./validate-claim.ts";

export const persistentVolumeClaimResource = defineResource<PersistentVolumeClaim>({
  type: persistentVolumeClaims,
  singular: "persistentvolumeclaim",
  shortNames: ["pvc"],
  storagePrefix: "persistentvolumeclaims",
  strategy: {
    defaults: defaultClaim,
    prepareForCreate(claim) {
      claim.status = { phase: "Pending" };
      normalizeDataSources(claim, undefined);
    },
    prepareForUpdate(claim, old) {
      if (old.status !== undefined) claim.status = old.status;
      normalizeDataSources(claim, old);
    },
    validateCreate: validateClaim,
    validateUpdate: validateClaimUpdate,
    returnsDeletedObject: true,
  },
  status: {
    prepareForUpdate(claim, old) {
      claim.spec = old.spec;
    },
    validateUpdate: validateClaimStatusUpdate,
  },
  columns: {
    definitions: [
      nameColumn,
      column("Status", "string", "Phase of the claim."),
      column("Volume", "string", "Volume that the claim is bound to."),
      column("Capacity", "string", "Size of the bound volume."),
      column("Access Modes", "string", "How the bound volume can be mounted."),
      column("StorageClass", "string", "Storage class of the claim."),
      column("VolumeAttributesClass", "string", "Volume attributes class of the claim."),
      ageColumn,
      wideColumn("VolumeMode", "string", "Whether the volume is a filesystem or a device."),
    ],
    row(claim, nowMs) {
      const { spec, status } = claim;
      const isBound = Boolean(spec.volumeName);
      return {
        cells: [
          nameCell(claim),
          claim.metadata.deletionTimestamp === undefined ? (status?.phase ?? "") : "Terminating",
          spec.volumeName ?? "",
          isBound ? (status?.capacity?.["storage"] ?? "0") : "",
          isBound ? accessModeText(status?.accessModes) : "",
          storageClassText(claim, spec.storageClassName),
          spec.volumeAttributesClassName ?? "<unset>",
          ageCell(claim, nowMs),
          spec.volumeMode ?? "<unset>",
        ],
      };
    },
  },
});

/** A data source within the namespace may be given in either of two fields; only claims and snapshots in both. */
function normalizeDataSources(claim: PersistentVolumeClaim, old: PersistentVolumeClaim | undefined): void {
  const { spec } = claim;
  if (spec.dataSource && !old?.spec.dataSource && !isClaimOrSnapshot(spec.dataSource)) delete spec.dataSource;
  if (spec.dataSource && !spec.dataSourceRef) {
    spec.dataSourceRef = { ...spec.dataSource };
  } else if (spec.dataSourceRef && !spec.dataSource && !spec.dataSourceRef.namespace) {
    const { apiGroup, kind, name } = spec.dataSourceRef;
    spec.dataSource = { apiGroup: apiGroup ?? null, kind, name };
  }
}

function isClaimOrSnapshot({ apiGroup, kind }: TypedLocalObjectReference): boolean {
  if (kind === "PersistentVolumeClaim") return !apiGroup;
  return kind === "VolumeSnapshot" && apiGroup === "snapshot.storage.k8s.io";
}
