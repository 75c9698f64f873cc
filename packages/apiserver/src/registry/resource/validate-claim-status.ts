import { semanticEqual } from "@kube-ts/api/deep-equal";
import {
  type FieldError,
  forbiddenField,
  invalidField,
  requiredField,
  tooLongField,
  tooManyField,
} from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { goQuote } from "@kube-ts/api/go-quote";
import type {
  AllocatedDeviceStatus,
  AllocationResult,
  DeviceAllocationConfiguration,
  DeviceRequestAllocationResult,
  NetworkDeviceData,
  ResourceClaim,
  ResourceClaimConsumerReference,
  ResourceClaimStatus,
} from "@kube-ts/api/resource/v1";
import { formatIpAddress, parseIpAddress } from "@kube-ts/std/ip-address";
import { checkNodeSelector } from "../core/validate-node-selector.ts";
import { checkDriverName } from "../core/validate-volume-sources.ts";
import { checkConditions } from "../meta/validate-conditions.ts";
import { checkImmutable, checkRequiredChoice } from "../meta/validate-fields.ts";
import { checkLimitedList, checkLimitedSet } from "./limited-list.ts";
import { checkBindingConditions } from "./validate-binding-conditions.ts";
import {
  type RequestNames,
  checkDeviceConfiguration,
  checkRequestReference,
  checkRequestReferences,
  requestNamesOf,
} from "./validate-device-claim.ts";
import { checkLabel, checkPoolName, checkUuid } from "./validate-device-names.ts";
import { checkDeviceTolerations } from "./validate-device-taints.ts";
import { checkOpaqueObject } from "./validate-opaque-object.ts";

const statusPath = fieldPath("status");
const maxConsumers = 256;
const maxResults = 32;
const maxConfigs = 64;
const maxConditions = 8;
const maxAddresses = 16;
const maxInterfaceNameBytes = 256;
const maxHardwareAddressBytes = 128;

/** What was allocated for a claim, and who uses it. */
export function checkClaimStatus(claim: ResourceClaim, old: ResourceClaim, errors: FieldError[]): void {
  const status = claim.status ?? {};
  const oldStatus = old.status ?? {};
  const keyOf = ({ uid }: ResourceClaimConsumerReference) => uid;
  const consumersPath = statusPath.child("reservedFor");
  checkLimitedSet(status.reservedFor ?? [], maxConsumers, checkConsumer, keyOf, consumersPath, errors);
  checkDevices(status, errors);
  checkReservation(status, oldStatus, claim.metadata.deletionTimestamp !== undefined, errors);
  if (!status.allocation) return;
  const path = statusPath.child("allocation");
  if (oldStatus.allocation) checkImmutable(status.allocation, oldStatus.allocation, path, errors);
  else checkAllocation(status.allocation, requestNamesOf(claim.spec.devices), path, errors);
}

function checkConsumer(consumer: ResourceClaimConsumerReference, path: FieldPath, errors: FieldError[]): void {
  for (const field of ["resource", "name", "uid"] as const) {
    if (consumer[field] === "") errors.push(requiredField(path.child(field), ""));
  }
}

/** Only what is allocated can be reserved, and what is going away gets no new consumers. */
function checkReservation(
  status: ResourceClaimStatus,
  old: ResourceClaimStatus,
  isDeleted: boolean,
  errors: FieldError[],
): void {
  const consumers = status.reservedFor ?? [];
  const path = statusPath.child("reservedFor");
  if (consumers.length === 0) return;
  if (!status.allocation) {
    errors.push(forbiddenField(path, "may not be specified when `allocated` is not set"));
  } else if (isDeleted) {
    const isNew = (consumer: ResourceClaimConsumerReference) =>
      !old.reservedFor?.some((before) => semanticEqual(before, consumer));
    const text = "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set";
    if (consumers.some(isNew)) errors.push(forbiddenField(path, text));
  }
}

interface DeviceId {
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
  readonly shareID?: string;
}

function idText({ driver, pool, device, shareID }: DeviceId): string {
  const id = `${driver}/${pool}/${device}`;
  return shareID === undefined ? id : `${id}/${shareID}`;
}

function checkDevices({ allocation, devices = [] }: ResourceClaimStatus, errors: FieldError[]): void {
  const allocated = new Set((allocation?.devices?.results ?? []).map(idText));
  const check = (device: AllocatedDeviceStatus, path: FieldPath) => checkDevice(device, allocated, path, errors);
  checkLimitedSet(devices, Infinity, check, idText, statusPath.child("devices"), errors);
}

