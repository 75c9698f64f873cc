import type { PullPolicy } from "./container.ts";
import type { PersistentVolumeClaimTemplate } from "./persistent-volume-claim.ts";
import type { LocalObjectReference } from "./reference.ts";
import type {
  AWSElasticBlockStoreVolumeSource,
  AzureDiskVolumeSource,
  AzureFileVolumeSource,
  CinderVolumeSource,
  GCEPersistentDiskVolumeSource,
  PhotonPersistentDiskVolumeSource,
  PortworxVolumeSource,
  ScaleIOVolumeSource,
  StorageOSVolumeSource,
  VsphereVirtualDiskVolumeSource,
} from "./volume-cloud.ts";
import type {
  CephFSVolumeSource,
  FCVolumeSource,
  FlexVolumeSource,
  FlockerVolumeSource,
  GitRepoVolumeSource,
  GlusterfsVolumeSource,
  ISCSIVolumeSource,
  NFSVolumeSource,
  QuobyteVolumeSource,
  RBDVolumeSource,
} from "./volume-network.ts";
import type { DownwardAPIVolumeSource, KeyToPath, ProjectedVolumeSource } from "./volume-projection.ts";
import type { Int32, Quantity } from "../../meta/v1/primitives.ts";

/** Inline ephemeral volume that a CSI driver creates for one pod and deletes together with it. */
export interface CSIVolumeSource {
  /**
   * Name of the CSI driver that provides the volume, as registered in the cluster. Required.
   * @proto 1
   */
  driver: string;
  /**
   * When true, the volume is read-only for the pod. Defaults to false, meaning read and write.
   * @proto 2
   */
  readOnly?: boolean;
  /**
   * Filesystem to mount, such as ext4, xfs or ntfs. When unset, an empty value is passed and the driver
   * chooses its own default.
   * @proto 3
   */
  fsType?: string;
  /**
   * Driver-specific properties passed to the CSI driver. The driver's documentation lists the keys it
   * supports.
   * @proto 4
   */
  volumeAttributes?: Record<string, string>;
  /**
   * Secret in the pod's namespace with the sensitive data passed to the CSI NodePublishVolume and
   * NodeUnpublishVolume calls. May be unset if the driver needs none; every key of the Secret is passed.
   * @proto 5
   */
  nodePublishSecretRef?: LocalObjectReference;
}

/**
 * Volume whose files are the entries of a ConfigMap in the pod's namespace. Supports ownership management
 * and SELinux relabeling.
 */
export interface ConfigMapVolumeSource extends LocalObjectReference {
  /**
   * Keys to write and the path of each. When empty, every key becomes a file named after it; a listed key
   * that does not exist is an error unless optional is true.
   * @proto 2
   * @listType atomic
   */
  items?: KeyToPath[];
  /**
   * Permission bits for created files that set none themselves, between 0000 and 0777 octal (0 to 511
   * decimal). Defaults to 0644. Directories are not affected, and fsGroup may change the result.
   * @proto 3
   */
  defaultMode?: Int32;
  /**
   * When true, the ConfigMap or its listed keys may be missing. Defaults to false.
   * @proto 4
   */
  optional?: boolean;
}

/**
 * Directory that starts empty and lasts as long as the pod is on the node. Supports ownership management
 * and SELinux relabeling.
 */
export interface EmptyDirVolumeSource {
  /**
   * Storage that backs the directory. Empty, the default, uses the node's normal storage; Memory uses a
   * RAM-backed filesystem; HugePages values use huge pages.
   * @proto 1
   */
  medium?: StorageMedium;
  /**
   * Upper bound on the storage used by the directory. For the Memory medium, the smaller of this value and
   * the sum of the containers' memory limits applies. Unset means no limit.
   * @proto 2
   */
  sizeLimit?: Quantity;
}

/**
 * Volume provisioned for the pod through a PersistentVolumeClaim that is created and deleted with the pod.
 */
export interface EphemeralVolumeSource {
  /**
   * Template of the claim created for the volume, named after the pod and the volume ("pod-volume") and
   * owned by the pod. An existing claim of that name not owned by the pod blocks its start. Immutable.
   * @proto 1
   */
  volumeClaimTemplate?: PersistentVolumeClaimTemplate;
}

