import type { LocalObjectReference, SecretReference } from "./reference.ts";
import type { Int32 } from "../../meta/v1/primitives.ts";

/**
 * Ceph filesystem mounted as the backing storage of a PersistentVolume. CephFS volumes support neither
 * ownership management nor SELinux relabeling. Deprecated: the in-tree driver has been removed.
 */
export interface CephFSPersistentVolumeSource {
  /**
   * Addresses of the Ceph monitors. Required.
   * @proto 1
   * @listType atomic
   */
  monitors: string[];
  /**
   * Directory of the Ceph tree that is mounted as the root of the volume. Defaults to /.
   * @proto 2
   */
  path?: string;
  /**
   * Rados user name used to authenticate. Defaults to admin.
   * @proto 3
   */
  user?: string;
  /**
   * Path on the node of the keyring file for the user. Defaults to /etc/ceph/user.secret.
   * @proto 4
   */
  secretFile?: string;
  /**
   * Secret with the authentication key of the user. When unset, secretFile is used.
   * @proto 5
   */
  secretRef?: SecretReference;
  /**
   * When true, mounts of this volume are forced to be read-only. Defaults to false.
   * @proto 6
   */
  readOnly?: boolean;
}

/**
 * Ceph filesystem mounted for the lifetime of a pod. CephFS volumes support neither ownership management
 * nor SELinux relabeling. Deprecated: the in-tree driver has been removed.
 */
export interface CephFSVolumeSource {
  /**
   * Addresses of the Ceph monitors. Required.
   * @proto 1
   * @listType atomic
   */
  monitors: string[];
  /**
   * Directory of the Ceph tree that is mounted as the root of the volume. Defaults to /.
   * @proto 2
   */
  path?: string;
  /**
   * Rados user name used to authenticate. Defaults to admin.
   * @proto 3
   */
  user?: string;
  /**
   * Path on the node of the keyring file for the user. Defaults to /etc/ceph/user.secret.
   * @proto 4
   */
  secretFile?: string;
  /**
   * Secret in the pod's namespace with the authentication key of the user. When unset, secretFile is used.
   * @proto 5
   */
  secretRef?: LocalObjectReference;
  /**
   * When true, mounts of this volume are forced to be read-only. Defaults to false.
   * @proto 6
   */
  readOnly?: boolean;
}

/**
 * Fibre Channel disk attached to the node and mounted into the pod. It can be mounted read-write by only
 * one pod at a time. Supports ownership management and SELinux relabeling.
 */
export interface FCVolumeSource {
  /**
   * World wide names of the Fibre Channel target. Used together with lun, as the alternative to wwids.
   * @proto 1
   * @listType atomic
   */
  targetWWNs?: string[];
  /**
   * Number of the target's logical unit. Used together with targetWWNs.
   * @proto 2
   */
  lun?: Int32;
  /**
   * Filesystem to mount, such as ext4, xfs or ntfs. When empty, ext4 is assumed.
   * @proto 3
   */
  fsType?: string;
  /**
   * When true, mounts of this volume are forced to be read-only. Defaults to false.
   * @proto 4
   */
  readOnly?: boolean;
  /**
   * World wide identifiers of the volume. Either these or both targetWWNs and lun must be set, but not both
   * forms.
   * @proto 5
   * @listType atomic
   */
  wwids?: string[];
}

/**
 * Volume of a PersistentVolume that is provided by an exec-based FlexVolume plugin. Deprecated: use a CSI
 * driver.
 */
export interface FlexPersistentVolumeSource {
  /**
   * Name of the FlexVolume driver for this volume. Required.
   * @proto 1
   */
  driver: string;
  /**
   * Filesystem to mount, such as ext4, xfs or ntfs. The default depends on the driver script.
   * @proto 2
   */
  fsType?: string;
  /**
   * Secret with the sensitive data passed to the driver script. May be unset; every key of the Secret is
   * passed.
   * @proto 3
   */
  secretRef?: SecretReference;
  /**
   * When true, mounts of this volume are forced to be read-only. Defaults to false.
   * @proto 4
   */
  readOnly?: boolean;
  /**
   * Additional options for the driver, by name.
   * @proto 5
   */
  options?: Record<string, string>;
}

/** Volume of a pod that is provided by an exec-based FlexVolume plugin. Deprecated: use a CSI driver. */
export interface FlexVolumeSource {
  /**
   * Name of the FlexVolume driver for this volume. Required.
   * @proto 1
   */
  driver: string;
  /**
   * Filesystem to mount, such as ext4, xfs or ntfs. The default depends on the driver script.
   * @proto 2
   */
  fsType?: string;
  /**
   * Secret in the pod's namespace with the sensitive data passed to the driver script. May be unset; every
   * key of the Secret is passed.
   * @proto 3
   */
  secretRef?: LocalObjectReference;
  /**
   * When true, mounts of this volume are forced to be read-only. Defaults to false.
   * @proto 4
   */
  readOnly?: boolean;
  /**
   * Additional options for the driver, by name.
   * @proto 5
   */
  options?: Record<string, string>;
}

