import type { Float64, Int64 } from "../../meta/v1/primitives.ts";

/** A pointer to documentation elsewhere. */
export interface ExternalDocumentation {
  /**
   * What is found there.
   * @proto 1
   */
  description?: string;
  /**
   * Where it is.
   * @proto 2
   */
  url?: string;
}

/**
 * The reason that a failed validation rule reports to the client.
 * @enumeration
 */
export type FieldValueErrorReason =
  | "FieldValueRequired"
  | "FieldValueDuplicate"
  | "FieldValueInvalid"
  | "FieldValueForbidden";

/** Any JSON value, null included. */
export type JSON = unknown;

/** Schemas by name. */
export type JSONSchemaDefinitions = Record<string, JSONSchemaProps>;

/** By property, what an object with that property has to meet besides. */
export type JSONSchemaDependencies = Record<string, JSONSchemaPropsOrStringArray>;

/** A schema in the dialect of OpenAPI v3 with the Kubernetes extensions. */
export interface JSONSchemaProps {
  /**
   * Not supported in a custom resource's schema.
   * @proto 1
   */
  id?: string;
  /**
   * The dialect of JSON Schema; not supported in a custom resource's schema.
   * @proto 2
   */
  $schema?: JSONSchemaURL;
  /**
   * A reference to another schema; not supported in a custom resource's schema.
   * @proto 3
   */
  $ref?: string;
  /**
   * Documentation of the value, shown by `kubectl explain`.
   * @proto 4
   */
  description?: string;
  /**
   * The JSON type of the value: array, boolean, integer, number, object or string.
   * @proto 5
   */
  type?: string;
  /**
   * A named format that values have to be in, such as date-time, uuid, ipv4, int32 or byte. Unknown formats are ignored.
   * @proto 6
   */
  format?: string;
  /**
   * A short name of the value, for documentation.
   * @proto 7
   */
  title?: string;
  /**
   * The value that an absent field gets when the object is written and read. It must be valid and pruned.
   * @proto 8
   */
  default?: JSON;
  /**
   * The largest number allowed.
   * @proto 9
   */
  maximum?: Float64;
  /**
   * Whether the maximum itself is not allowed.
   * @proto 10
   */
  exclusiveMaximum?: boolean;
  /**
   * The smallest number allowed.
   * @proto 11
   */
  minimum?: Float64;
  /**
   * Whether the minimum itself is not allowed.
   * @proto 12
   */
  exclusiveMinimum?: boolean;
  /**
   * The largest number of characters in a string.
   * @proto 13
   */
  maxLength?: Int64;
  /**
   * The smallest number of characters in a string.
   * @proto 14
   */
  minLength?: Int64;
  /**
   * A regular expression in RE2 syntax that matches somewhere in every string allowed.
   * @proto 15
   */
  pattern?: string;
  /**
   * The largest number of items in an array.
   * @proto 16
   */
  maxItems?: Int64;
  /**
   * The smallest number of items in an array.
   * @proto 17
   */
  minItems?: Int64;
  /**
   * Not supported when true: a list type of set or map takes its place.
   * @proto 18
   */
  uniqueItems?: boolean;
  /**
   * Numbers have to be a whole multiple of this.
   * @proto 19
   */
  multipleOf?: Float64;
  /**
   * The only values allowed.
   * @proto 20
   * @listType atomic
   */
  enum?: JSON[];
  /**
   * The largest number of properties in an object.
   * @proto 21
   */
  maxProperties?: Int64;
  /**
   * The smallest number of properties in an object.
   * @proto 22
   */
  minProperties?: Int64;
  /**
   * The properties that an object must have.
   * @proto 23
   * @listType atomic
   */
  required?: string[];
  /**
   * The schema of an array's items.
   * @proto 24
   */
  items?: JSONSchemaPropsOrArray;
  /**
   * Schemas of which a value has to meet all.
   * @proto 25
   * @listType atomic
   */
  allOf?: JSONSchemaProps[];
  /**
   * Schemas of which a value has to meet exactly one.
   * @proto 26
   * @listType atomic
   */
  oneOf?: JSONSchemaProps[];
  /**
   * Schemas of which a value has to meet at least one.
   * @proto 27
   * @listType atomic
   */
  anyOf?: JSONSchemaProps[];
  /**
   * A schema that a value must not meet.
   * @proto 28
   */
  not?: JSONSchemaProps;
  /**
   * The schemas of an object's named properties.
   * @proto 29
   */
  properties?: Record<string, JSONSchemaProps>;
  /**
   * The schema of an object's values whose names are not listed, or whether there may be any. Excludes `properties`.
   * @proto 30
   */
  additionalProperties?: JSONSchemaPropsOrBool;
  /**
   * Not supported in a custom resource's schema.
   * @proto 31
   */
  patternProperties?: Record<string, JSONSchemaProps>;
  /**
   * Not supported in a custom resource's schema.
   * @proto 32
   */
  dependencies?: JSONSchemaDependencies;
  /**
   * Not supported in a custom resource's schema.
   * @proto 33
   */
  additionalItems?: JSONSchemaPropsOrBool;
  /**
   * Not supported in a custom resource's schema.
   * @proto 34
   */
  definitions?: JSONSchemaDefinitions;
  /**
   * Where more documentation is found.
   * @proto 35
   */
  externalDocs?: ExternalDocumentation;
  /**
   * A value as an example, for documentation.
   * @proto 36
   */
  example?: JSON;
  /**
   * Whether null is allowed; a null where it is not is dropped in favour of the default.
   * @proto 37
   */
  nullable?: boolean;
  /**
   * Keeps fields that the schema does not know, at this level; it cannot be false.
   * @proto 38
   */
  "x-kubernetes-preserve-unknown-fields"?: boolean;
  /**
   * The value is a whole Kubernetes object with apiVersion, kind and metadata of its own.
   * @proto 39
   */
  "x-kubernetes-embedded-resource"?: boolean;
  /**
   * The value is a whole number or a string; the type is left out.
   * @proto 40
   */
  "x-kubernetes-int-or-string"?: boolean;
  /**
   * The fields that tell the items of a list of type map apart.
   * @proto 41
   * @listType atomic
   */
  "x-kubernetes-list-map-keys"?: string[];
  /**
   * How server-side apply merges an array: atomic (the default), set or map. Items of sets and maps are unique.
   * @proto 42
   */
  "x-kubernetes-list-type"?: string;
  /**
   * How server-side apply merges an object: granular (the default) or atomic.
   * @proto 43
   */
  "x-kubernetes-map-type"?: string;
  /**
   * Rules in the Common Expression Language that a value has to meet.
   * @proto 44
   * @listType map
   * @listMapKey rule
   * @patchStrategy merge
   * @patchMergeKey rule
   */
  "x-kubernetes-validations"?: ValidationRules;
}

