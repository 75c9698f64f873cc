import type { PersistentVolumeAccessMode, PersistentVolumeMode } from "../../core/v1/persistent-volume.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32, Time } from "../../meta/v1/primitives.ts";

/**
 * CSINode.
 * @kind
 */
export interface CSINode extends TypeMeta {
  /**
   * CSINode.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * CSINode.spec.
   * @proto 2
   */
  spec: CSINodeSpec;
  /**
   * CSINode.status.
   * @proto 3
   * @alwaysPresent
   */
  status?: CSINodeStatus;
}

/** CSINodeDriver. */
export interface CSINodeDriver {
  /**
   * CSINodeDriver.name.
   * @proto 1
   */
  name: string;
  /**
   * CSINodeDriver.nodeID.
   * @proto 2
   */
  nodeID: string;
  /**
   * CSINodeDriver.topologyKeys.
   * @proto 3
   * @listType atomic
   */
  topologyKeys?: string[];
  /**
   * CSINodeDriver.allocatable.
   * @proto 4
   */
  allocatable?: VolumeNodeResources;
}

/**
 * CSINodeList.
 * @kind
 */
export interface CSINodeList extends TypeMeta {
  /**
   * CSINodeList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * CSINodeList.items.
   * @proto 2
   */
  items: CSINode[];
}

/** CSINodeSpec. */
export interface CSINodeSpec {
  /**
   * CSINodeSpec.drivers.
   * @proto 1
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  drivers: CSINodeDriver[];
}

/** CSINodeStatus. */
export interface CSINodeStatus {
  /**
   * CSINodeStatus.storageHealth.
   * @proto 1
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  storageHealth?: StorageHealth[];
}

/** StorageHealth. */
export interface StorageHealth {
  /**
   * StorageHealth.name.
   * @proto 1
   */
  name: string;
  /**
   * StorageHealth.healthConditions.
   * @proto 2
   * @listType atomic
   */
  healthConditions?: StorageHealthCondition[];
}

/** StorageHealthCondition. */
export interface StorageHealthCondition {
  /**
   * StorageHealthCondition.status.
   * @proto 1
   */
  status: StorageHealthStatusType;
  /**
   * StorageHealthCondition.reason.
   * @proto 2
   */
  reason: string;
  /**
   * StorageHealthCondition.message.
   * @proto 3
   */
  message?: string;
  /**
   * StorageHealthCondition.accessMode.
   * @proto 4
   */
  accessMode?: PersistentVolumeAccessMode;
  /**
   * StorageHealthCondition.volumeMode.
   * @proto 5
   */
  volumeMode?: PersistentVolumeMode;
  /**
   * StorageHealthCondition.lastTransitionTime.
   * @proto 6
   */
  lastTransitionTime?: Time;
}

/**
 * StorageHealthStatusType.
 * @enumeration
 */
export type StorageHealthStatusType = "StorageUnreachable" | "StorageDegraded";

/** VolumeNodeResources. */
export interface VolumeNodeResources {
  /**
   * VolumeNodeResources.count.
   * @proto 1
   */
  count?: Int32;
}