/**
 * Flocker volume mounted by the Flocker agent. Exactly one of datasetName and datasetUUID must be set.
 * Deprecated: Flocker is no longer supported.
 */
export interface FlockerVolumeSource {
  /**
   * Name of the Flocker dataset, stored as metadata of the dataset. Deprecated.
   * @proto 1
   */
  datasetName?: string;
  /**
   * UUID of the Flocker dataset.
   * @proto 2
   */
  datasetUUID?: string;
}

/**
 * Volume filled with a clone of a git repository. Deprecated: mount an emptyDir into an init container that
 * clones the repository instead.
 */
export interface GitRepoVolumeSource {
  /**
   * URL of the git repository. Required.
   * @proto 1
   */
  repository: string;
  /**
   * Commit hash to check out. When empty, the repository's default is used.
   * @proto 2
   */
  revision?: string;
  /**
   * Directory to clone into, relative to the volume; must not contain or start with '..'. With '.' the
   * volume itself is the repository; when empty, a subdirectory named after the repository is created.
   * @proto 3
   */
  directory?: string;
}

/**
 * Gluster volume backing a PersistentVolume. Supports neither ownership management nor SELinux relabeling.
 * Deprecated: the in-tree driver has been removed.
 */
export interface GlusterfsPersistentVolumeSource {
  /**
   * Name of the Endpoints object that describes the Gluster topology. Required.
   * @proto 1
   */
  endpoints: string;
  /**
   * Path of the Gluster volume. Required.
   * @proto 2
   */
  path: string;
  /**
   * When true, mounts of this volume are forced to be read-only. Defaults to false.
   * @proto 3
   */
  readOnly?: boolean;
  /**
   * Namespace of the Endpoints object. When unset, the namespace of the bound claim is used.
   * @proto 4
   */
  endpointsNamespace?: string;
}

/**
 * Gluster volume mounted for the lifetime of a pod. Supports neither ownership management nor SELinux
 * relabeling. Deprecated: the in-tree driver has been removed.
 */
export interface GlusterfsVolumeSource {
  /**
   * Name of the Endpoints object that describes the Gluster topology. Required.
   * @proto 1
   */
  endpoints: string;
  /**
   * Path of the Gluster volume. Required.
   * @proto 2
   */
  path: string;
  /**
   * When true, mounts of this volume are forced to be read-only. Defaults to false.
   * @proto 3
   */
  readOnly?: boolean;
}

/**
 * iSCSI disk backing a PersistentVolume. It can be mounted read-write by only one node at a time. Supports
 * ownership management and SELinux relabeling.
 */
export interface ISCSIPersistentVolumeSource {
  /**
   * Portal of the iSCSI target: an IP address, or address:port if the port is not the default (typically
   * 860 or 3260). Required.
   * @proto 1
   */
  targetPortal: string;
  /**
   * Qualified name (IQN) of the iSCSI target. Required.
   * @proto 2
   */
  iqn: string;
  /**
   * Number of the target's logical unit. Required.
   * @proto 3
   */
  lun: Int32;
  /**
   * Name of the iSCSI interface that uses an iSCSI transport. Defaults to 'default' (tcp).
   * @proto 4
   * @default "default"
   */
  iscsiInterface?: string;
  /**
   * Filesystem of the volume, such as ext4, xfs or ntfs. When empty, ext4 is assumed.
   * @proto 5
   */
  fsType?: string;
  /**
   * When true, mounts of this volume are forced to be read-only. Defaults to false.
   * @proto 6
   */
  readOnly?: boolean;
  /**
   * Further portals of the target, each an IP address or address:port; used for multipath.
   * @proto 7
   * @listType atomic
   */
  portals?: string[];
  /**
   * Whether CHAP authentication is used for iSCSI discovery. Defaults to false.
   * @proto 8
   */
  chapAuthDiscovery?: boolean;
  /**
   * Whether CHAP authentication is used for the iSCSI session. Defaults to false.
   * @proto 11
   */
  chapAuthSession?: boolean;
  /**
   * Secret with the CHAP credentials for the target and initiator.
   * @proto 10
   */
  secretRef?: SecretReference;
  /**
   * Custom iSCSI initiator name. When iscsiInterface is also set, a new interface named
   * targetPortal:volumeName is created for the connection.
   * @proto 12
   */
  initiatorName?: string;
}

/**
 * iSCSI disk attached to the node and mounted into the pod. It can be mounted read-write by only one node
 * at a time. Supports ownership management and SELinux relabeling.
 */
