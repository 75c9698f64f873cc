import type { LocalObjectReference, ObjectReference } from "./reference.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";

/**
 * An identity that processes in pods can use to authenticate, along with the secrets associated with it.
 * @kind
 */
export interface ServiceAccount extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Secrets that pods using this account may mount. The list is a restriction only if the
   * kubernetes.io/enforce-mountable-secrets annotation is true, and is not needed for token access.
   * @proto 2
   * @listType map
   * @listMapKey name
   * @patchStrategy merge
   * @patchMergeKey name
   */
  secrets?: ObjectReference[];
  /**
   * Secrets in the same namespace used for pulling images of pods that run as this account and list no pull
   * secrets of their own.
   * @proto 3
   * @listType atomic
   */
  imagePullSecrets?: LocalObjectReference[];
  /**
   * Whether pods running as this account get an API token mounted automatically. A pod can override it.
   * @proto 4
   */
  automountServiceAccountToken?: boolean;
}

/**
 * A list of ServiceAccount objects.
 * @kind
 */
export interface ServiceAccountList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The service accounts in this list.
   * @proto 2
   */
  items: ServiceAccount[];
}
