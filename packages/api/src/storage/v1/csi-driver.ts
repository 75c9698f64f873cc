import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int64 } from "../../meta/v1/primitives.ts";

/**
 * CSIDriver.
 * @kind
 */
export interface CSIDriver extends TypeMeta {
  /**
   * CSIDriver.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * CSIDriver.spec.
   * @proto 2
   */
  spec: CSIDriverSpec;
}

/**
 * CSIDriverList.
 * @kind
 */
export interface CSIDriverList extends TypeMeta {
  /**
   * CSIDriverList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * CSIDriverList.items.
   * @proto 2
   */
  items: CSIDriver[];
}

/** CSIDriverSpec. */
export interface CSIDriverSpec {
  /**
   * CSIDriverSpec.attachRequired.
   * @proto 1
   */
  attachRequired?: boolean;
  /**
   * CSIDriverSpec.podInfoOnMount.
   * @proto 2
   */
  podInfoOnMount?: boolean;
  /**
   * CSIDriverSpec.volumeLifecycleModes.
   * @proto 3
   * @listType set
   */
  volumeLifecycleModes?: VolumeLifecycleMode[];
  /**
   * CSIDriverSpec.storageCapacity.
   * @proto 4
   */
  storageCapacity?: boolean;
  /**
   * CSIDriverSpec.fsGroupPolicy.
   * @proto 5
   */
  fsGroupPolicy?: FSGroupPolicy;
  /**
   * CSIDriverSpec.tokenRequests.
   * @proto 6
   * @listType atomic
   */
  tokenRequests?: TokenRequest[];
  /**
   * CSIDriverSpec.requiresRepublish.
   * @proto 7
   */
  requiresRepublish?: boolean;
  /**
   * CSIDriverSpec.seLinuxMount.
   * @proto 8
   */
  seLinuxMount?: boolean;
  /**
   * CSIDriverSpec.nodeAllocatableUpdatePeriodSeconds.
   * @proto 9
   */
  nodeAllocatableUpdatePeriodSeconds?: Int64;
  /**
   * CSIDriverSpec.serviceAccountTokenInSecrets.
   * @proto 10
   */
  serviceAccountTokenInSecrets?: boolean;
  /**
   * CSIDriverSpec.preventPodSchedulingIfMissing.
   * @proto 11
   */
  preventPodSchedulingIfMissing?: boolean;
}

/** FSGroupPolicy. */
export type FSGroupPolicy = "ReadWriteOnceWithFSType" | "File" | "None";

/** TokenRequest. */
export interface TokenRequest {
  /**
   * TokenRequest.audience.
   * @proto 1
   */
  audience: string;
  /**
   * TokenRequest.expirationSeconds.
   * @proto 2
   */
  expirationSeconds?: Int64;
}

/** VolumeLifecycleMode. */
export type VolumeLifecycleMode = "Persistent" | "Ephemeral";
