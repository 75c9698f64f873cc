import { goQuote } from "@kube-ts/api/go-quote";
import { isRecord } from "@kube-ts/std/config-schema";

/** A JSON value as Go writes it in its own syntax (`%#v`), keys in order. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return "interface {}(nil)";
  if (typeof value === "string") return goQuote(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (!isRecord(value)) return String(value);
  const entries = Object.keys(value)
    .toSorted()
    .map((key) => `${goQuote(key)}:${goSyntax(value[key])}`);
  return `map[string]interface {}{${entries.join(", ")}}`;
}
