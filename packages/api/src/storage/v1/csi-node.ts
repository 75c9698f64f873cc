import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int32 } from "../../meta/v1/primitives.ts";

/**
 * What the CSI drivers on a node registered: their names, their IDs for the node, its topology, and how many volumes
 * fit. Has the name of the Node; the kubelet keeps it.
 * @kind
 */
export interface CSINode extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * The drivers on the node.
   * @proto 2
   */
  spec: CSINodeSpec;
}

/** One CSI driver on a node. */
export interface CSINodeDriver {
  /**
   * Name of the driver; the same as that of its CSIDriver object.
   * @proto 1
   */
  name: string;
  /**
   * Name of the node in the driver's own terms, for its calls.
   * @proto 2
   */
  nodeID: string;
  /**
   * Keys of Node labels with which the driver describes where the node is; volumes are placed by their values.
   * @proto 3
   * @listType atomic
   */
  topologyKeys?: string[] | null;
  /**
   * How many volumes of the driver the node can hold.
   * @proto 4
   */
  allocatable?: VolumeNodeResources;
}

/**
 * List of CSINode objects.
 * @kind
 */
export interface CSINodeList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The CSINode objects.
   * @proto 2
   */
  items: CSINode[];
}

/** The CSI drivers on a node. */
export interface CSINodeSpec {
  /**
   * The registered drivers, by name; empty when there is none.
   * @proto 1
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  drivers: CSINodeDriver[] | null;
}

/** How much storage a node can hold. */
export interface VolumeNodeResources {
  /**
   * Most volumes of the driver that can be used on the node at once; unlimited when unset.
   * @proto 1
   */
  count?: Int32;
}
