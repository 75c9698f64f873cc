import { validators } from "../gen/validators.js";
import { DecodeError, walkObject } from "./decode-walk.ts";
import { duplicateFields } from "./duplicate-fields.ts";
import { goQuote } from "./go-quote.ts";
import type { KubeObject } from "./object.ts";
import type { ResourceType } from "./resource-type.ts";
import { type ObjectType, typeOf } from "./schema-registry.ts";
import { badRequest } from "./status-error.ts";

/** What to do about unknown and duplicate fields: refuse the object, drop them with warnings, or just drop them. */
export type FieldValidation = "Strict" | "Warn" | "Ignore";

export interface DecodeOptions {
  readonly fieldValidation: FieldValidation;
  /** What is wrong with the text that the value was parsed from, such as `duplicateFieldProblems` of JSON. */
  readonly textProblems?: () => readonly string[];
}

export interface Decoded<T> {
  readonly object: T;
  /** Texts for the Warning header, such as `unknown field "spec.foo"`. */
  readonly warnings: readonly string[];
}

/**
 * Makes a typed object of parsed JSON: checks types and ranges, drops nulls and unknown fields, fills in what is always
 * served and declared defaults, and puts quantities and times into canonical form. Takes the value over: it may be
 * changed and become the result. Throws a 400 `ApiError` in upstream's words.
 */
export function decodeObject<T = KubeObject>(type: ObjectType, value: unknown, options: DecodeOptions): Decoded<T> {
  try {
    return decodeValue(type, value, options);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const version = goQuote(type.source.version);
    throw badRequest(`${type.name} in version ${version} cannot be handled as a ${type.name}: ${error.message}`, error);
  }
}

/** As `decodeObject`, but throws a `DecodeError` with only the decoder's own text. */
export function decodeValue<T = KubeObject>(type: ObjectType, value: unknown, options: DecodeOptions): Decoded<T> {
  try {
    if (validators[type.id]?.(value)) return checked(value as T, [], options);
    const { object, unknownFields } = walkObject(type, value);
    return checked(object as T, unknownFields, options);
  } catch (error) {
    // Types that contain themselves let a value nest deeper than the stack goes.
    if (error instanceof RangeError) throw new DecodeError("exceeded max depth");
    throw error;
  }
}

/**
 * An object of a built-in type, made by the server itself, as upstream would write it: with what is always served and
 * without what is left out when empty. Takes the object over. One that cannot be decoded, or of another type, stays as
 * it is.
 */
export function inServedForm<T extends KubeObject>(object: T): T {
  const [version = "", group = ""] = (object.apiVersion ?? "").split("/").toReversed();
  const type = typeOf(group, version, object.kind ?? "");
  if (type?.source.group !== group) return object;
  try {
    return decodeValue<T>(type, object, { fieldValidation: "Ignore" }).object;
  } catch (error) {
    if (error instanceof DecodeError) return object;
    throw error;
  }
}

/** As `decodeObject`, for a resource. */
export function decodeResource<T extends KubeObject>(
  resource: ResourceType<T>,
  value: unknown,
  options: DecodeOptions,
): Decoded<T> {
  const type = typeOf(resource.group, resource.version, resource.kind);
  if (!type) throw new Error(`no type ${resource.group}/${resource.version} ${resource.kind}`);
  return decodeObject(type, value, options);
}

function checked<T>(object: T, unknownFields: readonly string[], options: DecodeOptions): Decoded<T> {
  const { textProblems } = options;
  if (unknownFields.length === 0 || !textProblems) return { object, warnings: fieldWarnings(unknownFields, options) };
  // What is within an unknown field is not looked at: it may be there as often as it likes.
  const known = () => textProblems().filter((problem) => !unknownFields.some((path) => isWithin(problem, path)));
  return { object, warnings: fieldWarnings(unknownFields, { ...options, textProblems: known }) };
}

/** Whether a field that is given twice is the one at the path, or lies in it. */
function isWithin(problem: string, path: string): boolean {
  const start = duplicateField(path).slice(0, -1);
  return problem.startsWith(start) && ['"', ".", "["].includes(problem.charAt(start.length));
}

/** The warnings that unknown fields and faults of the text are worth. Throws a `DecodeError` where they are refused. */
export function fieldWarnings(
  unknownFields: readonly string[],
  { fieldValidation, textProblems }: DecodeOptions,
): readonly string[] {
  if (fieldValidation === "Ignore") return [];
  const warnings = [...unknownFields.map((path) => `unknown field ${goQuote(path)}`), ...(textProblems?.() ?? [])];
  if (fieldValidation === "Strict" && warnings.length > 0) {
    throw new DecodeError(`strict decoding error: ${warnings.join(", ")}`);
  }
  return warnings;
}

/** A text for each field that is given twice in JSON. */
export function duplicateFieldProblems(text: string): string[] {
  return duplicateFields(text).map(duplicateField);
}

function duplicateField(path: string): string {
  return `duplicate field ${goQuote(path)}`;
}

export { DecodeError };
