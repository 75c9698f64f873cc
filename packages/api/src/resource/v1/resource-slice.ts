import type { NodeSelector } from "../../core/v1/affinity.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int64, Quantity, Time } from "../../meta/v1/primitives.ts";
import type { NodeAllocatableResourceMapping } from "./resource-claim.ts";

/**
 * Which amounts of a capacity can be requested of a device that is allocated several times; validValues and
 * validRange exclude each other.
 */
export interface CapacityRequestPolicy {
  /**
   * Amount for requests that ask for none.
   * @proto 1
   */
  default?: Quantity;
  /**
   * The amounts that can be allocated, in ascending order, at most 10. Requests are rounded up to the next.
   * @proto 3
   * @listType atomic
   */
  validValues?: Quantity[];
  /**
   * The range of amounts that can be allocated.
   * @proto 4
   */
  validRange?: CapacityRequestPolicyRange;
}

/** A range of amounts. */
export interface CapacityRequestPolicyRange {
  /**
   * Least amount; smaller requests are rounded up to it. Required.
   * @proto 1
   */
  min?: Quantity;
  /**
   * Largest amount; larger requests cannot be satisfied.
   * @proto 2
   */
  max?: Quantity;
  /**
   * Distance of the amounts from min on; requests are rounded up to the next.
   * @proto 3
   */
  step?: Quantity;
}

/** An amount of something that devices consume. */
export interface Counter {
  /**
   * How much there is, or how much is consumed.
   * @proto 1
   */
  value: Quantity;
}

/** Counters that the devices of a pool share, such as the memory of a board that several devices are part of. */
export interface CounterSet {
  /**
   * Name of the set, unique in the pool; a DNS label.
   * @proto 1
   */
  name: string;
  /**
   * The counters by name, at most 32.
   * @proto 2
   */
  counters?: Record<string, Counter>;
}

/** A device that a driver offers. */
export interface Device {
  /**
   * Name of the device, unique in its pool; a DNS label.
   * @proto 1
   */
  name: string;
  /**
   * What the device is like, by name. Attributes and capacities together are at most 32.
   * @proto 2
   */
  attributes?: Record<string, DeviceAttribute>;
  /**
   * How much of what the device has, by name.
   * @proto 3
   */
  capacity?: Record<string, DeviceCapacity>;
  /**
   * What the device takes from shared counters when it is allocated, by set. At most 2.
   * @proto 4
   * @listType atomic
   */
  consumesCounters?: DeviceCounterConsumption[];
  /**
   * Name of the node that the device is on. Only with perDeviceNodeSelection, which needs one of nodeName,
   * nodeSelector and allNodes.
   * @proto 5
   */
  nodeName?: string;
  /**
   * Nodes that can use the device; exactly one term.
   * @proto 6
   */
  nodeSelector?: NodeSelector;
  /**
   * Whether all nodes can use the device.
   * @proto 7
   */
  allNodes?: boolean;
  /**
   * Taints that the driver gives the device, at most 16. Taints by administrators come on top of them.
   * @proto 8
   * @listType atomic
   */
  taints?: DeviceTaint[];
  /**
   * Whether the claim is bound to the node that was chosen when the device was allocated.
   * @proto 9
   */
  bindsToNode?: boolean;
  /**
   * Conditions in the status of the claim that have to be True before a Pod with the device is bound, at most 4.
   * @proto 10
   * @listType atomic
   */
  bindingConditions?: string[];
  /**
   * Conditions in the status of the claim of which none may be True for a Pod with the device to be bound, at most 4.
   * @proto 11
   * @listType atomic
   */
  bindingFailureConditions?: string[];
  /**
   * Whether the device can be allocated several times, to several claims, as long as its capacity lasts.
   * @proto 12
   */
  allowMultipleAllocations?: boolean;
  /**
   * How the device counts as resources of its node, by name of the resource, such as cpu or memory.
   * @proto 13
   */
  nodeAllocatableResourceMappings?: Record<string, NodeAllocatableResourceMapping>;
}

