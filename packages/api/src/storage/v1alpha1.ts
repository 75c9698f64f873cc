export type {
  CSIStorageCapacity,
  CSIStorageCapacityList,
  VolumeAttachment,
  VolumeAttachmentList,
  VolumeAttachmentSource,
  VolumeAttachmentSpec,
  VolumeAttachmentStatus,
  VolumeAttributesClass,
  VolumeAttributesClassList,
  VolumeError,
} from "./v1.ts";
