import assert from "node:assert/strict";
import { isIPv4, isIPv6 } from "node:net";
import { suite, test } from "node:test";
import fc from "fast-check";
import { formatDuration, parseDuration } from "@kube-ts/std/duration";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { parseDuration as parseCelDuration } from "./cel/time-values.ts";
import { microTimeText, timeText } from "./decode-scalars.ts";
import { fieldPath } from "./field-path.ts";
import { compareBytes, goJson, sortKeys, sortedJson } from "./go-json.ts";
import { goQuote } from "./go-quote.ts";
import { scaledValue } from "./int-or-string.ts";
import {
  addressBits,
  addressFamily,
  cidrContains,
  cidrErrors,
  ipAddressErrors,
  isIpAddress,
  parseCidr,
} from "./ip-address.ts";
import { formatTime, parseTime } from "./rfc3339.ts";

suite("counts and percentages", () => {
  test("are parts of the whole, rounded as asked", () => {
    checkProperty(
      fc.property(fc.nat({ max: 10_000 }), fc.nat({ max: 1_000_000 }), (percent, total) => {
        const exact = BigInt(percent) * BigInt(total);
        const text = `${percent}%`;
        assert.equal(BigInt(scaledValue(text, total, "down")), exact / 100n);
        assert.equal(BigInt(scaledValue(text, total, "up")), (exact + 99n) / 100n);
        assert.equal(scaledValue(total, 7, "up"), total);
      }),
    );
  });

  test("of what is none are refused", () => {
    checkProperty(
      fc.property(fc.string(), (text) => {
        if (/^[+-]?\d+%$/.test(text)) return;
        assert.throws(() => scaledValue(text, 10, "up"), /^Error: invalid value for IntOrString: /);
      }),
    );
  });
});

suite("times", () => {
  const two = (value: number) => String(value).padStart(2, "0");
  const parts = fc.record({
    year: fc.integer({ min: 0, max: 9999 }),
    month: fc.integer({ min: 0, max: 13 }),
    day: fc.integer({ min: 0, max: 32 }),
    hour: fc.integer({ min: 0, max: 24 }),
    minute: fc.integer({ min: 0, max: 60 }),
    second: fc.integer({ min: 0, max: 60 }),
    offset: fc.option(fc.integer({ min: -1439, max: 1439 }), { nil: undefined }),
  });
  const daysIn = (year: number, month: number) => {
    const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  };
  /** Days from 1970-01-01, counted year by year in the Gregorian calendar. */
  const daysTo = (year: number, month: number, day: number) => {
    const leaps = (y: number) => Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
    let days = 365 * (year - 1970) + leaps(year - 1) - leaps(1969) + day - 1;
    for (let earlier = 1; earlier < month; earlier += 1) days += daysIn(year, earlier);
    return days;
  };

  test("are what the calendar says, or none", () => {
    checkProperty(
      fc.property(parts, ({ year, month, day, hour, minute, second, offset }) => {
        const at = Math.abs(offset ?? 0);
        const zone =
          offset === undefined ? "Z" : `${offset < 0 ? "-" : "+"}${two(Math.floor(at / 60))}:${two(at % 60)}`;
        const date = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
        const text = `${date}T${two(hour)}:${two(minute)}:${two(second)}${zone}`;
        const isTime = month >= 1 && day >= 1 && day <= daysIn(year, month) && hour < 24 && minute < 60 && second < 60;
        const seconds = ((daysTo(year, month, day) * 24 + hour) * 60 + minute - (offset ?? 0)) * 60 + second;
        assert.equal(parseTime(text), isTime ? seconds * 1000 : undefined, text);
        if (isTime && seconds >= daysTo(1, 1, 2) * 86_400 && year < 9999) {
          assert.equal(parseTime(formatTime(seconds * 1000)), seconds * 1000);
          assert.equal(timeText(text), formatTime(seconds * 1000));
        }
      }),
      { share: 10 },
    );
  });

  test("of microseconds keep them", () => {
    checkProperty(
      fc.property(fc.nat({ max: 2 ** 31 }), fc.stringMatching(/^[0-9]{1,9}$/), (seconds, fraction) => {
        const [second = ""] = formatTime(seconds * 1000).split("Z");
        const expected = `${second}.${fraction.padEnd(6, "0").slice(0, 6)}Z`;
        assert.equal(microTimeText(`${second}.${fraction}Z`), expected);
      }),
      { share: 3 },
    );
  });

  test("of any other text are none", () => {
    checkProperty(
      fc.property(fc.string(), (text) => {
        assert.equal(parseTime(text) === undefined, !/^\d{4}-\d\d-\d\dT/.test(text));
      }),
    );
  });
});

