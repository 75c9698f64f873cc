import type { NodeSelector } from "./affinity.ts";
import type { ObjectReference, SecretReference } from "./reference.ts";
import type { ResourceList } from "./resources.ts";
import type { HostPathVolumeSource } from "./volume.ts";
import type {
  AWSElasticBlockStoreVolumeSource,
  AzureDiskVolumeSource,
  AzureFilePersistentVolumeSource,
  CinderPersistentVolumeSource,
  GCEPersistentDiskVolumeSource,
  PhotonPersistentDiskVolumeSource,
  PortworxVolumeSource,
  ScaleIOPersistentVolumeSource,
  StorageOSPersistentVolumeSource,
  VsphereVirtualDiskVolumeSource,
} from "./volume-cloud.ts";
import type {
  CephFSPersistentVolumeSource,
  FCVolumeSource,
  FlexPersistentVolumeSource,
  FlockerVolumeSource,
  GlusterfsPersistentVolumeSource,
  ISCSIPersistentVolumeSource,
  NFSVolumeSource,
  QuobyteVolumeSource,
  RBDPersistentVolumeSource,
} from "./volume-network.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Time } from "../../meta/v1/primitives.ts";

/** Storage of a PersistentVolume that is managed by an external CSI driver. */
export interface CSIPersistentVolumeSource {
  /**
   * Name of the CSI driver that serves this volume. Required.
   * @proto 1
   */
  driver: string;
  /**
   * Identifier the CSI driver returned for the volume at creation; passed to every later CSI call for it.
   * Required.
   * @proto 2
   */
  volumeHandle: string;
  /**
   * Value passed to the driver in its publish call; true requests a read-only volume. Defaults to false,
   * meaning read and write.
   * @proto 3
   */
  readOnly?: boolean;
  /**
   * Filesystem to mount; must be supported by the node's operating system, for example ext4, xfs or ntfs.
   * @proto 4
   */
  fsType?: string;
  /**
   * Static properties of the volume that the driver gave at creation and expects back when the volume is
   * published.
   * @proto 5
   */
  volumeAttributes?: Record<string, string>;
  /**
   * Secret with the sensitive data passed to the CSI ControllerPublishVolume and ControllerUnpublishVolume
   * calls. May be unset if the driver needs none; every key of the Secret is passed.
   * @proto 6
   */
  controllerPublishSecretRef?: SecretReference;
  /**
   * Secret with the sensitive data passed to the CSI NodeStageVolume call. May be unset if the driver needs
   * none; every key of the Secret is passed.
   * @proto 7
   */
  nodeStageSecretRef?: SecretReference;
  /**
   * Secret with the sensitive data passed to the CSI NodePublishVolume call. May be unset if the driver
   * needs none; every key of the Secret is passed.
   * @proto 8
   */
  nodePublishSecretRef?: SecretReference;
  /**
   * Secret with the sensitive data passed to the CSI ControllerExpandVolume call. May be unset if the
   * driver needs none; every key of the Secret is passed.
   * @proto 9
   */
  controllerExpandSecretRef?: SecretReference;
  /**
   * Secret with the sensitive data passed to the CSI NodeExpandVolume call. May be unset if the driver
   * needs none; every key of the Secret is passed.
   * @proto 10
   */
  nodeExpandSecretRef?: SecretReference;
}

/**
 * Storage attached directly to one node, exposed as a persistent volume. The volume needs node affinity so
 * that pods are placed on that node.
 */
export interface LocalVolumeSource {
  /**
   * Full path on the node of the volume, which may be a directory or a block device such as a disk or
   * partition.
   * @proto 1
   */
  path: string;
  /**
   * Filesystem to format and mount, for example ext4, xfs or ntfs. Only applies when path is a block
   * device; one is chosen automatically if unset.
   * @proto 2
   */
  fsType?: string;
}

/**
 * A piece of storage in the cluster, provisioned by an administrator or dynamically, with a lifetime
 * independent of any pod. It is not namespaced.
 * @kind
 */
export interface PersistentVolume extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * The storage behind the volume and how it may be used. Written by administrators or provisioners.
   * @proto 2
   * @alwaysPresent
   */
  spec: PersistentVolumeSpec;
  /**
   * Current state of the volume. Set by the system and read-only for users.
   * @proto 3
   * @alwaysPresent
   */
  status?: PersistentVolumeStatus;
}

