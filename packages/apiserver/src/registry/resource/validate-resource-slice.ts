import { type FieldError, invalidField, requiredField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { dns1123SubdomainErrors } from "@kube-ts/api/names";
import type { CounterSet, Device, ResourcePool, ResourceSliceSpec } from "@kube-ts/api/resource/v1";
import { checkNodeSelector } from "../core/validate-node-selector.ts";
import { checkDriverName } from "../core/validate-volume-sources.ts";
import { checkImmutable, checkTexts } from "../meta/validate-fields.ts";
import { checkLimitedSet } from "./limited-list.ts";
import { checkCounters, checkDevice } from "./validate-device.ts";
import { checkLabel, checkPoolName } from "./validate-device-names.ts";

const specPath = fieldPath("spec");
const maxDevices = 128;
/** What fits when devices have parts that take more room. */
const maxLargeDevices = 64;
const maxCounterSets = 8;
const oneOfNodes = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";

export function checkSliceSpec(
  spec: ResourceSliceSpec,
  old: ResourceSliceSpec | undefined,
  errors: FieldError[],
): void {
  checkDriverName(spec.driver, specPath.child("driver"), errors);
  checkPool(spec.pool, specPath.child("pool"), errors);
  if (old) {
    checkImmutable(spec.pool.name, old.pool.name, specPath.child("pool", "name"), errors);
    checkImmutable(spec.driver, old.driver, specPath.child("driver"), errors);
    checkImmutable(spec.nodeName, old.nodeName, specPath.child("nodeName"), errors);
  }
  checkNodes(spec, errors);
  if (spec.sharedCounters && spec.devices) {
    errors.push(invalidField(specPath, "", "only one of `sharedCounters` or `devices` is allowed"));
  }
  const before = new Map((old?.devices ?? []).map((device) => [device.name, device]));
  const hasOwnNodes = spec.perDeviceNodeSelection ?? false;
  const devices = spec.devices ?? [];
  checkLimitedSet(
    devices,
    devices.some(isLarge) ? maxLargeDevices : maxDevices,
    (device, path) => checkDevice(device, before.get(device.name), hasOwnNodes, path, errors),
    ({ name }) => name,
    specPath.child("devices"),
    errors,
  );
  const countersPath = specPath.child("sharedCounters");
  checkLimitedSet(spec.sharedCounters ?? [], maxCounterSets, checkCounterSet, ({ name }) => name, countersPath, errors);
}

function isLarge({ taints, consumesCounters, attributes = {} }: Device): boolean {
  if (taints?.length || consumesCounters?.length) return true;
  return Object.values(attributes).some(({ bools, ints, strings, versions }) => bools ?? ints ?? strings ?? versions);
}

function checkPool(
  { name, resourceSliceCount, generation }: ResourcePool,
  path: FieldPath,
  errors: FieldError[],
): void {
  checkPoolName(name, path.child("name"), errors);
  if (resourceSliceCount <= 0) {
    errors.push(invalidField(path.child("resourceSliceCount"), resourceSliceCount, "must be greater than zero"));
  }
  if (generation < 0) {
    errors.push(invalidField(path.child("generation"), generation, "must be greater than or equal to zero"));
  }
}

function checkCounterSet({ name, counters }: CounterSet, path: FieldPath, errors: FieldError[]): void {
  if (name === "") errors.push(requiredField(path.child("name"), ""));
  else checkLabel(name, path.child("name"), errors);
  checkCounters(counters, path.child("counters"), errors);
}

/** Which nodes can use the devices, in one of four ways. */
function checkNodes(spec: ResourceSliceSpec, errors: FieldError[]): void {
  const { nodeName, nodeSelector } = spec;
  const set: string[] = [];
  if (nodeName === "") {
    const text = "must be either unset or set to a non-empty string";
    errors.push(invalidField(specPath.child("nodeName"), nodeName, text));
  } else if (nodeName !== undefined) {
    set.push("`nodeName`");
    checkTexts(dns1123SubdomainErrors(nodeName), nodeName, specPath.child("nodeName"), errors);
  }
  if (nodeSelector) {
    set.push("`nodeSelector`");
    checkNodeSelector(nodeSelector, specPath.child("nodeSelector"), errors);
    const terms = nodeSelector.nodeSelectorTerms ?? [];
    if (terms.length !== 1) {
      const termsPath = specPath.child("nodeSelector", "nodeSelectorTerms");
      errors.push(invalidField(termsPath, terms, "must have exactly one node selector term"));
    }
  }
  for (const field of ["allNodes", "perDeviceNodeSelection"] as const) {
    if (spec[field]) set.push(`\`${field}\``);
    else if (spec[field] === false) {
      errors.push(invalidField(specPath.child(field), false, "must be either unset or set to true"));
    }
  }
  if (set.length === 0) errors.push(requiredField(specPath, oneOfNodes));
  else if (set.length > 1) {
    errors.push(invalidField(specPath, `{${set.join(", ")}}`, `${oneOfNodes}, but multiple fields are set`));
  }
}
