import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compileCel, type CelProgram } from "./compile.ts";
import { estimateCost } from "./cost-estimate.ts";
import { CelEnvironment, schemaVariable } from "./environment.ts";
import { schemaDecl, type SchemaDecl } from "./schema-decl.ts";
import type { CelSchema } from "./schema.ts";

function declOf(schema: CelSchema, isResourceRoot = false): SchemaDecl {
  const decl = schemaDecl(schema, { name: "self", isResourceRoot });
  assert.ok(decl, "the schema is not visible");
  return decl;
}

function compile(rule: string, decl: SchemaDecl): CelProgram {
  const self = schemaVariable(decl);
  const compiled = compileCel(rule, new CelEnvironment({ variables: { self, oldSelf: self } }));
  if ("errors" in compiled) assert.fail(compiled.errors.message);
  return compiled.ok;
}

const string: CelSchema = { type: "string" };
const integer: CelSchema = { type: "integer" };
const number: CelSchema = { type: "number" };
const intOrString: CelSchema = { "x-kubernetes-int-or-string": true };
const format = (name: string): CelSchema => ({ type: "string", format: name });
const list = (items: CelSchema, more: CelSchema = {}): CelSchema => ({ type: "array", items, ...more });
const map = (additionalProperties: CelSchema, more: CelSchema = {}): CelSchema => ({
  type: "object",
  additionalProperties,
  ...more,
});
const object = (properties: Record<string, CelSchema>, more: CelSchema = {}): CelSchema => ({
  type: "object",
  properties,
  ...more,
});
const simple = (type: string): CelSchema => {
  if (type === "int-or-string") return intOrString;
  return ["duration", "date", "date-time"].includes(type) ? format(type) : { type };
};

type MadeSchema = (max: number | undefined) => CelSchema;
const bound = <K extends string>(name: K, max: number | undefined): Partial<Record<K, number>> =>
  max === undefined ? {} : ({ [name]: max } as Record<K, number>);
const arrayOf =
  (items: CelSchema): MadeSchema =>
  (max) =>
    list(items, bound("maxItems", max));
const mapOf =
  (values: CelSchema): MadeSchema =>
  (max) =>
    map(values, bound("maxProperties", max));
const text: MadeSchema = (max) => ({ ...string, ...bound("maxLength", max) });
const requiredObject = object({ required: string, optional: string }, { required: ["required"] });

