import type {
  MutatingAdmissionPolicyBinding,
  ValidatingAdmissionPolicyBinding,
  ValidationAction,
} from "@kube-ts/api/admissionregistration/v1";
import {
  type FieldError,
  duplicateField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { mutatingAdmissionPolicyBindings, validatingAdmissionPolicyBindings } from "@kube-ts/api/resource-types";
import { countChange, startGeneration } from "../meta/generation.ts";
import { subdomainName } from "../meta/object-names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { type ResourceDefinition, defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";
import { reservedNameWarnings } from "./reserved-names.ts";
import {
  checkMatchResources,
  checkParamRef,
  checkPolicyName,
  defaultMatchResources,
  paramRefText,
} from "./validate-match-resources.ts";
import { checkMutatingOperations } from "./validate-mutation.ts";

type Binding = ValidatingAdmissionPolicyBinding | MutatingAdmissionPolicyBinding;

const specPath = fieldPath("spec");
const actions = ["Audit", "Deny", "Warn"];

export const validatingAdmissionPolicyBindingResource = bindingResource<ValidatingAdmissionPolicyBinding>(
  validatingAdmissionPolicyBindings,
  "validatingadmissionpolicybinding",
  ({ spec }, errors) => checkActions(spec.validationActions ?? [], specPath.child("validationActions"), errors),
);

export const mutatingAdmissionPolicyBindingResource = bindingResource<MutatingAdmissionPolicyBinding>(
  mutatingAdmissionPolicyBindings,
  "mutatingadmissionpolicybinding",
  ({ spec }, errors) => checkMutatingOperations(spec.matchResources, specPath.child("matchResources"), errors),
);

function bindingResource<T extends Binding>(
  type: ResourceType<T>,
  singular: string,
  checkMore: (binding: T, errors: FieldError[]) => void,
): ResourceDefinition<T> {
  const validate = (binding: T): FieldError[] => {
    const { metadata, spec } = binding;
    const errors = validateObjectMeta(metadata, "Cluster", subdomainName);
    checkPolicyName(spec.policyName, specPath.child("policyName"), errors);
    checkParamRef(spec.paramRef, specPath.child("paramRef"), errors);
    checkMatchResources(spec.matchResources, specPath.child("matchResources"), errors);
    checkMore(binding, errors);
    return errors;
  };
  return defineResource<T>({
    type,
    singular,
    categories: ["api-extensions"],
    storagePrefix: type.plural,
    strategy: {
      defaults: ({ spec }) => defaultMatchResources(spec.matchResources),
      prepareForCreate: startGeneration,
      prepareForUpdate: (binding, old) => countChange(binding, binding.spec, old.spec),
      validateCreate: validate,
      validateUpdate: (binding, old) => [
        ...validateObjectMetaUpdate(binding.metadata, old.metadata),
        ...validate(binding),
      ],
      warnings: reservedNameWarnings,
      allowUnconditionalUpdate: false,
    },
    columns: {
      definitions: [
        nameColumn,
        column("PolicyName", "string", "Policy that is bound."),
        column("ParamRef", "string", "Parameters that the policy is evaluated with."),
        ageColumn,
      ],
      row: (binding, nowMs) => ({
        cells: [
          nameCell(binding),
          binding.spec.policyName ?? "",
          paramRefText(binding.spec.paramRef),
          ageCell(binding, nowMs),
        ],
      }),
    },
  });
}

/** What failed validations lead to; at least one thing, each once. */
function checkActions(given: readonly ValidationAction[], path: FieldPath, errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const [index, action] of given.entries()) {
    if (!actions.includes(action)) errors.push(notSupportedField(path.index(index), action, actions));
    if (seen.has(action)) errors.push(duplicateField(path.index(index), action));
    seen.add(action);
  }
  if (seen.has("Deny") && seen.has("Warn")) {
    const why = "repeating the same validation failure information in the API response and headers serves no purpose";
    errors.push(invalidField(path, given, `must not contain both Deny and Warn (${why})`));
  }
  if (seen.size === 0) errors.push(requiredField(path, "at least one validation action is required"));
}
