import type { JSONSchemaProps, ValidationRule } from "../apiextensions/v1.ts";
import { FieldPathError, parseFieldPath } from "../cel/field-path-text.ts";
import { ruleErrors } from "../cel/rule-costs.ts";
import { buildRuleTree, type RuleTree } from "../cel/rule-tree.ts";
import { type FieldError, invalidField, notSupportedField, requiredField } from "../field-error.ts";
import type { FieldPath } from "../field-path.ts";
import { itemsOf, valuesOf } from "./schema-parts.ts";

const reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

/**
 * Whether the validation rules of a schema are right. They are compiled only when their form is and `isSound` says that
 * there is nothing else wrong with the schema.
 */
export function checkRules(schema: JSONSchemaProps, path: FieldPath, isSound: boolean): FieldError[] {
  const errors: FieldError[] = [];
  checkForms(schema, path, errors);
  if (errors.length > 0 || !isSound) return errors;
  const tree = buildRuleTree(schema, true);
  if (!tree) return [];
  checkOldSelf(tree, path, errors);
  return [...ruleErrors(tree, path), ...errors];
}

function checkForms(schema: JSONSchemaProps, path: FieldPath, errors: FieldError[]): void {
  for (const [index, rule] of (schema["x-kubernetes-validations"] ?? []).entries()) {
    checkForm(rule, schema, path.child("x-kubernetes-validations").index(index), errors);
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    checkForms(property, path.child("properties").key(name), errors);
  }
  const [values, items] = [valuesOf(schema), itemsOf(schema)];
  if (values) checkForms(values, path.child("additionalProperties"), errors);
  if (items) checkForms(items, path.child("items"), errors);
}

function checkForm(rule: ValidationRule, schema: JSONSchemaProps, path: FieldPath, errors: FieldError[]): void {
  const { message = "", messageExpression = "", fieldPath = "", reason } = rule;
  const text = message.trim();
  if (rule.rule.trim() === "") errors.push(requiredField(path.child("rule"), "rule is not specified"));
  else if (message !== "" && text === "") {
    errors.push(invalidField(path.child("message"), message, "message must be non-empty if specified"));
  } else if (hasLineBreaks(text)) {
    errors.push(invalidField(path.child("message"), message, "message must not contain line breaks"));
  } else if (hasLineBreaks(rule.rule.trim()) && text === "") {
    const detail = "message must be specified if rule contains line breaks";
    errors.push(requiredField(path.child("message"), detail));
  }
  if (messageExpression !== "" && messageExpression.trim() === "") {
    const detail = "messageExpression must be non-empty if specified";
    errors.push(requiredField(path.child("messageExpression"), detail));
  }
  if (reason !== undefined && !reasons.includes(reason)) {
    errors.push(notSupportedField(path.child("reason"), reason, reasons));
  }
  if (fieldPath !== "") checkFieldPath(fieldPath, schema, path.child("fieldPath"), errors);
}

function checkFieldPath(text: string, schema: JSONSchemaProps, path: FieldPath, errors: FieldError[]): void {
  if (text.trim() === "") errors.push(invalidField(path, text, "fieldPath must be non-empty if specified"));
  if (hasLineBreaks(text)) errors.push(invalidField(path, text, "fieldPath must not contain line breaks"));
  try {
    parseFieldPath(text, schema);
  } catch (error) {
    if (!(error instanceof FieldPathError)) throw error;
    errors.push(invalidField(path, text, "fieldPath must be a valid path"));
  }
}

function hasLineBreaks(text: string): boolean {
  return /[\n\r]/.test(text);
}

/** Only transition rules can be checked on creation, too. */
function checkOldSelf(tree: RuleTree, path: FieldPath, errors: FieldError[]): void {
  for (const [index, { source, program, usesOldSelf }] of tree.rules.entries()) {
    if (source.optionalOldSelf === undefined || !program || usesOldSelf) continue;
    const at = path.child("x-kubernetes-validations").index(index).child("optionalOldSelf");
    errors.push(invalidField(at, source.optionalOldSelf, "may not be set if oldSelf is not used in rule"));
  }
  for (const [name, property] of tree.properties) checkOldSelf(property, path.child("properties").key(name), errors);
  if (tree.items) checkOldSelf(tree.items, path.child("items"), errors);
  if (tree.additionalProperties) checkOldSelf(tree.additionalProperties, path.child("additionalProperties"), errors);
}
