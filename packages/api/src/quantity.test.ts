import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { Quantity, QuantityError, canonicalQuantity, parseQuantity, quantityOf } from "./quantity.ts";

suite("quantity", () => {
  const canonical: [text: string, canonical: string][] = [
    ["0", "0"],
    ["0Mi", "0"],
    ["0.0000", "0"],
    ["-0", "0"],
    ["100m", "100m"],
    ["1000m", "1"],
    ["1500m", "1500m"],
    ["0.5", "500m"],
    [".5", "500m"],
    ["1.5Gi", "1536Mi"],
    ["1024Mi", "1Gi"],
    ["1Ki", "1Ki"],
    ["512Ki", "512Ki"],
    ["1023", "1023"],
    ["0.5Ki", "512"],
    ["1k", "1k"],
    ["1000k", "1M"],
    ["1e3", "1e3"],
    ["1000e0", "1e3"],
    ["12E3", "12E3"],
    ["10e3", "10e3"],
    ["1e4", "10e3"],
    ["0.9n", "1n"],
    ["0.0000000001", "1n"],
    ["-0.0000000001", "-1n"],
    ["1.1Gi", "1181116006400m"],
    ["8Ei", "9223372036854775807"],
    ["9Ei", "9223372036854775807"],
    ["1000E", "1e21"],
    ["18446744073709551616", "18446744073709551616"],
    ["1.2345", "1234500u"],
    ["-1.5Gi", "-1536Mi"],
    ["1.500", "1.500"],
    ["+1", "+1"],
    ["100000", "100k"],
  ];
  for (const [text, expected] of canonical) {
    test(`${text} is served as ${expected}`, () => {
      assert.equal(parseQuantity(text).toString(), expected);
      assert.equal(canonicalQuantity(text), expected);
    });
  }

  const invalid: [text: string, code: QuantityError["code"]][] = [
    ["", "format"],
    ["aoeu", "format"],
    ["1.1.M", "format"],
    ["1+1.0M", "format"],
    [" 1", "format"],
    ["1 ", "format"],
    ["0.1am", "format"],
    ["0.1mi", "suffix"],
    [".5i", "suffix"],
    ["-3.01e-", "suffix"],
    ["1e99999", "suffix"],
    ["1K", "suffix"],
    ["1".repeat(300), "numeric"],
  ];
  for (const [text, code] of invalid) {
    test(`${JSON.stringify(text.slice(0, 20))} is refused`, () => {
      assert.throws(
        () => parseQuantity(text),
        (error) => error instanceof QuantityError && error.code === code,
      );
    });
  }

  test("the text of errors is upstream's", () => {
    assert.throws(() => parseQuantity("x"), {
      message: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    });
  });

  test("whole numbers round away from zero", () => {
    assert.equal(parseQuantity("1500m").value(), 2);
    assert.equal(parseQuantity("-1500m").value(), -2);
    assert.equal(parseQuantity("1n").milliValue(), 1);
    assert.equal(parseQuantity("0.1Mi").value(), 104858);
    assert.equal(parseQuantity("2Gi").value(), 2 ** 31);
    assert.equal(parseQuantity("100m").milliValue(), 100);
    assert.equal(parseQuantity("1e3").milliValue(), 1_000_000);
  });

  test("arithmetic takes the format of the first operand that is not zero", () => {
    assert.equal(Quantity.zero.add(parseQuantity("1Gi")).toString(), "1Gi");
    assert.equal(parseQuantity("1Gi").add(parseQuantity("512Mi")).toString(), "1536Mi");
    assert.equal(parseQuantity("1").sub(parseQuantity("100m")).toString(), "900m");
    assert.equal(parseQuantity("100m").mul(25).toString(), "2500m");
    assert.equal(quantityOf(undefined).isZero(), true);
  });

  test("comparison is exact across formats", () => {
    assert.equal(parseQuantity("1Ki").compare(parseQuantity("1024")), 0);
    assert.equal(parseQuantity("1Ki").compare(parseQuantity("1k")), 1);
    assert.equal(parseQuantity("999m").compare(parseQuantity("1")), -1);
    assert.equal(parseQuantity("1e100").compare(parseQuantity("1e-100")), 1);
  });

  const texts = fc
    .tuple(
      fc.constantFrom("", "-"),
      fc.bigInt({ min: 0n, max: 10n ** 20n }),
      fc.option(fc.bigInt({ min: 0n, max: 10n ** 10n }), { nil: undefined }),
      fc.constantFrom("", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "e3", "E-2"),
    )
    .map(
      ([sign, integer, fraction, suffix]) =>
        `${sign}${integer}${fraction === undefined ? "" : `.${fraction}`}${suffix}`,
    );

  test("the canonical text means the same amount and is a fixed point", () => {
    checkProperty(
      fc.property(texts, (text) => {
        const parsed = parseQuantity(text);
        const again = parseQuantity(parsed.toString());
        assert.equal(again.compare(parsed), 0);
        assert.equal(canonicalQuantity(parsed.toString()), parsed.toString());
      }),
    );
  });

  test("addition is undone by subtraction, and orders", () => {
    checkProperty(
      fc.property(texts, texts, (a, b) => {
        const [x, y] = [parseQuantity(a), parseQuantity(b)];
        assert.equal(x.add(y).sub(y).compare(x), 0);
        assert.equal(x.add(y).compare(y.add(x)), 0);
        assert.equal(Math.sign(x.compare(y)), x.sub(y).sign());
      }),
    );
  });
});
