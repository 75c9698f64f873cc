import type { LocalObjectReference, ObjectReference, SecretReference } from "./reference.ts";
import type { Int32 } from "../../meta/v1/primitives.ts";

/**
 * Refers to an AWS EBS volume that is attached to the node and mounted into the pod. The disk must already
 * exist in the same zone as the node. Deprecated: handled by the ebs.csi.aws.com CSI driver.
 */
export interface AWSElasticBlockStoreVolumeSource {
  /**
   * Identifier of the EBS volume in AWS. Required.
   * @proto 1
   */
  volumeID: string;
  /**
   * Filesystem on the volume, such as ext4 or xfs. When empty, ext4 is assumed.
   * @proto 2
   */
  fsType?: string;
  /**
   * Number of the partition to mount. Zero or unset mounts the device without selecting a partition.
   * @proto 3
   */
  partition?: Int32;
  /**
   * When true, every mount of this volume is forced to be read-only. Defaults to false.
   * @proto 4
   */
  readOnly?: boolean;
}

/**
 * Host caching mode for an Azure data disk. One of None, ReadOnly, ReadWrite.
 * @enumeration
 */
export type AzureDataDiskCachingMode = "None" | "ReadOnly" | "ReadWrite";

/**
 * How an Azure data disk is stored. One of Shared (several blob disks per storage account), Dedicated (one
 * blob disk per storage account), Managed (Azure managed disk).
 * @enumeration
 */
export type AzureDataDiskKind = "Shared" | "Dedicated" | "Managed";

/**
 * Mounts an Azure data disk on the node and exposes it to the pod. Deprecated: handled by the
 * disk.csi.azure.com CSI driver.
 */
export interface AzureDiskVolumeSource {
  /**
   * Name of the data disk in the blob storage. Required.
   * @proto 1
   */
  diskName: string;
  /**
   * URI of the data disk in the blob storage, or the resource ID for a managed disk. Required.
   * @proto 2
   */
  diskURI: string;
  /**
   * Host caching mode: None, ReadOnly or ReadWrite. Defaults to ReadWrite.
   * @proto 3
   * @default "ReadWrite"
   */
  cachingMode?: AzureDataDiskCachingMode;
  /**
   * Filesystem to mount; must be supported by the node's operating system, for example ext4 or ntfs.
   * Defaults to ext4.
   * @proto 4
   * @default "ext4"
   */
  fsType?: string;
  /**
   * When true, mounts of this volume are forced to be read-only. Defaults to false.
   * @proto 5
   * @default false
   */
  readOnly?: boolean;
  /**
   * Disk kind: Shared, Dedicated or Managed. Defaults to Shared.
   * @proto 6
   * @default "Shared"
   */
  kind?: AzureDataDiskKind;
}

/**
 * Azure Files share used as the backing storage of a PersistentVolume. Deprecated: handled by the
 * file.csi.azure.com CSI driver.
 */
export interface AzureFilePersistentVolumeSource {
  /**
   * Name of the Secret that holds the Azure storage account name and key. Required.
   * @proto 1
   */
  secretName: string;
  /**
   * Name of the Azure file share. Required.
   * @proto 2
   */
  shareName: string;
  /**
   * When true, mounts of this volume are forced to be read-only. Defaults to false.
   * @proto 3
   */
  readOnly?: boolean;
  /**
   * Namespace of the Secret with the storage account name and key. When unset, the namespace of the pod is
   * used.
   * @proto 4
   */
  secretNamespace?: string | null;
}

/**
 * Azure Files share mounted on the node and exposed to the pod. Deprecated: handled by the
 * file.csi.azure.com CSI driver.
 */
export interface AzureFileVolumeSource {
  /**
   * Name of the Secret, in the pod's namespace, that holds the Azure storage account name and key.
   * Required.
   * @proto 1
   */
  secretName: string;
  /**
   * Name of the Azure file share. Required.
   * @proto 2
   */
  shareName: string;
  /**
   * When true, mounts of this volume are forced to be read-only. Defaults to false.
   * @proto 3
   */
  readOnly?: boolean;
}

/**
 * OpenStack Cinder volume backing a PersistentVolume. The volume must exist and be in the same region as
 * the node. Deprecated: handled by the cinder.csi.openstack.org CSI driver.
 */
