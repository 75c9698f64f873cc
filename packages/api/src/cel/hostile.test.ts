import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compileCel } from "./compile.ts";
import { CelEnvironment, dynVariable } from "./environment.ts";

const environment = new CelEnvironment({ variables: { self: dynVariable } });
/** Each of these takes well under a second; unbounded they would take hours or all memory. */
const deadlineMs = 60_000;

function run(expression: string, self: unknown = {}): string {
  const start = performance.now();
  const compiled = compileCel(expression, environment);
  let outcome: string;
  if ("errors" in compiled) outcome = compiled.errors.issues[0]?.message ?? "";
  else {
    const result = compiled.ok.evaluate({ self });
    outcome = result.ok ? "ok" : result.error.message;
  }
  const took = performance.now() - start;
  assert.ok(took < deadlineMs, `took ${Math.round(took)} ms`);
  return outcome;
}

const tooDeep = "expression recursion limit exceeded: 250";
const tooLong = "max recursion depth exceeded";
const tooExpensive = "operation cancelled: actual cost limit exceeded";

describe("expressions that are deep", () => {
  const cases: readonly (readonly [name: string, expression: string, outcome: string])[] = [
    ["parentheses", `${"(".repeat(40_000)}1${")".repeat(40_000)}`, tooDeep],
    ["lists", `${"[".repeat(40_000)}${"]".repeat(40_000)}`, tooDeep],
    ["maps", `${"{1:".repeat(20_000)}1${"}".repeat(20_000)}`, tooDeep],
    ["sums", "1".concat("+1".repeat(40_000)), tooLong],
    ["selections", `self${".a".repeat(40_000)}`, tooLong],
    ["indexes", `self${"[0]".repeat(30_000)}`, tooDeep],
    ["calls", `self${".size()".repeat(10_000)}`, tooLong],
    ["conditionals", `${"true ? 1 : ".repeat(9_000)}1`, tooDeep],
    ["nested conditions", `${"(true?".repeat(200)}1${":2)".repeat(200)}`, "ok"],
    ["negations", `${"!".repeat(90_000)}true`, "ok"],
    ["minus signs", `${"-".repeat(90_000)}1`, "ok"],
    ["conjunctions", Array.from({ length: 16_000 }, () => "true").join("&&"), "ok"],
    ["disjunctions", Array.from({ length: 14_000 }, () => "false").join("||"), "ok"],
    ["sums within sums", `${"(".repeat(200)}1${"+1+1+1+1)".repeat(200)}`, tooLong],
    ["comprehensions", `${"[1].all(x,".repeat(100)}true${")".repeat(100)}`, "ok"],
    ["more comprehensions", `${"[1].all(x,".repeat(5_000)}true${")".repeat(5_000)}`, tooDeep],
  ];
  for (const [name, expression, outcome] of cases) it(name, () => assert.equal(run(expression), outcome));
});

describe("expressions that are long", () => {
  it("are refused", () => {
    assert.equal(
      run(`"${"a".repeat(3_000_000)}"`),
      "expression code point size exceeds limit: size: 3000002, limit 100000",
    );
  });

  it("may be of characters outside of the basic plane", () => assert.equal(run(`"${"😀".repeat(60_000)}"`), "ok"));

  it("with many literals are fine", () => assert.equal(run(`[${"1,".repeat(49_000)}]`), "ok"));

  it("with many errors show some of them", () => {
    const compiled = compileCel(
      Array.from({ length: 10_000 }, (_unused, index) => `a${index}`).join("&&"),
      environment,
    );
    assert.ok("errors" in compiled);
    assert.ok(compiled.errors.message.length < 20_000_000);
    assert.ok(compiled.errors.issues.length <= 101);
  });

  it("with endless numbers are refused", () => {
    assert.equal(run("9".repeat(90_000)), "invalid int literal");
    assert.equal(run(`0x${"f".repeat(90_000)}`), "invalid int literal");
    assert.equal(run(`${"9".repeat(90_000)}.0`), "invalid double literal");
  });
});

