import { type FieldError, forbiddenField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { priorityClasses } from "@kube-ts/api/resource-types";
import type { PriorityClass } from "@kube-ts/api/scheduling/v1";
import { startGeneration } from "../meta/generation.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkImmutable, checkRequiredChoice } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";

const systemPrefix = "system-";
const highestUserValue = 1_000_000_000;
/** The classes that the API server makes itself, with their values. */
export const systemPriorityClasses: Readonly<Record<string, number>> = {
  "system-cluster-critical": 2_000_000_000,
  "system-node-critical": 2_000_001_000,
};

export const priorityClassResource = defineResource<PriorityClass>({
  type: priorityClasses,
  singular: "priorityclass",
  shortNames: ["pc"],
  storagePrefix: "priorityclasses",
  strategy: {
    defaults(priorityClass) {
      dropZeroFields(priorityClass, ["globalDefault", "description"]);
      priorityClass.value ??= 0;
      priorityClass.preemptionPolicy ??= "PreemptLowerPriority";
    },
    prepareForCreate: startGeneration,
    prepareForUpdate() {},
    validateCreate: validatePriorityClass,
    validateUpdate(priorityClass, old) {
      const errors = validateObjectMetaUpdate(priorityClass.metadata, old.metadata);
      if (priorityClass.value !== old.value) {
        errors.push(forbiddenField("value", "may not be changed in an update."));
      }
      const path = fieldPath("preemptionPolicy");
      checkImmutable(priorityClass.preemptionPolicy, old.preemptionPolicy, path, errors);
      return errors;
    },
    deletionProblem: (name) =>
      Object.hasOwn(systemPriorityClasses, name) ? "this is a system priority class and cannot be deleted" : undefined,
  },
  columns: {
    definitions: [
      nameColumn,
      column("Value", "integer", "Priority of pods of the class."),
      column("Global-Default", "boolean", "Whether pods that name no class are of this one."),
      ageColumn,
      column("PreemptionPolicy", "string", "Whether pods of the class may displace others."),
    ],
    row: (priorityClass, nowMs) => ({
      cells: [
        nameCell(priorityClass),
        priorityClass.value ?? 0,
        priorityClass.globalDefault ?? false,
        ageCell(priorityClass, nowMs),
        priorityClass.preemptionPolicy ?? "",
      ],
    }),
  },
});

function validatePriorityClass(priorityClass: PriorityClass): FieldError[] {
  const errors = validateObjectMeta(priorityClass.metadata, "Cluster", subdomainName);
  const { name = "" } = priorityClass.metadata;
  const { value = 0, preemptionPolicy } = priorityClass;
  if (name.startsWith(systemPrefix)) {
    const problem = systemClassProblem(name, priorityClass);
    if (problem !== undefined) {
      const text = `priority class names with '${systemPrefix}' prefix are reserved for system use only. error: ${problem}`;
      errors.push(forbiddenField("metadata.name", text));
    }
  } else if (value > highestUserValue) {
    const text = `maximum allowed value of a user defined priority is ${highestUserValue}`;
    errors.push(forbiddenField("value", text));
  }
  const policies = ["PreemptLowerPriority", "Never"];
  if (preemptionPolicy !== undefined) {
    checkRequiredChoice(preemptionPolicy, policies, fieldPath("preemptionPolicy"), errors);
  }
  return errors;
}

function systemClassProblem(name: string, { value = 0, globalDefault = false }: PriorityClass): string | undefined {
  const expected = systemPriorityClasses[name];
  if (expected === undefined) return `${name} is not a known system priority class`;
  if (value !== expected) return `value of ${name} PriorityClass must be ${expected}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}
