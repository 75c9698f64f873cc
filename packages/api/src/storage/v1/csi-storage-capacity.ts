import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Quantity } from "../../meta/v1/primitives.ts";
import type { LabelSelector } from "../../meta/v1/selector.ts";

/**
 * CSIStorageCapacity.
 * @kind
 */
export interface CSIStorageCapacity extends TypeMeta {
  /**
   * CSIStorageCapacity.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * CSIStorageCapacity.nodeTopology.
   * @proto 2
   */
  nodeTopology?: LabelSelector;
  /**
   * CSIStorageCapacity.storageClassName.
   * @proto 3
   */
  storageClassName: string;
  /**
   * CSIStorageCapacity.capacity.
   * @proto 4
   */
  capacity?: Quantity;
  /**
   * CSIStorageCapacity.maximumVolumeSize.
   * @proto 5
   */
  maximumVolumeSize?: Quantity;
}

/**
 * CSIStorageCapacityList.
 * @kind
 */
export interface CSIStorageCapacityList extends TypeMeta {
  /**
   * CSIStorageCapacityList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * CSIStorageCapacityList.items.
   * @proto 2
   */
  items: CSIStorageCapacity[];
}
