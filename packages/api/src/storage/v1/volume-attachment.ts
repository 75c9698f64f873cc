import type { PersistentVolumeSpec } from "../../core/v1/persistent-volume.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32, Time } from "../../meta/v1/primitives.ts";

/**
 * VolumeAttachment.
 * @kind
 */
export interface VolumeAttachment extends TypeMeta {
  /**
   * VolumeAttachment.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * VolumeAttachment.spec.
   * @proto 2
   */
  spec: VolumeAttachmentSpec;
  /**
   * VolumeAttachment.status.
   * @proto 3
   * @alwaysPresent
   */
  status?: VolumeAttachmentStatus;
}

/**
 * VolumeAttachmentList.
 * @kind
 */
export interface VolumeAttachmentList extends TypeMeta {
  /**
   * VolumeAttachmentList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * VolumeAttachmentList.items.
   * @proto 2
   */
  items: VolumeAttachment[];
}

/** VolumeAttachmentSource. */
export interface VolumeAttachmentSource {
  /**
   * VolumeAttachmentSource.persistentVolumeName.
   * @proto 1
   */
  persistentVolumeName?: string;
  /**
   * VolumeAttachmentSource.inlineVolumeSpec.
   * @proto 2
   */
  inlineVolumeSpec?: PersistentVolumeSpec;
}

/** VolumeAttachmentSpec. */
export interface VolumeAttachmentSpec {
  /**
   * VolumeAttachmentSpec.attacher.
   * @proto 1
   */
  attacher: string;
  /**
   * VolumeAttachmentSpec.source.
   * @proto 2
   */
  source: VolumeAttachmentSource;
  /**
   * VolumeAttachmentSpec.nodeName.
   * @proto 3
   */
  nodeName: string;
}

/** VolumeAttachmentStatus. */
export interface VolumeAttachmentStatus {
  /**
   * VolumeAttachmentStatus.attached.
   * @proto 1
   */
  attached: boolean;
  /**
   * VolumeAttachmentStatus.attachmentMetadata.
   * @proto 2
   */
  attachmentMetadata?: Record<string, string>;
  /**
   * VolumeAttachmentStatus.attachError.
   * @proto 3
   */
  attachError?: VolumeError;
  /**
   * VolumeAttachmentStatus.detachError.
   * @proto 4
   */
  detachError?: VolumeError;
}

/** VolumeError. */
export interface VolumeError {
  /**
   * VolumeError.time.
   * @proto 1
   */
  time?: Time;
  /**
   * VolumeError.message.
   * @proto 2
   */
  message?: string;
  /**
   * VolumeError.errorCode.
   * @proto 3
   */
  errorCode?: Int32;
}
