import type { Condition, ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";

/**
 * IPAddress.
 * @kind
 */
export interface IPAddress extends TypeMeta {
  /**
   * IPAddress.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * IPAddress.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec: IPAddressSpec;
}

/**
 * IPAddressList.
 * @kind
 */
export interface IPAddressList extends TypeMeta {
  /**
   * IPAddressList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * IPAddressList.items.
   * @proto 2
   */
  items: IPAddress[];
}

/** IPAddressSpec. */
export interface IPAddressSpec {
  /**
   * IPAddressSpec.parentRef.
   * @proto 1
   */
  parentRef?: ParentReference;
}

/** ParentReference. */
export interface ParentReference {
  /**
   * ParentReference.group.
   * @proto 1
   */
  group?: string;
  /**
   * ParentReference.resource.
   * @proto 2
   */
  resource?: string;
  /**
   * ParentReference.namespace.
   * @proto 3
   */
  namespace?: string;
  /**
   * ParentReference.name.
   * @proto 4
   */
  name?: string;
}

/**
 * ServiceCIDR.
 * @kind
 */
export interface ServiceCIDR extends TypeMeta {
  /**
   * ServiceCIDR.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * ServiceCIDR.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec: ServiceCIDRSpec;
  /**
   * ServiceCIDR.status.
   * @proto 3
   * @alwaysPresent
   */
  status?: ServiceCIDRStatus;
}

/**
 * ServiceCIDRList.
 * @kind
 */
export interface ServiceCIDRList extends TypeMeta {
  /**
   * ServiceCIDRList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * ServiceCIDRList.items.
   * @proto 2
   */
  items: ServiceCIDR[];
}

/** ServiceCIDRSpec. */
export interface ServiceCIDRSpec {
  /**
   * ServiceCIDRSpec.cidrs.
   * @proto 1
   * @listType atomic
   */
  cidrs?: string[];
}

/** ServiceCIDRStatus. */
export interface ServiceCIDRStatus {
  /**
   * ServiceCIDRStatus.conditions.
   * @proto 1
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: Condition[];
}