export interface CinderPersistentVolumeSource {
  /**
   * Identifier of the volume in Cinder. Required.
   * @proto 1
   */
  volumeID: string;
  /**
   * Filesystem to mount, such as ext4, xfs or ntfs. When empty, ext4 is assumed.
   * @proto 2
   */
  fsType?: string;
  /**
   * When true, mounts of this volume are forced to be read-only. Defaults to false.
   * @proto 3
   */
  readOnly?: boolean;
  /**
   * Secret with the parameters used to connect to OpenStack.
   * @proto 4
   */
  secretRef?: SecretReference;
}

/**
 * OpenStack Cinder volume attached to the node and mounted into the pod. It must exist and be in the same
 * region as the node. Deprecated: handled by the cinder.csi.openstack.org CSI driver.
 */
export interface CinderVolumeSource {
  /**
   * Identifier of the volume in Cinder. Required.
   * @proto 1
   */
  volumeID: string;
  /**
   * Filesystem to mount, such as ext4, xfs or ntfs. When empty, ext4 is assumed.
   * @proto 2
   */
  fsType?: string;
  /**
   * When true, mounts of this volume are forced to be read-only. Defaults to false.
   * @proto 3
   */
  readOnly?: boolean;
  /**
   * Secret in the pod's namespace with the parameters used to connect to OpenStack.
   * @proto 4
   */
  secretRef?: LocalObjectReference;
}

/**
 * Google Compute Engine persistent disk attached to the node and mounted into the pod. It must exist in the
 * node's project and zone. Deprecated: handled by the pd.csi.storage.gke.io CSI driver.
 */
export interface GCEPersistentDiskVolumeSource {
  /**
   * Name of the persistent disk in GCE. Required.
   * @proto 1
   */
  pdName: string;
  /**
   * Filesystem of the disk, such as ext4, xfs or ntfs. When empty, ext4 is assumed.
   * @proto 2
   */
  fsType?: string;
  /**
   * Number of the partition to mount. Zero or unset mounts the device without selecting a partition.
   * @proto 3
   */
  partition?: Int32;
  /**
   * When true, mounts of this volume are forced to be read-only. Defaults to false.
   * @proto 4
   */
  readOnly?: boolean;
}

/** A Photon Controller disk. The in-tree driver is no longer supported. */
export interface PhotonPersistentDiskVolumeSource {
  /**
   * Identifier of the Photon Controller disk.
   * @proto 1
   */
  pdID: string;
  /**
   * Filesystem to mount, which the node must support, for example ext4 or xfs. Treated as ext4 when unset.
   * @proto 2
   */
  fsType?: string;
}

/** Reference to a volume managed by Portworx. */
export interface PortworxVolumeSource {
  /**
   * Unique identifier of the Portworx volume.
   * @proto 1
   */
  volumeID: string;
  /**
   * Filesystem to mount, such as ext4 or xfs; it must be supported by the host's operating system. Treated
   * as ext4 when unset.
   * @proto 2
   */
  fsType?: string;
  /**
   * Mounts the volume read-only when true. Defaults to false.
   * @proto 3
   */
  readOnly?: boolean;
}

/** A ScaleIO volume backing a PersistentVolume. */
export interface ScaleIOPersistentVolumeSource {
  /**
   * Host address of the ScaleIO API gateway.
   * @proto 1
   */
  gateway: string;
  /**
   * Name of the storage system as configured in ScaleIO.
   * @proto 2
   */
  system: string;
  /**
   * Secret with the ScaleIO user credentials. Required, since login fails without it.
   * @proto 3
   */
  secretRef?: SecretReference;
  /**
   * Uses SSL for communication with the gateway when true. Defaults to false.
   * @proto 4
   */
  sslEnabled?: boolean;
  /**
   * ScaleIO protection domain that contains the storage.
   * @proto 5
   */
  protectionDomain?: string;
  /**
   * ScaleIO storage pool within the protection domain.
   * @proto 6
   */
  storagePool?: string;
  /**
   * Provisioning mode of the storage: ThickProvisioned or ThinProvisioned. Defaults to ThinProvisioned.
   * @proto 7
   * @default "ThinProvisioned"
   */
  storageMode?: string;
  /**
   * Name of an existing volume in the ScaleIO system to use.
   * @proto 8
   */
  volumeName?: string;
  /**
   * Filesystem to mount; it must be supported by the host's operating system. Defaults to xfs.
   * @proto 9
   * @default "xfs"
   */
  fsType?: string;
  /**
   * Mounts the volume read-only when true. Defaults to false.
   * @proto 10
   */
  readOnly?: boolean;
}

