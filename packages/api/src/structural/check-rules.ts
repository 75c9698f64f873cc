import type { JSONSchemaProps, ValidationRule } from "../apiextensions/v1.ts";
import { type FieldError, forbiddenField, invalidField, notSupportedField, requiredField } from "../field-error.ts";
import type { FieldPath } from "../field-path.ts";
import { CelCompileError, type CelCompiler, type CelEnvironment, type CelProgram } from "./cel-compiler.ts";
import { itemsOf, valuesOf } from "./schema-parts.ts";

/** What one evaluation of one rule may cost at most, going by the limits that a schema declares. */
const maxRuleCost = 10_000_000;
/** As `maxRuleCost`, for all rules of a schema. */
const maxSchemaCost = 100_000_000;
const maxRequestBytes = 3 * 1024 * 1024;

const reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

/**
 * Whether the validation rules of a schema can be used. `compiler` is left out to check their form only; where
 * `supported` is false there may be none.
 */
export function checkRules(
  schema: JSONSchemaProps,
  path: FieldPath,
  compiler: CelCompiler | undefined,
  supported: boolean,
): FieldError[] {
  const check = new RuleCheck(compiler, supported);
  check.node(schema, path, { cardinality: 1, isObject: true, uncorrelated: undefined });
  return check.finish(path);
}

interface Place {
  /** How many values the schema may apply to in one object; undefined without limit. */
  readonly cardinality: number | undefined;
  readonly isObject: boolean;
  /** The outermost list or map from which old values cannot be found again. */
  readonly uncorrelated: FieldPath | undefined;
}

/** What the rules of a value may refer to. */
export function ruleEnvironment(schema: JSONSchemaProps, isObject: boolean, optionalOldSelf: boolean): CelEnvironment {
  const self = { schema, isObject: isObject || Boolean(schema["x-kubernetes-embedded-resource"]) };
  return {
    variables: {
      self: { ...self, isOptional: false },
      oldSelf: { ...self, isOptional: optionalOldSelf },
    },
    result: "bool",
  };
}

class RuleCheck {
  readonly #compiler: CelCompiler | undefined;
  readonly #supported: boolean;
  readonly #errors: FieldError[] = [];
  readonly #costs: { readonly path: FieldPath; readonly cost: number }[] = [];

  constructor(compiler: CelCompiler | undefined, supported: boolean) {
    this.#compiler = compiler;
    this.#supported = supported;
  }

