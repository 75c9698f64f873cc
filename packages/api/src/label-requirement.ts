import { type FieldError, aggregateFieldErrors, invalidField, notSupportedField } from "./field-error.ts";
import { labelValueErrors, qualifiedNameErrors } from "./names.ts";

/** The operators of the text form of label selectors. */
export type RequirementOperator = "in" | "notin" | "=" | "==" | "!=" | "exists" | "!" | "gt" | "lt";

/** A selector that cannot be used. The message is upstream's. */
export class SelectorError extends Error {
  override readonly name = "SelectorError";
  readonly code = "invalid_selector";
}

/** One condition on one label. Immutable and valid by construction. */
export class LabelRequirement {
  readonly key: string;
  readonly operator: RequirementOperator;
  readonly values: readonly string[];
  /** The value, when there is exactly one. */
  readonly #only: string | undefined;

  /** Takes the parts as they are; `labelRequirement` checks them first. */
  constructor(key: string, operator: RequirementOperator, values: readonly string[]) {
    this.key = key;
    this.operator = operator;
    this.values = values;
    this.#only = values.length === 1 ? values[0] : undefined;
  }

  matches(labels: Readonly<Record<string, string>>): boolean {
    const value = labels[this.key];
    const present = typeof value === "string";
    switch (this.operator) {
      case "exists":
        return present;
      case "!":
        return !present;
      case "notin":
      case "!=":
        return !present || !this.#has(value);
      case "gt":
      case "lt":
        return present && this.#compares(value);
      default:
        return present && this.#has(value);
    }
  }

  toString(): string {
    switch (this.operator) {
      case "exists":
        return this.key;
      case "!":
        return `!${this.key}`;
      case "in":
      case "notin":
        return `${this.key} ${this.operator} (${this.values.toSorted().join(",")})`;
      case "gt":
        return `${this.key}>${this.values.join(",")}`;
      case "lt":
        return `${this.key}<${this.values.join(",")}`;
      default:
        return `${this.key}${this.operator}${this.values.join(",")}`;
    }
  }

  #has(value: string): boolean {
    return this.#only === undefined ? this.values.includes(value) : this.#only === value;
  }

  #compares(text: string): boolean {
    const value = parseInt64(text);
    const bound = parseInt64(this.#only ?? "");
    if (value === undefined || bound === undefined) return false;
    return this.operator === "gt" ? value > bound : value < bound;
  }
}

/** A requirement from its parts. Throws `SelectorError` when they do not fit together. */
export function labelRequirement(
  key: string,
  operator: RequirementOperator,
  values: readonly string[],
): LabelRequirement {
  const errors = [
    ...labelKeyErrors(key, "key"),
    ...operandErrors(operator, values),
    ...values.flatMap((value, index) => labelValueFieldErrors(key, value, `values[${index}]`)),
  ];
  if (errors.length > 0) throw new SelectorError(aggregateFieldErrors(errors));
  return new LabelRequirement(key, operator, values);
}

/** What is wrong with a label key, as one error. */
export function labelKeyErrors(key: string, path: string): FieldError[] {
  const errors = qualifiedNameErrors(key);
  return errors.length === 0 ? [] : [invalidField(path, key, errors.join("; "))];
}

function labelValueFieldErrors(key: string, value: string, path: string): FieldError[] {
  const errors = labelValueErrors(value);
  return errors.length === 0 ? [] : [invalidField(`${path}[${key}]`, value, errors.join("; "))];
}

const operators = ["in", "notin", "=", "==", "!=", "gt", "lt", "exists", "!"];

function operandErrors(operator: RequirementOperator, values: readonly string[]): FieldError[] {
  switch (operator) {
    case "in":
    case "notin":
      if (values.length > 0) return [];
      return [invalidField("values", values, "for 'in', 'notin' operators, values set can't be empty")];
    case "=":
    case "==":
    case "!=":
      if (values.length === 1) return [];
      return [invalidField("values", values, "exact-match compatibility requires one single value")];
    case "exists":
    case "!":
      if (values.length === 0) return [];
      return [invalidField("values", values, "values set must be empty for exists and does not exist")];
    case "gt":
    case "lt":
      return boundErrors(values);
    default:
      return [notSupportedField("operator", operator, operators)];
  }
}

function boundErrors(values: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  if (values.length !== 1) {
    errors.push(invalidField("values", values, "for 'Gt', 'Lt' operators, exactly one value is required"));
  }
  for (const [index, value] of values.entries()) {
    if (parseInt64(value) !== undefined) continue;
    errors.push(invalidField(`values[${index}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer"));
  }
  return errors;
}

function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?\d{1,20}$/.test(text)) return undefined;
  const value = BigInt(text.replace("+", ""));
  return value >= -(2n ** 63n) && value < 2n ** 63n ? value : undefined;
}
