import { isRecord } from "@kube-ts/std/config-schema";
import { compareKeys } from "./yaml-key-order.ts";
import { scalarStyle, writeScalar } from "./yaml-scalar.ts";

/** Keys longer than this are written in their long form. */
const maxSimpleKeyLength = 128;

/** A JSON value as YAML, byte for byte as upstream's `-o yaml` writes it. */
export function formatYaml(value: unknown): string {
  const lines: string[] = [];
  writeNode(lines, value, { indent: 0, lead: "", mapping: false });
  return `${lines.join("\n")}\n`;
}

interface Place {
  /** Spaces before the entries of a mapping or sequence here. */
  readonly indent: number;
  /** What is already on the first line. */
  readonly lead: string;
  /** Whether this is the value of a mapping's key. */
  readonly mapping: boolean;
}

function writeNode(lines: string[], value: unknown, place: Place): void {
  if (Array.isArray(value) && value.length > 0) writeSequence(lines, value, place);
  else if (isRecord(value) && Object.keys(value).length > 0) writeMapping(lines, value, place);
  else push(lines, place.lead, scalar(value, place));
}

function writeMapping(lines: string[], value: Readonly<Record<string, unknown>>, place: Place): void {
  const indent = place.mapping ? place.indent + 2 : place.indent;
  let prefix = place.lead;
  if (place.mapping) {
    lines.push(place.lead);
    prefix = " ".repeat(indent);
  }
  for (const key of Object.keys(value).toSorted(compareKeys)) {
    const style = scalarStyle(key, true);
    const written = writeScalar(key, style, { column: prefix.length, indent, breakable: false });
    if (key.length > maxSimpleKeyLength) {
      lines.push(`${prefix}? ${written}`);
      writeNode(lines, value[key], { indent, lead: `${" ".repeat(indent)}:`, mapping: true });
    } else writeNode(lines, value[key], { indent, lead: `${prefix}${written}:`, mapping: true });
    prefix = " ".repeat(indent);
  }
}

function writeSequence(lines: string[], value: readonly unknown[], place: Place): void {
  let prefix = place.lead;
  if (place.mapping) {
    lines.push(place.lead);
    prefix = " ".repeat(place.indent);
  }
  for (const item of value) {
    const nested = isContainer(item);
    const lead = nested ? `${prefix}- ` : `${prefix}-`;
    writeNode(lines, item, { indent: place.indent + (nested ? 2 : 0), lead, mapping: false });
    prefix = " ".repeat(place.indent);
  }
}

function isContainer(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : isRecord(value) && Object.keys(value).length > 0;
}

function scalar(value: unknown, place: Place): string {
  if (Array.isArray(value)) return "[]";
  if (isRecord(value)) return "{}";
  if (typeof value !== "string") return typeof value === "number" ? formatNumber(value) : String(value);
  const column = place.lead === "" ? 0 : place.lead.length + 1;
  return writeScalar(value, scalarStyle(value, false), { column, indent: place.indent + 2, breakable: true });
}

/** Fractions and very large numbers are written with Go's exponents. */
function formatNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const text = String(value).replace(/e([-+])(\d)$/, "e$10$2");
  return text.includes("e") || Math.abs(value) < 1e21 ? text : value.toExponential();
}

function push(lines: string[], lead: string, text: string): void {
  lines.push(...(lead === "" ? text : `${lead} ${text}`).split("\n"));
}
