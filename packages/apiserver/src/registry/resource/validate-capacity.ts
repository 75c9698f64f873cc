import { type FieldError, forbiddenField, invalidField, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { type Quantity, parseQuantity, quantityOf } from "@kube-ts/api/quantity";
import type { CapacityRequestPolicy, CapacityRequestPolicyRange, DeviceCapacity } from "@kube-ts/api/resource/v1";
import { checkLimitedSet } from "./limited-list.ts";

const maxValidValues = 10;

/** Which amounts of a capacity can be requested; there is nothing to say for devices that are allocated whole. */
export function checkCapacity(
  capacity: DeviceCapacity,
  isShared: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  const policy = capacity.requestPolicy;
  if (!policy) return;
  const policyPath = path.child("requestPolicy");
  if (!isShared) {
    errors.push(forbiddenField(policyPath, "allowMultipleAllocations must be true"));
    return;
  }
  const whole = quantityOf(capacity.value);
  const { validValues = [], validRange, default: fallback } = policy;
  if (validValues.length > 0 && validRange) {
    const text = 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time';
    errors.push(forbiddenField(policyPath, text));
  } else if (validValues.length > 0) {
    if (fallback === undefined) errors.push(requiredField(policyPath.child("default"), defaultText("validValues")));
    else checkValidValues(parseQuantity(fallback), whole, validValues, policyPath.child("validValues"), errors);
  } else if (validRange) {
    if (fallback === undefined) errors.push(requiredField(policyPath.child("default"), defaultText("validRange")));
    else checkRange(parseQuantity(fallback), whole, validRange, policyPath.child("validRange"), errors);
  }
}

function defaultText(field: keyof CapacityRequestPolicy): string {
  return `required when ${field} is defined`;
}

/** The amounts ascend, fit, and have the default among them. */
function checkValidValues(
  fallback: Quantity,
  whole: Quantity,
  texts: readonly string[],
  path: FieldPath,
  errors: FieldError[],
): void {
  const values = texts.map(parseQuantity);
  for (const [index, value] of values.entries()) {
    const before = values[index - 1];
    if (before && before.compare(value) > 0) {
      errors.push(invalidField(path.index(index), value.toString(), "values must be sorted in ascending order"));
    }
  }
  const check = (value: Quantity, itemPath: FieldPath) => {
    if (value.compare(whole) <= 0) return;
    const text = `option is larger than capacity value: ${whole.toString()}`;
    errors.push(invalidField(itemPath, value.toString(), text));
  };
  checkLimitedSet(values, maxValidValues, check, (value) => String(value.value()), path, errors);
  if (values.length <= maxValidValues && values.some((value) => value.equals(fallback))) return;
  errors.push(invalidField(path, fallback.toString(), "default value is not valid according to the requestPolicy"));
}

function checkRange(
  fallback: Quantity,
  whole: Quantity,
  range: CapacityRequestPolicyRange,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (range.min === undefined) {
    errors.push(requiredField(path.child("min"), "required when validRange is defined"));
    return;
  }
  const min = parseQuantity(range.min);
  const max = range.max === undefined ? undefined : parseQuantity(range.max);
  const checkNotMore = (field: string, value: Quantity, limit: Quantity, text: string) => {
    if (value.compare(limit) > 0) {
      errors.push(invalidField(path.child(field), value.toString(), `${text}: ${limit.toString()}`));
    }
  };
  checkNotMore("min", min, whole, "min is larger than capacity value");
  if (fallback.compare(min) < 0) {
    const text = `default is less than min: ${min.toString()}`;
    errors.push(invalidField(path.child("default"), fallback.toString(), text));
  }
  if (max) {
    checkNotMore("max", min, max, "min is larger than max");
    checkNotMore("max", max, whole, "max is larger than capacity value");
    checkNotMore("default", fallback, max, "default is more than max");
  }
  if (range.step === undefined) return;
  checkStep({ fallback, whole, min, max, step: parseQuantity(range.step) }, path.child("step"), errors);
}

interface SteppedRange {
  readonly fallback: Quantity;
  readonly whole: Quantity;
  readonly min: Quantity;
  readonly max: Quantity | undefined;
  readonly step: Quantity;
}

/** The default and the end of the range are whole steps away from its start. */
function checkStep({ fallback, whole, min, max, step }: SteppedRange, path: FieldPath, errors: FieldError[]): void {
  if (step.sign() <= 0) {
    errors.push(invalidField(path, step.toString(), "must be greater than zero"));
    return;
  }
  const first = min.add(step);
  if (first.compare(whole) > 0) {
    const text = `one step ${first.toString()} is larger than capacity value: ${whole.toString()}`;
    errors.push(invalidField(path, step.toString(), text));
  }
  const [start, stride] = [BigInt(min.value()), BigInt(step.value())];
  for (const value of max ? [fallback, max] : [fallback]) {
    if ((BigInt(value.value()) - start) % stride === 0n) continue;
    const text = `value is not a multiple of a given step (${step.toString()}) from (${min.toString()})`;
    errors.push(invalidField(path, value.toString(), text));
  }
}
