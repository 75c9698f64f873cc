/** How a quantity is written: decimal suffixes (`m`, `k`, `M`), powers of 1024 (`Ki`, `Mi`) or an exponent (`e3`). */
export type QuantityFormat = "DecimalSI" | "BinarySI" | "DecimalExponent";

/** A quantity that cannot be parsed. The message is upstream's. */
export class QuantityError extends Error {
  override readonly name = "QuantityError";
  readonly code: "format" | "numeric" | "suffix";

  constructor(code: "format" | "numeric" | "suffix") {
    super(errorTexts[code]);
    this.code = code;
  }
}

const errorTexts = {
  format: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  numeric: "unable to parse numeric part of quantity",
  suffix: "unable to parse quantity's suffix",
} as const;

const decimalExponents = new Map<string, number>([
  ["", 0],
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
]);
const decimalSuffixes = new Map([...decimalExponents].map(([suffix, exponent]) => [exponent, suffix]));
const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;

const nano = -9;
const maxBinary = 2n ** 63n - 1n;
/** Longer texts and larger exponents are refused, so that no arithmetic on a parsed quantity can become expensive. */
const maxTextLength = 256;
const maxExponent = 512;

/**
 * An exact amount: `mantissa × 10^scale`. Immutable. The mantissa is a number while it is a safe integer, which every
 * everyday amount is, and a bigint beyond that.
 */
export class Quantity {
  readonly #mantissa: number | bigint;
  readonly #scale: number;
  readonly format: QuantityFormat;
  #text: string | undefined;

  /** The quantity `mantissa × 10^scale`; a text given must be the one to serve it as. */
  constructor(mantissa: number | bigint, scale: number, format: QuantityFormat, text?: string) {
    this.#mantissa = mantissa;
    this.#scale = scale;
    this.format = format;
    this.#text = text;
  }

  static readonly zero: Quantity = new Quantity(0, 0, "DecimalSI", "0");

  /** The quantity `value`, which must be an integer. */
  static fromInteger(value: number | bigint, format: QuantityFormat = "DecimalSI"): Quantity {
    return new Quantity(narrow(BigInt(value)), 0, format);
  }

  /** The quantity `value / 1000`; value must be an integer. */
  static fromMilli(value: number | bigint, format: QuantityFormat = "DecimalSI"): Quantity {
    return new Quantity(narrow(BigInt(value)), -3, format);
  }

  /**
   * Reads a quantity as upstream does: finer than nano rounds away from zero, binary amounts are capped at 2^63−1.
   * Throws `QuantityError`.
   */
  static parse(text: string): Quantity {
    return parseSimple(text) ?? parseGeneral(text);
  }

  isZero(): boolean {
    return this.#mantissa == 0;
  }

  sign(): -1 | 0 | 1 {
    return this.#mantissa > 0 ? 1 : this.#mantissa < 0 ? -1 : 0;
  }

