import type { Condition, ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";

/**
 * An address that is in use, for a service as a rule. Its name is the address in canonical form.
 * @kind
 */
export interface IPAddress extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * What uses the address.
   * @proto 2
   * @alwaysPresent
   */
  spec: IPAddressSpec;
}

/**
 * List of IPAddress objects.
 * @kind
 */
export interface IPAddressList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * IPAddress objects in the list.
   * @proto 2
   */
  items: IPAddress[];
}

/** What uses an address. */
export interface IPAddressSpec {
  /**
   * Object that uses the address; required.
   * @proto 1
   */
  parentRef?: ParentReference;
}

/** Names an object that uses an address. */
export interface ParentReference {
  /**
   * Group of the object; empty for the core group.
   * @proto 1
   */
  group?: string;
  /**
   * Resource of the object, such as services.
   * @proto 2
   */
  resource?: string;
  /**
   * Namespace of the object.
   * @proto 3
   */
  namespace?: string;
  /**
   * Name of the object.
   * @proto 4
   */
  name?: string;
}

/**
 * A range, or one of each family, from which services get their cluster addresses.
 * @kind
 */
export interface ServiceCIDR extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * The ranges.
   * @proto 2
   * @alwaysPresent
   */
  spec: ServiceCIDRSpec;
  /**
   * Whether the ranges are in use; set by the system and read-only.
   * @proto 3
   * @alwaysPresent
   */
  status?: ServiceCIDRStatus;
}

/**
 * List of ServiceCIDR objects.
 * @kind
 */
export interface ServiceCIDRList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * ServiceCIDR objects in the list.
   * @proto 2
   */
  items: ServiceCIDR[];
}

/** Ranges for the cluster addresses of services. */
export interface ServiceCIDRSpec {
  /**
   * One range, or one of each address family, such as 192.168.0.0/24 and 2001:db8::/64. Ranges cannot change, but one
   * of the other family can be added.
   * @proto 1
   * @listType atomic
   */
  cidrs?: string[];
}

/** Whether ranges for services are in use. */
export interface ServiceCIDRStatus {
  /**
   * Ready says whether addresses are given out from the ranges.
   * @proto 1
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: Condition[];
}
