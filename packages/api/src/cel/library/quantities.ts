import { fn, method, type CelLibrary } from "../declarations.ts";
import { CelEvaluationError } from "../evaluation-error.ts";
import { Quantity, QuantityError } from "../../quantity.ts";
import { boolType, doubleType, intType, opaque, stringType, type CelType } from "../types.ts";
import { CelOpaque } from "../values.ts";

export const quantityType: CelType = opaque("kubernetes.Quantity");

export class CelQuantity extends CelOpaque {
  override readonly type = quantityType;
  readonly quantity: Quantity;

  constructor(quantity: Quantity) {
    super();
    this.quantity = quantity;
  }

  override equals(other: CelOpaque): boolean {
    return other instanceof CelQuantity && this.quantity.equals(other.quantity);
  }
}

function parse(text: string): CelQuantity {
  try {
    return new CelQuantity(Quantity.parse(text));
  } catch (error) {
    if (error instanceof QuantityError) throw new CelEvaluationError(error.message);
    throw error;
  }
}

function isQuantity(text: string): boolean {
  try {
    Quantity.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The amount as a 64-bit integer; undefined when it has a fraction or is too large. */
function integer({ quantity }: CelQuantity): bigint | undefined {
  const value = BigInt(quantity.scaledValue(0));
  if (value < -(2n ** 63n) || value >= 2n ** 63n) return undefined;
  return quantity.equals(Quantity.fromInteger(value)) ? value : undefined;
}

function asInteger(quantity: CelQuantity): bigint {
  const value = integer(quantity);
  if (value === undefined) throw new CelEvaluationError("cannot convert value to integer");
  return value;
}

function order(a: CelQuantity, b: CelQuantity): number {
  return Math.sign(a.quantity.compare(b.quantity));
}

const q = quantityType;

/** Resource quantities. */
export const quantitiesLibrary: CelLibrary = {
  overloads: [
    fn("quantity", "string_to_quantity", [stringType], q, parse),
    fn("isQuantity", "is_quantity_string", [stringType], boolType, isQuantity),
    method("sign", "quantity_sign", [q], intType, ({ quantity }: CelQuantity) => BigInt(quantity.sign())),
    method(
      "isGreaterThan",
      "quantity_is_greater_than",
      [q, q],
      boolType,
      (a: CelQuantity, b: CelQuantity) => order(a, b) > 0,
    ),
    method(
      "isLessThan",
      "quantity_is_less_than",
      [q, q],
      boolType,
      (a: CelQuantity, b: CelQuantity) => order(a, b) < 0,
    ),
    method("compareTo", "quantity_compare_to", [q, q], intType, (a: CelQuantity, b: CelQuantity) =>
      BigInt(order(a, b)),
    ),
    method("asApproximateFloat", "quantity_get_float", [q], doubleType, ({ quantity }: CelQuantity) =>
      quantity.toNumber(),
    ),
    method("asInteger", "quantity_get_int", [q], intType, asInteger),
    method(
      "isInteger",
      "quantity_is_integer",
      [q],
      boolType,
      (quantity: CelQuantity) => integer(quantity) !== undefined,
    ),
    method(
      "add",
      "quantity_add",
      [q, q],
      q,
      (a: CelQuantity, b: CelQuantity) => new CelQuantity(a.quantity.add(b.quantity)),
    ),
    method(
      "add",
      "quantity_add_int",
      [q, intType],
      q,
      (a: CelQuantity, b: bigint) => new CelQuantity(a.quantity.add(Quantity.fromInteger(b))),
    ),
    method(
      "sub",
      "quantity_sub",
      [q, q],
      q,
      (a: CelQuantity, b: CelQuantity) => new CelQuantity(a.quantity.sub(b.quantity)),
    ),
    method(
      "sub",
      "quantity_sub_int",
      [q, intType],
      q,
      (a: CelQuantity, b: bigint) => new CelQuantity(a.quantity.sub(Quantity.fromInteger(b))),
    ),
  ],
  typeNames: [["kubernetes.Quantity", q]],
};