suite("durations", () => {
  const piece = fc
    .tuple(
      fc.constantFrom("", "1", "07", "59", "1000"),
      fc.constantFrom("", ".", ".5", ".25"),
      fc.constantFrom("ns", "us", "µs", "ms", "s", "m", "h", "", "d"),
    )
    .map((all) => all.join(""));
  const text = fc.oneof(
    fc.string(),
    fc
      .tuple(fc.constantFrom("", "-", "+"), fc.array(piece, { maxLength: 4 }))
      .map(([sign, all]) => sign + all.join("")),
  );

  test("are read alike by flags and by expressions", () => {
    checkProperty(
      fc.property(text, (given) => {
        const exact = parseCelDuration(given);
        if (exact === undefined) {
          assert.throws(() => parseDuration(given), /^Error: time: /);
          return;
        }
        const found = parseDuration(given) * 1e6;
        const close = Math.abs(found - Number(exact)) <= Math.max(5, Math.abs(found) * 1e-12);
        assert.ok(close, `${given}: ${found} and ${exact}`);
      }),
      { share: 5 },
    );
  });

  test("are the same after they were written", () => {
    checkProperty(
      fc.property(fc.integer({ min: -(2 ** 50), max: 2 ** 50 }), (ns) => {
        const written = formatDuration(ns / 1e6);
        assert.equal(parseCelDuration(written), BigInt(ns), written);
      }),
      { share: 3 },
    );
  });
});

suite("addresses", () => {
  const address = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.stringMatching(/^[0-9a-f:.]{0,12}$/),
    fc.stringMatching(/^(?:[0-9a-f]{0,4}:){2,8}[0-9a-f.]{0,8}$/),
    fc.stringMatching(/^(?:0?[0-9]{1,3}\.){3}[0-9]{1,3}$/),
    fc.string(),
  );

  test("are those that Node.js knows", () => {
    checkProperty(
      fc.property(address, (text) => {
        const expected = isIPv4(text) || (isIPv6(text) && !text.includes("%"));
        assert.equal(isIpAddress(text), expected, text);
        const family = addressFamily(text);
        if (!expected) assert.equal(family, undefined);
        if (isIPv4(text)) assert.equal(family, 4);
        assert.equal(ipAddressErrors(text).length === 0, expected && (isIPv4(text) || family === 6));
      }),
      { share: 10 },
    );
  });

  test("are in the ranges whose first bits they share", () => {
    const bits = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n });
    const dotted = (value: bigint) => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
    checkProperty(
      fc.property(
        bits,
        fc.oneof(bits, fc.constantFrom("near")),
        fc.integer({ min: 0, max: 32 }),
        (base, chosen, length) => {
          const other = typeof chosen === "string" ? base ^ 1n : chosen;
          const range = parseCidr(`${dotted(base)}/${length}`);
          assert.ok(range);
          assert.equal(addressBits(dotted(base)), base);
          const shift = BigInt(32 - length);
          assert.equal(cidrContains(range, dotted(other)), base >> shift === other >> shift);
          assert.equal(cidrContains(range, "::1"), false);
          assert.equal(cidrErrors(`${dotted(base)}/${length}`).length === 0, (base >> shift) << shift === base);
        },
      ),
      { share: 3 },
    );
  });

  test("with a length are ranges, and nothing else is", () => {
    const lengths = fc.oneof(fc.integer({ min: -1, max: 130 }).map(String), fc.constantFrom("", "08", "+8", "8 "));
    checkProperty(
      fc.property(address, lengths, (text, length) => {
        const max = isIPv4(text) ? 32 : 128;
        const isLength = /^(0|[1-9]\d*)$/.test(length) && Number(length) <= max;
        const range = parseCidr(`${text}/${length}`);
        if (!isIpAddress(text) || !/^(0|[1-9]\d*)$/.test(length) || Number(length) > 128)
          assert.equal(range, undefined);
        else if (isIPv4(text)) assert.equal(range !== undefined, isLength);
        assert.equal(parseCidr(text), undefined);
      }),
      { share: 3 },
    );
  });
});