export interface ISCSIVolumeSource {
  /**
   * Portal of the iSCSI target: an IP address, or address:port if the port is not the default (typically
   * 860 or 3260). Required.
   * @proto 1
   */
  targetPortal: string;
  /**
   * Qualified name (IQN) of the iSCSI target. Required.
   * @proto 2
   */
  iqn: string;
  /**
   * Number of the target's logical unit. Required.
   * @proto 3
   */
  lun: Int32;
  /**
   * Name of the iSCSI interface that uses an iSCSI transport. Defaults to 'default' (tcp).
   * @proto 4
   * @default "default"
   */
  iscsiInterface?: string;
  /**
   * Filesystem of the volume, such as ext4, xfs or ntfs. When empty, ext4 is assumed.
   * @proto 5
   */
  fsType?: string;
  /**
   * When true, mounts of this volume are forced to be read-only. Defaults to false.
   * @proto 6
   */
  readOnly?: boolean;
  /**
   * Further portals of the target, each an IP address or address:port; used for multipath.
   * @proto 7
   * @listType atomic
   */
  portals?: string[];
  /**
   * Whether CHAP authentication is used for iSCSI discovery. Defaults to false.
   * @proto 8
   */
  chapAuthDiscovery?: boolean;
  /**
   * Whether CHAP authentication is used for the iSCSI session. Defaults to false.
   * @proto 11
   */
  chapAuthSession?: boolean;
  /**
   * Secret in the pod's namespace with the CHAP credentials for the target and initiator.
   * @proto 10
   */
  secretRef?: LocalObjectReference;
  /**
   * Custom iSCSI initiator name. When iscsiInterface is also set, a new interface named
   * targetPortal:volumeName is created for the connection.
   * @proto 12
   */
  initiatorName?: string;
}

/**
 * An NFS export mounted for the lifetime of a pod. Ownership management and SELinux relabeling are not
 * supported.
 */
export interface NFSVolumeSource {
  /**
   * Hostname or IP address of the NFS server.
   * @proto 1
   */
  server: string;
  /**
   * Path exported by the NFS server.
   * @proto 2
   */
  path: string;
  /**
   * Mounts the export read-only when true. Defaults to false.
   * @proto 3
   */
  readOnly?: boolean;
}

/**
 * A Quobyte volume mounted for the lifetime of a pod. Ownership management and SELinux relabeling are not
 * supported.
 */
export interface QuobyteVolumeSource {
  /**
   * Address of the Quobyte registry as host:port; several entries are separated by commas.
   * @proto 1
   */
  registry: string;
  /**
   * Name of an already existing Quobyte volume.
   * @proto 2
   */
  volume: string;
  /**
   * Mounts the volume read-only when true. Defaults to false.
   * @proto 3
   */
  readOnly?: boolean;
  /**
   * User to which volume access is mapped. Defaults to the service account user.
   * @proto 4
   */
  user?: string;
  /**
   * Group to which volume access is mapped. No group is used by default.
   * @proto 5
   */
  group?: string;
  /**
   * Quobyte tenant that owns the volume; used with dynamically provisioned volumes and filled in by the
   * plugin.
   * @proto 6
   */
  tenant?: string;
}

/** A Ceph RADOS block device image backing a PersistentVolume. */
export interface RBDPersistentVolumeSource {
  /**
   * Addresses of the Ceph monitors.
   * @proto 1
   * @listType atomic
   */
  monitors: string[];
  /**
   * Name of the RADOS image.
   * @proto 2
   */
  image: string;
  /**
   * Filesystem of the image to mount, such as ext4 or xfs; it must be supported by the host's operating
   * system. Treated as ext4 when unset.
   * @proto 3
   */
  fsType?: string;
  /**
   * RADOS pool that contains the image. Defaults to rbd.
   * @proto 4
   * @default "rbd"
   */
  pool?: string;
  /**
   * RADOS user name used for authentication. Defaults to admin.
   * @proto 5
   * @default "admin"
   */
  user?: string;
  /**
   * Path of the keyring file for the RADOS user. Defaults to /etc/ceph/keyring.
   * @proto 6
   * @default "/etc/ceph/keyring"
   */
  keyring?: string;
  /**
   * Secret holding the RADOS user's authentication key; takes precedence over keyring when given.
   * @proto 7
   */
  secretRef?: SecretReference;
  /**
   * Mounts the image read-only when true. Defaults to false.
   * @proto 8
   */
  readOnly?: boolean;
}

/** A Ceph RADOS block device image mounted for the lifetime of a pod. */
export interface RBDVolumeSource {
  /**
   * Addresses of the Ceph monitors.
   * @proto 1
   * @listType atomic
   */
  monitors: string[];
  /**
   * Name of the RADOS image.
   * @proto 2
   */
  image: string;
  /**
   * Filesystem of the image to mount, such as ext4 or xfs; it must be supported by the host's operating
   * system. Treated as ext4 when unset.
   * @proto 3
   */
  fsType?: string;
  /**
   * RADOS pool that contains the image. Defaults to rbd.
   * @proto 4
   * @default "rbd"
   */
  pool?: string;
  /**
   * RADOS user name used for authentication. Defaults to admin.
   * @proto 5
   * @default "admin"
   */
  user?: string;
  /**
   * Path of the keyring file for the RADOS user. Defaults to /etc/ceph/keyring.
   * @proto 6
   * @default "/etc/ceph/keyring"
   */
  keyring?: string;
  /**
   * Secret in the pod's namespace holding the RADOS user's authentication key; takes precedence over
   * keyring when given.
   * @proto 7
   */
  secretRef?: LocalObjectReference;
  /**
   * Mounts the image read-only when true. Defaults to false.
   * @proto 8
   */
  readOnly?: boolean;
}
