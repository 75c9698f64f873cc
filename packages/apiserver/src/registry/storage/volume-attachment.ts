import type { PersistentVolumeSpec } from "@kube-ts/api/core/v1";
import { type FieldError, forbiddenField, invalidField, requiredField, tooLongField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { rangeError } from "@kube-ts/api/names";
import { volumeAttachments } from "@kube-ts/api/resource-types";
import type {
  VolumeAttachment,
  VolumeAttachmentSource,
  VolumeAttachmentStatus,
  VolumeError,
} from "@kube-ts/api/storage/v1";
import { canonicalizeResources } from "../core/canonical-resources.ts";
import { defaultBlockSources } from "../core/default-volumes.ts";
import { checkAccessModes } from "../core/validate-claim.ts";
import { checkVolumeSource } from "../core/validate-persistent-volume.ts";
import { checkDriverName } from "../core/validate-volume-sources.ts";
import { exceedsBytes } from "../meta/byte-length.ts";
import { keepMetadata } from "../meta/keep-metadata.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkImmutable, checkTexts } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { type TableColumns, defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";

const specPath = fieldPath("spec");
const statusPath = fieldPath("status");
const maxMetadataBytes = 256 * 1024;
const maxMessageBytes = 1024;
/** What an inline volume has not: it is not claimed, and no class or claim chose it. */
const claimFields = [
  "claimRef",
  "capacity",
  "persistentVolumeReclaimPolicy",
  "nodeAffinity",
  "storageClassName",
  "volumeMode",
] as const satisfies (keyof PersistentVolumeSpec)[];

const columns: TableColumns<VolumeAttachment> = {
  definitions: [
    nameColumn,
    { ...column("Attacher", "string", "CSI driver that attaches the volume."), format: "name" },
    column("PV", "string", "Persistent volume that is attached."),
    column("Node", "string", "Node that the volume is attached to."),
    column("Attached", "boolean", "Whether the volume is attached."),
    ageColumn,
  ],
  row(attachment, nowMs) {
    const { spec, status } = attachment;
    return {
      cells: [
        nameCell(attachment),
        spec.attacher,
        spec.source.persistentVolumeName ?? "",
        spec.nodeName,
        status?.attached ?? false,
        ageCell(attachment, nowMs),
      ],
    };
  },
};

export const volumeAttachmentResource = defineResource<VolumeAttachment>({
  type: volumeAttachments,
  singular: "volumeattachment",
  storagePrefix: "volumeattachments",
  strategy: {
    defaults: defaultAttachment,
    prepareForCreate(attachment) {
      attachment.status = { attached: false };
    },
    prepareForUpdate(attachment, old) {
      if (old.status !== undefined) attachment.status = old.status;
    },
    validateCreate(attachment) {
      const errors = validateAttachment(attachment);
      checkDriverName(attachment.spec.attacher, specPath.child("attacher"), errors);
      const name = attachment.spec.source.persistentVolumeName;
      if (name !== undefined) {
        checkTexts(subdomainName(name, false), name, specPath.child("source", "persistentVolumeName"), errors);
      }
      return errors;
    },
    validateUpdate: validateAttachmentUpdate,
    allowUnconditionalUpdate: false,
    returnsDeletedObject: true,
  },
  status: {
    prepareForUpdate(attachment, old) {
      keepMetadata(attachment, old);
      attachment.spec = old.spec;
    },
    validateUpdate: validateAttachmentUpdate,
  },
  columns,
});

function defaultAttachment(attachment: VolumeAttachment): void {
  const inline = attachment.spec.source.inlineVolumeSpec;
  if (inline) {
    canonicalizeResources(inline.capacity);
    if (inline.hostPath) inline.hostPath.type ??= "";
    defaultBlockSources(inline);
    dropZeroFields(inline, ["storageClassName", "persistentVolumeReclaimPolicy"]);
  }
  for (const error of [attachment.status?.attachError, attachment.status?.detachError]) {
    if (error) dropZeroFields(error, ["message"]);
  }
}

function validateAttachmentUpdate(attachment: VolumeAttachment, old: VolumeAttachment): FieldError[] {
  const errors = [...validateAttachment(attachment), ...validateObjectMetaUpdate(attachment.metadata, old.metadata)];
  checkImmutable(attachment.spec, old.spec, specPath, errors);
  return errors;
}

function validateAttachment({ metadata, spec, status }: VolumeAttachment): FieldError[] {
  const errors = validateObjectMeta(metadata, "Cluster", subdomainName);
  if (spec.attacher === "") errors.push(requiredField(specPath.child("attacher"), ""));
  checkSource(spec.source, specPath.child("source"), errors);
  checkTexts(subdomainName(spec.nodeName, false), spec.nodeName, specPath.child("nodeName"), errors);
  if (status) checkStatus(status, errors);
  return errors;
}

function checkSource(source: VolumeAttachmentSource, path: FieldPath, errors: FieldError[]): void {
  const { persistentVolumeName, inlineVolumeSpec } = source;
  const oneText = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
  if (persistentVolumeName === undefined && inlineVolumeSpec === undefined) {
    errors.push(requiredField(path, oneText));
  } else if (persistentVolumeName !== undefined && inlineVolumeSpec !== undefined) {
    errors.push(forbiddenField(path, oneText));
  } else if (persistentVolumeName === "") {
    errors.push(requiredField(path.child("persistentVolumeName"), "must specify non empty persistentVolumeName"));
  } else if (inlineVolumeSpec) {
    checkInlineVolume(inlineVolumeSpec, path.child("inlineVolumeSpec"), errors);
  }
}

function checkInlineVolume(spec: PersistentVolumeSpec, path: FieldPath, errors: FieldError[]): void {
  for (const field of claimFields) {
    const value = spec[field];
    if (value !== undefined && !(field === "capacity" && Object.keys(value).length === 0)) {
      errors.push(forbiddenField(path.child(field), "may not be specified in the context of inline volumes"));
    }
  }
  if (spec.csi === undefined) {
    errors.push(requiredField(path.child("csi"), "has to be specified in the context of inline volumes"));
  }
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.push(requiredField(path.child("accessModes"), ""));
  checkAccessModes(modes, path.child("accessModes"), errors);
  checkVolumeSource(spec, path, errors);
}

function checkStatus(status: VolumeAttachmentStatus, errors: FieldError[]): void {
  if (exceedsBytes(Object.entries(status.attachmentMetadata ?? {}).flat(), maxMetadataBytes)) {
    errors.push(tooLongField(statusPath.child("attachmentMetadata"), maxMetadataBytes));
  }
  for (const field of ["attachError", "detachError"] as const) {
    const error = status[field];
    if (error) checkError(error, statusPath.child(field), errors);
  }
}

function checkError({ message, errorCode }: VolumeError, path: FieldPath, errors: FieldError[]): void {
  if (message !== undefined && exceedsBytes([message], maxMessageBytes)) {
    errors.push(tooLongField(path.child("message"), maxMessageBytes));
  }
  if (errorCode !== undefined && errorCode < 0) {
    errors.push(invalidField(path.child("errorCode"), errorCode, rangeError(0, 2 ** 31 - 1)));
  }
}