/** Reads what Go's `%q` wrote. */
function unquote(quoted: string): string {
  assert.match(quoted, /^"[^]*"$/);
  return quoted.slice(1, -1).replace(/\\(?:x(..)|u(....)|U(........)|(.))/gs, (_all, x, u, long, one: string) => {
    const hex = (x ?? u ?? long) as string | undefined;
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" }[one] ?? one;
  });
}

suite("Go's spellings", () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }));

  test("quoted text is printable, and can be read back", () => {
    checkProperty(
      fc.property(text, (value) => {
        const quoted = goQuote(value);
        assert.equal(unquote(quoted), value);
        assert.doesNotMatch(quoted, /[\p{Cc}\u2028\u2029]/u);
      }),
      { share: 3 },
    );
  });

  test("JSON means the same and has no characters of HTML", () => {
    checkProperty(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 4), (value, indent) => {
        const written = goJson(value, indent);
        assert.deepEqual(JSON.parse(written), JSON.parse(JSON.stringify(value)));
        assert.doesNotMatch(written, /[<>&\u2028\u2029]/);
      }),
      { share: 2 },
    );
  });

  const named = fc.oneof(fc.constantFrom("a", "B", "__proto__", "\u{1f600}", "\uff5e", ""), fc.string());
  /** Objects whose keys JavaScript leaves in the order in which they were set. */
  const { object } = fc.letrec<{ object: Record<string, unknown>; value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.integer(),
      fc.string(),
      fc.array(tie("value"), { maxLength: 2 }),
      tie("object"),
    ),
    object: fc
      .array(fc.tuple(named, tie("value")), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries.filter(([key]) => !/^\d+$/.test(key)))),
  }));

  test("sorted JSON is JSON of what is sorted", () => {
    checkProperty(
      fc.property(object, fc.constantFrom(0, 2, 4), (value, indent) => {
        const written = sortedJson(value, indent);
        assert.deepEqual(JSON.parse(written), value);
        assert.equal(written, goJson(sortKeys(value), indent));
      }),
      { share: 3 },
    );
  });

  test("sorted JSON has keys that are numbers in the order of their texts, too", () => {
    const numbers = fc.uniqueArray(fc.nat({ max: 200 }), { minLength: 2, maxLength: 6 });
    checkProperty(
      fc.property(numbers, (keys) => {
        const written = sortedJson(Object.fromEntries(keys.map((key) => [key, true] as const)));
        const order = [...written.matchAll(/"(\d+)"/g)].map(([, key]) => key);
        assert.deepEqual(order, keys.map(String).toSorted());
      }),
    );
  });

  test("texts are ordered by their bytes", () => {
    checkProperty(
      fc.property(text, text, (a, b) => {
        assert.equal(Math.sign(compareBytes(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { share: 3 },
    );
  });
});

suite("paths of fields", () => {
  const step = fc.oneof(
    fc.constantFrom("spec", "containers", "name").map((name) => ({ kind: "child", name }) as const),
    fc.nat({ max: 99 }).map((index) => ({ kind: "index", index }) as const),
    fc.stringMatching(/^[a-z./-]{0,8}$/).map((key) => ({ kind: "key", key }) as const),
  );

  test("are written step by step, and a longer path leaves the shorter one as it is", () => {
    checkProperty(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        let path = fieldPath("root");
        let expected = "root";
        for (const each of steps) {
          const shorter = path;
          path =
            each.kind === "child"
              ? path.child(each.name)
              : each.kind === "index"
                ? path.index(each.index)
                : path.key(each.key);
          assert.equal(String(shorter), expected);
          expected += each.kind === "child" ? `.${each.name}` : `[${each.kind === "index" ? each.index : each.key}]`;
        }
        assert.equal(String(path), expected);
      }),
    );
  });
});