/** Upstream's estimates: unbounded, then with the bound given. `Infinity` stands for more than the limit. */
const estimates: readonly (readonly [schema: MadeSchema, rule: string, open: number, max: number, bounded: number])[] =
  [
    [arrayOf(number), "self.all(x, true)", 4718591, 10, 32],
    [arrayOf(string), "self.all(x, true)", 3145727, 20, 62],
    [arrayOf(simple("boolean")), "self.all(x, true)", 1887437, 5, 17],
    [arrayOf(list(number)), "self.all(x, true)", 3145727, 100, 302],
    [mapOf(number), "self.all(x, true)", 1348169, 10, 32],
    [mapOf(number), "has(self.x)", 1, 100, 1],
    [mapOf(string), "self.all(x, true)", 1179647, 3, 11],
    [mapOf(simple("boolean")), "self.all(x, true)", 943718, 100, 302],
    [text, "self.contains('test')", 314574, 10, 5],
    [text, "self.startsWith('test')", 2, 15, 2],
    [text, "self.endsWith('test')", 2, 30, 2],
    [text, 'size(self + "hello") > size("hello")', 314578, 4, 7],
    [arrayOf(number), "self[1] == 0.0", 2, 5000, 2],
    [arrayOf(string), "self[1] == self[1]", 314577, 8, 314577],
    [arrayOf(number), "self.all(x, self.all(y, true))", Infinity, 10, 352],
    [arrayOf(number), "self.all(x, self.all(y, self.all(z, true)))", Infinity, 10, 3552],
    [text, 'self.matches("x")', 314574, 50, 22],
    [text, '"".matches("(((((((((())))))))))[0-9]")', 7, 10, 7],
    [text, 'self.matches("")', 1, 100, 1],
    [arrayOf(number), "self[3] == 0.0", 2, 0, 2],
    [mapOf(number), 'self["x"] == 0.0', 2, 0, 2],
    [text, 'self == "x"', 2, 0, 1],
    [arrayOf(number), "self.all(x, x == 0.0)", 6291454, 3 * 1024 * 2048, 25165826],
    [
      (max) => list(map(requiredObject, bound("maxProperties", max)), bound("maxItems", max)),
      'self.all(x, x["y"].required == "z")',
      7340027,
      10,
      72,
    ],
    [arrayOf(intOrString), "self.all(x, true)", 4718591, 10, 32],
    [arrayOf(intOrString), "self[0] == 5", 3, 10, 3],
    [arrayOf(simple("boolean")), "self[0] == false", 2, 25, 2],
    [arrayOf(list(number)), "self[0][0] == -1.0", 3, 51, 3],
    [arrayOf(map(number)), "self.all(x, x.y == 25.2)", 6291452, 12, 74],
    [arrayOf(map(number)), "self[0].x > 2.0", 4, 3000, 4],
    [arrayOf(simple("duration")), "self.all(x, true)", 2359295, 5, 17],
    [arrayOf(simple("duration")), "self[0].getHours() == 2", 4, 525, 4],
    [arrayOf(simple("date")), "self.all(x, true)", 725936, 15, 47],
    [arrayOf(simple("date")), "self[2].getDayOfMonth() == 13", 4, 42, 4],
    [arrayOf(simple("date-time")), "self.all(x, true)", 428963, 25, 77],
    [mapOf(intOrString), "self.all(x, true)", 1348169, 15, 47],
    [mapOf(requiredObject), "self.all(x, true)", 428963, 20, 62],
    [mapOf(map(number)), "self.all(x, true)", 1179647, 10, 32],
    [mapOf(list(number)), "self.all(x, true)", 1179647, 25, 77],
    [mapOf(simple("duration")), "self.all(x, true)", 1048577, 5, 17],
    [mapOf(simple("date")), "self.all(x, true)", 524288, 10, 32],
    [mapOf(simple("date-time")), "self.all(x, true)", 349526, 25, 77],
    [text, "self.find('[0-9]+') == ''", 629147, 10, 11],
    [(max) => list(text(max), bound("maxItems", max)), "self.join(' ') == 'aa bb'", 329853068905, 10, 43],
    [(max) => list(text(max), bound("maxItems", max)), "self.isSorted() == true", 329854432052, 10, 52],
    [
      (max) => object({ str: text(max), before: { ...string, maxLength: 2 }, after: { ...string, maxLength: 4 } }),
      "self.str.replace(self.before, self.after) == 'does not matter'",
      629154,
      4,
      12,
    ],
    [(max) => object({ str: text(max), separator: text(max) }), "self.str.split(self.separator) == []", 629160, 10, 22],
    [text, "self.lowerAscii() == 'lower!'", 314575, 10, 6],
    [mapOf(integer), "oldSelf.size() == self.size()", 5, 10, 5],
    [mapOf(simple("date-time")), 'self["a"] == self["b"]', 8, 7, 8],
    [mapOf(simple("duration")), 'self["c"] == self["d"]', 8, 42, 8],
    [(max) => ({ ...text(max), enum: ["A", "B", "C", "LongValue"] }), "self.contains('A')", 2, 1000, 401],
  ];

describe("the static estimate of a rule's cost", () => {
  for (const [schema, rule, open, max, bounded] of estimates) {
    it(`${rule} on ${JSON.stringify(schema(max))}`, () => {
      const openDecl = declOf(schema(undefined));
      const openCost = estimateCost(compile(rule, openDecl).checked, openDecl).max;
      if (open === Infinity) assert.ok(openCost > 10_000_000, `${openCost}`);
      else assert.equal(openCost, open);
      const boundedDecl = declOf(schema(max));
      assert.equal(estimateCost(compile(rule, boundedDecl).checked, boundedDecl).max, bounded);
    });
  }
});

interface RuntimeCase {
  readonly schema: CelSchema;
  readonly self: unknown;
  readonly isRoot?: boolean;
  readonly costs: Readonly<Record<string, number>>;
}

function values(schemas: readonly CelSchema[], data: readonly unknown[]): Pick<RuntimeCase, "schema" | "self"> {
  const name = (index: number): string => `val${index + 1}`;
  return {
    schema: object(Object.fromEntries(schemas.map((schema, index) => [name(index), schema]))),
    self: Object.fromEntries(data.map((value, index) => [name(index), value])),
  };
}

