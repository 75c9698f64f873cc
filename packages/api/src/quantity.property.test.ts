import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { type Quantity, QuantityError, canonicalQuantity, parseQuantity } from "./quantity.ts";

/** An amount in billionths, which is the finest that quantities hold, as an exact integer. */
type Nanos = bigint;

const decimalFactors: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 10n ** 3n,
  m: 10n ** 6n,
  "": 10n ** 9n,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
};
const binaryFactors: Readonly<Record<string, bigint>> = {
  Ki: 2n ** 10n,
  Mi: 2n ** 20n,
  Gi: 2n ** 30n,
  Ti: 2n ** 40n,
  Pi: 2n ** 50n,
  Ei: 2n ** 60n,
};
const maxBinary = (2n ** 63n - 1n) * 10n ** 9n;

interface Written {
  readonly text: string;
  readonly nanos: Nanos;
  readonly isBinary: boolean;
}

/** The amount of the digits and the factor, rounded away from zero to billionths. */
function amountOf(integer: bigint, fraction: string, nanosPerUnit: bigint, divisor: bigint): Nanos {
  const scale = 10n ** BigInt(fraction.length) * divisor;
  const numerator = (integer * 10n ** BigInt(fraction.length) + BigInt(fraction || "0")) * nanosPerUnit;
  return numerator / scale + (numerator % scale === 0n ? 0n : 1n);
}

const suffixes = fc.oneof(
  fc.constantFrom(...Object.keys(decimalFactors)).map((suffix) => ({
    suffix,
    factor: decimalFactors[suffix] ?? 0n,
    divisor: 1n,
    isBinary: false,
  })),
  fc.constantFrom(...Object.keys(binaryFactors)).map((suffix) => ({
    suffix,
    factor: (binaryFactors[suffix] ?? 0n) * 10n ** 9n,
    divisor: 1n,
    isBinary: true,
  })),
  fc.tuple(fc.constantFrom("e", "E"), fc.integer({ min: -12, max: 24 })).map(([letter, exponent]) => ({
    suffix: `${letter}${exponent}`,
    factor: exponent < 0 ? 10n ** 9n : 10n ** BigInt(9 + exponent),
    divisor: exponent < 0 ? 10n ** BigInt(-exponent) : 1n,
    isBinary: false,
  })),
);

const anyQuantity: fc.Arbitrary<Written> = fc
  .record({
    sign: fc.constantFrom("", "", "-", "+"),
    integer: fc.oneof(fc.bigInt({ min: 0n, max: 5000n }), fc.bigInt({ min: 0n, max: 10n ** 18n })),
    zeros: fc.constantFrom("", "", "0", "000"),
    fraction: fc.oneof(fc.constant(""), fc.stringMatching(/^[0-9]{0,12}$/)),
    unit: suffixes,
  })
  .map(({ sign, integer, zeros, fraction, unit }) => {
    const magnitude = amountOf(integer, fraction, unit.factor, unit.divisor);
    const capped = unit.isBinary && magnitude > maxBinary ? maxBinary : magnitude;
    const dot = fraction === "" ? "" : `.${fraction}`;
    return {
      text: `${sign}${zeros}${integer}${dot}${unit.suffix}`,
      nanos: sign === "-" ? -capped : capped,
      isBinary: unit.isBinary,
    };
  });

const nanosOf = (quantity: Quantity): Nanos => BigInt(quantity.scaledValue(-9));
const ceilAway = (nanos: Nanos, unit: bigint): bigint => {
  const quotient = nanos / unit;
  return nanos % unit === 0n ? quotient : nanos > 0n ? quotient + 1n : quotient - 1n;
};