  /** Negative, zero or positive as this is less than, equal to or greater than the other. */
  compare(other: Quantity): number {
    if (this.#scale === other.#scale) {
      return this.#mantissa < other.#mantissa ? -1 : this.#mantissa > other.#mantissa ? 1 : 0;
    }
    const sign = this.sign();
    if (sign !== other.sign()) return sign < other.sign() ? -1 : 1;
    if (sign === 0) return 0;
    const scale = Math.min(this.#scale, other.#scale);
    const [a, b] = [this.#at(scale), other.#at(scale)];
    return a < b ? -1 : a > b ? 1 : 0;
  }

  equals(other: Quantity): boolean {
    return this.compare(other) === 0;
  }

  /** The sum. It is written in this quantity's format, or the other's when this is zero. */
  add(other: Quantity): Quantity {
    const format = this.isZero() ? other.format : this.format;
    if (
      this.#scale === other.#scale &&
      typeof this.#mantissa === "number" &&
      typeof other.#mantissa === "number" &&
      Number.isSafeInteger(this.#mantissa + other.#mantissa)
    ) {
      return new Quantity(this.#mantissa + other.#mantissa, this.#scale, format);
    }
    const scale = Math.min(this.#scale, other.#scale);
    return new Quantity(narrow(this.#at(scale) + other.#at(scale)), scale, format);
  }

  /** The difference, with the format chosen as for `add`. */
  sub(other: Quantity): Quantity {
    return this.add(other.neg());
  }

  neg(): Quantity {
    return this.isZero() ? this : new Quantity(-this.#mantissa, this.#scale, this.format);
  }

  /** This quantity times an integer. */
  mul(factor: number | bigint): Quantity {
    return new Quantity(narrow(BigInt(this.#mantissa) * BigInt(factor)), this.#scale, this.format);
  }

  /** The amount as an integer, rounded away from zero. Exact up to 2^53. */
  value(): number {
    return Number(this.scaledValue(0));
  }

  /** A thousand times the amount as an integer, rounded away from zero. Exact up to 2^53. */
  milliValue(): number {
    return Number(this.scaledValue(-3));
  }

  /** `amount / 10^scale` as an integer, rounded away from zero. */
  scaledValue(scale: number): number | bigint {
    const shift = this.#scale - scale;
    if (shift === 0) return this.#mantissa;
    if (typeof this.#mantissa === "number") {
      if (shift < 0 && shift >= -15) return roundAway(this.#mantissa / 10 ** -shift, this.#mantissa, 10 ** -shift);
      const product = this.#mantissa * 10 ** shift;
      if (shift > 0 && shift <= 15 && Number.isSafeInteger(product)) return product;
    }
    return divideAway(BigInt(this.#mantissa), shift);
  }

  /** The nearest floating-point number. */
  toNumber(): number {
    return Number(`${this.#mantissa}e${this.#scale}`);
  }

  /** The canonical text: no fraction, the largest suffix that loses nothing. */
  toString(): string {
    this.#text ??= this.#canonical();
    return this.#text;
  }

  toJSON(): string {
    return this.toString();
  }

  #at(scale: number): bigint {
    const mantissa = BigInt(this.#mantissa);
    return this.#scale === scale ? mantissa : mantissa * 10n ** BigInt(this.#scale - scale);
  }

  #canonical(): string {
    if (this.isZero()) return "0";
    if (this.format === "BinarySI") {
      const binary = this.#canonicalBinary();
      if (binary !== undefined) return binary;
    }
    let mantissa = BigInt(this.#mantissa);
    let exponent = this.#scale;
    while (mantissa % 10n === 0n) {
      mantissa /= 10n;
      exponent += 1;
    }
    while (exponent % 3 !== 0) {
      mantissa *= 10n;
      exponent -= 1;
    }
    const suffix = this.format === "DecimalExponent" ? undefined : decimalSuffixes.get(exponent);
    return `${mantissa}${suffix ?? (exponent === 0 ? "" : `e${exponent}`)}`;
  }

  /** Undefined when the amount is below 1024 or has a fraction: those are written as decimals. */
  #canonicalBinary(): string | undefined {
    if (this.#scale < 0 && BigInt(this.#mantissa) % 10n ** BigInt(-this.#scale) !== 0n) return undefined;
    let amount = BigInt(this.scaledValue(0));
    if (amount > -1024n && amount < 1024n) return undefined;
    let power = 0;
    while (power < binarySuffixes.length - 1 && amount % 1024n === 0n) {
      amount /= 1024n;
      power += 1;
    }
    return `${amount}${binarySuffixes[power]}`;
  }
}

/** Reads a quantity; throws `QuantityError`. */
export function parseQuantity(text: string): Quantity {
  return Quantity.parse(text);
}

/** The quantity in a field that may be unset, which counts as zero. */
export function quantityOf(text: string | undefined): Quantity {
  return text === undefined ? Quantity.zero : Quantity.parse(text);
}

/** The canonical text of a quantity as upstream would serve it; throws `QuantityError`. */
export function canonicalQuantity(text: string): string {
  return isPlainlyCanonical(text) ? text : Quantity.parse(text).toString();
}

/** Recognises everyday canonical amounts (`100m`, `1`, `128Mi`) without building anything. */
function isPlainlyCanonical(text: string): boolean {
  const length = text.length;
  let at = 0;
  let value = 0;
  for (; at < length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (at === 0 || at > 9 || value === 0) return false;
  if (at === length) return value % 1000 !== 0;
  const suffix = text.charCodeAt(at);
  if (at + 1 === length) return (suffix === 109 || suffix === 107 || suffix === 77) && value % 1000 !== 0;
  if (at + 2 !== length || text.charCodeAt(at + 1) !== 105) return false;
  return (suffix === 75 || suffix === 77 || suffix === 71) && value % 1024 !== 0;
}

/** The fast path: up to 15 digits and a suffix, no sign, no fraction, no leading zero. */
function parseSimple(text: string): Quantity | undefined {
  const length = text.length;
  let at = 0;
  let value = 0;
  for (; at < length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (at === 0 || at > 15 || value === 0 || text.charCodeAt(0) === 48) return undefined;
  if (at === length) return new Quantity(value, 0, "DecimalSI", value % 1000 !== 0 ? text : undefined);
  if (at + 1 === length) {
    const exponent = decimalExponents.get(text.charAt(at));
    return exponent === undefined
      ? undefined
      : new Quantity(value, exponent, "DecimalSI", value % 1000 !== 0 ? text : undefined);
  }
  if (at + 2 !== length || text.charCodeAt(at + 1) !== 105) return undefined;
  const power = binarySuffixes.indexOf(text.slice(at) as "Ki");
  const amount = value * 1024 ** power;
  if (power < 1 || !Number.isSafeInteger(amount)) return undefined;
  return new Quantity(amount, 0, "BinarySI", value % 8 !== 0 ? text : undefined);
}

interface Parts {
  negative: boolean;
  /** Integer digits without leading zeros, at least "0". */
  integer: string;
  fraction: string;
  suffix: string;
}

function parseGeneral(text: string): Quantity {
  if (text.length === 0) throw new QuantityError("format");
  if (text.length > maxTextLength) throw new QuantityError("numeric");
  const parts = split(text);
  const unit = interpretSuffix(parts.suffix);
  const digits = parts.integer + parts.fraction;
  const factor = unit.format === "BinarySI" ? 2n ** BigInt(unit.exponent) : 1n;
  let mantissa = BigInt(digits) * factor;
  let scale = (unit.format === "BinarySI" ? 0 : unit.exponent) - parts.fraction.length;
  if (scale < nano) {
    mantissa = BigInt(divideAway(mantissa, scale - nano));
    scale = nano;
  }
  let format = unit.format;
  if (format === "BinarySI") {
    const one = 10n ** BigInt(-scale);
    if (mantissa > maxBinary * one) [mantissa, scale] = [maxBinary, 0];
    else if (mantissa > 0n && mantissa < one) format = "DecimalSI";
  }
  const kept = keepsText(parts, digits, unit, scale) ? text : undefined;
  return new Quantity(narrow(parts.negative ? -mantissa : mantissa), scale, format, kept);
}

/** Upstream serves some texts as they came although they are not canonical, such as "1.500" and "+1". */
function keepsText(parts: Parts, digits: string, unit: Unit, scale: number): boolean {
  if (unit.format === "BinarySI") {
    const precision = 15 - parts.integer.length - Math.trunc((unit.exponent * 3) / 10) - 1;
    return parts.fraction === "" && precision >= 0 && BigInt(digits) % 8n !== 0n;
  }
  if (digits.length > 18 || unit.exponent - parts.fraction.length < nano) return false;
  return scale % 3 === 0 && !digits.endsWith("000") && !digits.startsWith("0");
}

function split(text: string): Parts {
  const match = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/.exec(text);
  if (!match) throw new QuantityError("format");
  const [, sign, integer = "", fraction, suffix = ""] = match;
  const stripped = integer.replace(/^0+/, "");
  return {
    negative: sign === "-",
    integer: stripped === "" ? "0" : stripped,
    fraction: fraction ?? "",
    suffix,
  };
}

interface Unit {
  format: QuantityFormat;
  exponent: number;
}

function interpretSuffix(suffix: string): Unit {
  const decimal = decimalExponents.get(suffix);
  if (decimal !== undefined) return { format: "DecimalSI", exponent: decimal };
  const power = binarySuffixes.indexOf(suffix as "Ki");
  if (power > 0) return { format: "BinarySI", exponent: power * 10 };
  if (!/^[eE][-+]?[0-9]+$/.test(suffix)) throw new QuantityError("suffix");
  const exponent = Number(suffix.slice(1));
  if (Math.abs(exponent) > maxExponent) throw new QuantityError("suffix");
  return { format: "DecimalExponent", exponent };
}

function narrow(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function roundAway(quotient: number, mantissa: number, divisor: number): number {
  if (mantissa % divisor === 0) return Math.round(quotient);
  return quotient > 0 ? Math.floor(quotient) + 1 : Math.ceil(quotient) - 1;
}

/** `mantissa × 10^shift`, rounded away from zero when the shift is negative. */
function divideAway(mantissa: bigint, shift: number): bigint {
  if (shift >= 0) return mantissa * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  const quotient = mantissa / divisor;
  if (mantissa % divisor === 0n) return quotient;
  return mantissa > 0n ? quotient + 1n : quotient - 1n;
}
