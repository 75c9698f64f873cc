import type { Condition, ListMeta, ObjectMeta, TypeMeta } from "../../meta/v1/object-meta.ts";
import type { Int64, Quantity, RawExtension } from "../../meta/v1/primitives.ts";
import type { DeviceAllocationMode, ResourceClaimStatus } from "./resource-claim-status.ts";
import type { DeviceTaint, DeviceTaintEffect } from "./resource-slice.ts";

/** CELDeviceSelector. */
export interface CELDeviceSelector {
  /**
   * CELDeviceSelector.expression.
   * @proto 1
   */
  expression: string;
}

/** CapacityRequirements. */
export interface CapacityRequirements {
  /**
   * CapacityRequirements.requests.
   * @proto 1
   */
  requests?: Record<string, Quantity>;
}

/** DeviceClaim. */
export interface DeviceClaim {
  /**
   * DeviceClaim.requests.
   * @proto 1
   * @listType atomic
   */
  requests?: DeviceRequest[];
  /**
   * DeviceClaim.constraints.
   * @proto 2
   * @listType atomic
   */
  constraints?: DeviceConstraint[];
  /**
   * DeviceClaim.config.
   * @proto 3
   * @listType atomic
   */
  config?: DeviceClaimConfiguration[];
}

/** DeviceClaimConfiguration. */
export interface DeviceClaimConfiguration extends DeviceConfiguration {
  /**
   * DeviceClaimConfiguration.requests.
   * @proto 1
   * @listType atomic
   */
  requests?: string[];
}

/** DeviceConfiguration. */
export interface DeviceConfiguration {
  /**
   * DeviceConfiguration.opaque.
   * @proto 1
   */
  opaque?: OpaqueDeviceConfiguration;
}

/** DeviceConstraint. */
export interface DeviceConstraint {
  /**
   * DeviceConstraint.requests.
   * @proto 1
   * @listType atomic
   */
  requests?: string[];
  /**
   * DeviceConstraint.matchAttribute.
   * @proto 2
   */
  matchAttribute?: FullyQualifiedName;
  /**
   * DeviceConstraint.distinctAttribute.
   * @proto 3
   */
  distinctAttribute?: FullyQualifiedName;
}

/** DeviceRequest. */
export interface DeviceRequest {
  /**
   * DeviceRequest.name.
   * @proto 1
   */
  name: string;
  /**
   * DeviceRequest.exactly.
   * @proto 2
   */
  exactly?: ExactDeviceRequest;
  /**
   * DeviceRequest.firstAvailable.
   * @proto 3
   * @listType atomic
   */
  firstAvailable?: DeviceSubRequest[];
}

/** DeviceSelector. */
export interface DeviceSelector {
  /**
   * DeviceSelector.cel.
   * @proto 1
   */
  cel?: CELDeviceSelector;
}

/** DeviceSubRequest. */
export interface DeviceSubRequest {
  /**
   * DeviceSubRequest.name.
   * @proto 1
   */
  name: string;
  /**
   * DeviceSubRequest.deviceClassName.
   * @proto 2
   */
  deviceClassName: string;
  /**
   * DeviceSubRequest.selectors.
   * @proto 3
   * @listType atomic
   */
  selectors?: DeviceSelector[];
  /**
   * DeviceSubRequest.allocationMode.
   * @proto 4
   */
  allocationMode?: DeviceAllocationMode;
  /**
   * DeviceSubRequest.count.
   * @proto 5
   */
  count?: Int64;
  /**
   * DeviceSubRequest.tolerations.
   * @proto 6
   * @listType atomic
   */
  tolerations?: DeviceToleration[];
  /**
   * DeviceSubRequest.capacity.
   * @proto 7
   */
  capacity?: CapacityRequirements;
}

/**
 * DeviceTaintRule.
 * @kind
 */
export interface DeviceTaintRule extends TypeMeta {
  /**
   * DeviceTaintRule.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * DeviceTaintRule.spec.
   * @proto 2
   */
  spec: DeviceTaintRuleSpec;
  /**
   * DeviceTaintRule.status.
   * @proto 3
   * @alwaysPresent
   */
  status?: DeviceTaintRuleStatus;
}

/**
 * DeviceTaintRuleList.
 * @kind
 */
export interface DeviceTaintRuleList extends TypeMeta {
  /**
   * DeviceTaintRuleList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * DeviceTaintRuleList.items.
   * @proto 2
   */
  items: DeviceTaintRule[];
}

/** DeviceTaintRuleSpec. */
export interface DeviceTaintRuleSpec {
  /**
   * DeviceTaintRuleSpec.deviceSelector.
   * @proto 1
   */
  deviceSelector?: DeviceTaintSelector;
  /**
   * DeviceTaintRuleSpec.taint.
   * @proto 2
   * @alwaysPresent
   */
  taint?: DeviceTaint;
}

