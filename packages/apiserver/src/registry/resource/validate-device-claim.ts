import {
  type FieldError,
  invalidField,
  notSupportedField,
  requiredField,
  tooLongField,
} from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import type {
  DeviceClaim,
  DeviceConfiguration,
  DeviceConstraint,
  DeviceRequest,
  DeviceSelector,
  DeviceSubRequest,
  ExactDeviceRequest,
} from "@kube-ts/api/resource/v1";
import { checkDriverName } from "../core/validate-volume-sources.ts";
import { type CompileExpression, checkExpression } from "../meta/compile-expression.ts";
import { notPositiveText } from "../meta/validate-fields.ts";
import { checkLimitedList, checkLimitedSet } from "./limited-list.ts";
import { checkFullyQualifiedName, checkLabel, checkSubdomain } from "./validate-device-names.ts";
import { checkDeviceTolerations } from "./validate-device-taints.ts";
import { checkOpaqueObject } from "./validate-opaque-object.ts";

const maxListed = 32;
const maxAlternatives = 8;
const maxExpressionBytes = 10 * 1024;
const allocationModes = ["All", "ExactCount"];
const oneOfRequests = "exactly one of `exactly` or `firstAvailable` is required";
const referenceText =
  "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

/** How selectors and parameters are looked at. */
export interface DeviceRules {
  readonly compile: CompileExpression;
  /** They are stored already. */
  readonly isStored: boolean;
}

/** The requests of a claim, and what they offer to choose from. */
export type RequestNames = ReadonlyMap<string, ReadonlySet<string>>;

export function requestNamesOf(claim: DeviceClaim | undefined): RequestNames {
  return new Map(
    (claim?.requests ?? []).map(({ name, firstAvailable }) => [
      name,
      new Set((firstAvailable ?? []).map((alternative) => alternative.name)),
    ]),
  );
}

/** Which devices a claim asks for. */
export function checkDeviceClaim(claim: DeviceClaim, rules: DeviceRules, path: FieldPath, errors: FieldError[]): void {
  const names = requestNamesOf(claim);
  checkLimitedSet(
    claim.requests ?? [],
    maxListed,
    (request, itemPath) => checkRequest(request, rules, itemPath, errors),
    ({ name }) => name,
    path.child("requests"),
    errors,
  );
  checkLimitedList(
    claim.constraints ?? [],
    maxListed,
    (constraint, itemPath) => checkConstraint(constraint, names, itemPath, errors),
    path.child("constraints"),
    errors,
  );
  checkLimitedList(
    claim.config ?? [],
    maxListed,
    (config, itemPath) => {
      checkRequestReferences(config.requests ?? [], names, itemPath.child("requests"), errors);
      checkDeviceConfiguration(config, rules.isStored, itemPath, errors);
    },
    path.child("config"),
    errors,
  );
}

function checkRequest(request: DeviceRequest, rules: DeviceRules, path: FieldPath, errors: FieldError[]): void {
  const { name, exactly, firstAvailable = [] } = request;
  checkLabel(name, path.child("name"), errors);
  if (exactly && firstAvailable.length > 0) {
    errors.push(invalidField(path, null, `${oneOfRequests}, but multiple fields are set`));
  } else if (exactly) {
    checkWanted(exactly, rules, path.child("exactly"), errors);
  } else if (firstAvailable.length > 0) {
    const check = (alternative: DeviceSubRequest, itemPath: FieldPath) => {
      checkLabel(alternative.name, itemPath.child("name"), errors);
      checkWanted(alternative, rules, itemPath, errors);
    };
    const listPath = path.child("firstAvailable");
    checkLimitedSet(firstAvailable, maxAlternatives, check, (alternative) => alternative.name, listPath, errors);
  } else {
    errors.push(requiredField(path, oneOfRequests));
  }
}

