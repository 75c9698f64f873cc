import type { PersistentVolumeReclaimPolicy, TopologySelectorTerm } from "../../core/v1/persistent-volume.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";

/**
 * A kind of storage: which provisioner makes volumes for claims of the class, and how. Claims name classes by the
 * name of this object.
 * @kind
 */
export interface StorageClass extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Name of the provisioner that makes the volumes. Immutable.
   * @proto 2
   */
  provisioner: string;
  /**
   * What the provisioner is told about the volumes to make; Kubernetes does not interpret it. Immutable.
   * @proto 3
   */
  parameters?: Record<string, string>;
  /**
   * What becomes of a volume when its claim is deleted: Delete or Retain. Defaults to Delete. Immutable.
   * @proto 4
   */
  reclaimPolicy?: PersistentVolumeReclaimPolicy;
  /**
   * Options for mounting the volumes, which are not checked; a wrong one makes mounts fail.
   * @proto 5
   * @listType atomic
   */
  mountOptions?: string[];
  /**
   * Whether claims of the class can be made larger.
   * @proto 6
   */
  allowVolumeExpansion?: boolean;
  /**
   * When claims of the class are provisioned and bound: at once, or when the first Pod that uses the claim is
   * scheduled. Defaults to Immediate. Immutable.
   * @proto 7
   */
  volumeBindingMode?: VolumeBindingMode;
  /**
   * Where volumes may be made, as terms on the topology labels of nodes of which one has to match; anywhere when
   * empty.
   * @proto 8
   * @listType atomic
   */
  allowedTopologies?: TopologySelectorTerm[];
}

/**
 * List of StorageClass objects.
 * @kind
 */
export interface StorageClassList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The StorageClass objects.
   * @proto 2
   */
  items: StorageClass[];
}

/**
 * When claims are provisioned and bound.
 * @enumeration
 */
export type VolumeBindingMode = "Immediate" | "WaitForFirstConsumer";
