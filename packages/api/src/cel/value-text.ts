import { formatDuration, formatTimestamp } from "./time-values.ts";
import {
  CelDuration,
  CelList,
  CelMap,
  CelOptional,
  CelStruct,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelOpaque,
  type Value,
} from "./values.ts";

/** A value as an expression would spell it, for messages and tests. */
export function valueText(value: Value): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return Number.isInteger(value) ? `${value}.0` : String(value);
    case "bigint":
    case "boolean":
      return String(value);
    default:
      return objectText(value);
  }
}

function objectText(value: Exclude<Value, string | number | bigint | boolean>): string {
  if (value === null) return "null";
  if (value instanceof Uint8Array) return `b"${Buffer.from(value).toString("latin1")}"`;
  if (value instanceof CelUint) return `${value.value}u`;
  if (value instanceof CelList) return `[${value.toArray().map(valueText).join(", ")}]`;
  if (value instanceof CelMap) {
    return `{${value
      .keys()
      .map((key) => `${valueText(key)}: ${valueText(value.get(key) ?? null)}`)
      .join(", ")}}`;
  }
  if (value instanceof CelStruct) {
    return `${value.typeName}{${Array.from(value.fields, ([name, field]) => `${name}: ${valueText(field)}`).join(", ")}}`;
  }
  if (value instanceof CelTimestamp) return `timestamp("${formatTimestamp(value.ns)}")`;
  if (value instanceof CelDuration) return `duration("${formatDuration(value.ns)}")`;
  if (value instanceof CelTypeValue) return `type(${value.typeName})`;
  if (value instanceof CelOptional) return value.value === undefined ? "none" : `optional(${valueText(value.value)})`;
  return opaqueText(value);
}

function opaqueText(value: CelOpaque): string {
  return `${value.type.name}(…)`;
}
