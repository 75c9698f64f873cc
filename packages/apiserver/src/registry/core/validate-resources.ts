import type { ResourceClaim, ResourceList, ResourceRequirements } from "@kube-ts/api/core/v1";
import {
  type FieldError,
  duplicateField,
  forbiddenField,
  invalidField,
  notFoundField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { dns1123LabelErrors, qualifiedNameErrors } from "@kube-ts/api/names";
import { type Quantity, parseQuantity } from "@kube-ts/api/quantity";
import { checkTexts, negativeText, notPositiveText } from "../meta/validate-fields.ts";
import {
  isExtendedResource,
  isHugePageResource,
  isIntegerResource,
  isNativeResource,
  isOvercommitAllowed,
  isPodLevelResource,
  isStandardContainerResource,
  isStandardResource,
  podLevelResources,
} from "./resource-names.ts";

type NameCheck = (name: string, path: FieldPath, errors: FieldError[]) => void;

/** What a container asks for; `claimNames` are the resource claims of its pod. */
export function checkContainerResources(
  resources: ResourceRequirements,
  claimNames: ReadonlySet<string>,
  path: FieldPath,
  errors: FieldError[],
): void {
  checkRequirements(resources, checkContainerResourceName, path, errors);
  if (resources.claims) checkClaims(resources.claims, claimNames, path.child("claims"), errors);
}

/** What a pod as a whole asks for. */
export function checkPodLevelRequirements(
  resources: ResourceRequirements,
  path: FieldPath,
  errors: FieldError[],
): void {
  checkRequirements(resources, checkPodLevelResourceName, path, errors);
}

/** An amount: not negative, and whole where the resource is counted. */
export function checkAmount(name: string, amount: Quantity, path: FieldPath, errors: FieldError[]): void {
  if (amount.sign() < 0) errors.push(invalidField(path, amount.toString(), negativeText));
  if (isIntegerResource(name) && amount.milliValue() % 1000 !== 0) {
    errors.push(invalidField(path, amount.toString(), "must be an integer"));
  }
}

/** Checks each amount of a list as `checkAmount` does. */
export function checkAmounts(
  list: ResourceList | undefined,
  pathOf: (name: string) => FieldPath,
  errors: FieldError[],
): void {
  for (const [name, text] of Object.entries(list ?? {})) {
    checkAmount(name, parseQuantity(text), pathOf(name), errors);
  }
}

export function checkPositiveAmount(text: string, path: FieldPath, errors: FieldError[]): void {
  const amount = parseQuantity(text);
  if (amount.sign() <= 0) errors.push(invalidField(path, amount.toString(), notPositiveText));
}

/** An amount that only has to be no less than zero. */
export function checkBasicAmount(text: string, path: FieldPath, errors: FieldError[]): void {
  const value = parseQuantity(text).value();
  if (value < 0) errors.push(invalidField(path, value, "must be a valid resource quantity"));
}

/** The name of a resource of any kind. */
export function checkResourceName(name: string, path: FieldPath, errors: FieldError[]): void {
  const texts = qualifiedNameErrors(name);
  checkTexts(texts, name, path, errors);
  if (texts.length === 0 && !name.includes("/") && !isStandardResource(name)) {
    errors.push(invalidField(path, name, "must be a standard resource type or fully qualified"));
  }
}

/** The name of a resource that a container can ask for. */
export function checkContainerResourceName(name: string, path: FieldPath, errors: FieldError[]): void {
  if (isStandardContainerResource(name)) {
    if (isHugePageResource(name)) checkTexts(qualifiedNameErrors(name), name, path, errors);
    return;
  }
  checkResourceName(name, path, errors);
  if (!name.includes("/")) {
    errors.push(invalidField(path, name, "must be a standard resource for containers"));
  } else if (!isNativeResource(name) && !isExtendedResource(name)) {
    errors.push(invalidField(path, name, "doesn't follow extended resource name standard"));
  }
}

function checkPodLevelResourceName(name: string, path: FieldPath, errors: FieldError[]): void {
  const before = errors.length;
  checkResourceName(name, path, errors);
  if (errors.length === before && !isPodLevelResource(name)) {
    errors.push(notSupportedField(path, name, podLevelResources));
  }
}

function checkRequirements(
  resources: ResourceRequirements,
  checkName: NameCheck,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { limits, requests } = resources;
  if (limits === undefined && requests === undefined) return;
  const parsedLimits = checkLimits(limits, checkName, path.child("limits"), errors);
  checkRequests(requests, parsedLimits, checkName, path, errors);
  const names = [...Object.keys(limits ?? {}), ...Object.keys(requests ?? {})];
  if (names.some(isHugePageResource) && !names.includes("cpu") && !names.includes("memory")) {
    errors.push(forbiddenField(path, "HugePages require cpu or memory"));
  }
}

function checkLimits(
  limits: ResourceList | undefined,
  checkName: NameCheck,
  path: FieldPath,
  errors: FieldError[],
): ReadonlyMap<string, Quantity> {
  const parsed = new Map<string, Quantity>();
  for (const name in limits) {
    const amount = parseQuantity(limits[name] ?? "0");
    parsed.set(name, amount);
    const namePath = path.key(name);
    checkName(name, namePath, errors);
    checkAmount(name, amount, namePath, errors);
    checkHugePageAmount(name, amount, namePath, errors);
  }
  return parsed;
}

function checkRequests(
  requests: ResourceList | undefined,
  limits: ReadonlyMap<string, Quantity>,
  checkName: NameCheck,
  path: FieldPath,
  errors: FieldError[],
): void {
  const requestsPath = path.child("requests");
  for (const name in requests) {
    const amount = parseQuantity(requests[name] ?? "0");
    const namePath = requestsPath.key(name);
    checkName(name, namePath, errors);
    checkAmount(name, amount, namePath, errors);
    const limit = limits.get(name);
    if (limit !== undefined) {
      const relation = amount.compare(limit);
      if (relation !== 0 && !isOvercommitAllowed(name)) {
        const text = `must be equal to ${name} limit of ${limit.toString()}`;
        errors.push(invalidField(requestsPath, amount.toString(), text));
      } else if (relation > 0) {
        const text = `must be less than or equal to ${name} limit of ${limit.toString()}`;
        errors.push(invalidField(requestsPath, amount.toString(), text));
      }
    } else if (!isOvercommitAllowed(name)) {
      errors.push(requiredField(path.child("limits"), "Limit must be set for non overcommitable resources"));
    }
    checkHugePageAmount(name, amount, namePath, errors);
  }
}

function checkHugePageAmount(name: string, amount: Quantity, path: FieldPath, errors: FieldError[]): void {
  if (isHugePageResource(name) && !isMultipleOfPage(name, amount)) {
    const text = `${amount.toString()} is not positive integer multiple of ${name}`;
    errors.push(invalidField(path, amount.toString(), text));
  }
}

function isMultipleOfPage(name: string, amount: Quantity): boolean {
  let pageBytes: number;
  try {
    pageBytes = parseQuantity(name.slice("hugepages-".length)).value();
  } catch {
    return false;
  }
  return pageBytes > 0 && amount.value() % pageBytes === 0;
}

function checkClaims(
  claims: readonly ResourceClaim[],
  podClaims: ReadonlySet<string>,
  path: FieldPath,
  errors: FieldError[],
): void {
  const seen = new Set<string>();
  for (const [index, { name, request }] of claims.entries()) {
    if (name === "") {
      errors.push(requiredField(path.index(index), ""));
      continue;
    }
    checkClaimUse(name, request ?? "", seen, path.index(index), errors);
    if (!podClaims.has(name)) {
      const known = podClaims.size === 0 ? " which is empty" : `: ${[...podClaims].sort().join(", ")}`;
      const detail = `must be one of the names in pod.spec.resourceClaims${known}`;
      errors.push({ ...notFoundField(path.index(index), name), detail });
    }
  }
}

function checkClaimUse(name: string, request: string, seen: Set<string>, path: FieldPath, errors: FieldError[]): void {
  if (seen.has(name)) {
    errors.push(duplicateField(path, name));
    return;
  }
  const key = request === "" ? name : `${name}/${request}`;
  if (request !== "") checkTexts(dns1123LabelErrors(request), request, path.child("request"), errors);
  if (seen.has(key)) {
    errors.push(duplicateField(path, key));
  } else if (request === "" && [...seen].some((other) => other.startsWith(`${name}/`))) {
    errors.push(duplicateField(path, name));
  }
  seen.add(key);
}
