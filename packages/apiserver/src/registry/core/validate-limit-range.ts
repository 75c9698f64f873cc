import type { LimitRange, LimitRangeItem, ResourceList } from "@kube-ts/api/core/v1";
import { type FieldError, duplicateField, forbiddenField, invalidField, requiredField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { qualifiedNameErrors } from "@kube-ts/api/names";
import { Quantity, parseQuantity } from "@kube-ts/api/quantity";
import { subdomainName } from "../meta/object-names.ts";
import { checkTexts } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { isOvercommitAllowed } from "./resource-names.ts";
import { checkContainerResourceName, checkResourceName } from "./validate-resources.ts";

const limitsPath = fieldPath("spec", "limits");
const standardTypes = ["Pod", "Container", "PersistentVolumeClaim"];
const maxMilliValue = Number.MAX_SAFE_INTEGER / 1000;
const one = Quantity.fromInteger(1);

export function validateLimitRange(range: LimitRange): FieldError[] {
  const errors = validateObjectMeta(range.metadata, "Namespaced", subdomainName);
  const types = new Set<string>();
  for (const [index, item] of (range.spec.limits ?? []).entries()) {
    const path = limitsPath.index(index);
    checkType(item.type, path.child("type"), errors);
    if (types.has(item.type)) errors.push(duplicateField(path.child("type"), item.type));
    types.add(item.type);
    checkItem(item, path, errors);
  }
  return errors;
}

export function validateLimitRangeUpdate(range: LimitRange, old: LimitRange): FieldError[] {
  return [...validateObjectMetaUpdate(range.metadata, old.metadata), ...validateLimitRange(range)];
}

function checkType(type: string, path: FieldPath, errors: FieldError[]): void {
  const texts = qualifiedNameErrors(type);
  checkTexts(texts, type, path, errors);
  if (texts.length === 0 && !type.includes("/") && !standardTypes.includes(type)) {
    errors.push(invalidField(path, type, "must be a standard limit type or fully qualified"));
  }
}

function checkItem(item: LimitRangeItem, path: FieldPath, errors: FieldError[]): void {
  const checkNames = (field: keyof LimitRangeItem & string, list: ResourceList | undefined) => {
    const check = item.type === "Pod" || item.type === "Container" ? checkContainerResourceName : checkResourceName;
    for (const name of Object.keys(list ?? {})) check(name, path.child(field).key(name), errors);
  };
  checkNames("max", item.max);
  checkNames("min", item.min);
  for (const field of ["default", "defaultRequest"] as const) {
    if (item.type !== "Pod") checkNames(field, item[field]);
    else if (Object.keys(item[field] ?? {}).length > 0) {
      errors.push(forbiddenField(path.child(field), "may not be specified when `type` is 'Pod'"));
    }
  }
  if (item.type === "PersistentVolumeClaim" && !item.min?.["storage"] && !item.max?.["storage"]) {
    const text = "either minimum or maximum storage value is required, but neither was provided";
    errors.push(requiredField(path.child("limits"), text));
  }
  checkNames("maxLimitRequestRatio", item.maxLimitRequestRatio);
  const names = new Set(
    [item.max, item.min, item.default, item.defaultRequest, item.maxLimitRequestRatio].flatMap((list) =>
      Object.keys(list ?? {}),
    ),
  );
  for (const name of names) checkBounds(name, item, path, errors);
}

function checkBounds(name: string, item: LimitRangeItem, path: FieldPath, errors: FieldError[]): void {
  const isPod = item.type === "Pod";
  const min = amountOf(item.min, name);
  const max = amountOf(item.max, name);
  const limit = isPod ? undefined : amountOf(item.default, name);
  const request = isPod ? undefined : amountOf(item.defaultRequest, name);
  const requestPath = path.child("defaultRequest").key(name);
  const limitPath = path.child("default").key(name);
  const check = (
    small: Quantity | undefined,
    smallName: string,
    large: Quantity | undefined,
    largeName: string,
    at: FieldPath,
    value: Quantity | undefined,
  ) => {
    if (small === undefined || large === undefined || small.compare(large) <= 0) return;
    const text = `${smallName} value ${small.toString()} is greater than ${largeName} value ${large.toString()}`;
    errors.push(invalidField(at, value?.toString(), text));
  };
  check(min, "min", max, "max", path.child("min").key(name), min);
  check(min, "min", request, "default request", requestPath, request);
  check(request, "default request", max, "max", requestPath, request);
  check(request, "default request", limit, "default limit", requestPath, request);
  check(min, "min", limit, "default", limitPath, min);
  check(limit, "default", max, "max", limitPath, max);
  checkRatio(amountOf(item.maxLimitRequestRatio, name), min, max, path.child("maxLimitRequestRatio").key(name), errors);
  if (!isOvercommitAllowed(name) && limit && request && !limit.equals(request)) {
    const text = `default value ${limit.toString()} must equal to defaultRequest value ${request.toString()} in ${name}`;
    errors.push(invalidField(requestPath, request.toString(), text));
  }
}

function checkRatio(
  ratio: Quantity | undefined,
  min: Quantity | undefined,
  max: Quantity | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (ratio === undefined) return;
  if (ratio.compare(one) < 0) {
    errors.push(invalidField(path, ratio.toString(), `ratio ${ratio.toString()} is less than 1`));
  }
  if (min === undefined || max === undefined) return;
  const isSmall = [ratio, min, max].every((amount) => amount.value() < maxMilliValue);
  const ratioValue = isSmall ? ratio.milliValue() / 1000 : ratio.value();
  const bound = isSmall ? max.milliValue() / min.milliValue() : max.value() / min.value();
  if (ratioValue > bound) {
    const text = `ratio ${ratio.toString()} is greater than max/min = ${bound.toFixed(6)}`;
    errors.push(invalidField(path, ratio.toString(), text));
  }
}

function amountOf(list: ResourceList | undefined, name: string): Quantity | undefined {
  const text = list?.[name];
  return text === undefined ? undefined : parseQuantity(text);
}
