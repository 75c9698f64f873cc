import { isRecord } from "@kube-ts/std/config-schema";
import { scalarStyle } from "./yaml-scalar.ts";

/** A JSON value in the dialect of YAML that looks like JSON: braces, quoted texts, trailing commas, no quotes on keys. */
export function formatKyaml(value: unknown): string {
  return `---\n${node(value, "")}\n`;
}

function node(value: unknown, indent: string): string {
  if (Array.isArray(value)) return list(value, indent);
  if (isRecord(value)) return mapping(value, indent);
  return typeof value === "string" ? text(value, indent) : String(value);
}

function mapping(value: Readonly<Record<string, unknown>>, indent: string): string {
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  if (keys.length === 0) return "{}";
  const inner = `${indent}  `;
  const lines = keys.map((key) => `${inner}${keyText(key)}: ${node(value[key], inner)},\n`);
  return `{\n${lines.join("")}${indent}}`;
}

/** Objects and lists in a list share their lines with its brackets. */
function list(value: readonly unknown[], indent: string): string {
  if (value.length === 0) return "[]";
  if (value.every((item) => isContainer(item))) return `[${value.map((item) => node(item, indent)).join(", ")}]`;
  const inner = `${indent}  `;
  return `[\n${value.map((item) => `${inner}${node(item, inner)},\n`).join("")}${indent}]`;
}

function isContainer(value: unknown): boolean {
  return Array.isArray(value) || isRecord(value);
}

function keyText(key: string): string {
  const plain = /^[A-Za-z_][\w./-]*$/.test(key) && scalarStyle(key, true) === "plain";
  return plain ? key : JSON.stringify(key);
}

function text(value: string, indent: string): string {
  if (!value.includes("\n")) return JSON.stringify(value);
  const lines = value.split("\n");
  const last = lines.pop() ?? "";
  const inner = `${indent}  `;
  // A leading space would be taken for indentation.
  const line = (each: string) => (each.startsWith(" ") ? `${inner}\\${quoted(each)}` : `${inner} ${quoted(each)}`);
  const body = lines.map((each) => `${line(each)}\\n\\\n`).join("");
  return `"\\\n${body}${last === "" ? "" : `${line(last)}\\\n`}${inner}"`;
}

function quoted(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}
