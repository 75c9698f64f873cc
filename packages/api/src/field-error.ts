import type { FieldPath } from "./field-path.ts";
import { goQuote } from "./go-quote.ts";
import type { StatusCause } from "./meta/v1.ts";

/** What is wrong with a field; also the reason of the cause in a Status. */
export type FieldErrorReason =
  | "FieldValueNotFound"
  | "FieldValueRequired"
  | "FieldValueDuplicate"
  | "FieldValueInvalid"
  | "FieldValueNotSupported"
  | "FieldValueForbidden"
  | "FieldValueTooLong"
  | "FieldValueTooShort"
  | "FieldValueTooMany"
  | "FieldValueTooFew"
  | "FieldValueTypeInvalid"
  | "InternalError";

/** One problem of one field. */
export interface FieldError {
  readonly path: string;
  readonly reason: FieldErrorReason;
  /** The offending value; absent for reasons whose message shows none. */
  readonly value?: unknown;
  readonly detail: string;
}

type Path = FieldPath | string;

const reasonTexts: Record<FieldErrorReason, string> = {
  FieldValueNotFound: "Not found",
  FieldValueRequired: "Required value",
  FieldValueDuplicate: "Duplicate value",
  FieldValueInvalid: "Invalid value",
  FieldValueNotSupported: "Unsupported value",
  FieldValueForbidden: "Forbidden",
  FieldValueTooLong: "Too long",
  FieldValueTooShort: "Too short",
  FieldValueTooMany: "Too many",
  FieldValueTooFew: "Too few",
  FieldValueTypeInvalid: "Invalid value",
  InternalError: "Internal error",
};

export function requiredField(path: Path, detail = ""): FieldError {
  return { path: String(path), reason: "FieldValueRequired", detail };
}

export function invalidField(path: Path, value: unknown, detail: string): FieldError {
  return { path: String(path), reason: "FieldValueInvalid", value, detail };
}

export function typeInvalidField(path: Path, value: unknown, detail: string): FieldError {
  return { path: String(path), reason: "FieldValueTypeInvalid", value, detail };
}

export function duplicateField(path: Path, value: unknown): FieldError {
  return { path: String(path), reason: "FieldValueDuplicate", value, detail: "" };
}

export function notFoundField(path: Path, value: unknown): FieldError {
  return { path: String(path), reason: "FieldValueNotFound", value, detail: "" };
}

export function forbiddenField(path: Path, detail: string): FieldError {
  return { path: String(path), reason: "FieldValueForbidden", detail };
}

/** A value outside of a closed set; list the supported values in the order to print them. */
export function notSupportedField(path: Path, value: unknown, supported: readonly string[]): FieldError {
  const detail = supported.length === 0 ? "" : `supported values: ${supported.map(goQuote).join(", ")}`;
  return { path: String(path), reason: "FieldValueNotSupported", value, detail };
}

export function tooLongField(path: Path, maxBytes: number): FieldError {
  const unit = maxBytes === 1 ? "byte" : "bytes";
  return { path: String(path), reason: "FieldValueTooLong", detail: `may not be more than ${maxBytes} ${unit}` };
}

export function tooManyField(path: Path, actual: number, max: number): FieldError {
  const unit = max === 1 ? "item" : "items";
  return {
    path: String(path),
    reason: "FieldValueTooMany",
    value: actual,
    detail: `must have at most ${max} ${unit}`,
  };
}

export function internalField(path: Path, error: Error): FieldError {
  return { path: String(path), reason: "InternalError", detail: error.message };
}

/** The message of the error without its path, as in the causes of a Status. */
export function fieldErrorBody(error: FieldError): string {
  let body = reasonTexts[error.reason];
  if ("value" in error) body += `: ${renderValue(error.value)}`;
  return error.detail === "" ? body : `${body}: ${error.detail}`;
}

/** `spec.replicas: Invalid value: -1: must be greater than or equal to 0`. */
export function fieldErrorText(error: FieldError): string {
  return `${error.path}: ${fieldErrorBody(error)}`;
}

/** The texts of the errors, each once: alone as it is, several as `[a, b]`. */
export function aggregateFieldErrors(errors: readonly FieldError[]): string {
  const texts = new Set(errors.map(fieldErrorText));
  const joined = [...texts].join(", ");
  return texts.size === 1 ? joined : `[${joined}]`;
}

export function statusCauseOf(error: FieldError): StatusCause {
  const cause: StatusCause = { reason: error.reason, message: fieldErrorBody(error) };
  if (error.path !== "") cause.field = error.path;
  return cause;
}

function renderValue(value: unknown): string {
  if (typeof value === "string") return goQuote(value);
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  return goJson(value);
}

/** JSON as upstream prints it: characters with a meaning in HTML are escaped. */
function goJson(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  return text.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
