import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type FieldError, invalidField, notSupportedField, requiredField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import type { FlowSchema, FlowSchemaSpec } from "@kube-ts/api/flowcontrol/v1";
import { nameOf } from "@kube-ts/api/object";
import { flowSchemas } from "@kube-ts/api/resource-types";
import { countChange, startGeneration } from "../meta/generation.ts";
import { keepMetadata } from "../meta/keep-metadata.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkTexts, isBlank } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";
import { exemptName, mandatoryFlowSchemas } from "./default-objects.ts";
import { checkFlowConditions } from "./validate-flow-conditions.ts";
import { checkFlowRule } from "./validate-flow-rules.ts";

const specPath = fieldPath("spec");
const defaultPrecedence = 1000;
const maxPrecedence = 10_000;
const distinguishers = ["ByNamespace", "ByUser"];

export const flowSchemaResource = defineResource<FlowSchema>({
  type: flowSchemas,
  singular: "flowschema",
  storagePrefix: "flowschemas",
  strategy: {
    defaults({ spec }) {
      spec.matchingPrecedence ||= defaultPrecedence;
      for (const rule of spec.rules ?? []) {
        for (const resourceRule of rule.resourceRules ?? []) dropZeroFields(resourceRule, ["clusterScope"]);
      }
    },
    prepareForCreate(schema) {
      schema.status = {};
      startGeneration(schema);
    },
    prepareForUpdate(schema, old) {
      if (old.status !== undefined) schema.status = old.status;
      countChange(schema, schema.spec, old.spec);
    },
    validateCreate: validateFlowSchema,
    validateUpdate: (schema, old) => [
      ...validateFlowSchema(schema),
      ...validateObjectMetaUpdate(schema.metadata, old.metadata),
    ],
  },
  status: {
    prepareForUpdate(schema, old) {
      keepMetadata(schema, old);
      schema.spec = old.spec;
    },
    validateUpdate(schema, old) {
      const errors = validateObjectMetaUpdate(schema.metadata, old.metadata);
      checkFlowConditions(schema.status?.conditions, errors);
      return errors;
    },
  },
  columns: {
    definitions: [
      nameColumn,
      column("PriorityLevel", "string", "Priority level of the requests that match."),
      column("MatchingPrecedence", "string", "Which schema wins: that with the lowest number."),
      column("DistinguisherMethod", "string", "How requests are told apart into flows."),
      ageColumn,
      column("MissingPL", "string", "Whether the priority level does not exist."),
    ],
    row(schema, nowMs) {
      const { spec, status } = schema;
      const dangling = status?.conditions?.find(({ type }) => type === "Dangling");
      return {
        cells: [
          nameCell(schema),
          spec.priorityLevelConfiguration.name,
          spec.matchingPrecedence ?? 0,
          spec.distinguisherMethod?.type ?? "<none>",
          ageCell(schema, nowMs),
          dangling ? (dangling.status ?? "") : "?",
        ],
      };
    },
  },
});

function validateFlowSchema(schema: FlowSchema): FieldError[] {
  const name = schema.metadata.name ?? "";
  const errors = validateObjectMeta(schema.metadata, "Cluster", subdomainName);
  checkSpec(schema.spec, name, errors);
  const mandatory = mandatoryFlowSchemas.find((candidate) => nameOf(candidate) === name);
  if (mandatory && !semanticEqual(schema.spec, mandatory.spec)) {
    errors.push(invalidField(specPath, schema.spec, `spec of '${name}' must equal the fixed value`));
  }
  checkFlowConditions(schema.status?.conditions, errors);
  return errors;
}

function checkSpec(spec: FlowSchemaSpec, name: string, errors: FieldError[]): void {
  checkPrecedence(spec.matchingPrecedence ?? 0, name, errors);
  const method = spec.distinguisherMethod;
  if (method && !distinguishers.includes(method.type)) {
    errors.push(notSupportedField(specPath.child("distinguisherMethod", "type"), method, distinguishers));
  }
  const levelName = spec.priorityLevelConfiguration.name;
  const levelPath = specPath.child("priorityLevelConfiguration", "name");
  if (isBlank(levelName)) errors.push(requiredField(levelPath, "must reference a priority level"));
  else checkTexts(subdomainName(levelName, false), levelName, levelPath, errors);
  for (const [index, rule] of (spec.rules ?? []).entries()) {
    checkFlowRule(rule, specPath.child("rules").index(index), errors);
  }
}

function checkPrecedence(precedence: number, name: string, errors: FieldError[]): void {
  const path = specPath.child("matchingPrecedence");
  if (precedence <= 0) errors.push(invalidField(path, precedence, "must be a positive value"));
  if (precedence > maxPrecedence) {
    errors.push(invalidField(path, precedence, `must not be greater than ${maxPrecedence}`));
  }
  if (precedence === 1 && name !== exemptName) {
    errors.push(invalidField(path, precedence, "only the schema named 'exempt' may have matchingPrecedence 1"));
  }
}