function checkDevice(
  device: AllocatedDeviceStatus,
  allocated: ReadonlySet<string>,
  path: FieldPath,
  errors: FieldError[],
): void {
  checkDriverName(device.driver, path.child("driver"), errors);
  checkPoolName(device.pool, path.child("pool"), errors);
  checkLabel(device.device, path.child("device"), errors);
  if (device.shareID !== undefined) checkUuid(device.shareID, path.child("shareID"), errors);
  if (!allocated.has(idText(device))) {
    errors.push(invalidField(path, idText(device), "must be an allocated device in the claim"));
  }
  const conditions = device.conditions ?? [];
  const conditionsPath = path.child("conditions");
  if (conditions.length > maxConditions) {
    errors.push(tooManyField(conditionsPath, conditions.length, maxConditions));
  }
  checkConditions(conditions, conditionsPath, errors);
  if (device.data !== undefined) checkOpaqueObject(device.data, false, path.child("data"), errors);
  if (device.networkData) checkNetworkData(device.networkData, path.child("networkData"), errors);
}

function checkNetworkData(data: NetworkDeviceData, path: FieldPath, errors: FieldError[]): void {
  const { interfaceName = "", hardwareAddress = "", ips = [] } = data;
  if (Buffer.byteLength(interfaceName) > maxInterfaceNameBytes) {
    errors.push(tooLongField(path.child("interfaceName"), maxInterfaceNameBytes));
  }
  if (Buffer.byteLength(hardwareAddress) > maxHardwareAddressBytes) {
    errors.push(tooLongField(path.child("hardwareAddress"), maxHardwareAddressBytes));
  }
  checkLimitedSet(ips, maxAddresses, checkInterfaceAddress, (ip) => ip, path.child("ips"), errors);
}

function checkInterfaceAddress(text: string, path: FieldPath, errors: FieldError[]): void {
  const [addressText = "", lengthText = ""] = text.split("/");
  const address = parseIpAddress(addressText);
  const length = /^[0-9]{1,3}$/.test(lengthText) ? Number(lengthText) : Infinity;
  if (!address || length > (address.family === "IPv4" ? 32 : 128) || text.split("/").length !== 2) {
    const form = "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)";
    errors.push(invalidField(path, text, form));
    return;
  }
  const canonical = `${formatIpAddress(address)}/${length}`;
  if (text !== canonical) errors.push(invalidField(path, text, `must be in canonical form (${goQuote(canonical)})`));
}

function checkAllocation(
  { devices = {}, nodeSelector }: AllocationResult,
  names: RequestNames,
  path: FieldPath,
  errors: FieldError[],
): void {
  const devicesPath = path.child("devices");
  checkLimitedList(
    devices.results ?? [],
    maxResults,
    (result, itemPath) => checkResult(result, names, itemPath, errors),
    devicesPath.child("results"),
    errors,
  );
  checkLimitedList(
    devices.config ?? [],
    maxConfigs,
    (config, itemPath) => checkConfig(config, names, itemPath, errors),
    devicesPath.child("config"),
    errors,
  );
  if (nodeSelector) checkNodeSelector(nodeSelector, path.child("nodeSelector"), errors);
}

function checkResult(
  result: DeviceRequestAllocationResult,
  names: RequestNames,
  path: FieldPath,
  errors: FieldError[],
): void {
  checkRequestReference(result.request, names, path.child("request"), errors);
  checkDriverName(result.driver, path.child("driver"), errors);
  checkPoolName(result.pool, path.child("pool"), errors);
  checkLabel(result.device, path.child("device"), errors);
  checkBindingConditions(result, path, errors);
  checkDeviceTolerations(result.tolerations, path.child("tolerations"), errors);
  if (result.shareID !== undefined) checkUuid(result.shareID, path.child("shareID"), errors);
}

function checkConfig(
  config: DeviceAllocationConfiguration,
  names: RequestNames,
  path: FieldPath,
  errors: FieldError[],
): void {
  checkRequiredChoice(config.source, ["FromClaim", "FromClass"], path.child("source"), errors);
  checkRequestReferences(config.requests ?? [], names, path.child("requests"), errors);
  checkDeviceConfiguration(config, false, path, errors);
}
