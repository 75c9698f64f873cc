import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int64 } from "../../meta/v1/primitives.ts";

/**
 * Describes a CSI driver that is deployed on the cluster: how Kubernetes has to treat its volumes. The name of the
 * object is the name that the driver reports of itself.
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
   * @listType set
   */
  volumeLifecycleModes?: VolumeLifecycleMode[];
  /**
   * Whether the scheduler considers the capacity that the driver reports in CSIStorageCapacity objects. Defaults to
   * false.
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
   * Whether volumes of the driver can be mounted with the SELinux context of a Pod instead of relabelling every file.
   * Defaults to false.
   * @proto 8
   */
  seLinuxMount?: boolean;
  /**
   * Seconds between updates of the number of volumes that a node can hold, as the driver reports it; at least 10.
   * When unset it is not updated after registration.
   * @proto 9
   */
  nodeAllocatableUpdatePeriodSeconds?: Int64;
  /**
   * Whether service account tokens are passed to the driver in the secrets field of its calls instead of the volume
   * context. Only with tokenRequests. Defaults to false.
   * @proto 10
   */
  serviceAccountTokenInSecrets?: boolean;
  /**
   * Whether Pods that use volumes of the driver are kept from nodes on which the driver is not registered. Defaults
   * to false.
   * @proto 11
   */
  preventPodSchedulingIfMissing?: boolean;
}

/** Whether a volume's owner and permissions are changed before it is mounted. */
export type FSGroupPolicy = "ReadWriteOnceWithFSType" | "File" | "None";

/** Asks for a service account token of the Pod. */
export interface TokenRequest {
  /**
   * Audience that the token is for; empty for that of the API server. Each audience may be asked for once.
   * @proto 1
   */
  audience: string;
  /**
   * Seconds that the token is valid, at least 600. Defaults to an hour.
   * @proto 2
   */
  expirationSeconds?: Int64;
}

/** Kind of volume that a CSI driver supports. */
export type VolumeLifecycleMode = "Persistent" | "Ephemeral";