/** Value of an attribute; exactly one field is set. */
export interface DeviceAttribute {
  /**
   * A number.
   * @proto 2
   */
  int?: Int64;
  /**
   * True or false.
   * @proto 3
   */
  bool?: boolean;
  /**
   * A string of at most 64 characters.
   * @proto 4
   */
  string?: string;
  /**
   * A semantic version (semver.org 2.0.0) of at most 64 characters.
   * @proto 5
   */
  version?: string;
  /**
   * A list of numbers.
   * @proto 6
   * @listType atomic
   */
  ints?: Int64[];
  /**
   * A list of true and false.
   * @proto 7
   * @listType atomic
   */
  bools?: boolean[];
  /**
   * A list of strings, each of at most 64 characters.
   * @proto 8
   * @listType atomic
   */
  strings?: string[];
  /**
   * A list of semantic versions, each of at most 64 characters.
   * @proto 9
   * @listType atomic
   */
  versions?: string[];
}

/** A capacity of a device. */
export interface DeviceCapacity {
  /**
   * How much there is.
   * @proto 1
   */
  value: Quantity;
  /**
   * Which amounts can be requested; only for devices that can be allocated several times.
   * @proto 2
   */
  requestPolicy?: CapacityRequestPolicy;
}

/** What a device takes from one set of counters. */
export interface DeviceCounterConsumption {
  /**
   * Name of the set.
   * @proto 1
   */
  counterSet: string;
  /**
   * The amounts by name of the counter, at most 32.
   * @proto 2
   */
  counters?: Record<string, Counter>;
}

/** Keeps claims off a device, unless they tolerate the taint. */
export interface DeviceTaint {
  /**
   * Key of the taint; a label name.
   * @proto 1
   */
  key: string;
  /**
   * Value of the taint; a label value.
   * @proto 2
   */
  value?: string;
  /**
   * What the taint does: NoSchedule keeps new allocations away, NoExecute evicts Pods too, None is for information.
   * @proto 3
   */
  effect: DeviceTaintEffect;
  /**
   * When the taint was added; filled in when unset.
   * @proto 4
   */
  timeAdded?: Time;
}

/**
 * What a taint of a device does.
 * @enumeration
 */
export type DeviceTaintEffect = "None" | "NoSchedule" | "NoExecute";

/** The pool that the devices of a slice are in. */
export interface ResourcePool {
  /**
   * Name of the pool: DNS subdomains that are separated by slashes, at most 253 characters. For devices of one node
   * it is usually the name of the node. Immutable.
   * @proto 1
   */
  name: string;
  /**
   * Counts the changes of the pool. Slices of lower generations are out of date; the scheduler uses the highest only.
   * @proto 2
   */
  generation: Int64;
  /**
   * How many slices of this generation the pool has. The pool is complete once all are there.
   * @proto 3
   */
  resourceSliceCount: Int64;
}

/**
 * Devices of one pool that a driver offers, or counters that devices of the pool share. A pool may have several
 * slices.
 * @kind
 */
export interface ResourceSlice extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * The devices, and where they can be used.
   * @proto 2
   */
  spec: ResourceSliceSpec;
}

/**
 * List of ResourceSlice objects.
 * @kind
 */
export interface ResourceSliceList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The ResourceSlice objects.
   * @proto 2
   */
  items: ResourceSlice[];
}

/**
 * Devices of a pool, and where they can be used. Exactly one of nodeName, nodeSelector, allNodes and
 * perDeviceNodeSelection is set.
 */
export interface ResourceSliceSpec {
  /**
   * Name of the driver that offers the devices: a DNS subdomain of at most 63 characters. Immutable.
   * @proto 1
   */
  driver: string;
  /**
   * The pool that the slice is part of.
   * @proto 2
   */
  pool: ResourcePool;
  /**
   * Name of the node that the devices are on. Lets a node see its own slices only. Immutable.
   * @proto 3
   */
  nodeName?: string;
  /**
   * Nodes that can use the devices; exactly one term.
   * @proto 4
   */
  nodeSelector?: NodeSelector;
  /**
   * Whether all nodes can use the devices.
   * @proto 5
   */
  allNodes?: boolean;
  /**
   * The devices, at most 128, or 64 if any of them has taints, consumes counters or has lists as attributes. Excludes
   * sharedCounters.
   * @proto 6
   * @listType atomic
   */
  devices?: Device[];
  /**
   * Whether each device says itself which nodes can use it.
   * @proto 7
   */
  perDeviceNodeSelection?: boolean;
  /**
   * Sets of counters that devices of the pool share, at most 8. Excludes devices.
   * @proto 8
   * @listType atomic
   */
  sharedCounters?: CounterSet[];
}
