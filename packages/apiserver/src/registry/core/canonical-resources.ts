import type { ResourceList } from "@kube-ts/api/core/v1";
import { Quantity, canonicalQuantity } from "@kube-ts/api/quantity";

/**
 * Writes the amounts as upstream serves them: in canonical form, and no finer than a thousandth. Throws
 * `QuantityError` for what is no quantity.
 */
export function canonicalizeResources(list: ResourceList | undefined): void {
  for (const name in list) {
    const text = list[name];
    if (text !== undefined) list[name] = roundedToMilli(canonicalQuantity(text));
  }
}

/** Copies amounts that are set in `source` and missing in `target`. */
export function copyMissingResources(target: ResourceList, source: ResourceList | undefined): void {
  for (const name in source) {
    const text = source[name];
    if (text !== undefined) target[name] ??= text;
  }
}

function roundedToMilli(text: string): string {
  if (!text.endsWith("n") && !text.endsWith("u")) return text;
  const quantity = Quantity.parse(text);
  return Quantity.fromMilli(quantity.milliValue(), quantity.format).toString();
}
