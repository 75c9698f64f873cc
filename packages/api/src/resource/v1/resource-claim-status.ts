import type { NodeSelector } from "../../core/v1/affinity.ts";
import type { Condition } from "../../meta/v1/object-meta.ts";
import type { Quantity, RawExtension, Time, Uid } from "../../meta/v1/primitives.ts";
import type { DeviceConfiguration, DeviceToleration } from "./resource-claim.ts";

/** What a driver reports of a device that is allocated to a claim. */
export interface AllocatedDeviceStatus {
  /**
   * Name of the driver, as in the allocation.
   * @proto 1
   */
  driver: string;
  /**
   * Name of the pool that the device is in, as in the allocation.
   * @proto 2
   */
  pool: string;
  /**
   * Name of the device in its pool, as in the allocation.
   * @proto 3
   */
  device: string;
  /**
   * Which share of the device it is, for devices that are allocated several times.
   * @proto 7
   */
  shareID?: string;
  /**
   * Latest observations of the device, at most 8. A device that is fully configured should have one of type Ready
   * that is True.
   * @proto 4
   * @listType map
   * @listMapKey type
   */
  conditions?: Condition[] | null;
  /**
   * Anything the driver has to say; an object of at most 10 KiB.
   * @proto 5
   */
  data?: RawExtension;
  /**
   * Network addresses of the device.
   * @proto 6
   */
  networkData?: NetworkDeviceData;
}

/**
 * Where a configuration comes from.
 * @enumeration
 */
export type AllocationConfigSource = "FromClass" | "FromClaim";

/** What was allocated for a claim. */
export interface AllocationResult {
  /**
   * The allocated devices and their configuration.
   * @proto 1
   * @alwaysPresent
   */
  devices?: DeviceAllocationResult;
  /**
   * Nodes on which the devices are available; all nodes when unset.
   * @proto 3
   */
  nodeSelector?: NodeSelector;
  /**
   * When the devices were allocated.
   * @proto 5
   */
  allocationTimestamp?: Time;
}

/** Configuration of allocated devices. */
export interface DeviceAllocationConfiguration extends DeviceConfiguration {
  /**
   * Where the configuration comes from: FromClass or FromClaim.
   * @proto 1
   */
  source: AllocationConfigSource;
  /**
   * Requests whose devices it applies to, as `request` or `request/subrequest`; all of them when empty.
   * @proto 2
   * @listType atomic
   */
  requests?: string[];
}

/**
 * How many devices a request asks for.
 * @enumeration
 */
export type DeviceAllocationMode = string;

/** The devices that were allocated. */
export interface DeviceAllocationResult {
  /**
   * The devices, at most 32.
   * @proto 1
   * @listType atomic
   */
  results?: DeviceRequestAllocationResult[];
  /**
   * Configuration of the devices, that of classes before that of the claim, later ones winning. At most 64.
   * @proto 2
   * @listType atomic
   */
  config?: DeviceAllocationConfiguration[];
}

/** One device that was allocated for a request. */
export interface DeviceRequestAllocationResult {
  /**
   * The request that the device is for, as `request` or `request/subrequest`.
   * @proto 1
   */
  request: string;
  /**
   * Name of the driver that handles the device. A DNS subdomain, in lower case.
   * @proto 2
   */
  driver: string;
  /**
   * Name of the pool that the device is in; DNS subdomains that are separated by slashes.
   * @proto 3
   */
  pool: string;
  /**
   * Name of the device in its pool; a DNS label.
   * @proto 4
   */
  device: string;
  /**
   * Whether the device was allocated for administrative access, as the request asked.
   * @proto 5
   */
  adminAccess?: boolean;
  /**
   * Tolerations of the request at the time of allocation.
   * @proto 6
   * @listType atomic
   */
  tolerations?: DeviceToleration[];
  /**
   * Conditions of the device that have to be True before the Pod is bound, at most 4; copied from the device.
   * @proto 7
   * @listType atomic
   */
  bindingConditions?: string[];
  /**
   * Conditions of the device of which none may be True for the Pod to be bound, at most 4; copied from the device.
   * @proto 8
   * @listType atomic
   */
  bindingFailureConditions?: string[];
  /**
   * Which share of the device it is, for devices that are allocated several times. A UUID in lower case.
   * @proto 9
   */
  shareID?: Uid;
  /**
   * How much of the capacities of the device was allocated, by name.
   * @proto 10
   */
  consumedCapacity?: Record<string, Quantity>;
}

/** Network addresses of a device. */
export interface NetworkDeviceData {
  /**
   * Name of the network interface, at most 256 characters.
   * @proto 1
   */
  interfaceName?: string;
  /**
   * Addresses of the interface in CIDR notation (`192.0.2.5/24`), at most 16, each once.
   * @proto 2
   * @listType atomic
   */
  ips?: string[];
  /**
   * Hardware address of the interface, at most 128 characters.
   * @proto 3
   */
  hardwareAddress?: string;
}

/** What uses a claim; must be in the same namespace. */
export interface ResourceClaimConsumerReference {
  /**
   * API group of the consumer; empty for the core group.
   * @proto 1
   */
  apiGroup?: string;
  /**
   * Resource of the consumer, such as `pods`.
   * @proto 3
   */
  resource: string;
  /**
   * Name of the consumer.
   * @proto 4
   */
  name: string;
  /**
   * UID of the consumer.
   * @proto 5
   */
  uid: Uid;
}

/** What was allocated for a claim, and who uses it. */
export interface ResourceClaimStatus {
  /**
   * What was allocated; unset while nothing is. Once set it can be cleared, but not changed.
   * @proto 1
   */
  allocation?: AllocationResult;
  /**
   * Who may use the claim now, at most 256. Only an allocated claim can be reserved. While there are consumers, it is
   * not deallocated.
   * @proto 2
   * @listType map
   * @listMapKey uid
   * @patchStrategy merge
   * @patchMergeKey uid
   */
  reservedFor?: ResourceClaimConsumerReference[];
  /**
   * What the drivers report of the allocated devices, at most one entry for each.
   * @proto 4
   * @listType map
   * @listMapKey driver,device,pool,shareID
   */
  devices?: AllocatedDeviceStatus[];
}
