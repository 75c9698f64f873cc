import type { ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int64, Quantity, RawExtension } from "../../meta/v1/primitives.ts";
import type { DeviceAllocationMode, ResourceClaimStatus } from "./resource-claim-status.ts";
import type { DeviceTaintEffect } from "./resource-slice.ts";

/** Selects devices by a CEL expression. */
export interface CELDeviceSelector {
  /**
   * CEL expression that is true for the devices wanted. It uses `device`: driver (a string), attributes and capacity
   * (maps of maps, first by domain), and allowMultipleAllocations. Looking up what a device does not have is an error
   * that ends the allocation; check with `in` before. At most 10 KiB and of limited cost.
   * @proto 1
   */
  expression: string;
}

/** How much capacity a device has to have. */
export interface CapacityRequirements {
  /**
   * The amounts wanted, by name of the capacity. They are compared with the capacity of a device, or taken from it if
   * it is allocated several times, rounded up as its policy says.
   * @proto 1
   */
  requests?: Record<string, Quantity>;
}

/** Which devices a claim asks for. */
export interface DeviceClaim {
  /**
   * The requests, each for devices that have to be found at the same time. At most 32.
   * @proto 1
   * @listType atomic
   */
  requests?: DeviceRequest[] | null;
  /**
   * What the devices have to have in common, at most 32.
   * @proto 2
   * @listType atomic
   */
  constraints?: DeviceConstraint[];
  /**
   * Configuration for the drivers of the devices, at most 32.
   * @proto 3
   * @listType atomic
   */
  config?: DeviceClaimConfiguration[];
}

/** Configuration for devices of a claim. */
export interface DeviceClaimConfiguration extends DeviceConfiguration {
  /**
   * Requests whose devices it applies to, as `request` or `request/subrequest`; all of them when empty.
   * @proto 1
   * @listType atomic
   */
  requests?: string[];
}

/** Configuration of devices; exactly one of its fields is set. */
export interface DeviceConfiguration {
  /**
   * Configuration in a form that only the driver knows.
   * @proto 1
   */
  opaque?: OpaqueDeviceConfiguration;
}

/** What devices of several requests have to have in common; exactly one of the attributes is set. */
export interface DeviceConstraint {
  /**
   * Requests whose devices it applies to, as `request` or `request/subrequest`; all of them when empty.
   * @proto 1
   * @listType atomic
   */
  requests?: string[];
  /**
   * Attribute that all devices have to have with the same value, as `domain/name`.
   * @proto 2
   */
  matchAttribute?: FullyQualifiedName;
  /**
   * Attribute that all devices have to have with different values, as `domain/name`.
   * @proto 3
   */
  distinctAttribute?: FullyQualifiedName;
}

/** A request for devices: exactly what is wanted, or alternatives. Exactly one of exactly and firstAvailable is set. */
export interface DeviceRequest {
  /**
   * Name by which Pods, constraints and configurations refer to the request; a DNS label, unique in the claim.
   * @proto 1
   */
  name: string;
  /**
   * What is wanted.
   * @proto 2
   */
  exactly?: ExactDeviceRequest;
  /**
   * Alternatives, of which the first that can be satisfied is used. At most 8.
   * @proto 3
   * @listType atomic
   */
  firstAvailable?: DeviceSubRequest[];
}

/** What a device has to match; exactly one of its fields is set. */
export interface DeviceSelector {
  /**
   * A CEL expression that has to be true.
   * @proto 1
   */
  cel?: CELDeviceSelector;
}

/** One of several alternatives of a request. */
export interface DeviceSubRequest {
  /**
   * Name of the alternative, unique in its request; a DNS label. References have the form `request/subrequest`.
   * @proto 1
   */
  name: string;
  /**
   * Name of the DeviceClass whose devices are wanted.
   * @proto 2
   */
  deviceClassName: string;
  /**
   * What a device has to match besides the selectors of its class, all of them. At most 32.
   * @proto 3
   * @listType atomic
   */
  selectors?: DeviceSelector[];
  /**
   * ExactCount for as many devices as count says, All for every device of a pool that matches. Defaults to
   * ExactCount.
   * @proto 4
   */
  allocationMode?: DeviceAllocationMode;
  /**
   * How many devices are wanted in mode ExactCount. Defaults to 1.
   * @proto 5
   */
  count?: Int64;
  /**
   * Taints of devices that are tolerated.
   * @proto 6
   * @listType atomic
   */
  tolerations?: DeviceToleration[];
  /**
   * How much capacity each device has to have.
   * @proto 7
   */
  capacity?: CapacityRequirements;
}

