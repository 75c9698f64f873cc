import type {
  AuditAnnotation,
  TypeChecking,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicySpec,
} from "@kube-ts/api/admissionregistration/v1";
import { type FieldError, duplicateField, invalidField, requiredField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { JsonPathError } from "@kube-ts/api/json-path/json-path";
import { parseJsonPath } from "@kube-ts/api/json-path/json-path-parser";
import { validatingAdmissionPolicies } from "@kube-ts/api/resource-types";
import type { CompileExpression } from "../meta/compile-expression.ts";
import { countChange, startGeneration } from "../meta/generation.ts";
import { keepMetadata } from "../meta/keep-metadata.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkConditions } from "../meta/validate-conditions.ts";
import { checkRequiredChoice } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { type PartStrategy, type ResourceDefinition, type Strategy, defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";
import { reservedNameWarnings } from "./reserved-names.ts";
import { checkMatchConditions } from "./validate-match-conditions.ts";
import { checkMatchConstraints, checkParamKind, defaultMatchResources } from "./validate-match-resources.ts";
import {
  type PolicyExpressions,
  checkAuditAnnotation,
  checkValidation,
  checkVariables,
} from "./validate-policy-expressions.ts";

const specPath = fieldPath("spec");
const statusPath = fieldPath("status");
const maxAuditAnnotations = 20;

export function validatingAdmissionPolicyResource(
  compile: CompileExpression,
): ResourceDefinition<ValidatingAdmissionPolicy> {
  return defineResource<ValidatingAdmissionPolicy>({
    type: validatingAdmissionPolicies,
    singular: "validatingadmissionpolicy",
    categories: ["api-extensions"],
    storagePrefix: "validatingadmissionpolicies",
    strategy: strategyWith(compile),
    status: statusStrategy,
    columns: {
      definitions: [
        nameColumn,
        column("Validations", "integer", "How many checks the policy makes."),
        column("ParamKind", "string", "Kind of the policy's parameters."),
        ageColumn,
      ],
      row(policy, nowMs) {
        const { validations, paramKind } = policy.spec;
        const kind = paramKind ? `${paramKind.apiVersion ?? ""}/${paramKind.kind ?? ""}` : "<unset>";
        return { cells: [nameCell(policy), validations?.length ?? 0, kind, ageCell(policy, nowMs)] };
      },
    },
  });
}

function strategyWith(compile: CompileExpression): Strategy<ValidatingAdmissionPolicy> {
  return {
    defaults({ spec, status }) {
      spec.failurePolicy ??= "Fail";
      defaultMatchResources(spec.matchConstraints);
      for (const validation of spec.validations ?? []) {
        dropZeroFields(validation, ["message", "messageExpression"]);
      }
      if (status) dropZeroFields(status, ["observedGeneration"]);
    },
    prepareForCreate(policy) {
      policy.status = {};
      startGeneration(policy);
    },
    prepareForUpdate(policy, old) {
      if (old.status !== undefined) policy.status = old.status;
      countChange(policy, policy.spec, old.spec);
    },
    validateCreate: (policy) => validatePolicy(policy, compile),
    validateUpdate: (policy, old) => [
      ...validateObjectMetaUpdate(policy.metadata, old.metadata),
      ...validatePolicy(policy, compile),
    ],
    warnings: reservedNameWarnings,
    allowUnconditionalUpdate: false,
  };
}

const statusStrategy: PartStrategy<ValidatingAdmissionPolicy> = {
  prepareForUpdate(policy, old) {
    keepMetadata(policy, old);
    policy.spec = old.spec;
  },
  validateUpdate(policy, old) {
    const errors = validateObjectMetaUpdate(policy.metadata, old.metadata);
    const { typeChecking, conditions } = policy.status ?? {};
    if (typeChecking) checkTypeChecking(typeChecking, statusPath.child("typeChecking"), errors);
    checkConditions(conditions ?? [], statusPath.child("conditions"), errors);
    return errors;
  },
};

function validatePolicy(policy: ValidatingAdmissionPolicy, compile: CompileExpression): FieldError[] {
  const { metadata, spec } = policy;
  const errors = validateObjectMeta(metadata, "Cluster", subdomainName);
  const expressions: PolicyExpressions = {
    compile,
    hasParams: spec.paramKind !== undefined,
    variables: spec.variables ?? [],
  };
  checkRequiredChoice(spec.failurePolicy, ["Fail", "Ignore"], specPath.child("failurePolicy"), errors);
  if (spec.paramKind) checkParamKind(spec.paramKind, specPath.child("paramKind"), errors);
  checkMatchConstraints(spec.matchConstraints, specPath.child("matchConstraints"), errors);
  checkMatchConditions(spec.matchConditions ?? [], expressions, specPath.child("matchConditions"), errors);
  checkVariables(spec.variables ?? [], expressions, specPath.child("variables"), errors);
  checkOutcomes(spec, metadata.name ?? "", expressions, errors);
  return errors;
}

function checkOutcomes(
  spec: ValidatingAdmissionPolicySpec,
  name: string,
  expressions: PolicyExpressions,
  errors: FieldError[],
): void {
  const { validations = [], auditAnnotations = [] } = spec;
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const text = "validations or auditAnnotations must contain at least one item";
    errors.push(requiredField(specPath.child("validations"), text));
    errors.push(requiredField(specPath.child("auditAnnotations"), text));
    return;
  }
  for (const [index, validation] of validations.entries()) {
    checkValidation(validation, expressions, specPath.child("validations").index(index), errors);
  }
  checkAuditAnnotations(auditAnnotations, name, expressions, errors);
}

function checkAuditAnnotations(
  annotations: readonly AuditAnnotation[],
  name: string,
  expressions: PolicyExpressions,
  errors: FieldError[],
): void {
  const path = specPath.child("auditAnnotations");
  if (annotations.length > maxAuditAnnotations) {
    errors.push(invalidField(path, annotations, `must not have more than ${maxAuditAnnotations} auditAnnotations`));
  }
  const keys = new Set<string>();
  for (const [index, annotation] of annotations.entries()) {
    checkAuditAnnotation(annotation, name, expressions, path.index(index), errors);
    if (keys.has(annotation.key)) errors.push(duplicateField(path.index(index).child("key"), annotation.key));
    keys.add(annotation.key);
  }
}

function checkTypeChecking({ expressionWarnings }: TypeChecking, path: FieldPath, errors: FieldError[]): void {
  for (const [index, { fieldRef, warning }] of (expressionWarnings ?? []).entries()) {
    const itemPath = path.child("expressionWarnings").index(index);
    if (warning === "") errors.push(requiredField(itemPath.child("warning"), ""));
    checkFieldRef(fieldRef.trim(), itemPath.child("fieldRef"), errors);
  }
}

function checkFieldRef(fieldRef: string, path: FieldPath, errors: FieldError[]): void {
  if (fieldRef === "") {
    errors.push(requiredField(path, ""));
    return;
  }
  try {
    // Upstream parses a path that begins with a name, as those that it writes do.
    parseJsonPath(/^[A-Za-z]/.test(fieldRef) ? `{.${fieldRef}}` : `{${fieldRef}}`);
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    errors.push(invalidField(path, fieldRef, `invalid JSONPath: ${error.message}`));
  }
}