/** DeviceTaintRuleStatus. */
export interface DeviceTaintRuleStatus {
  /**
   * DeviceTaintRuleStatus.conditions.
   * @proto 1
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: Condition[];
}

/** DeviceTaintSelector. */
export interface DeviceTaintSelector {
  /**
   * DeviceTaintSelector.driver.
   * @proto 2
   */
  driver?: string;
  /**
   * DeviceTaintSelector.pool.
   * @proto 3
   */
  pool?: string;
  /**
   * DeviceTaintSelector.device.
   * @proto 4
   */
  device?: string;
}

/** DeviceToleration. */
export interface DeviceToleration {
  /**
   * DeviceToleration.key.
   * @proto 1
   */
  key?: string;
  /**
   * DeviceToleration.operator.
   * @proto 2
   * @default "Equal"
   */
  operator?: DeviceTolerationOperator;
  /**
   * DeviceToleration.value.
   * @proto 3
   */
  value?: string;
  /**
   * DeviceToleration.effect.
   * @proto 4
   */
  effect?: DeviceTaintEffect;
  /**
   * DeviceToleration.tolerationSeconds.
   * @proto 5
   */
  tolerationSeconds?: Int64;
}

/**
 * DeviceTolerationOperator.
 * @enumeration
 */
export type DeviceTolerationOperator = "Exists" | "Equal";

/** ExactDeviceRequest. */
export interface ExactDeviceRequest {
  /**
   * ExactDeviceRequest.deviceClassName.
   * @proto 1
   */
  deviceClassName: string;
  /**
   * ExactDeviceRequest.selectors.
   * @proto 2
   * @listType atomic
   */
  selectors?: DeviceSelector[];
  /**
   * ExactDeviceRequest.allocationMode.
   * @proto 3
   */
  allocationMode?: DeviceAllocationMode;
  /**
   * ExactDeviceRequest.count.
   * @proto 4
   */
  count?: Int64;
  /**
   * ExactDeviceRequest.adminAccess.
   * @proto 5
   */
  adminAccess?: boolean;
  /**
   * ExactDeviceRequest.tolerations.
   * @proto 6
   * @listType atomic
   */
  tolerations?: DeviceToleration[];
  /**
   * ExactDeviceRequest.capacity.
   * @proto 7
   */
  capacity?: CapacityRequirements;
}

/** FullyQualifiedName. */
export type FullyQualifiedName = string;

/** NodeAllocatableMapping. */
export interface NodeAllocatableMapping {
  /**
   * NodeAllocatableMapping.capacityKey.
   * @proto 1
   */
  capacityKey?: QualifiedName;
  /**
   * NodeAllocatableMapping.capacityMultiplier.
   * @proto 2
   */
  capacityMultiplier?: Quantity;
  /**
   * NodeAllocatableMapping.deviceMultiplier.
   * @proto 3
   */
  deviceMultiplier?: Quantity;
}

/** NodeAllocatableOverhead. */
export interface NodeAllocatableOverhead {
  /**
   * NodeAllocatableOverhead.perPod.
   * @proto 1
   */
  perPod?: Quantity;
  /**
   * NodeAllocatableOverhead.perContainer.
   * @proto 2
   */
  perContainer?: Quantity;
}

/** NodeAllocatableResource. */
export interface NodeAllocatableResource {
  /**
   * NodeAllocatableResource.mapping.
   * @proto 3
   */
  mapping?: NodeAllocatableMapping;
  /**
   * NodeAllocatableResource.overhead.
   * @proto 4
   */
  overhead?: NodeAllocatableOverhead;
}

/** OpaqueDeviceConfiguration. */
export interface OpaqueDeviceConfiguration {
  /**
   * OpaqueDeviceConfiguration.driver.
   * @proto 1
   */
  driver: string;
  /**
   * OpaqueDeviceConfiguration.parameters.
   * @proto 2
   */
  parameters: RawExtension;
}

/** QualifiedName. */
export type QualifiedName = string;

/**
 * ResourceClaim.
 * @kind
 */
export interface ResourceClaim extends TypeMeta {
  /**
   * ResourceClaim.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * ResourceClaim.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec: ResourceClaimSpec;
  /**
   * ResourceClaim.status.
   * @proto 3
   * @alwaysPresent
   */
  status?: ResourceClaimStatus;
}

/**
 * ResourceClaimList.
 * @kind
 */
export interface ResourceClaimList extends TypeMeta {
  /**
   * ResourceClaimList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * ResourceClaimList.items.
   * @proto 2
   */
  items: ResourceClaim[];
}

/** ResourceClaimSpec. */
export interface ResourceClaimSpec {
  /**
   * ResourceClaimSpec.devices.
   * @proto 1
   * @alwaysPresent
   */
  devices?: DeviceClaim;
}

/**
 * ResourceClaimTemplate.
 * @kind
 */
export interface ResourceClaimTemplate extends TypeMeta {
  /**
   * ResourceClaimTemplate.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * ResourceClaimTemplate.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec: ResourceClaimTemplateSpec;
}

/**
 * ResourceClaimTemplateList.
 * @kind
 */
export interface ResourceClaimTemplateList extends TypeMeta {
  /**
   * ResourceClaimTemplateList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * ResourceClaimTemplateList.items.
   * @proto 2
   */
  items: ResourceClaimTemplate[];
}

/** ResourceClaimTemplateSpec. */
export interface ResourceClaimTemplateSpec {
  /**
   * ResourceClaimTemplateSpec.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata?: ObjectMeta;
  /**
   * ResourceClaimTemplateSpec.spec.
   * @proto 2
   * @alwaysPresent
   */
  spec?: ResourceClaimSpec;
}

/**
 * SkipNodeOperation.
 * @enumeration
 */
export type SkipNodeOperation = "NodePrepareResources" | "NodeUnprepareResources" | "*";
