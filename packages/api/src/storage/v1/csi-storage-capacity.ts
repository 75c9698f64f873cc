import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Quantity } from "../../meta/v1/primitives.ts";
import type { LabelSelector } from "../../meta/v1/selector.ts";

/**
 * How much storage is available for a storage class in one part of the cluster. CSI drivers publish these objects for
 * the scheduler, which keeps Pods from nodes where their volumes would not fit.
 * @kind
 */
export interface CSIStorageCapacity extends TypeMeta {
  /**
   * Standard object metadata. The name means nothing and should be generated.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Nodes that can reach this storage; an empty selector means all of them, none at all means no node. Immutable.
   * @proto 2
   */
  nodeTopology?: LabelSelector;
  /**
   * Name of the StorageClass that the capacity is for. Immutable.
   * @proto 3
   */
  storageClassName: string;
  /**
   * Storage that is left for new volumes, as the driver reports it; unknown when unset.
   * @proto 4
   */
  capacity?: Quantity;
  /**
   * Largest size of one new volume, as the driver reports it; unknown when unset.
   * @proto 5
   */
  maximumVolumeSize?: Quantity;
}

/**
 * List of CSIStorageCapacity objects.
 * @kind
 */
export interface CSIStorageCapacityList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The CSIStorageCapacity objects.
   * @proto 2
   */
  items: CSIStorageCapacity[];
}