/** Tolerates taints of devices that match key, value and effect. */
export interface DeviceToleration {
  /**
   * Key of the taints; empty for all keys, with operator Exists. A label name.
   * @proto 1
   */
  key?: string;
  /**
   * How values are compared: Exists for any value, Equal for the same one.
   * @proto 2
   * @default "Equal"
   */
  operator?: DeviceTolerationOperator;
  /**
   * Value of the taints; empty with operator Exists. A label value.
   * @proto 3
   */
  value?: string;
  /**
   * Effect of the taints; any when empty.
   * @proto 4
   */
  effect?: DeviceTaintEffect;
  /**
   * For how many seconds taints of effect NoExecute are tolerated; for ever when unset, not at all when 0 or less.
   * @proto 5
   */
  tolerationSeconds?: Int64;
}

/**
 * How values of taints are compared.
 * @enumeration
 */
export type DeviceTolerationOperator = "Exists" | "Equal";

/** A request for devices of one class. */
export interface ExactDeviceRequest {
  /**
   * Name of the DeviceClass whose devices are wanted.
   * @proto 1
   */
  deviceClassName: string;
  /**
   * What a device has to match besides the selectors of its class, all of them. At most 32.
   * @proto 2
   * @listType atomic
   */
  selectors?: DeviceSelector[];
  /**
   * ExactCount for as many devices as count says, All for every device of a pool that matches. Defaults to
   * ExactCount.
   * @proto 3
   */
  allocationMode?: DeviceAllocationMode;
  /**
   * How many devices are wanted in mode ExactCount. Defaults to 1.
   * @proto 4
   */
  count?: Int64;
  /**
   * Whether devices are wanted for administration, such as monitoring, even if they are in use. Only in namespaces
   * with the label `resource.kubernetes.io/admin-access: "true"`.
   * @proto 5
   */
  adminAccess?: boolean;
  /**
   * Taints of devices that are tolerated.
   * @proto 6
   * @listType atomic
   */
  tolerations?: DeviceToleration[];
  /**
   * How much capacity each device has to have.
   * @proto 7
   */
  capacity?: CapacityRequirements;
}

/** Name of an attribute with its domain: `domain/name`. */
export type FullyQualifiedName = string;

/** How devices count as a resource of their node. */
export interface NodeAllocatableResourceMapping {
  /**
   * Name of the capacity of the device whose allocated amount counts; the number of devices when unset.
   * @proto 1
   */
  capacityKey?: QualifiedName;
  /**
   * What the amount or number is multiplied with. Defaults to 1.
   * @proto 2
   */
  allocationMultiplier?: Quantity;
}

/** Configuration in a form that only a driver knows. */
export interface OpaqueDeviceConfiguration {
  /**
   * Name of the driver that the configuration is for.
   * @proto 1
   */
  driver: string;
  /**
   * The configuration: an object of at most 10 KiB, which should say its kind and apiVersion.
   * @proto 2
   */
  parameters: RawExtension;
}

/**
 * Name of an attribute or capacity, with its domain (`domain/name`) or without: then its domain is the name of the
 * driver.
 */
export type QualifiedName = string;

/**
 * Asks for devices and tells which were allocated. Pods name the claims that they use.
 * @kind
 */
export interface ResourceClaim extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Which devices are asked for. Immutable.
   * @proto 2
   */
  spec: ResourceClaimSpec;
  /**
   * What was allocated, and who uses it.
   * @proto 3
   * @alwaysPresent
   */
  status?: ResourceClaimStatus;
}

/**
 * List of ResourceClaim objects.
 * @kind
 */
export interface ResourceClaimList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The ResourceClaim objects.
   * @proto 2
   */
  items: ResourceClaim[];
}

/** Which devices a claim asks for. */
export interface ResourceClaimSpec {
  /**
   * The requests for devices.
   * @proto 1
   * @alwaysPresent
   */
  devices?: DeviceClaim;
}

/**
 * Makes a ResourceClaim for each Pod that names it.
 * @kind
 */
export interface ResourceClaimTemplate extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * The claims that are made. Immutable: make another template instead.
   * @proto 2
   */
  spec: ResourceClaimTemplateSpec;
}

/**
 * List of ResourceClaimTemplate objects.
 * @kind
 */
export interface ResourceClaimTemplateList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * The ResourceClaimTemplate objects.
   * @proto 2
   */
  items: ResourceClaimTemplate[];
}

/** What claims of a template are like. */
export interface ResourceClaimTemplateSpec {
  /**
   * Labels and annotations of the claims; nothing else may be set.
   * @proto 1
   * @alwaysPresent
   */
  metadata?: ObjectMeta;
  /**
   * Spec of the claims.
   * @proto 2
   */
  spec: ResourceClaimSpec;
}
