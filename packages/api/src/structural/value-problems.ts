import {
  type FieldError,
  invalidField,
  notSupportedField,
  requiredField,
  tooLongField,
  tooManyField,
  typeInvalidField,
} from "../field-error.ts";
import { goQuote } from "../go-quote.ts";
import { goValue } from "../go-value.ts";

/** A place in a value, as messages name it: `spec.ports[0].name`; empty at the root. */
export type ValuePath = string;

/** `spec.size in body should be …`. */
export function shouldBe(path: ValuePath, value: unknown, text: string): FieldError {
  return invalidField(fieldOf(path), value, `${path} in body ${text}`);
}

export function wrongType(path: ValuePath, type: string, value: unknown): FieldError {
  const actual = typeName(value);
  return typeInvalidField(fieldOf(path), actual, `${path} in body must be of type ${type}: ${goQuote(actual)}`);
}

export function wrongFormat(path: ValuePath, format: string, text: string): FieldError {
  return typeInvalidField(fieldOf(path), text, `${path} in body must be of type ${format}: ${goQuote(text)}`);
}

export function missing(path: ValuePath): FieldError {
  return requiredField(fieldOf(path));
}

export function tooLong(path: ValuePath, maxLength: number): FieldError {
  return tooLongField(fieldOf(path), maxLength);
}

export function tooMany(path: ValuePath, actual: number, max: number): FieldError {
  return tooManyField(fieldOf(path), actual, max);
}

export function notListed(path: ValuePath, value: unknown, allowed: readonly unknown[]): FieldError {
  const texts = allowed.map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
  return notSupportedField(fieldOf(path), value, texts);
}

export function forbiddenProperty(path: ValuePath, name: string): FieldError {
  return invalidField(fieldOf(path), name, `${path}.${name} in body is a forbidden property`);
}

/** What a combination of schemas asks of a value; upstream gives such errors no path. */
export function unmet(path: ValuePath, text: string): FieldError {
  return invalidField("<nil>", "", `${goQuote(path)} ${text}`);
}

/** A number as upstream prints it in messages. */
export function numberText(value: number): string {
  return goValue(value);
}

/** Puts errors of a part under the path of the part. */
export function below(prefix: string, errors: readonly FieldError[]): FieldError[] {
  return errors.map((error) => {
    const path = error.path === "<nil>" ? prefix : error.path === "" ? prefix : `${prefix}.${error.path}`;
    return { ...error, path };
  });
}

function fieldOf(path: ValuePath): string {
  return path === "" ? "<nil>" : path.startsWith(".") ? path.slice(1) : path;
}

/** The JSON type of a value as messages name it. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}
