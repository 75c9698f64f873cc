import type { PersistentVolumeSpec } from "../../core/v1/persistent-volume.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32, Time } from "../../meta/v1/primitives.ts";

/**
 * Asks that a volume be attached to a node, or detached from it by deleting the object, and tells whether it is.
 * @kind
 */
export interface VolumeAttachment extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * What to attach, and where. Immutable.
   * @proto 2
   */
  spec: VolumeAttachmentSpec;
  /**
   * Whether the volume is attached; filled in by the attacher.
   * @proto 3
   * @alwaysPresent
   */
  status?: VolumeAttachmentStatus;
}

/**
 * List of VolumeAttachment objects.
 * @kind
 */
export interface VolumeAttachmentList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The VolumeAttachment objects.
   * @proto 2
   */
  items: VolumeAttachment[];
}

/** The volume to attach; exactly one field is set. */
export interface VolumeAttachmentSource {
  /**
   * Name of the PersistentVolume to attach.
   * @proto 1
   */
  persistentVolumeName?: string;
  /**
   * The volume itself, for volumes in Pod specs that were migrated to a CSI driver.
   * @proto 2
   */
  inlineVolumeSpec?: PersistentVolumeSpec;
}

/** What is attached to which node. */
export interface VolumeAttachmentSpec {
  /**
   * Name of the CSI driver that attaches the volume.
   * @proto 1
   */
  attacher: string;
  /**
   * The volume.
   * @proto 2
   */
  source: VolumeAttachmentSource;
  /**
   * Name of the Node to attach the volume to.
   * @proto 3
   */
  nodeName: string;
}

/** How far attaching or detaching is. */
export interface VolumeAttachmentStatus {
  /**
   * Whether the volume is attached; only the attacher sets it.
   * @proto 1
   */
  attached: boolean;
  /**
   * What the attacher returned for later calls on the node.
   * @proto 2
   */
  attachmentMetadata?: Record<string, string>;
  /**
   * Last problem with attaching, if any.
   * @proto 3
   */
  attachError?: VolumeError;
  /**
   * Last problem with detaching, if any.
   * @proto 4
   */
  detachError?: VolumeError;
}

/** A problem with a volume. */
export interface VolumeError {
  /**
   * When it happened.
   * @proto 1
   */
  time?: Time | null;
  /**
   * Text about it, which may be shown to users and must not hold secrets.
   * @proto 2
   */
  message?: string;
  /**
   * Numeric gRPC code of the failed call.
   * @proto 3
   */
  errorCode?: Int32;
}
