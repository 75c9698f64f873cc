import type { Time } from "./meta/v1.ts";
import { QuantityError, canonicalQuantity } from "./quantity.ts";
import { formatTime, parseTime } from "./rfc3339.ts";

// Checks of values that JSON Schema has no words for. The generated validators and the decoder share them.

/** Whether a list or map has nothing in it. */
export function isEmpty(value: object): boolean {
  for (const _ in value) return false;
  return true;
}

/** As `timeText`, of a time that may be null. */
export function timeOrNullText(value: unknown): string | null | undefined {
  return value === null ? null : timeText(value);
}

/** As `microTimeText`, of a time that may be null. */
export function microTimeOrNullText(value: unknown): string | null | undefined {
  return value === null ? null : microTimeText(value);
}

/** The canonical text of a quantity given as text or number; undefined when it is neither or malformed. */
export function quantityText(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  try {
    return canonicalQuantity(typeof value === "string" ? value.trim() : String(value));
  } catch (error) {
    if (error instanceof QuantityError) return undefined;
    throw error;
  }
}

/** Upstream's message for what `quantityText` refuses. */
export function quantityError(value: unknown): string {
  try {
    canonicalQuantity(typeof value === "string" ? value.trim() : (JSON.stringify(value) ?? ""));
    return "";
  } catch (error) {
    if (error instanceof QuantityError) return error.message;
    throw error;
  }
}

/** The instant in UTC with second precision; undefined for what is not RFC 3339. */
export function timeText(value: unknown): Time | undefined {
  if (typeof value !== "string") return undefined;
  if (isPlainTime(value)) return value;
  const epochMs = parseTime(value.replace(fraction, ""));
  return epochMs === undefined ? undefined : formatTime(epochMs);
}

/** The part of a time that is finer than a second; it is cut off as text, since a number would round it. */
const fraction = /[.,](\d+)(?=Z$|[+-]\d\d:\d\d$)/;

/** Recognizes canonical times without computing anything. */
function isPlainTime(value: string): boolean {
  return (
    value.length === 20 &&
    /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/.test(value)
  );
}

/** The instant in UTC with microsecond precision; undefined for what is not RFC 3339. */
export function microTimeText(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const epochMs = parseTime(value.replace(fraction, ""));
  if (epochMs === undefined) return undefined;
  if (value.length === 27 && value.charCodeAt(26) === 90) return value;
  const digits = fraction.exec(value)?.[1] ?? "";
  return `${formatTime(epochMs).slice(0, -1)}.${digits.slice(0, 6).padEnd(6, "0")}Z`;
}

export function intOrStringOk(value: unknown): boolean {
  return typeof value === "string" || (typeof value === "number" && Number.isInteger(value) && value === (value | 0));
}

/** Go's notation of a duration, such as `1h30m` or `300ms`. */
export function durationOk(value: unknown): boolean {
  if (typeof value !== "string") return false;
  return value === "0" || /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(value);
}

/** Standard base64 with padding; line breaks are allowed. */
export function bytesOk(value: unknown): boolean {
  return typeof value === "string" && base64Error(value) === undefined;
}

/** The offset at which base64 text is malformed, as upstream reports it. */
export function base64Error(text: string): number | undefined {
  const compact = text.includes("\n") || text.includes("\r") ? text.replace(/[\r\n]/g, "") : text;
  if (compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  const bad = /[^A-Za-z0-9+/\r\n]/.exec(text);
  return bad ? bad.index : text.length - (compact.length % 4);
}

/** How deep values may nest that are kept as they come; deeper ones could not be serialized. */
const maxDepth = 512;

/** An object that is not nested too deeply. */
export function rawOk(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && nestsAtMost(value, maxDepth);
}

/** A value of any type that is not nested too deeply. */
export function anyOk(value: unknown): boolean {
  return nestsAtMost(value, maxDepth);
}

function nestsAtMost(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth === 0) return false;
  for (const key in value) {
    if (!nestsAtMost((value as Record<string, unknown>)[key], depth - 1)) return false;
  }
  return true;
}
