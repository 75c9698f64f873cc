import type { PersistentVolumeReclaimPolicy, TopologySelectorTerm } from "../core/v1.ts";
import type { Int64, ListMeta, ObjectMeta, TypeMeta } from "../meta/v1.ts";
import type { CSINodeSpec, FSGroupPolicy, TokenRequest, VolumeLifecycleMode } from "./v1.ts";
export type {
  CSINodeDriver,
  CSINodeSpec,
  CSIStorageCapacity,
  CSIStorageCapacityList,
  FSGroupPolicy,
  TokenRequest,
  VolumeAttachment,
  VolumeAttachmentList,
  VolumeAttachmentSource,
  VolumeAttachmentSpec,
  VolumeAttachmentStatus,
  VolumeAttributesClass,
  VolumeAttributesClassList,
  VolumeError,
  VolumeLifecycleMode,
  VolumeNodeResources,
} from "./v1.ts";

/**
 * Describes a CSI driver that is deployed on the cluster: how Kubernetes has to treat its volumes. The name of
 * the object is the name that the driver reports of itself.
 * @kind
 */
export interface CSIDriver extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * How the driver works.
   * @proto 2
   */
  spec: CSIDriverSpec;
}

/**
 * List of CSIDriver objects.
 * @kind
 */
export interface CSIDriverList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The CSIDriver objects.
   * @proto 2
   */
  items: CSIDriver[];
}

/** How Kubernetes works with a CSI driver. */
export interface CSIDriverSpec {
  /**
   * Whether volumes have to be attached to nodes before they are mounted; then Kubernetes waits for the
   * VolumeAttachment. Defaults to true. Immutable.
   * @proto 1
   */
  attachRequired?: boolean;
  /**
   * Whether the driver is told the name, namespace, UID and service account of the Pod when it mounts a volume.
   * Defaults to false.
   * @proto 2
   */
  podInfoOnMount?: boolean;
  /**
   * Kinds of volumes that the driver supports: Persistent for volumes of claims, Ephemeral for volumes that are
   * declared in a Pod and live as long as it does. Defaults to Persistent. Immutable.
   * @proto 3
   * @listType atomic
   */
  volumeLifecycleModes?: VolumeLifecycleMode[];
  /**
   * Whether the scheduler considers the capacity that the driver reports in CSIStorageCapacity objects. Defaults
   * to false.
   * @proto 4
   */
  storageCapacity?: boolean;
  /**
   * Whether owner and permissions of a volume are changed to fit the fsGroup of the Pod: ReadWriteOnceWithFSType
   * looks at the volume, File always does, None never does. Defaults to ReadWriteOnceWithFSType.
   * @proto 5
   */
  fsGroupPolicy?: FSGroupPolicy;
  /**
   * Service account tokens of the Pod that the driver gets when it mounts a volume, one per audience.
   * @proto 6
   * @listType atomic
   */
  tokenRequests?: TokenRequest[];
  /**
   * Whether the driver is called again from time to time to refresh what is in mounted volumes, such as tokens.
   * Defaults to false.
   * @proto 7
   */
  requiresRepublish?: boolean;
  /**
   * Whether volumes of the driver can be mounted with the SELinux context of a Pod instead of relabelling every
   * file. Defaults to false.
   * @proto 8
   */
  seLinuxMount?: boolean;
  /**
   * Seconds between updates of the number of volumes that a node can hold, as the driver reports it; at least
   * 10. When unset it is not updated after registration.
   * @proto 9
   */
  nodeAllocatableUpdatePeriodSeconds?: Int64;
  /**
   * Whether service account tokens are passed to the driver in the secrets field of its calls instead of the
   * volume context. Only with tokenRequests. Defaults to false.
   * @proto 10
   */
  serviceAccountTokenInSecrets?: boolean;
  /**
   * Whether Pods that use volumes of the driver are kept from nodes on which the driver is not registered.
   * Defaults to false.
   * @proto 11
   */
  preventPodSchedulingIfMissing?: boolean;
}

/**
 * What the CSI drivers on a node registered: their names, their IDs for the node, its topology, and how many
 * volumes fit. Has the name of the Node; the kubelet keeps it.
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

/**
 * A kind of storage: which provisioner makes volumes for claims of the class, and how. Claims name classes by
 * the name of this object.
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
 * @knownValues Immediate, WaitForFirstConsumer
 */
export type VolumeBindingMode = string;