/**
 * How a volume may be mounted. ReadWriteOnce: read-write by one node; ReadOnlyMany: read-only by many
 * nodes; ReadWriteMany: read-write by many nodes; ReadWriteOncePod: read-write by a single pod.
 * @enumeration
 */
export type PersistentVolumeAccessMode = "ReadWriteOnce" | "ReadOnlyMany" | "ReadWriteMany" | "ReadWriteOncePod";

/**
 * A list of PersistentVolume objects.
 * @kind
 */
export interface PersistentVolumeList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The PersistentVolume objects in the list.
   * @proto 2
   */
  items: PersistentVolume[];
}

/**
 * How a volume is presented to containers: Filesystem as a mounted directory, Block as a raw device.
 * @enumeration
 */
export type PersistentVolumeMode = "Block" | "Filesystem";

/**
 * Stage of a volume: Pending, Available (not bound), Bound, Released (its claim was deleted) or Failed
 * (reclaiming it failed).
 * @enumeration
 */
export type PersistentVolumePhase = "Pending" | "Available" | "Bound" | "Released" | "Failed";

/**
 * What happens to a volume released from its claim. Retain keeps it for manual handling, Delete removes it,
 * Recycle scrubs it for reuse and is deprecated.
 * @enumeration
 */
export type PersistentVolumeReclaimPolicy = "Recycle" | "Delete" | "Retain";

/** The storage system behind a persistent volume. Exactly one of the fields must be set. */
export interface PersistentVolumeSource {
  /**
   * A Google Compute Engine disk. Deprecated: use is redirected to the pd.csi.storage.gke.io CSI driver.
   * @proto 1
   */
  gcePersistentDisk?: GCEPersistentDiskVolumeSource;
  /**
   * An AWS EBS disk. Deprecated: use is redirected to the ebs.csi.aws.com CSI driver.
   * @proto 2
   */
  awsElasticBlockStore?: AWSElasticBlockStoreVolumeSource;
  /**
   * A directory on the host. Meant only for single-node development and testing, since it does not work
   * across nodes.
   * @proto 3
   */
  hostPath?: HostPathVolumeSource;
  /**
   * A GlusterFS volume. Deprecated, and the in-tree driver is no longer supported.
   * @proto 4
   */
  glusterfs?: GlusterfsPersistentVolumeSource;
  /**
   * An NFS export on a server.
   * @proto 5
   */
  nfs?: NFSVolumeSource;
  /**
   * A Ceph RADOS block device. Deprecated, and the in-tree driver is no longer supported.
   * @proto 6
   */
  rbd?: RBDPersistentVolumeSource;
  /**
   * An iSCSI disk attached to the node and then exposed to the pod.
   * @proto 7
   */
  iscsi?: ISCSIPersistentVolumeSource;
  /**
   * An OpenStack Cinder volume. Deprecated: use is redirected to the cinder.csi.openstack.org CSI driver.
   * @proto 8
   */
  cinder?: CinderPersistentVolumeSource;
  /**
   * A Ceph filesystem mount. Deprecated, and the in-tree driver is no longer supported.
   * @proto 9
   */
  cephfs?: CephFSPersistentVolumeSource;
  /**
   * A Fibre Channel disk attached to the node and then exposed to the pod.
   * @proto 10
   */
  fc?: FCVolumeSource;
  /**
   * A Flocker volume. Deprecated, and the in-tree driver is no longer supported.
   * @proto 11
   */
  flocker?: FlockerVolumeSource;
  /**
   * A volume provided by an exec-based FlexVolume plugin. Deprecated in favor of CSI.
   * @proto 12
   */
  flexVolume?: FlexPersistentVolumeSource;
  /**
   * An Azure file share. Deprecated: use is redirected to the file.csi.azure.com CSI driver.
   * @proto 13
   */
  azureFile?: AzureFilePersistentVolumeSource;
  /**
   * A vSphere disk. Deprecated: use is redirected to the csi.vsphere.vmware.com CSI driver.
   * @proto 14
   */
  vsphereVolume?: VsphereVirtualDiskVolumeSource;
  /**
   * A Quobyte mount. Deprecated, and the in-tree driver is no longer supported.
   * @proto 15
   */
  quobyte?: QuobyteVolumeSource;
  /**
   * An Azure data disk. Deprecated: use is redirected to the disk.csi.azure.com CSI driver.
   * @proto 16
   */
  azureDisk?: AzureDiskVolumeSource;
  /**
   * A Photon Controller disk. Deprecated, and the in-tree driver is no longer supported.
   * @proto 17
   */
  photonPersistentDisk?: PhotonPersistentDiskVolumeSource;
  /**
   * A Portworx volume. Deprecated in favor of the pxd.portworx.com CSI driver.
   * @proto 18
   */
  portworxVolume?: PortworxVolumeSource;
  /**
   * A ScaleIO volume. Deprecated, and the in-tree driver is no longer supported.
   * @proto 19
   */
  scaleIO?: ScaleIOPersistentVolumeSource;
  /**
   * Storage attached directly to one node.
   * @proto 20
   */
  local?: LocalVolumeSource;
  /**
   * A StorageOS volume. Deprecated, and the in-tree driver is no longer supported.
   * @proto 21
   */
  storageos?: StorageOSPersistentVolumeSource;
  /**
   * A volume handled by an external CSI driver.
   * @proto 22
   */
  csi?: CSIPersistentVolumeSource;
}