/** A ScaleIO volume mounted into a pod. */
export interface ScaleIOVolumeSource {
  /**
   * Host address of the ScaleIO API gateway.
   * @proto 1
   */
  gateway: string;
  /**
   * Name of the storage system as configured in ScaleIO.
   * @proto 2
   */
  system: string;
  /**
   * Secret in the pod's namespace with the ScaleIO user credentials. Required, since login fails without
   * it.
   * @proto 3
   */
  secretRef?: LocalObjectReference;
  /**
   * Uses SSL for communication with the gateway when true. Defaults to false.
   * @proto 4
   */
  sslEnabled?: boolean;
  /**
   * ScaleIO protection domain that contains the storage.
   * @proto 5
   */
  protectionDomain?: string;
  /**
   * ScaleIO storage pool within the protection domain.
   * @proto 6
   */
  storagePool?: string;
  /**
   * Provisioning mode of the storage: ThickProvisioned or ThinProvisioned. Defaults to ThinProvisioned.
   * @proto 7
   * @default "ThinProvisioned"
   */
  storageMode?: string;
  /**
   * Name of an existing volume in the ScaleIO system to use.
   * @proto 8
   */
  volumeName?: string;
  /**
   * Filesystem to mount; it must be supported by the host's operating system. Defaults to xfs.
   * @proto 9
   * @default "xfs"
   */
  fsType?: string;
  /**
   * Mounts the volume read-only when true. Defaults to false.
   * @proto 10
   */
  readOnly?: boolean;
}

/** A StorageOS volume backing a PersistentVolume. */
export interface StorageOSPersistentVolumeSource {
  /**
   * Name of the StorageOS volume, unique within its StorageOS namespace.
   * @proto 1
   */
  volumeName?: string;
  /**
   * StorageOS namespace of the volume. When unset, a namespace named like the Kubernetes one is used; the
   * value default opts out of using namespaces.
   * @proto 2
   */
  volumeNamespace?: string;
  /**
   * Filesystem to mount, such as ext4 or xfs; it must be supported by the host's operating system. Treated
   * as ext4 when unset.
   * @proto 3
   */
  fsType?: string;
  /**
   * Mounts the volume read-only when true. Defaults to false.
   * @proto 4
   */
  readOnly?: boolean;
  /**
   * Secret with StorageOS API credentials. Default credentials are tried when unset.
   * @proto 5
   */
  secretRef?: ObjectReference;
}

/** A StorageOS volume mounted into a pod. */
export interface StorageOSVolumeSource {
  /**
   * Name of the StorageOS volume, unique within its StorageOS namespace.
   * @proto 1
   */
  volumeName?: string;
  /**
   * StorageOS namespace of the volume. When unset, the pod's namespace name is used; the value default opts
   * out of using namespaces.
   * @proto 2
   */
  volumeNamespace?: string;
  /**
   * Filesystem to mount, such as ext4 or xfs; it must be supported by the host's operating system. Treated
   * as ext4 when unset.
   * @proto 3
   */
  fsType?: string;
  /**
   * Mounts the volume read-only when true. Defaults to false.
   * @proto 4
   */
  readOnly?: boolean;
  /**
   * Secret in the pod's namespace with StorageOS API credentials. Default credentials are tried when unset.
   * @proto 5
   */
  secretRef?: LocalObjectReference;
}

/** A vSphere virtual disk used as a volume. */
export interface VsphereVirtualDiskVolumeSource {
  /**
   * Path of the virtual disk in vSphere.
   * @proto 1
   */
  volumePath: string;
  /**
   * Filesystem to mount, such as ext4 or xfs; it must be supported by the host's operating system. Treated
   * as ext4 when unset.
   * @proto 2
   */
  fsType?: string;
  /**
   * Name of the storage policy based management (SPBM) profile.
   * @proto 3
   */
  storagePolicyName?: string;
  /**
   * ID of the storage policy based management (SPBM) profile that belongs to storagePolicyName.
   * @proto 4
   */
  storagePolicyID?: string;
}
