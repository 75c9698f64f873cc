import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { compileCel } from "./compile.ts";
import { CelEnvironment, dynVariable } from "./environment.ts";
import { escapeIdentifier, unescapeIdentifier } from "./escape.ts";
import { formatDuration, formatTimestamp, parseDuration, parseTimestamp } from "./time-values.ts";
import type { Value } from "./values.ts";

const environment = new CelEnvironment({ variables: { a: dynVariable, b: dynVariable, c: dynVariable } });

function evaluator(expression: string): (bindings: Record<string, unknown>) => Value {
  const compiled = compileCel(expression, environment);
  if ("errors" in compiled) assert.fail(compiled.errors.message);
  return (bindings) => {
    const result = compiled.ok.evaluate(bindings);
    if (!result.ok) assert.fail(result.error.message);
    return result.value;
  };
}

const quantity = fc
  .tuple(fc.integer({ min: -100_000, max: 100_000 }), fc.constantFrom("", "m", "k", "M", "G", "Ki", "Mi", "Gi", "e3"))
  .map(([amount, suffix]) => `${amount}${suffix}`);
const ipv4 = fc.ipV4();
const ipv6 = fc.ipV6().filter((text) => !text.includes("."));

describe("quantities", () => {
  it("are equal to themselves and ordered", () => {
    const same = evaluator("quantity(a) == quantity(a) && quantity(a).compareTo(quantity(a)) == 0");
    const ordered = evaluator("quantity(a).compareTo(quantity(b)) == -quantity(b).compareTo(quantity(a))");
    checkProperty(
      fc.property(quantity, quantity, (a, b) => {
        assert.equal(same({ a }), true);
        assert.equal(ordered({ a, b }), true);
      }),
    );
  });

  it("lose nothing when added and subtracted", () => {
    const back = evaluator("quantity(a).add(quantity(b)).sub(quantity(b)) == quantity(a)");
    checkProperty(fc.property(quantity, quantity, (a, b) => assert.equal(back({ a, b }), true)));
  });

  it("of any text parse or are refused", () => {
    const consistent = evaluator("isQuantity(a) ? quantity(a) == quantity(a) : true");
    checkProperty(fc.property(fc.string(), (a) => assert.equal(consistent({ a }), true)));
  });
});

describe("addresses", () => {
  it("are the same after they were written", () => {
    const back = evaluator("ip(string(ip(a))) == ip(a) && ip.isCanonical(string(ip(a)))");
    checkProperty(fc.property(fc.oneof(ipv4, ipv6), (a) => assert.equal(back({ a }), true)));
  });

  it("are in their network", () => {
    const inside = evaluator("cidr(a).containsIP(b) && cidr(a).masked().containsIP(b) && cidr(a).containsCIDR(c)");
    checkProperty(
      fc.property(ipv4, fc.integer({ min: 0, max: 32 }), (address, length) => {
        assert.equal(inside({ a: `${address}/${length}`, b: address, c: `${address}/32` }), true);
      }),
    );
    checkProperty(
      fc.property(ipv6, fc.integer({ min: 0, max: 128 }), (address, length) => {
        assert.equal(inside({ a: `${address}/${length}`, b: address, c: `${address}/128` }), true);
      }),
    );
  });

  it("of any text parse or are refused", () => {
    const consistent = evaluator("(isIP(a) ? ip(a) == ip(a) : true) && (isCIDR(a) ? cidr(a) == cidr(a) : true)");
    checkProperty(
      fc.property(fc.oneof(fc.string(), ipv6, fc.webAuthority()), (a) => assert.equal(consistent({ a }), true)),
    );
  });
});

describe("times", () => {
  it("are the same after they were written", () => {
    checkProperty(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (ns) => {
        assert.equal(parseDuration(formatDuration(ns)), ns);
      }),
    );
    const min = parseTimestamp("0001-01-01T00:00:00Z");
    const max = parseTimestamp("9999-12-31T23:59:59.999999999Z");
    assert.ok(min !== undefined && max !== undefined);
    checkProperty(fc.property(fc.bigInt({ min, max }), (ns) => assert.equal(parseTimestamp(formatTimestamp(ns)), ns)));
  });
});

describe("names of properties", () => {
  it("are the same after they were escaped", () => {
    const name = fc.stringMatching(/^[A-Za-z_./-][A-Za-z0-9_./-]{0,20}$/);
    checkProperty(
      fc.property(fc.oneof(name, fc.constantFrom("in", "namespace", "a__b", "__", "-", "a.b/c-d")), (property) => {
        const escaped = escapeIdentifier(property);
        assert.ok(escaped !== undefined);
        assert.match(escaped, /^[A-Za-z_][A-Za-z0-9_]*$/);
        // Escapes within underscores of their own cannot be told apart, which is so upstream too.
        if (!/_(?:__|[-./])|(?:__|[-./])_/.test(property)) assert.equal(unescapeIdentifier(escaped), property);
      }),
    );
  });
});

describe("expressions", () => {
  it("of any text compile or are refused with a message", () => {
    const pieces = fc.constantFrom(
      "self",
      "a",
      "1",
      "'x'",
      "(",
      ")",
      "[",
      "]",
      "{",
      "}",
      ".",
      "?",
      ":",
      ",",
      "+",
      "-",
      "!",
      "&&",
      "||",
      "==",
      "in",
      "size",
      "map",
      "has",
      "\n",
      '"',
      "0x",
      "1.",
      "b'",
      "//",
    );
    checkProperty(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((all) => all.join(" ")),
          fc.array(pieces).map((all) => all.join("")),
        ),
        (text) => {
          const compiled = compileCel(text, environment);
          if ("errors" in compiled) assert.match(compiled.errors.message, /^ERROR: <input>:\d+:\d+: ./);
          else compiled.ok.evaluate({ a: 1 });
        },
      ),
      { share: 20 },
    );
  });

  it("treat texts as texts", () => {
    const reversed = evaluator(
      "a.reverse().reverse() == a && a.split('').join() == a && a.substring(0) == a && size(a) == size(a.split(''))",
    );
    checkProperty(fc.property(fc.string({ unit: "grapheme" }), (a) => assert.equal(reversed({ a }), true)));
    const found = evaluator(
      "(a + b + c).indexOf(b) <= size(a) && (a + b + c).contains(b) && (a + b + c).startsWith(a)",
    );
    checkProperty(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.string({ unit: "grapheme", minLength: 1 }),
        fc.string(),
        (a, b, c) => assert.equal(found({ a, b, c }), true),
      ),
    );
  });
});