suite("any quantity", () => {
  test("means what its digits and suffix say", () => {
    checkProperty(
      fc.property(anyQuantity, ({ text, nanos }) => {
        assert.equal(nanosOf(parseQuantity(text)), nanos);
      }),
      { share: 3 },
    );
  });

  test("is served as a text of the same amount, which is served as it is", () => {
    checkProperty(
      fc.property(anyQuantity, ({ text, nanos }) => {
        const served = canonicalQuantity(text);
        assert.equal(nanosOf(parseQuantity(served)), nanos);
        assert.equal(canonicalQuantity(served), served);
      }),
      { share: 3 },
    );
  });

  test("that was computed has no fraction and the largest suffix that loses nothing", () => {
    checkProperty(
      fc.property(anyQuantity, ({ text }) => {
        const computed = parseQuantity(text).mul(1);
        const served = computed.toString();
        const match = /^(-?\d+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|e\d+|e-\d+)?$/.exec(served);
        assert.ok(match, served);
        const digits = BigInt(match[1] ?? "0");
        const suffix = match[2] ?? "";
        if (Object.hasOwn(binaryFactors, suffix)) assert.ok(suffix === "Ei" || digits % 1024n !== 0n, served);
        else if (digits !== 0n && suffix !== "E" && computed.format !== "BinarySI")
          assert.ok(digits % 1000n !== 0n, served);
      }),
      { share: 3 },
    );
  });

  test("compares as the amounts do", () => {
    checkProperty(
      fc.property(anyQuantity, anyQuantity, (a, b) => {
        const [x, y] = [parseQuantity(a.text), parseQuantity(b.text)];
        const expected = a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
        assert.equal(Math.sign(x.compare(y)), expected);
        assert.equal(x.equals(y), expected === 0);
        assert.equal(x.sign(), a.nanos < 0n ? -1 : a.nanos > 0n ? 1 : 0);
        assert.equal(x.isZero(), a.nanos === 0n);
      }),
    );
  });

  test("is added, subtracted and multiplied exactly", () => {
    checkProperty(
      fc.property(anyQuantity, anyQuantity, fc.bigInt({ min: -1000n, max: 1000n }), (a, b, factor) => {
        const [x, y] = [parseQuantity(a.text), parseQuantity(b.text)];
        assert.equal(nanosOf(x.add(y)), a.nanos + b.nanos);
        assert.equal(nanosOf(x.sub(y)), a.nanos - b.nanos);
        assert.equal(nanosOf(x.mul(factor)), a.nanos * factor);
        assert.equal(nanosOf(x.neg()), -a.nanos);
      }),
    );
  });

  test("rounds away from zero to whole numbers and thousandths", () => {
    checkProperty(
      fc.property(anyQuantity, ({ text, nanos }) => {
        const quantity = parseQuantity(text);
        assert.equal(BigInt(quantity.scaledValue(0)), ceilAway(nanos, 10n ** 9n));
        assert.equal(BigInt(quantity.scaledValue(-3)), ceilAway(nanos, 10n ** 6n));
        assert.equal(BigInt(quantity.scaledValue(3)), ceilAway(nanos, 10n ** 12n));
        assert.equal(quantity.value(), Number(ceilAway(nanos, 10n ** 9n)));
        assert.equal(quantity.milliValue(), Number(ceilAway(nanos, 10n ** 6n)));
      }),
    );
  });

  test("fits the pattern of its error text, where upstream lets the digits be missing, and nothing else is one", () => {
    const pattern = /^[+-]?[0-9.]*[eEinumkKMGTP]*[-+]?[0-9]*$/;
    const near = fc.stringMatching(/^[-+0-9.eEinumkKMGTP ]{0,8}$/);
    checkProperty(
      fc.property(fc.oneof(near, fc.string()), (text) => {
        try {
          parseQuantity(text);
        } catch (error) {
          assert.ok(error instanceof QuantityError);
          assert.throws(() => canonicalQuantity(text), QuantityError);
          return;
        }
        assert.match(text, pattern);
        assert.ok((text.match(/\./g) ?? []).length <= 1);
      }),
      { share: 5 },
    );
  });
});
