import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "./testing/check-property.ts";
import { YamlError, formatYaml, parseYaml, parseYamlDocuments } from "./yaml.ts";

/** Texts that look like something else, or that need quotes. */
const text = fc.oneof(
  fc.constantFrom(
    "yes",
    "no",
    "on",
    "~",
    "null",
    "0777",
    "0x1f",
    "1_000",
    "1e3",
    ".5",
    "12:30:45",
    "2026-01-01",
    "- a",
    "a: b",
    "#",
    "|",
    "''",
    '"',
    " x ",
    "\t",
    "<<",
    "&a",
    "*a",
    "!!str",
    "__proto__",
  ),
  fc.string(),
  fc.string({ unit: "grapheme" }),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.constantFrom<unknown>(true, false, null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(fc.tuple(text, tie("value")), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

suite("any value", () => {
  test("is read back from YAML and from JSON", () => {
    checkProperty(
      fc.property(value, (given) => {
        assert.deepEqual(parseYaml(formatYaml({ given })), { given });
        assert.deepEqual(parseYaml(` ${JSON.stringify({ given })}`), { given });
      }),
      { share: 2 },
    );
  });

  test("in quotes is text", () => {
    checkProperty(
      fc.property(text, (given) => {
        assert.deepEqual(parseYaml(`v: ${JSON.stringify(given)}`), { v: given });
        const plain = /^[\x20-\x7e]*$/.test(given);
        if (plain) assert.deepEqual(parseYaml(`v: '${given.replaceAll("'", "''")}'`), { v: given });
      }),
      { share: 2 },
    );
  });
});

suite("plain scalars are read as Go reads them", () => {
  const read = (scalar: string) => (parseYaml(`v: ${scalar}\n`) as { v: unknown }).v;

  test("whole numbers in every base, with underscores", () => {
    const sign = fc.constantFrom("", "-", "+");
    checkProperty(
      fc.property(sign, fc.nat(), fc.constantFrom(2, 8, 10, 16), fc.boolean(), (mark, number, base, grouped) => {
        const prefix = { 2: "0b", 8: "0", 10: "", 16: "0x" }[base] ?? "";
        const digits = number.toString(base);
        const written = grouped && digits.length > 1 ? `${digits[0]}_${digits.slice(1)}` : digits;
        assert.equal(read(`${mark}${prefix}${written}`), mark === "-" && number !== 0 ? -number : number);
      }),
    );
  });

  test("words for truth, and nothing that only resembles them", () => {
    const words = ["y", "yes", "true", "on", "n", "no", "false", "off"];
    const casing = fc.constantFrom(
      (word: string) => word,
      (word: string) => word.toUpperCase(),
      (word: string) => word.charAt(0).toUpperCase() + word.slice(1),
    );
    checkProperty(
      fc.property(fc.constantFrom(...words), casing, (word, change) => {
        assert.equal(read(change(word)), words.indexOf(word) < 4);
        assert.equal(read(`${change(word)}x`), `${change(word)}x`);
      }),
    );
  });

  test("times, dates and numbers to the base of sixty are text", () => {
    const two = fc.integer({ min: 10, max: 59 });
    checkProperty(
      fc.property(two, two, two, (a, b, c) => {
        for (const scalar of [`${a}:${b}:${c}`, `20${a}-${10 + (b % 3)}-${10 + (c % 18)}`, `${a}:${b}`]) {
          assert.equal(read(scalar), scalar);
        }
      }),
    );
  });
});

suite("whatever it is, YAML is read or refused with a YamlError", () => {
  const piece = fc.constantFrom(
    "a",
    "b: ",
    "- ",
    "\n",
    "  ",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "&x ",
    "*x",
    "<<: ",
    "|\n",
    ">-\n",
    "'",
    '"',
    "#",
    "---\n",
    "? ",
    "!!str ",
    "!!binary ",
    "\t",
    "...\n",
    "%",
    "@",
    "`",
  );
  const texts = fc.oneof(
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
    fc.string(),
  );
  const attempt = (work: () => unknown): boolean => {
    try {
      work();
      return true;
    } catch (error) {
      assert.ok(error instanceof YamlError, String(error));
      return false;
    }
  };

  test("strictly or not, and what is read strictly is the same", () => {
    checkProperty(
      fc.property(texts, (written) => {
        const isRead = attempt(() => parseYamlDocuments(written));
        const isStrict = attempt(() => parseYamlDocuments(written, { strict: true }));
        if (isStrict) {
          assert.ok(isRead);
          assert.deepEqual(parseYamlDocuments(written, { strict: true }), parseYamlDocuments(written));
        }
        for (const key in {}) assert.fail(`every object has ${key}`);
      }),
      { share: 10 },
    );
  });

  test("a key that is given twice is told of by its line", () => {
    const keys = fc.array(fc.constantFrom("a", "b", "c", "d", "constructor", "__proto__"), {
      minLength: 1,
      maxLength: 6,
    });
    checkProperty(
      fc.property(keys, (names) => {
        const written = names.map((name) => `${name}: 1\n`).join("");
        const second = names.findIndex((name, index) => names.indexOf(name) < index);
        if (second < 0) assert.deepEqual(Object.keys(parseYaml(written, { strict: true }) as object), names);
        else {
          const message = `line ${second + 1}: key ${JSON.stringify(names[second])} already set in map`;
          assert.throws(
            () => parseYaml(written, { strict: true }),
            (error) => error instanceof YamlError && error.message.includes(message),
          );
        }
      }),
    );
  });

  test("aliases that multiply, and depth, are refused soon", () => {
    const nested = fc.tuple(
      fc.constantFrom("[", "{a: ", "- ", "? ", ": ", "- ? : "),
      fc.integer({ min: 2_000, max: 50_000 }),
    );
    checkProperty(
      fc.property(nested, fc.integer({ min: 7, max: 12 }), ([open, depth], levels) => {
        const begin = performance.now();
        assert.throws(() => parseYaml(open.repeat(depth)), YamlError);
        const bomb = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"];
        for (let level = 1; level <= levels; level += 1) {
          bomb.push(`a${level}: &a${level} [${`*a${level - 1},`.repeat(10)}]`);
        }
        assert.throws(() => parseYaml(bomb.join("\n")), /excessive aliasing/);
        assert.ok(performance.now() - begin < 5_000);
      }),
      { share: 0.05 },
    );
  });

  test("more tokens than are allowed are refused, as many are read", () => {
    checkProperty(
      fc.property(fc.integer({ min: 10, max: 60 }), (lines) => {
        const written = "- a\n".repeat(lines);
        assert.equal((parseYaml(written, { maxTokens: 1_000 }) as unknown[]).length, lines);
        assert.throws(() => parseYaml(written, { maxTokens: lines }), YamlError);
      }),
      { share: 0.2 },
    );
  });
});
