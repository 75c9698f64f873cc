import assert from "node:assert/strict";
import { test } from "node:test";
import { JsonPath, relaxedPath } from "./json-path.ts";

const object = {
  kind: "List",
  items: [
    { name: "a", size: 1, labels: { "x.io/y": "1" }, ports: [{ p: 80 }, { p: 443 }] },
    { name: "b", size: 3, labels: {}, ports: [] },
    { name: "c", size: 5, ready: true },
  ],
};

const cases: readonly (readonly [string, string])[] = [
  ["{.kind}", "List"],
  ["kind is {.kind}", "kind is List"],
  ["{.items[*].name}", "a b c"],
  ["{.items[0:2].name} {.items[-1:].name}", "a b c"],
  ["{.items[-1].name}", "c"],
  ["{.items[::2].name}", "a c"],
  ["{.items[0]['name','size']}", "a 1"],
  ["{.items[0,2].name}", "a c"],
  ["{.items[?(@.size>1)].name}", "b c"],
  ['{.items[?(@.name=="b")].size}', "3"],
  ["{.items[?(@.ready)].name}", "c"],
  ["{.items[?(@.ready==true)].name}", "c"],
  ["{.items[0].labels.x\\.io/y}", "1"],
  ["{.items[0].labels['x\\.io/y']}", "1"],
  ["{.items[0].ports}", '[{"p":80},{"p":443}]'],
  ["{..p}", "80 443"],
  ['{range .items[*]}{.name}{"\\t"}{.size}{"\\n"}{end}', "a\t1\nb\t3\nc\t5\n"],
  ["{range .items[*]}{range .ports[*]}{.p},{end};{end}", "80,443,;;;"],
  ["{.nope}", ""],
  ["{$.kind}", "List"],
];

for (const [template, text] of cases) {
  test(`${template} selects what upstream selects`, () => {
    assert.equal(new JsonPath(template, { allowMissingKeys: true }).format(object), text);
  });
}

for (const [template, problem] of [
  ["{.items", "unclosed action"],
  ["{.items[}", "unterminated array"],
  ["{.items[a]}", "invalid array index a"],
  ["{foo}", "unrecognized identifier foo"],
  ["{.items[9]}", "array index out of bounds: index 9, length 3"],
  ["{.kind[0]}", "string is not array or slice"],
] as const) {
  test(`${template} is refused`, () => {
    assert.throws(() => new JsonPath(template, { allowMissingKeys: true }).format(object), { message: problem });
  });
}

test("missing keys are an error when they are not allowed", () => {
  assert.throws(() => new JsonPath("{.nope}", { allowMissingKeys: false }).format(object), {
    message: "nope is not found",
  });
});

test("relaxed paths are completed", () => {
  for (const text of ["a.b", ".a.b", "{a.b}", "{.a.b}"]) assert.equal(relaxedPath(text), "{.a.b}");
  assert.throws(() => relaxedPath("{a.b"));
});
