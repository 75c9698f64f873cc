import type { NodeSelector } from "../../core/v1/affinity.ts";
import type { Condition } from "../../meta/v1/object-meta.ts";
import type { Quantity, RawExtension, Time, Uid } from "../../meta/v1/primitives.ts";
import type { DeviceConfiguration, DeviceToleration, SkipNodeOperation } from "./resource-claim.ts";

/** AllocatedDeviceStatus. */
export interface AllocatedDeviceStatus {
  /**
   * AllocatedDeviceStatus.driver.
   * @proto 1
   */
  driver: string;
  /**
   * AllocatedDeviceStatus.pool.
   * @proto 2
   */
  pool: string;
  /**
   * AllocatedDeviceStatus.device.
   * @proto 3
   */
  device: string;
  /**
   * AllocatedDeviceStatus.shareID.
   * @proto 7
   */
  shareID?: string;
  /**
   * AllocatedDeviceStatus.conditions.
   * @proto 4
   * @listType map
   * @listMapKey type
   */
  conditions?: Condition[];
  /**
   * AllocatedDeviceStatus.data.
   * @proto 5
   */
  data?: RawExtension;
  /**
   * AllocatedDeviceStatus.networkData.
   * @proto 6
   */
  networkData?: NetworkDeviceData;
}

/**
 * AllocationConfigSource.
 * @enumeration
 */
export type AllocationConfigSource = "FromClass" | "FromClaim";

/** AllocationResult. */
export interface AllocationResult {
  /**
   * AllocationResult.devices.
   * @proto 1
   * @alwaysPresent
   */
  devices?: DeviceAllocationResult;
  /**
   * AllocationResult.nodeSelector.
   * @proto 3
   */
  nodeSelector?: NodeSelector;
  /**
   * AllocationResult.allocationTimestamp.
   * @proto 5
   */
  allocationTimestamp?: Time;
}

/** DeviceAllocationConfiguration. */
export interface DeviceAllocationConfiguration extends DeviceConfiguration {
  /**
   * DeviceAllocationConfiguration.source.
   * @proto 1
   */
  source: AllocationConfigSource;
  /**
   * DeviceAllocationConfiguration.requests.
   * @proto 2
   * @listType atomic
   */
  requests?: string[];
}

/**
 * DeviceAllocationMode.
 * @enumeration
 */
export type DeviceAllocationMode = string;

/** DeviceAllocationResult. */
export interface DeviceAllocationResult {
  /**
   * DeviceAllocationResult.results.
   * @proto 1
   * @listType atomic
   */
  results?: DeviceRequestAllocationResult[];
  /**
   * DeviceAllocationResult.config.
   * @proto 2
   * @listType atomic
   */
  config?: DeviceAllocationConfiguration[];
}

/** DeviceRequestAllocationResult. */
export interface DeviceRequestAllocationResult {
  /**
   * DeviceRequestAllocationResult.request.
   * @proto 1
   */
  request: string;
  /**
   * DeviceRequestAllocationResult.driver.
   * @proto 2
   */
  driver: string;
  /**
   * DeviceRequestAllocationResult.pool.
   * @proto 3
   */
  pool: string;
  /**
   * DeviceRequestAllocationResult.device.
   * @proto 4
   */
  device: string;
  /**
   * DeviceRequestAllocationResult.adminAccess.
   * @proto 5
   */
  adminAccess?: boolean;
  /**
   * DeviceRequestAllocationResult.tolerations.
   * @proto 6
   * @listType atomic
   */
  tolerations?: DeviceToleration[];
  /**
   * DeviceRequestAllocationResult.bindingConditions.
   * @proto 7
   * @listType atomic
   */
  bindingConditions?: string[];
  /**
   * DeviceRequestAllocationResult.bindingFailureConditions.
   * @proto 8
   * @listType atomic
   */
  bindingFailureConditions?: string[];
  /**
   * DeviceRequestAllocationResult.shareID.
   * @proto 9
   */
  shareID?: Uid;
  /**
   * DeviceRequestAllocationResult.consumedCapacity.
   * @proto 10
   */
  consumedCapacity?: Record<string, Quantity>;
  /**
   * DeviceRequestAllocationResult.skipNodeOperations.
   * @proto 11
   * @listType set
   */
  skipNodeOperations?: SkipNodeOperation[];
}

/** NetworkDeviceData. */
export interface NetworkDeviceData {
  /**
   * NetworkDeviceData.interfaceName.
   * @proto 1
   */
  interfaceName?: string;
  /**
   * NetworkDeviceData.ips.
   * @proto 2
   * @listType atomic
   */
  ips?: string[];
  /**
   * NetworkDeviceData.hardwareAddress.
   * @proto 3
   */
  hardwareAddress?: string;
}

/** ResourceClaimConsumerReference. */
export interface ResourceClaimConsumerReference {
  /**
   * ResourceClaimConsumerReference.apiGroup.
   * @proto 1
   */
  apiGroup?: string;
  /**
   * ResourceClaimConsumerReference.resource.
   * @proto 3
   */
  resource: string;
  /**
   * ResourceClaimConsumerReference.name.
   * @proto 4
   */
  name: string;
  /**
   * ResourceClaimConsumerReference.uid.
   * @proto 5
   */
  uid: Uid;
}

/** ResourceClaimStatus. */
export interface ResourceClaimStatus {
  /**
   * ResourceClaimStatus.allocation.
   * @proto 1
   */
  allocation?: AllocationResult;
  /**
   * ResourceClaimStatus.reservedFor.
   * @proto 2
   * @listType map
   * @listMapKey uid
   * @patchStrategy merge
   * @patchMergeKey uid
   */
  reservedFor?: ResourceClaimConsumerReference[];
  /**
   * ResourceClaimStatus.devices.
   * @proto 4
   * @listType map
   * @listMapKey driver,device,pool,shareID
   */
  devices?: AllocatedDeviceStatus[];
}
