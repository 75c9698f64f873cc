import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { JsonPath, JsonPathError } from "@kube-ts/api/json-path/json-path";
import { parseYaml } from "@kube-ts/std/yaml";
import { CommandError } from "../command-line/command-error.ts";
import { CustomColumns } from "./custom-columns.ts";
import { GoTemplate, TemplateError } from "./go-template.ts";
import { formatJson } from "./json.ts";
import { formatYaml } from "./yaml.ts";

const text = fc.oneof(
  fc.constantFrom(
    "yes",
    "~",
    "0777",
    "1e3",
    "12:30",
    "2026-01-01",
    "a: b",
    "- a",
    "#x",
    "|",
    " x",
    "x ",
    "",
    "'",
    "\n",
    "a\nb\n",
    "\n\n",
    "a  b",
    "é",
    "\u{1f600}",
    "\u2028",
    "---",
    "<<",
  ),
  fc.string(),
  fc.string({ unit: "grapheme", maxLength: 120 }),
  fc
    .array(fc.constantFrom("word", "two  blanks", "'", '"', ":", "#"), { maxLength: 40 })
    .map((words) => words.join(" ")),
);
const key = fc.oneof(fc.constantFrom("a", "b", "items", "10", "9", "__proto__", "constructor", "a.b/c", ""), text);
const { object } = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text,
    fc.integer(),
    fc.constantFrom<unknown>(true, false, null, 1.5, 1e21, [], {}),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
}));

suite("what is printed is read back", () => {
  test("as YAML", () => {
    checkProperty(
      fc.property(object, (given) => assert.deepEqual(parseYaml(formatYaml({ given })), { given })),
      { share: 3 },
    );
  });

  test("as JSON", () => {
    checkProperty(fc.property(object, (given) => assert.deepEqual(JSON.parse(formatJson(given)), given)));
  });
});

/** Fields by which a value can be found, as a path spells them. */
const field = fc.constantFrom("spec", "containers", "name", "constructor", "a-b", "app.kubernetes.io/name");
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    fc.constantFrom<unknown>("x", 1, true),
    fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
    fc
      .array(fc.tuple(field, tie("tree")), { minLength: 1, maxLength: 3 })
      .map((entries) => Object.fromEntries(entries)),
  ),
}));
const steps = fc.array(fc.oneof(field, fc.integer({ min: -2, max: 2 })), { minLength: 1, maxLength: 4 });

const missing = Symbol("missing");

function follow(start: unknown, path: readonly (string | number)[]): unknown {
  let current = start;
  for (const step of path) {
    if (typeof step === "number") {
      if (!Array.isArray(current)) return missing;
      const at = step < 0 ? current.length + step : step;
      if (at < 0 || at >= current.length) return missing;
      current = current[at] as unknown;
    } else {
      if (typeof current !== "object" || current === null || Array.isArray(current)) return missing;
      if (!Object.hasOwn(current, step)) return missing;
      current = (current as Record<string, unknown>)[step];
    }
  }
  return current;
}

suite("paths", () => {
  const written = (path: readonly (string | number)[]) =>
    path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step.replaceAll(".", "\\.")}`)).join("");

  test("in templates find what they name, or say that it is not there", () => {
    checkProperty(
      fc.property(tree, steps, (root, path) => {
        const expected = follow(root, path);
        const find = () => new JsonPath(`{${written(path)}}`, { allowMissingKeys: false }).find(root).flat();
        if (expected !== missing) assert.deepEqual(find(), [expected]);
        else {
          let found: unknown[] | undefined;
          try {
            found = find();
          } catch (error) {
            assert.ok(error instanceof JsonPathError, String(error));
          }
          assert.deepEqual(found ?? [], []);
        }
      }),
      { share: 5 },
    );
  });

  test("in columns find what they name, or nothing", () => {
    checkProperty(
      fc.property(
        fc.dictionary(fc.constantFrom("a", "b", "constructor"), fc.constantFrom("x", "y"), { noNullPrototype: true }),
        (row) => {
          const columns = CustomColumns.fromSpec("A:.a,B:b,C:{.constructor}", false);
          const cells = columns.format(row).trim().split(/\s+/);
          assert.deepEqual(
            cells,
            ["a", "b", "constructor"].map((name) => (Object.hasOwn(row, name) ? row[name] : "<none>")),
          );
        },
      ),
    );
  });

  test("of any text are read or refused", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      ".",
      "..",
      "[",
      "]",
      "*",
      "?(",
      "@",
      ")",
      "==",
      "'",
      '"',
      "\\",
      ",",
      ":",
      "-1",
      "range ",
      "end",
      "a",
      "$",
      " ",
      "\n",
    );
    const any = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
      fc.string(),
    );
    checkProperty(
      fc.property(any, tree, (template, root) => {
        try {
          new JsonPath(template, { allowMissingKeys: true }).format(root);
        } catch (error) {
          assert.ok(error instanceof JsonPathError, String(error));
        }
        try {
          CustomColumns.fromSpec(template, true).format(root);
        } catch (error) {
          assert.ok(error instanceof JsonPathError || error instanceof CommandError, String(error));
        }
      }),
      { share: 10 },
    );
  });
});

suite("Go templates", () => {
  const plain = fc.stringMatching(/^[a-z <>&\n]{0,10}$/);

  test("print text as it is and values where they stand", () => {
    checkProperty(
      fc.property(plain, plain, fc.string(), (before, after, given) => {
        const print = (template: string) => new GoTemplate(template, { allowMissingKeys: true }).format({ v: given });
        assert.equal(print(`${before}{{.v}}${after}`), before + given + after);
        assert.equal(print(`${before}{{- .v -}}${after}`), before.trimEnd() + given + after.trimStart());
        assert.equal(print(`{{if .v}}${before}{{else}}${after}{{end}}`), given === "" ? after : before);
      }),
      { share: 2 },
    );
  });

  test("go through lists in their order", () => {
    checkProperty(
      fc.property(fc.array(fc.string()), (list) => {
        const template = new GoTemplate("{{range $i, $e := .l}}{{$i}}={{$e}};{{else}}none{{end}}", {
          allowMissingKeys: true,
        });
        const expected = list.map((item, index) => `${index}=${item};`).join("");
        assert.equal(template.format({ l: list }), list.length === 0 ? "none" : expected);
      }),
    );
  });

  test("of any text are read or refused", () => {
    const piece = fc.constantFrom(
      "{{",
      "}}",
      ".",
      ".a",
      "$",
      "$x := ",
      "range ",
      "end",
      "if ",
      "else",
      "with ",
      "define ",
      '"t"',
      "template ",
      "|",
      "(",
      ")",
      "printf ",
      "index ",
      "len ",
      "1",
      "-",
      "`",
      "/*",
      "*/",
      "break",
      " ",
      "x",
    );
    const any = fc.oneof(
      fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join("")),
      fc.string(),
    );
    checkProperty(
      fc.property(any, tree, (template, root) => {
        try {
          new GoTemplate(template, { allowMissingKeys: true }).format(root);
        } catch (error) {
          assert.ok(error instanceof TemplateError, String(error));
        }
      }),
      { share: 10 },
    );
  });
});