/**
 * What must exist at a host path. One of the empty string (no check), DirectoryOrCreate, Directory,
 * FileOrCreate, File, Socket, CharDevice, BlockDevice.
 * @enumeration
 */
export type HostPathType =
  | ""
  | "DirectoryOrCreate"
  | "Directory"
  | "FileOrCreate"
  | "File"
  | "Socket"
  | "CharDevice"
  | "BlockDevice";

/**
 * File or directory of the node that is mounted into the pod. Supports neither ownership management nor
 * SELinux relabeling.
 */
export interface HostPathVolumeSource {
  /**
   * Path on the node. A symbolic link is followed to the real path. Required.
   * @proto 1
   */
  path: string;
  /**
   * Check done on the path before mounting: empty (none), DirectoryOrCreate, Directory, FileOrCreate, File,
   * Socket, CharDevice or BlockDevice. Defaults to empty.
   * @proto 2
   */
  type?: HostPathType;
}

/** Volume with the content of an OCI image or artifact, pulled by the kubelet and mounted read-only. */
export interface ImageVolumeSource {
  /**
   * Reference of the image or artifact, in the same form as a container's image. May be omitted only where
   * a higher-level controller fills it in.
   * @proto 1
   */
  reference?: string;
  /**
   * When to pull the object: Always, IfNotPresent or Never. Defaults to Always if the tag is :latest or
   * missing, otherwise IfNotPresent.
   * @proto 2
   */
  pullPolicy?: PullPolicy;
}

/** Uses the volume bound to a claim in the pod's namespace. */
export interface PersistentVolumeClaimVolumeSource {
  /**
   * Name of a PersistentVolumeClaim in the same namespace as the pod.
   * @proto 1
   */
  claimName: string;
  /**
   * Forces every mount of this volume to be read-only when true. Defaults to false.
   * @proto 2
   */
  readOnly?: boolean;
}

/**
 * A volume whose files are the keys of a Secret. Ownership management and SELinux relabeling are supported.
 */
export interface SecretVolumeSource {
  /**
   * Name of a Secret in the pod's namespace.
   * @proto 1
   */
  secretName?: string;
  /**
   * Keys to include and the paths to use for them; keys not listed are left out. When unset, every key
   * becomes a file of the same name.
   * @proto 2
   * @listType atomic
   */
  items?: KeyToPath[];
  /**
   * Permission bits for created files that set no mode of their own, from 0000 to 0777 octal (0 to 511
   * decimal). Defaults to 0644; JSON needs the decimal form.
   * @proto 3
   */
  defaultMode?: Int32;
  /**
   * When true, the Secret or its keys may be absent.
   * @proto 4
   */
  optional?: boolean;
}

/**
 * Backing storage for a volume: empty for the node's default, Memory for a RAM-backed tmpfs, HugePages for
 * huge pages, or HugePages-<size> for a given page size.
 * @knownValues Memory, HugePages, HugePages-
 */
export type StorageMedium = string;

/** A named storage source that containers of a pod can mount. */
export interface Volume extends VolumeSource {
  /**
   * Name of the volume, a DNS label that is unique within the pod.
   * @proto 1
   */
  name: string;
}

/**
 * Where a pod's volume comes from. Exactly one of its members may be set; when none is, the volume is an
 * emptyDir.
 */