function checkWanted(
  wanted: ExactDeviceRequest | DeviceSubRequest,
  rules: DeviceRules,
  path: FieldPath,
  errors: FieldError[],
): void {
  const classPath = path.child("deviceClassName");
  if (wanted.deviceClassName === "") errors.push(requiredField(classPath, ""));
  else checkSubdomain(wanted.deviceClassName, classPath, errors);
  checkDeviceSelectors(wanted.selectors ?? [], rules, path.child("selectors"), errors);
  checkAllocationMode(wanted.allocationMode ?? "", wanted.count ?? 0, path, errors);
  checkDeviceTolerations(wanted.tolerations, path.child("tolerations"), errors);
}

function checkAllocationMode(mode: string, count: number, path: FieldPath, errors: FieldError[]): void {
  const countPath = path.child("count");
  if (mode === "All") {
    const text = `must not be specified when allocationMode is '${mode}'`;
    if (count !== 0) errors.push(invalidField(countPath, count, text));
  } else if (mode === "ExactCount") {
    if (count <= 0) errors.push(invalidField(countPath, count, notPositiveText));
  } else {
    errors.push(notSupportedField(path.child("allocationMode"), mode, allocationModes));
  }
}

/** Selectors of devices, each an expression. */
export function checkDeviceSelectors(
  selectors: readonly DeviceSelector[],
  { compile, isStored }: DeviceRules,
  path: FieldPath,
  errors: FieldError[],
): void {
  const check = ({ cel }: DeviceSelector, itemPath: FieldPath) => {
    const expressionPath = itemPath.child("cel", "expression");
    if (!cel) errors.push(requiredField(itemPath.child("cel"), ""));
    // What is stored has been compiled before, by rules that may have changed since.
    else if (isStored) return;
    else if (Buffer.byteLength(cel.expression) > maxExpressionBytes) {
      errors.push(tooLongField(expressionPath, maxExpressionBytes));
    } else {
      checkExpression(compile, cel.expression, { environment: "device" }, expressionPath, errors);
    }
  };
  checkLimitedList(selectors, maxListed, check, path, errors);
}

function checkConstraint(
  constraint: DeviceConstraint,
  names: RequestNames,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { requests = [], matchAttribute, distinctAttribute } = constraint;
  checkRequestReferences(requests, names, path.child("requests"), errors);
  if (matchAttribute !== undefined) {
    checkFullyQualifiedName(matchAttribute, path.child("matchAttribute"), errors);
  } else if (distinctAttribute !== undefined) {
    checkFullyQualifiedName(distinctAttribute, path.child("distinctAttribute"), errors);
  } else {
    // The wording is upstream's, though here none is set.
    const text = 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set';
    errors.push(requiredField(path, text));
  }
}

export function checkRequestReferences(
  references: readonly string[],
  names: RequestNames,
  path: FieldPath,
  errors: FieldError[],
): void {
  const check = (reference: string, itemPath: FieldPath) => checkRequestReference(reference, names, itemPath, errors);
  checkLimitedSet(references, maxListed, check, (reference) => reference, path, errors);
}

/** The name of a request, or of one of its alternatives. */
export function checkRequestReference(
  reference: string,
  names: RequestNames,
  path: FieldPath,
  errors: FieldError[],
): void {
  const segments = reference.split("/");
  if (segments.length <= 2) for (const segment of segments) checkLabel(segment, path, errors);
  const [request = "", alternative] = segments;
  const alternatives = names.get(request);
  const isKnown = alternatives !== undefined && (alternative === undefined || alternatives.has(alternative));
  if (segments.length > 2 || !isKnown) errors.push(invalidField(path, reference, referenceText));
}

export function checkDeviceConfiguration(
  { opaque }: DeviceConfiguration,
  isStored: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  const opaquePath = path.child("opaque");
  if (!opaque) {
    errors.push(requiredField(opaquePath, ""));
    return;
  }
  checkDriverName(opaque.driver, opaquePath.child("driver"), errors);
  checkOpaqueObject(opaque.parameters, isStored, opaquePath.child("parameters"), errors);
}