  node(schema: JSONSchemaProps, path: FieldPath, place: Place): void {
    const rules = schema["x-kubernetes-validations"] ?? [];
    if (rules.length > 0 && !this.#supported) {
      const detail = "validation rules are not supported by this server: it has no compiler of expressions";
      this.#errors.push(forbiddenField(path.child("x-kubernetes-validations"), detail));
    }
    for (const [index, rule] of rules.entries()) {
      const at = path.child("x-kubernetes-validations").index(index);
      const before = this.#errors.length;
      this.#form(rule, at);
      if (this.#compiler && this.#errors.length === before) this.#compile(this.#compiler, rule, schema, at, place);
    }
    this.#inner(schema, path, place);
  }

  /** The errors, those of the cost of all rules together included. */
  finish(path: FieldPath): FieldError[] {
    const total = this.#costs.reduce((sum, { cost }) => sum + cost, 0);
    if (total > maxSchemaCost) {
      const detail = "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema";
      const largest = this.#costs.toSorted((a, b) => b.cost - a.cost).slice(0, 4);
      for (const { path: at } of largest) this.#errors.push(forbiddenField(at, detail));
      const name = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
      this.#errors.push(forbiddenField(path, costText(name, total, maxSchemaCost)));
    }
    return this.#errors;
  }

  #inner(schema: JSONSchemaProps, path: FieldPath, place: Place): void {
    const { cardinality } = place;
    const times = (count: number | undefined) =>
      cardinality === undefined || count === undefined ? undefined : cardinality * count;
    const mapUncorrelated = schema["x-kubernetes-map-type"] === "atomic" ? path : undefined;
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const uncorrelated = place.uncorrelated ?? mapUncorrelated;
      this.node(property, path.child("properties").key(name), { cardinality, isObject: false, uncorrelated });
    }
    const values = valuesOf(schema);
    if (values) {
      const inner = { ...place, cardinality: times(schema.maxProperties), isObject: false };
      this.node(values, path.child("additionalProperties"), inner);
    }
    const items = itemsOf(schema);
    if (items) {
      const isMap = schema["x-kubernetes-list-type"] === "map";
      const uncorrelated = place.uncorrelated ?? (isMap ? undefined : path);
      this.node(items, path.child("items"), { cardinality: times(schema.maxItems), isObject: false, uncorrelated });
    }
  }

  #form(rule: ValidationRule, path: FieldPath): void {
    const { message = "", messageExpression = "", fieldPath = "", reason } = rule;
    const text = message.trim();
    if (rule.rule.trim() === "") this.#errors.push(requiredField(path.child("rule"), "rule is not specified"));
    else if (message !== "" && text === "") {
      this.#errors.push(invalidField(path.child("message"), message, "message must be non-empty if specified"));
    } else if (hasLineBreaks(text)) {
      this.#errors.push(invalidField(path.child("message"), message, "message must not contain line breaks"));
    } else if (hasLineBreaks(rule.rule.trim()) && text === "") {
      const detail = "message must be specified if rule contains line breaks";
      this.#errors.push(requiredField(path.child("message"), detail));
    }
    if (messageExpression !== "" && messageExpression.trim() === "") {
      const detail = "messageExpression must be non-empty if specified";
      this.#errors.push(requiredField(path.child("messageExpression"), detail));
    }
    if (reason !== undefined && !reasons.includes(reason)) {
      this.#errors.push(notSupportedField(path.child("reason"), reason, reasons));
    }
    if (fieldPath !== "" && fieldPath.trim() === "") {
      this.#errors.push(invalidField(path.child("fieldPath"), fieldPath, "fieldPath must be non-empty if specified"));
    }
    if (hasLineBreaks(fieldPath)) {
      this.#errors.push(invalidField(path.child("fieldPath"), fieldPath, "fieldPath must not contain line breaks"));
    }
  }

  #compile(compiler: CelCompiler, rule: ValidationRule, schema: JSONSchemaProps, path: FieldPath, place: Place): void {
    const environment = ruleEnvironment(schema, place.isObject, rule.optionalOldSelf ?? false);
    const program = this.#tryCompile(compiler, rule.rule, environment, rule, path.child("rule"));
    if (!program) return;
    const cardinality = place.cardinality ?? Math.floor(maxRequestBytes / (smallestSize(schema) + 1));
    this.#cost("estimated rule cost", program.maxCost * cardinality, path.child("rule"));
    if (!program.uses.has("oldSelf")) {
      if (rule.optionalOldSelf !== undefined) {
        const detail = "may not be set if oldSelf is not used in rule";
        this.#errors.push(invalidField(path.child("optionalOldSelf"), rule.optionalOldSelf, detail));
      }
    } else if (place.uncorrelated) {
      const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${String(place.uncorrelated)}`;
      this.#errors.push(invalidField(path.child("rule"), rule.rule, detail));
    }
    if (!rule.messageExpression) return;
    const at = path.child("messageExpression");
    const message = this.#tryCompile(compiler, rule.messageExpression, { ...environment, result: "string" }, rule, at);
    if (message) this.#cost("estimated messageExpression cost", message.maxCost, at);
  }

  #tryCompile(
    compiler: CelCompiler,
    expression: string,
    environment: CelEnvironment,
    rule: ValidationRule,
    path: FieldPath,
  ): CelProgram | undefined {
    try {
      return compiler.compile(expression, environment);
    } catch (error) {
      if (!(error instanceof CelCompileError)) throw error;
      this.#errors.push(invalidField(path, rule, error.message));
      return undefined;
    }
  }

  #cost(name: string, cost: number, path: FieldPath): void {
    this.#costs.push({ path, cost });
    if (cost > maxRuleCost) this.#errors.push(forbiddenField(path, costText(name, cost, maxRuleCost)));
  }
}

function hasLineBreaks(text: string): boolean {
  return /[\n\r]/.test(text);
}

function costText(name: string, cost: number, limit: number): string {
  const factor = cost / limit;
  const text = factor > 100 ? "more than 100x" : `${factor.toFixed(factor < 1.5 ? 6 : 1)}x`;
  return `${name} exceeds budget by factor of ${text} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

/** The fewest bytes of JSON that a value of the schema takes. */
function smallestSize(schema: JSONSchemaProps): number {
  switch (schema.type) {
    case "boolean":
      return 4;
    case "string":
    case "array":
      return 2;
    case "object": {
      const required = (schema.required ?? []).filter((name) => schema.properties?.[name]?.default === undefined);
      return required.reduce((sum, name) => {
        const property = schema.properties?.[name];
        return property ? sum + name.length + 4 + smallestSize(property) : sum;
      }, 2);
    }
    default:
      return 1;
  }
}
