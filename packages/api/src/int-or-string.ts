import type { IntOrString } from "./meta/v1.ts";
import { goQuote } from "./go-quote.ts";

/**
 * The number that a count or a percentage of `total` stands for. A percentage is rounded as asked.
 * Throws with upstream's text when a string is not a percentage.
 */
export function scaledValue(value: IntOrString, total: number, rounding: "up" | "down"): number {
  if (typeof value === "number") return value;
  const percent = parsePercent(value);
  const exact = (percent * total) / 100;
  return rounding === "up" ? Math.ceil(exact) : Math.floor(exact);
}

function parsePercent(value: string): number {
  if (!value.endsWith("%")) {
    throw new Error("invalid value for IntOrString: invalid type: string is not a percentage");
  }
  const digits = value.slice(0, -1);
  if (!/^[+-]?[0-9]{1,15}$/.test(digits)) {
    throw new Error(
      `invalid value for IntOrString: invalid value ${goQuote(value)}: strconv.Atoi: parsing ${goQuote(digits)}: invalid syntax`,
    );
  }
  return Number(digits);
}