describe("patterns", () => {
  const text = "a".repeat(300_000);
  const cases: readonly (readonly [pattern: string, outcome: string])[] = [
    ["(a+)+$", tooExpensive],
    ["^(a|aa)+$", tooExpensive],
    ["(a*)*b", tooExpensive],
    ["(.*)(.*)(.*)(.*)(.*)[^a]$", tooExpensive],
    ["((a{100}){100}){100}", "invalid matches argument"],
    ["(?=a)", "invalid matches argument"],
    ["(a)\\1", "invalid matches argument"],
  ];
  for (const [pattern, outcome] of cases) {
    it(pattern, () =>
      assert.equal(run(`self.matches(r'${pattern}') || true`, `${text}!`), outcome === tooExpensive ? "ok" : outcome),
    );
  }

  it("that data brings are compiled within bounds", () => {
    const self = Array.from({ length: 2_000 }, (_unused, index) => `x{${900 + (index % 100)}}${index}`);
    assert.equal(run("self.all(p, 'xxx'.matches(p) || true)", self), tooExpensive);
    assert.match(run("'x'.matches(self)", "x".repeat(1_000_000)), /expression too large/);
  });
});

describe("work that grows", () => {
  const doubled = (times: number, start: string, step: string): string =>
    `${Array.from({ length: times }, (_unused, index) => `cel.bind(v${index + 1}, ${step.replaceAll("v", `v${index}`)},`).join("")}size(v${times})${")".repeat(times)}`.replace(
      /^/,
      `cel.bind(v0, ${start},`,
    ) + ")";
  const cases: readonly (readonly [name: string, expression: string, outcome: string])[] = [
    ["texts", doubled(60, "'aaaaaaaaaa'", "v + v"), tooExpensive],
    ["lists", doubled(60, "[1, 2]", "v + v"), tooExpensive],
    ["replacements", doubled(20, "'aaaaaaaaaa'", "v.replace('a', v)"), tooExpensive],
    ["joins", doubled(40, "['aaaa', 'bbbb']", "[v.join('-'), v.join('-')]"), tooExpensive],
    ["formats", doubled(60, "'aaaaaaaaaa'", "'%s%s'.format([v, v])"), tooExpensive],
    ["nested loops", "self.all(a, self.all(b, self.all(c, self.all(d, a + b + c + d > 0))))", tooExpensive],
    ["nested maps", "self.map(a, self.map(b, self.map(c, self.map(d, d)))).size() > 0", tooExpensive],
    ["errors that are absorbed", "self.exists(a, self.exists(b, self.exists(c, a.x == 1)))", tooExpensive],
  ];
  const self = Array.from({ length: 1000 }, () => 1);
  for (const [name, expression, outcome] of cases) it(name, () => assert.equal(run(expression, self), outcome));
});

describe("data", () => {
  it("of a large request is searched in time", () => {
    const self = { items: Array.from({ length: 100_000 }, (_unused, index) => ({ name: `n${index}` })) };
    assert.equal(run("self.items.exists(i, i.name == 'n90000')", self), "ok");
    assert.equal(run("self.items == self.items && sets.contains(self.items, self.items)", self), tooExpensive);
  });

  it("named like what every object has is not mistaken for it", () => {
    for (const name of ["constructor", "toString", "hasOwnProperty", "valueOf"]) {
      assert.equal(run(`self.${name}`), `no such key: ${name}`);
      assert.equal(run(`has(self.${name}) || '${name}' in self ? 1 / 0 : 1`), "ok");
    }
    assert.equal(run("self.__proto__"), "no such key: __proto__");
    assert.equal(run("self.__proto__.a == 1 ? 1 : 1 / 0", JSON.parse('{"__proto__": {"a": 1}}')), "ok");
  });
});
