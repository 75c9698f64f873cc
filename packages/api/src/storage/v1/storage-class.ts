import type { PersistentVolumeReclaimPolicy, TopologySelectorTerm } from "../../core/v1/persistent-volume.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";

/**
 * StorageClass.
 * @kind
 */
export interface StorageClass extends TypeMeta {
  /**
   * StorageClass.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * StorageClass.provisioner.
   * @proto 2
   */
  provisioner: string;
  /**
   * StorageClass.parameters.
   * @proto 3
   */
  parameters?: Record<string, string>;
  /**
   * StorageClass.reclaimPolicy.
   * @proto 4
   */
  reclaimPolicy?: PersistentVolumeReclaimPolicy;
  /**
   * StorageClass.mountOptions.
   * @proto 5
   * @listType atomic
   */
  mountOptions?: string[];
  /**
   * StorageClass.allowVolumeExpansion.
   * @proto 6
   */
  allowVolumeExpansion?: boolean;
  /**
   * StorageClass.volumeBindingMode.
   * @proto 7
   */
  volumeBindingMode?: VolumeBindingMode;
  /**
   * StorageClass.allowedTopologies.
   * @proto 8
   * @listType atomic
   */
  allowedTopologies?: TopologySelectorTerm[];
}

/**
 * StorageClassList.
 * @kind
 */
export interface StorageClassList extends TypeMeta {
  /**
   * StorageClassList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * StorageClassList.items.
   * @proto 2
   */
  items: StorageClass[];
}

/**
 * VolumeBindingMode.
 * @enumeration
 */
export type VolumeBindingMode = "Immediate" | "WaitForFirstConsumer";
