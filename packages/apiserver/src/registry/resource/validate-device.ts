import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type FieldError, invalidField, requiredField, tooLongField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { dns1123SubdomainErrors } from "@kube-ts/api/names";
import type {
  Counter,
  Device,
  DeviceAttribute,
  DeviceCapacity,
  DeviceCounterConsumption,
} from "@kube-ts/api/resource/v1";
import { checkNodeSelector } from "../core/validate-node-selector.ts";
import { checkTexts } from "../meta/validate-fields.ts";
import { checkLimitedList, checkLimitedMap, checkLimitedSet } from "./limited-list.ts";
import { checkBindingConditions } from "./validate-binding-conditions.ts";
import { checkCapacity } from "./validate-capacity.ts";
import { checkLabel, checkQualifiedName, maxQualifiedNameLength } from "./validate-device-names.ts";
import { checkDeviceTaint } from "./validate-device-taints.ts";

const maxAttributesAndCapacities = 32;
const maxValueLength = 64;
const maxTaints = 16;
const maxConsumedSets = 2;
const maxCounters = 32;
const maxLabelLength = 63;
const nodeFields = ["nodeName", "nodeSelector", "allNodes"] as const;
const oneValueText = "exactly one value must be specified";

const number = "(0|[1-9]\\d*)";
const preRelease = "(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)";
const build = "[0-9a-zA-Z-]+";
const semanticVersion = new RegExp(
  `^${number}\\.${number}\\.${number}(-${preRelease}(\\.${preRelease})*)?(\\+${build}(\\.${build})*)?$`,
);

/** One device. What is as it was in `old` is not looked at again where rules have become stricter. */
export function checkDevice(
  device: Device,
  old: Device | undefined,
  hasOwnNodes: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { attributes = {}, capacity = {} } = device;
  checkLabel(device.name, path.child("name"), errors);
  const count = Object.keys(attributes).length + Object.keys(capacity).length;
  if (count > maxAttributesAndCapacities) {
    const text = `the total number of attributes and capacities must not exceed ${maxAttributesAndCapacities}`;
    errors.push(invalidField(path, count, text));
  }
  const limits = { max: Infinity, keyLength: maxQualifiedNameLength };
  checkLimitedMap(attributes, limits, checkQualifiedName, checkAttribute, path.child("attributes"), errors);
  if (!old || !semanticEqual(old.capacity, device.capacity)) {
    const check = (value: DeviceCapacity, itemPath: FieldPath) =>
      checkCapacity(value, device.allowMultipleAllocations ?? false, itemPath, errors);
    checkLimitedMap(capacity, limits, checkQualifiedName, check, path.child("capacity"), errors);
  }
  if (!old || !semanticEqual(old.taints, device.taints)) {
    checkLimitedList(device.taints ?? [], maxTaints, checkDeviceTaint, path.child("taints"), errors);
  }
  const setOf = ({ counterSet }: DeviceCounterConsumption) => counterSet;
  const consumed = device.consumesCounters ?? [];
  checkLimitedSet(consumed, maxConsumedSets, checkConsumption, setOf, path.child("consumesCounters"), errors);
  if (hasOwnNodes) checkNodes(device, path, errors);
  else if (nodeFields.some((field) => device[field] !== undefined)) {
    const text =
      "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
    errors.push(invalidField(path, null, text));
  }
  checkBindingConditions(device, path, errors);
}

/** Counters by name. */
export function checkCounters(
  counters: Readonly<Record<string, Counter>> | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (!counters || Object.keys(counters).length === 0) {
    errors.push(requiredField(path, ""));
    return;
  }
  const limits = { max: maxCounters, keyLength: maxLabelLength };
  checkLimitedMap(counters, limits, checkLabel, () => {}, path, errors);
}

function checkConsumption(
  { counterSet, counters }: DeviceCounterConsumption,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (counterSet === "") errors.push(requiredField(path.child("counterSet"), ""));
  else checkLabel(counterSet, path.child("counterSet"), errors);
  checkCounters(counters, path.child("counters"), errors);
}

function checkAttribute(attribute: DeviceAttribute, path: FieldPath, errors: FieldError[]): void {
  const { string, version } = attribute;
  if (string !== undefined) checkLength(string, path.child("string"), errors);
  if (version !== undefined) checkVersion(version, path.child("version"), errors);
  for (const field of ["bools", "ints", "strings", "versions"] as const) {
    const values = attribute[field];
    if (!values) continue;
    const listPath = path.child(field);
    if (values.length === 0) errors.push(invalidField(listPath, values, "must not be empty if specified"));
    for (const [index, value] of values.entries()) {
      if (typeof value !== "string") continue;
      if (field === "versions") checkVersion(value, listPath.index(index), errors);
      else checkLength(value, listPath.index(index), errors);
    }
  }
  const count = Object.values(attribute).filter((value) => value !== undefined).length;
  if (count !== 1) errors.push(invalidField(path, count === 0 ? "" : attribute, oneValueText));
}

function checkVersion(version: string, path: FieldPath, errors: FieldError[]): void {
  if (!semanticVersion.test(version)) {
    errors.push(invalidField(path, version, "must be a string compatible with semver.org spec 2.0.0"));
  }
  checkLength(version, path, errors);
}

function checkLength(value: string, path: FieldPath, errors: FieldError[]): void {
  if (Buffer.byteLength(value) > maxValueLength) errors.push(tooLongField(path, maxValueLength));
}

/** Which nodes can use the device, in one of three ways. */
function checkNodes({ nodeName, nodeSelector, allNodes }: Device, path: FieldPath, errors: FieldError[]): void {
  const set: string[] = [];
  if (nodeName === "") errors.push(invalidField(path.child("nodeName"), nodeName, "must not be empty"));
  else if (nodeName !== undefined) {
    set.push("`nodeName`");
    checkTexts(dns1123SubdomainErrors(nodeName), nodeName, path.child("nodeName"), errors);
  }
  if (nodeSelector) {
    set.push("`nodeSelector`");
    checkNodeSelector(nodeSelector, path.child("nodeSelector"), errors);
  }
  if (allNodes) set.push("`allNodes`");
  else if (allNodes === false) {
    errors.push(invalidField(path.child("allNodes"), allNodes, "must be either unset or set to true"));
  }
  const text =
    "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
  if (set.length === 0) errors.push(requiredField(path, text));
  else if (set.length > 1) errors.push(invalidField(path, `{${set.join(", ")}}`, text));
}
