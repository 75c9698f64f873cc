import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Environment } from "@marcbachmann/cel-js";
import { compileCel } from "./compile.ts";
import { CelEnvironment, dynVariable } from "./environment.ts";
import { toJson } from "./native-value.ts";

const ours = new CelEnvironment({ variables: { o: dynVariable } });
const theirs = new Environment({ enableOptionalTypes: true }).registerVariable("o", "dyn");
const data = {
  n: 3,
  f: 1.5,
  s: "text",
  t: true,
  l: [1, 2, 3],
  m: { a: 1, b: "x" },
  items: [
    { k: "a", v: 1 },
    { k: "b", v: 2 },
  ],
};

/** The language's core, where another implementation must agree. */
const expressions: readonly string[] = [
  "1 + 2 * 3 - 4 / 2 % 3",
  "-5 / 2",
  "-5 % 3",
  "1.5 + 2.25 * 2.0",
  "(1 < 2) == (2.0 >= 1.0)",
  "'a' + 'b' == 'ab'",
  "'a' < 'b' && 'b' > 'a'",
  "true ? 'x' : 'y'",
  "false || !false && true",
  "[1, 2] + [3]",
  "[[1], [2, 3]][1][0]",
  "{'a': {'b': [1, 2]}}.a.b[1]",
  "2 in [1, 2] && !('z' in {'a': 1})",
  "size('text') + size([1]) + size({'a': 1})",
  "o.s.startsWith('te') && o.s.endsWith('xt') && o.s.contains('ex')",
  "o.l.all(x, x > 0)",
  "o.l.exists(x, x == 2)",
  "o.l.exists_one(x, x == 2)",
  "o.l.filter(x, x > 1).map(y, y * 10)",
  "o.items.map(i, i.k)",
  "o.items.filter(i, i.v == 2)[0].k",
  "has(o.m.a) && !has(o.m.z)",
  "o.m.b == 'x' || o.m.zz == 1",
  "o.?z.orValue('none')",
  "o.?m.?a.orValue(0)",
  "int('12') + int(3.7)",
  "string(12) + string(true)",
  "double('1.5') * 2.0",
  "bool('true')",
  "type(1) == int && type('') == string && type([]) == list",
  "duration('1h') > duration('59m')",
  "timestamp('2024-01-01T00:00:00Z').getFullYear()",
  "timestamp('2024-03-05T06:07:08Z').getDayOfWeek()",
  "'abc'.matches('^a.c$')",
  "'a-b-c'.split('-')",
  "' x '.trim() + 'A'.lowerAscii()",
  "'hello'.substring(1, 3) + 'hello'.substring(3)",
  "'hello'.indexOf('l') + 'hello'.lastIndexOf('l')",
  "cel.bind(x, 3, x * x)",
  "r'\\d' + '\\u0041' + \"\\x42\" + '''q'uote'''",
  "0x10 + 1",
  "1e3 == 1000.0",
  "false && o.nope == 1",
  "o.l.exists(x, x / (x - 1) == 2)",
];

function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "bigint" ? Number(inner) : inner)),
  );
}

describe("another implementation agrees on", () => {
  for (const expression of expressions) {
    it(expression, () => {
      const compiled = compileCel(expression, ours);
      if ("errors" in compiled) assert.fail(compiled.errors.message);
      const result = compiled.ok.evaluate({ o: data });
      if (!result.ok) assert.fail(result.error.message);
      const bigints = JSON.parse(JSON.stringify(data), (_key, value: unknown) =>
        Number.isInteger(value) ? BigInt(Number(value)) : value,
      );
      assert.deepEqual(toJson(result.value), plain(theirs.evaluate(expression, { o: bigints })));
    });
  }
});