/** One schema for all items, or one for each of the first items; only the former is supported. */
export type JSONSchemaPropsOrArray = JSONSchemaProps | JSONSchemaProps[];

/** A schema, or true for anything and false for nothing. */
export type JSONSchemaPropsOrBool = JSONSchemaProps | boolean;

/** A schema, or the names of properties. */
export type JSONSchemaPropsOrStringArray = JSONSchemaProps | string[];

/** A URL that stands for a dialect of JSON Schema. */
export type JSONSchemaURL = string;

/** A rule in the Common Expression Language. */
export interface ValidationRule {
  /**
   * An expression that is true for a valid value. `self` is the value at the rule's place in the schema; a rule that
   * uses `oldSelf` is checked on updates only.
   * @proto 1
   */
  rule: string;
  /**
   * What the client is told when the rule fails; required when the rule has line breaks.
   * @proto 2
   */
  message?: string;
  /**
   * An expression that makes the message; `message` is used when it fails.
   * @proto 3
   */
  messageExpression?: string;
  /**
   * The reason that the client is told; FieldValueInvalid when absent.
   * @proto 4
   */
  reason?: FieldValueErrorReason;
  /**
   * The path below the rule's place that the error names, such as `.spec.x` or `.items['a']`.
   * @proto 5
   */
  fieldPath?: string;
  /**
   * Checks a transition rule on creation, too; `oldSelf` is then an optional value.
   * @proto 6
   */
  optionalOldSelf?: boolean;
}

/** Rules that all have to hold. */
export type ValidationRules = ValidationRule[];