export interface VolumeSource {
  /**
   * File or directory of the node that is exposed directly to the pod. Meant for privileged system
   * components; most workloads should not use it.
   * @proto 1
   */
  hostPath?: HostPathVolumeSource;
  /**
   * Initially empty directory that exists as long as the pod does.
   * @proto 2
   */
  emptyDir?: EmptyDirVolumeSource;
  /**
   * Deprecated; handled by the pd.csi.storage.gke.io CSI driver. Google Compute Engine persistent disk
   * attached to the node.
   * @proto 3
   */
  gcePersistentDisk?: GCEPersistentDiskVolumeSource;
  /**
   * Deprecated; handled by the ebs.csi.aws.com CSI driver. AWS Elastic Block Store disk attached to the
   * node.
   * @proto 4
   */
  awsElasticBlockStore?: AWSElasticBlockStoreVolumeSource;
  /**
   * Deprecated. Content of a git repository at a given revision. Clone into an emptyDir from an init
   * container instead.
   * @proto 5
   */
  gitRepo?: GitRepoVolumeSource;
  /**
   * Files filled from a Secret.
   * @proto 6
   */
  secret?: SecretVolumeSource;
  /**
   * NFS export mounted on the node.
   * @proto 7
   */
  nfs?: NFSVolumeSource;
  /**
   * iSCSI disk attached to the node and exposed to the pod.
   * @proto 8
   */
  iscsi?: ISCSIVolumeSource;
  /**
   * Deprecated and no longer supported in-tree. GlusterFS volume mounted on the node.
   * @proto 9
   */
  glusterfs?: GlusterfsVolumeSource;
  /**
   * Storage obtained through a PersistentVolumeClaim in the pod's namespace.
   * @proto 10
   */
  persistentVolumeClaim?: PersistentVolumeClaimVolumeSource;
  /**
   * Deprecated and no longer supported in-tree. Ceph RADOS block device mounted on the node.
   * @proto 11
   */
  rbd?: RBDVolumeSource;
  /**
   * Deprecated; use a CSI driver. Volume provisioned or attached by an exec-based plugin.
   * @proto 12
   */
  flexVolume?: FlexVolumeSource;
  /**
   * Deprecated; handled by the cinder.csi.openstack.org CSI driver. OpenStack Cinder volume attached to the
   * node.
   * @proto 13
   */
  cinder?: CinderVolumeSource;
  /**
   * Deprecated and no longer supported in-tree. Ceph filesystem mounted on the node.
   * @proto 14
   */
  cephfs?: CephFSVolumeSource;
  /**
   * Deprecated and no longer supported in-tree. Flocker volume attached to the node.
   * @proto 15
   */
  flocker?: FlockerVolumeSource;
  /**
   * Files filled with information about the pod.
   * @proto 16
   */
  downwardAPI?: DownwardAPIVolumeSource;
  /**
   * Fibre Channel disk attached to the node and exposed to the pod.
   * @proto 17
   */
  fc?: FCVolumeSource;
  /**
   * Deprecated; handled by the file.csi.azure.com CSI driver. Azure Files share mounted on the node.
   * @proto 18
   */
  azureFile?: AzureFileVolumeSource;
  /**
   * Files filled from a ConfigMap.
   * @proto 19
   */
  configMap?: ConfigMapVolumeSource;
  /**
   * Deprecated; handled by the csi.vsphere.vmware.com CSI driver. vSphere virtual disk attached to the
   * node.
   * @proto 20
   */
  vsphereVolume?: VsphereVirtualDiskVolumeSource;
  /**
   * Deprecated and no longer supported in-tree. Quobyte volume mounted on the node.
   * @proto 21
   */
  quobyte?: QuobyteVolumeSource;
  /**
   * Deprecated; handled by the disk.csi.azure.com CSI driver. Azure managed data disk attached to the node.
   * @proto 22
   */
  azureDisk?: AzureDiskVolumeSource;
  /**
   * Deprecated and no longer supported in-tree. Photon Controller persistent disk attached to the node.
   * @proto 23
   */
  photonPersistentDisk?: PhotonPersistentDiskVolumeSource;
  /**
   * Secrets, config maps, downward API data and tokens combined in one directory.
   * @proto 26
   */
  projected?: ProjectedVolumeSource;
  /**
   * Deprecated; handled by the pxd.portworx.com CSI driver. Portworx volume attached to the node.
   * @proto 24
   */
  portworxVolume?: PortworxVolumeSource;
  /**
   * Deprecated and no longer supported in-tree. ScaleIO persistent volume attached to the node.
   * @proto 25
   */
  scaleIO?: ScaleIOVolumeSource;
  /**
   * Deprecated and no longer supported in-tree. StorageOS volume attached to the node.
   * @proto 27
   */
  storageos?: StorageOSVolumeSource;
  /**
   * Ephemeral volume provided directly by a CSI driver that supports inline volumes.
   * @proto 28
   */
  csi?: CSIVolumeSource;
  /**
   * Volume whose claim is created and deleted together with the pod, using the cluster's normal
   * provisioning features.
   * @proto 29
   */
  ephemeral?: EphemeralVolumeSource;
  /**
   * Files of an OCI image or artifact pulled to the node, mounted read-only.
   * @proto 30
   */
  image?: ImageVolumeSource;
}
