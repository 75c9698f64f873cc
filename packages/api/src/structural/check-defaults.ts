import type { JSONSchemaProps } from "../apiextensions/v1.ts";
import { aggregateFieldErrors, type FieldError, invalidField } from "../field-error.ts";
import type { FieldPath } from "../field-path.ts";
import { cloneJson, jsonEqual } from "../json-value.ts";
import { checkEmbedded, coerceEmbedded, type MetadataRules } from "./embedded-objects.ts";
import { prune } from "./prune.ts";
import { itemsOf, objectFields } from "./schema-parts.ts";
import { below } from "./value-problems.ts";
import { ValueValidator } from "./value-validator.ts";

/** Makes the smallest object that holds a value at the place where a schema stands. */
type Surround = (value: unknown) => Record<string, unknown>;

const newObject: Surround = (value) => ({
  apiVersion: "validation/v1",
  kind: "Validation",
  ...(value as Record<string, unknown>),
});

/**
 * Whether the defaults of a structural schema are valid by it and, where that is asked, have no unknown fields. The
 * schema is that of an object.
 */
export function checkDefaults(
  schema: JSONSchemaProps,
  path: FieldPath,
  rules: MetadataRules,
  requirePruned: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  const root = { ...schema, "x-kubernetes-embedded-resource": true };
  checkNode(root, path, { root, surround: newObject, insideMeta: false, rules, requirePruned }, errors);
  return errors;
}

interface Place {
  /** The schema of the object that the place is in. */
  readonly root: JSONSchemaProps;
  readonly surround: Surround;
  readonly insideMeta: boolean;
  readonly rules: MetadataRules;
  readonly requirePruned: boolean;
}

function checkNode(schema: JSONSchemaProps, path: FieldPath, outer: Place, errors: FieldError[]): void {
  const isObject = schema["x-kubernetes-embedded-resource"] ?? false;
  const place: Place = isObject ? { ...outer, root: schema, surround: newObject, insideMeta: false } : outer;
  if (schema.default !== undefined && schema.default !== null) {
    const at = path.child("default");
    errors.push(...(place.insideMeta ? checkInMetadata(schema, at, place) : checkDefault(schema, at, place)));
  }
  const items = itemsOf(schema);
  if (items)
    checkNode(
      items,
      path.child("items"),
      inside(place, (value) => [value]),
      errors,
    );
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const insideMeta = place.insideMeta || (isObject && objectFields.has(name));
    const inner = inside(place, (value) => ({ [name]: value }));
    checkNode(property, path.child("properties").key(name), { ...inner, insideMeta }, errors);
  }
}

function inside(place: Place, wrap: (value: unknown) => unknown): Place {
  return { ...place, surround: (value) => place.surround(wrap(value)) };
}

/** A default of a part of apiVersion, kind or metadata is checked as part of an object. */
function checkInMetadata(schema: JSONSchemaProps, path: FieldPath, { root, surround, rules }: Place): FieldError[] {
  const object = surround(cloneJson(schema.default));
  const { errors } = coerceEmbedded(object, root, true);
  const problems = errors.length > 0 ? errors : checkEmbedded(object, root, true, rules);
  if (problems.length > 0) {
    const detail = `must result in valid metadata: ${aggregateFieldErrors(problems)}`;
    return [invalidField(path, schema.default, detail)];
  }
  return checkValue(schema, path);
}

function checkDefault(schema: JSONSchemaProps, path: FieldPath, { rules, requirePruned }: Place): FieldError[] {
  const isObject = schema["x-kubernetes-embedded-resource"] ?? false;
  const value = cloneJson(schema.default);
  const unpruned: FieldError[] = [];
  if (requirePruned) {
    prune(value, schema, isObject);
    if (!jsonEqual(value, schema.default)) {
      unpruned.push(invalidField(path, schema.default, "must not have unknown fields"));
    }
  }
  const { errors } = coerceEmbedded(cloneJson(schema.default), schema, isObject, path);
  if (errors.length > 0) return [...unpruned, ...errors];
  const problems = checkEmbedded(schema.default, schema, isObject, rules, path);
  return [...unpruned, ...(problems.length > 0 ? problems : checkValue(schema, path))];
}

function checkValue(schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  return below(String(path), new ValueValidator(schema).validate(schema.default));
}
