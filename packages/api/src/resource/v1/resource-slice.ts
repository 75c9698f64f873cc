import type { NodeSelector } from "../../core/v1/affinity.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int64, Quantity, Time } from "../../meta/v1/primitives.ts";
import type { FullyQualifiedName, NodeAllocatableResource, SkipNodeOperation } from "./resource-claim.ts";

/** CapacityRequestPolicy. */
export interface CapacityRequestPolicy {
  /**
   * CapacityRequestPolicy.default.
   * @proto 1
   */
  default?: Quantity;
  /**
   * CapacityRequestPolicy.validValues.
   * @proto 3
   * @listType atomic
   */
  validValues?: Quantity[];
  /**
   * CapacityRequestPolicy.validRange.
   * @proto 4
   */
  validRange?: CapacityRequestPolicyRange;
}

/** CapacityRequestPolicyRange. */
export interface CapacityRequestPolicyRange {
  /**
   * CapacityRequestPolicyRange.min.
   * @proto 1
   */
  min?: Quantity;
  /**
   * CapacityRequestPolicyRange.max.
   * @proto 2
   */
  max?: Quantity;
  /**
   * CapacityRequestPolicyRange.step.
   * @proto 3
   */
  step?: Quantity;
}

/** Counter. */
export interface Counter {
  /**
   * Counter.value.
   * @proto 1
   */
  value: Quantity;
}

/** CounterSet. */
export interface CounterSet {
  /**
   * CounterSet.name.
   * @proto 1
   */
  name: string;
  /**
   * CounterSet.counters.
   * @proto 2
   */
  counters?: Record<string, Counter>;
}

/** Device. */
export interface Device {
  /**
   * Device.name.
   * @proto 1
   */
  name: string;
  /**
   * Device.attributes.
   * @proto 2
   */
  attributes?: Record<string, DeviceAttribute>;
  /**
   * Device.capacity.
   * @proto 3
   */
  capacity?: Record<string, DeviceCapacity>;
  /**
   * Device.consumesCounters.
   * @proto 4
   * @listType atomic
   */
  consumesCounters?: DeviceCounterConsumption[];
  /**
   * Device.nodeName.
   * @proto 5
   */
  nodeName?: string;
  /**
   * Device.nodeSelector.
   * @proto 6
   */
  nodeSelector?: NodeSelector;
  /**
   * Device.allNodes.
   * @proto 7
   */
  allNodes?: boolean;
  /**
   * Device.taints.
   * @proto 8
   * @listType atomic
   */
  taints?: DeviceTaint[];
  /**
   * Device.bindsToNode.
   * @proto 9
   */
  bindsToNode?: boolean;
  /**
   * Device.bindingConditions.
   * @proto 10
   * @listType atomic
   */
  bindingConditions?: string[];
  /**
   * Device.bindingFailureConditions.
   * @proto 11
   * @listType atomic
   */
  bindingFailureConditions?: string[];
  /**
   * Device.allowMultipleAllocations.
   * @proto 12
   */
  allowMultipleAllocations?: boolean;
  /**
   * Device.nodeAllocatableResources.
   * @proto 14
   */
  nodeAllocatableResources?: Record<string, NodeAllocatableResource>;
}

/** DeviceAttribute. */
export interface DeviceAttribute {
  /**
   * DeviceAttribute.int.
   * @proto 2
   */
  int?: Int64;
  /**
   * DeviceAttribute.bool.
   * @proto 3
   */
  bool?: boolean;
  /**
   * DeviceAttribute.string.
   * @proto 4
   */
  string?: string;
  /**
   * DeviceAttribute.version.
   * @proto 5
   */
  version?: string;
  /**
   * DeviceAttribute.ints.
   * @proto 6
   * @listType atomic
   */
  ints?: Int64[];
  /**
   * DeviceAttribute.bools.
   * @proto 7
   * @listType atomic
   */
  bools?: boolean[];
  /**
   * DeviceAttribute.strings.
   * @proto 8
   * @listType atomic
   */
  strings?: string[];
  /**
   * DeviceAttribute.versions.
   * @proto 9
   * @listType atomic
   */
  versions?: string[];
}

/** DeviceCapacity. */
export interface DeviceCapacity {
  /**
   * DeviceCapacity.value.
   * @proto 1
   */
  value: Quantity;
  /**
   * DeviceCapacity.requestPolicy.
   * @proto 2
   */
  requestPolicy?: CapacityRequestPolicy;
}

/** DeviceCounterConsumption. */
export interface DeviceCounterConsumption {
  /**
   * DeviceCounterConsumption.counterSet.
   * @proto 1
   */
  counterSet: string;
  /**
   * DeviceCounterConsumption.counters.
   * @proto 2
   */
  counters?: Record<string, Counter>;
}

/** DeviceTaint. */
export interface DeviceTaint {
  /**
   * DeviceTaint.key.
   * @proto 1
   */
  key: string;
  /**
   * DeviceTaint.value.
   * @proto 2
   */
  value?: string;
  /**
   * DeviceTaint.effect.
   * @proto 3
   */
  effect: DeviceTaintEffect;
  /**
   * DeviceTaint.timeAdded.
   * @proto 4
   */
  timeAdded?: Time;
}

/**
 * DeviceTaintEffect.
 * @enumeration
 */
export type DeviceTaintEffect = "None" | "NoSchedule" | "NoExecute";

/** ResourcePool. */
export interface ResourcePool {
  /**
   * ResourcePool.name.
   * @proto 1
   */
  name: string;
  /**
   * ResourcePool.generation.
   * @proto 2
   */
  generation: Int64;
  /**
   * ResourcePool.resourceSliceCount.
   * @proto 3
   */
  resourceSliceCount: Int64;
}

/**
 * ResourceSlice.
 * @kind
 */
export interface ResourceSlice extends TypeMeta {
  /**
   * ResourceSlice.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * ResourceSlice.spec.
   * @proto 2
   */
  spec: ResourceSliceSpec;
}

/**
 * ResourceSliceList.
 * @kind
 */
export interface ResourceSliceList extends TypeMeta {
  /**
   * ResourceSliceList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * ResourceSliceList.items.
   * @proto 2
   */
  items: ResourceSlice[];
}

/** ResourceSliceSpec. */
export interface ResourceSliceSpec {
  /**
   * ResourceSliceSpec.driver.
   * @proto 1
   */
  driver: string;
  /**
   * ResourceSliceSpec.pool.
   * @proto 2
   */
  pool: ResourcePool;
  /**
   * ResourceSliceSpec.nodeName.
   * @proto 3
   */
  nodeName?: string;
  /**
   * ResourceSliceSpec.nodeSelector.
   * @proto 4
   */
  nodeSelector?: NodeSelector;
  /**
   * ResourceSliceSpec.allNodes.
   * @proto 5
   */
  allNodes?: boolean;
  /**
   * ResourceSliceSpec.devices.
   * @proto 6
   * @listType atomic
   */
  devices?: Device[];
  /**
   * ResourceSliceSpec.perDeviceNodeSelection.
   * @proto 7
   */
  perDeviceNodeSelection?: boolean;
  /**
   * ResourceSliceSpec.sharedCounters.
   * @proto 8
   * @listType atomic
   */
  sharedCounters?: CounterSet[];
  /**
   * ResourceSliceSpec.partitionTypeAttribute.
   * @proto 9
   */
  partitionTypeAttribute?: FullyQualifiedName;
  /**
   * ResourceSliceSpec.skipNodeOperations.
   * @proto 10
   * @listType set
   */
  skipNodeOperations?: SkipNodeOperation[];
}