const items = [
  { k: "a1", v: "b1" },
  { k: "a2", v: "b2" },
  { k: "a3", v: "b3", v2: "z" },
];
const keyed = { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"] };

/** Costs of evaluations that upstream keeps stable. All of these rules are true. */
const runtimeCases: readonly RuntimeCase[] = [
  {
    ...values([integer, integer], [5, 5]),
    costs: { "self.val1 == self.val2": 5, "type(self.val1) == int": 4, "self.val1 + 1 == 5 + 1": 5 },
  },
  {
    ...values([integer, number], [5, 10.5]),
    costs: {
      "double(self.val1) < self.val2": 6,
      "self.val1 < int(self.val2)": 6,
      "double(5) < 10.0": 1,
      "5 < int(10.0)": 1,
      "double(self.val1) < 10.0": 4,
    },
  },
  {
    ...values([string, string], ["Rook takes 👑", "Rook takes 👑"]),
    costs: {
      "self.val1.startsWith('Rook')": 4,
      "!self.val1.startsWith('knight')": 5,
      "self.val1.matches('^[^0-9]*$')": 8,
      "!self.val1.matches('^[0-9]*$')": 7,
      "type(self.val1) == string": 4,
      "size(self.val1) == 12": 4,
      "self.val1.charAt(3) == 'k'": 4,
      "self.val1.indexOf('o') == 1": 4,
      "self.val1.indexOf('o', 2) == 2": 4,
      "self.val1.replace(' ', 'x') == 'Rookxtakesx👑'": 7,
      "self.val1.replace(' ', 'x', 1) == 'Rookxtakes 👑'": 7,
      "self.val1.split(' ') == ['Rook', 'takes', '👑']": 6,
      "self.val1.split(' ', 2) == ['Rook', 'takes 👑']": 6,
      "self.val1.substring(5) == 'takes 👑'": 5,
      "self.val1.substring(0, 4) == 'Rook'": 5,
      "self.val1.substring(4, 10).trim() == 'takes'": 6,
      "self.val1.upperAscii() == 'ROOK TAKES 👑'": 6,
      "self.val1.lowerAscii() == 'rook takes 👑'": 6,
    },
  },
  {
    ...values([format("byte"), format("byte")], ["QUI=", "QUI="]),
    costs: {
      "self.val1 == self.val2": 5,
      "self.val1 == b'AB'": 3,
      "type(self.val1) == bytes": 4,
      "size(self.val1) == 2": 4,
    },
  },
  {
    ...values(
      [format("duration"), format("date"), format("date-time")],
      ["1h2m3s4ms", "1997-07-16", "2011-08-18T19:03:37.010000000+01:00"],
    ),
    costs: {
      "self.val1 == duration('1h2m') + duration('3s4ms')": 4,
      "self.val1.getHours() == 1": 4,
      "type(self.val1) == google.protobuf.Duration": 4,
      "self.val2.getDate() == 16": 4,
      "self.val3 == timestamp('2011-08-18T00:00:00.000+01:00') + duration('19h3m37s10ms')": 4,
      "self.val3.getDate('01:00') == 18": 4,
      "type(self.val3) == google.protobuf.Timestamp": 4,
    },
  },
  {
    schema: object({ enumStr: { ...string, enum: ["Pending", "Bound"] } }),
    self: { enumStr: "Pending" },
    costs: { "self.enumStr == 'Pending'": 3, "self.enumStr in ['Pending', 'Available']": 2 },
  },
  {
    ...values(
      [integer, number, string, format("byte"), string, format("duration")],
      [10, 10, "10", "MTA=", "3723.004s", "1h2m3s4ms"],
    ),
    costs: {
      "int(self.val2) == self.val1": 6,
      "double(self.val1) == self.val2": 6,
      "bytes(self.val3) == self.val4": 6,
      "string(self.val1) == self.val3": 6,
      "string(self.val4) == self.val3": 6,
      "duration(self.val5) == self.val6": 6,
      "string(self.val6) == self.val5": 6,
    },
  },
  {
    ...values(
      [list(integer), list(integer)],
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
    ),
    costs: {
      "1 in self.val1": 5,
      "self.val2[0] in self.val1": 8,
      "!(0 in self.val1)": 6,
      "self.val1 + self.val2 == [1, 2, 3, 1, 2, 3]": 6,
      "self.val1 + [4, 5] == [1, 2, 3, 4, 5]": 4,
    },
  },
  {
    ...values(
      [list(string, { "x-kubernetes-list-type": "set" }), list(string, { "x-kubernetes-list-type": "set" })],
      [
        ["a", "b", "c"],
        ["a", "c", "b"],
      ],
    ),
    costs: {
      "self.val1 == ['c', 'b', 'a']": 3,
      "self.val1 == self.val2": 5,
      "'a' in self.val1": 5,
      "self.val2[0] in self.val1": 8,
      "!('x' in self.val1)": 6,
      "self.val1 + self.val2 == ['a', 'b', 'c']": 6,
      "self.val1 + ['c', 'd'] == ['a', 'b', 'c', 'd']": 4,
    },
  },
  {
    schema: object({ objs: list(list(object({ k: string, v: string }), keyed)) }),
    self: {
      objs: [
        [
          { k: "a", v: "1" },
          { k: "b", v: "2" },
        ],
        [
          { k: "b", v: "2" },
          { k: "a", v: "1" },
        ],
        [
          { k: "b", v: "3" },
          { k: "a", v: "1" },
        ],
        [{ k: "c", v: "4" }],
      ],
    },
    costs: {
      "self.objs[0] == self.objs[1]": 7,
      "self.objs[0] + self.objs[2] == self.objs[2]": 11,
      "self.objs[2] + self.objs[0] == self.objs[0]": 11,
      "self.objs[0] == [self.objs[0][0], self.objs[0][1]]": 22,
      "self.objs[0] == [self.objs[0][1], self.objs[0][0]]": 22,
      "self.objs[2] + [self.objs[0][0], self.objs[0][1]] == self.objs[0]": 26,
      "size(self.objs[0] + [self.objs[3][0]]) == 3": 20,
    },
  },
  {
    ...values(
      [map(string), map(string)],
      [
        { k1: "a", k2: "b" },
        { k2: "b", k1: "a" },
      ],
    ),
    costs: {
      "self.val1 == self.val2": 5,
      "'k1' in self.val1": 3,
      "!('k3' in self.val1)": 4,
      "self.val1 == {'k1': 'a', 'k2': 'b'}": 3,
    },
  },
  {
    schema: object({
      a: object({ b: integer, c: integer, d: { ...integer, nullable: true } }),
      a1: object({ b1: object({ c1: integer }), d2: object({ e2: integer }) }),
    }),
    self: { a: { b: 1, d: null }, a1: { b1: { c1: 4 } } },
    costs: {
      "has(self.a.b)": 2,
      "has(self.a1.b1.c1)": 3,
      "!(has(self.a1.d2) && has(self.a1.d2.e2))": 3,
      "!has(self.a1.d2)": 3,
      "!has(self.a.d)": 3,
    },
  },
  {
    schema: object({ val: map(integer) }),
    self: { val: { b: 1, d: 2 } },
    costs: {
      "!('a' in self.val)": 4,
      "'b' in self.val": 3,
      "!has(self.val.a)": 3,
      "has(self.val.b)": 2,
      "self.val.all(k, self.val[k] > 0)": 17,
      "self.val.exists_one(k, self.val[k] == 2)": 14,
      "!self.val.exists_one(k, self.val[k] > 0)": 17,
      "size(self.val) == 2": 4,
      "size(self.val.filter(k, self.val[k] > 1)) == 1": 26,
    },
  },
  {
    schema: object({ listMap: list(object({ k: string, v: string, v2: string }), keyed) }),
    self: { listMap: items },
    costs: {
      "has(self.listMap[0].v)": 3,
      "self.listMap.all(m, m.k.startsWith('a'))": 21,
      "self.listMap.all(m, !has(m.v2) || m.v2 == 'z')": 21,
      "self.listMap.exists(m, m.k.endsWith('1'))": 13,
      "self.listMap.exists_one(m, m.k == 'a3')": 15,
      "!self.listMap.all(m, m.k.endsWith('1'))": 18,
      "!self.listMap.exists(m, m.v == 'x')": 25,
      "!self.listMap.exists_one(m, m.k.startsWith('a'))": 20,
      "size(self.listMap.filter(m, m.k == 'a1')) == 1": 27,
      "self.listMap.exists(m, m.k == 'a1' && m.v == 'b1')": 16,
      "self.listMap.map(m, m.v).exists(v, v == 'b1')": 55,
      "self.listMap.exists(m, has(m.v2) && m.v2 == 'z')": 21,
      "!self.listMap.all(m, has(m.v2) && m.v2 != 'z')": 10,
      "self.listMap.exists_one(m, has(m.v2) && m.v2 == 'z')": 12,
      "self.listMap.filter(m, has(m.v2) && m.v2 == 'z').size() == 1": 24,
      "self.listMap.map(m, has(m.v2) && m.v2 == 'z', m.v2).size() == 1": 25,
      "self.listMap.filter(m, has(m.v2) && m.v2 == 'z').map(m, m.v2).size() == 1": 39,
      "self.listMap.exists(m, m.v2 == 'z')": 24,
      "!self.listMap.all(m, m.v2 != 'z')": 22,
    },
  },
  {
    schema: object({ array: list(integer) }),
    self: { array: [1, 1, 2, 2, 3, 3, 4, 5] },
    costs: {
      "2 in self.array": 10,
      "self.array.all(e, e > 0)": 43,
      "self.array.exists(e, e > 2)": 36,
      "self.array.exists_one(e, e > 4)": 22,
      "!self.array.all(e, e < 2)": 21,
      "!self.array.exists(e, e < 0)": 52,
      "!self.array.exists_one(e, e == 2)": 25,
      "size(self.array.filter(e, e%2 == 0)) == 3": 68,
      "self.array.map(e, e * 20).filter(e, e > 50).exists(e, e == 60)": 194,
      "size(self.array) == 8": 4,
    },
  },
  {
    schema: object({ spec: object({ field1: string }) }),
    isRoot: true,
    self: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "foo", generateName: "pickItForMe" },
      spec: { field1: "a" },
    },
    costs: {
      "self.kind == 'Pod'": 3,
      "self.apiVersion == 'v1'": 3,
      "self.metadata.name == 'foo'": 4,
      "self.metadata.generateName == 'pickItForMe'": 5,
      "self.spec.field1 == 'a'": 4,
    },
  },
  {
    schema: object({
      embedded: {
        type: "object",
        "x-kubernetes-embedded-resource": true,
        "x-kubernetes-preserve-unknown-fields": true,
      },
    }),
    self: { embedded: { apiVersion: "v1", kind: "Pod", metadata: { name: "foo" }, spec: {} } },
    costs: { "self.embedded.kind == 'Pod'": 4, "self.embedded.metadata.name == 'foo'": 5, "has(self.embedded)": 1 },
  },
  {
    schema: object({ something: intOrString }),
    self: { something: "25%" },
    costs: {
      "type(self.something) == int ? self.something == 1 : self.something == '25%'": 7,
      "type(self.something) == string && self.something == '25%'": 7,
      "self.something == '25%'": 3,
      "self.something != 1": 3,
      "self.something == 1 || self.something == '25%'": 6,
      "self.something == '25%' || self.something == 1": 3,
      "self.something != ['anything']": 3,
    },
  },
  {
    schema: object({ min: intOrString, current: integer, available: integer }),
    self: { min: "50%", current: 5, available: 10 },
    costs: {
      "type(self.min) == string && self.min.matches(r'(\\d+(\\.\\d+)?%)')": 10,
      "type(self.min) == int ? self.current <= self.min : double(self.current) / double(self.available) >= double(self.min.replace('%', '')) / 100.0": 17,
    },
  },
  {
    schema: object({ list: list({ type: "object", "x-kubernetes-preserve-unknown-fields": true }) }),
    self: { list: [{ a: "a", b: "b" }, { a: "x", b: "y" }, { a: "x", b: "y" }, {}, {}] },
    costs: {
      "self.list.size() == 5": 4,
      "self.list[0] != self.list[1]": 7,
      "self.list[1] == self.list[2]": 7,
      "self.list[3] == self.list[4]": 6,
    },
  },
];

describe("the cost of an evaluation", () => {
  for (const { schema, self, isRoot, costs } of runtimeCases) {
    const decl = declOf(schema, isRoot);
    for (const [rule, cost] of Object.entries(costs)) {
      it(rule, () => {
        const result = compile(rule, decl).evaluate({ self });
        if (!result.ok) assert.fail(result.error.message);
        assert.deepEqual({ value: result.value, cost: result.cost }, { value: true, cost });
      });
    }
  }

  it("ends an evaluation that passes its limit", () => {
    const decl = declOf(list(integer));
    const result = compile("self.all(x, self.all(y, x + y > 0))", decl).evaluate({
      self: Array.from({ length: 2000 }, () => 1),
    });
    assert.equal(result.ok, false);
    if (!result.ok) assert.equal(result.error.message, "operation cancelled: actual cost limit exceeded");
  });
});
