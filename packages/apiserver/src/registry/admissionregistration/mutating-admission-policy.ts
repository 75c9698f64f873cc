import type { MutatingAdmissionPolicy } from "@kube-ts/api/admissionregistration/v1";
import { type FieldError, requiredField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { mutatingAdmissionPolicies } from "@kube-ts/api/resource-types";
import type { CompileExpression } from "../meta/compile-expression.ts";
import { countChange, startGeneration } from "../meta/generation.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkRequiredChoice } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { type ResourceDefinition, type Strategy, defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";
import { reservedNameWarnings } from "./reserved-names.ts";
import { checkMatchConditions } from "./validate-match-conditions.ts";
import { checkMatchConstraints, checkParamKind, defaultMatchResources } from "./validate-match-resources.ts";
import { checkMutatingOperations, checkMutation } from "./validate-mutation.ts";
import { type PolicyExpressions, checkVariables } from "./validate-policy-expressions.ts";

const specPath = fieldPath("spec");

export function mutatingAdmissionPolicyResource(
  compile: CompileExpression,
): ResourceDefinition<MutatingAdmissionPolicy> {
  return defineResource<MutatingAdmissionPolicy>({
    type: mutatingAdmissionPolicies,
    singular: "mutatingadmissionpolicy",
    categories: ["api-extensions"],
    storagePrefix: "mutatingadmissionpolicies",
    strategy: strategyWith(compile),
    columns: {
      definitions: [
        nameColumn,
        column("Mutations", "integer", "How many changes the policy makes."),
        column("ParamKind", "string", "Kind of the policy's parameters."),
        ageColumn,
      ],
      row(policy, nowMs) {
        const { mutations, paramKind } = policy.spec;
        const kind = paramKind ? `${paramKind.apiVersion ?? ""}/${paramKind.kind ?? ""}` : "<unset>";
        return { cells: [nameCell(policy), mutations?.length ?? 0, kind, ageCell(policy, nowMs)] };
      },
    },
  });
}

function strategyWith(compile: CompileExpression): Strategy<MutatingAdmissionPolicy> {
  return {
    defaults({ spec }) {
      spec.failurePolicy ??= "Fail";
      defaultMatchResources(spec.matchConstraints);
    },
    prepareForCreate: startGeneration,
    prepareForUpdate(policy, old) {
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

function validatePolicy({ metadata, spec }: MutatingAdmissionPolicy, compile: CompileExpression): FieldError[] {
  const errors = validateObjectMeta(metadata, "Cluster", subdomainName);
  const expressions: PolicyExpressions = {
    compile,
    hasParams: spec.paramKind !== undefined,
    variables: spec.variables ?? [],
  };
  checkRequiredChoice(spec.failurePolicy, ["Fail", "Ignore"], specPath.child("failurePolicy"), errors);
  if (spec.paramKind) checkParamKind(spec.paramKind, specPath.child("paramKind"), errors);
  const constraintsPath = specPath.child("matchConstraints");
  checkMatchConstraints(spec.matchConstraints, constraintsPath, errors);
  checkMutatingOperations(spec.matchConstraints, constraintsPath, errors);
  checkMatchConditions(spec.matchConditions ?? [], expressions, specPath.child("matchConditions"), errors);
  checkVariables(spec.variables ?? [], expressions, specPath.child("variables"), errors);
  if (!spec.mutations?.length) {
    errors.push(requiredField(specPath.child("mutations"), "mutations must contain at least one item"));
  }
  for (const [index, mutation] of (spec.mutations ?? []).entries()) {
    checkMutation(mutation, expressions, specPath.child("mutations").index(index), errors);
  }
  checkRequiredChoice(spec.reinvocationPolicy, ["IfNeeded", "Never"], specPath.child("reinvocationPolicy"), errors);
  return errors;
}