/** The storage behind a persistent volume and the rules for its use. */
export interface PersistentVolumeSpec extends PersistentVolumeSource {
  /**
   * Resources of the volume, mainly its storage size.
   * @proto 1
   */
  capacity?: ResourceList;
  /**
   * All the ways in which the volume may be mounted.
   * @proto 3
   * @listType atomic
   */
  accessModes?: PersistentVolumeAccessMode[];
  /**
   * The claim the volume is bound to, or reserved for when set in advance. Set by the system once bound.
   * @proto 4
   * @mapType granular
   */
  claimRef?: ObjectReference;
  /**
   * What happens to the volume when its claim is deleted: Retain, Delete or Recycle. Manually created
   * volumes default to Retain, dynamically provisioned ones normally to Delete.
   * @proto 5
   */
  persistentVolumeReclaimPolicy?: PersistentVolumeReclaimPolicy;
  /**
   * Name of the StorageClass the volume belongs to. Empty means it belongs to none.
   * @proto 6
   */
  storageClassName?: string;
  /**
   * Mount options such as ro or soft. They are not validated, and a bad one makes the mount fail.
   * @proto 7
   * @listType atomic
   */
  mountOptions?: string[];
  /**
   * Whether the volume is used as a Filesystem or as a raw Block device. Defaults to Filesystem.
   * @proto 8
   */
  volumeMode?: PersistentVolumeMode;
  /**
   * Limits the nodes from which the volume can be reached, which in turn limits where pods using it are
   * scheduled.
   * @proto 9
   */
  nodeAffinity?: VolumeNodeAffinity;
  /**
   * Name of the VolumeAttributesClass the volume belongs to. Empty is not allowed, and unset means it
   * belongs to none.
   * @proto 10
   */
  volumeAttributesClassName?: string;
}

/** Current state of a persistent volume. */
export interface PersistentVolumeStatus {
  /**
   * Stage of the volume: Pending, Available, Bound, Released or Failed.
   * @proto 1
   */
  phase?: PersistentVolumePhase;
  /**
   * Human-readable explanation of the current state.
   * @proto 2
   */
  message?: string;
  /**
   * Short machine-readable word explaining a failure.
   * @proto 3
   */
  reason?: string;
  /**
   * When the volume last moved from one phase to another. Reset to the current time at every such change.
   * @proto 4
   */
  lastPhaseTransitionTime?: Time;
}

/** Requires that a node label have one of the given values. */
export interface TopologySelectorLabelRequirement {
  /**
   * Label key to which the requirement applies.
   * @proto 1
   */
  key: string;
  /**
   * Permitted values; the label must equal one of them.
   * @proto 2
   * @listType atomic
   */
  values: string[];
}

/**
 * A set of label requirements describing a topology. An empty or unset term matches nothing.
 * @mapType atomic
 */
export interface TopologySelectorTerm {
  /**
   * Label requirements, all of which must be met.
   * @proto 1
   * @listType atomic
   */
  matchLabelExpressions?: TopologySelectorLabelRequirement[];
}

/** Limits the nodes from which a volume can be accessed. */
export interface VolumeNodeAffinity {
  /**
   * Node selector that a node must satisfy to use the volume.
   * @proto 1
   */
  required?: NodeSelector;
}
