import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { fieldPath } from "../field-path.ts";
import { FieldPathError, appendSteps, parseFieldPath } from "./field-path-text.ts";
import type { CelSchema } from "./schema.ts";

const fieldName = fc.constantFrom("spec", "constructor", "a-b", "__proto__", "toString", "with space");
const key = fc.string({ minLength: 1, maxLength: 6 });
const step = fc.oneof(
  fieldName.map((name) => ({ name, isKey: false })),
  key.map((name) => ({ name, isKey: true })),
);

/** A schema with just these steps in it. */
function schemaOf(steps: readonly { readonly name: string; readonly isKey: boolean }[]): CelSchema {
  const [first, ...rest] = steps;
  if (!first) return { type: "string" };
  const inner = schemaOf(rest);
  if (first.isKey) return { type: "object", additionalProperties: inner };
  return { type: "object", properties: Object.fromEntries([[first.name, inner]]) };
}

const quoted = (text: string) => `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;

suite("paths of fields in rules", () => {
  test("are the steps that they were written of", () => {
    checkProperty(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), fc.boolean(), (steps, brackets) => {
        const written = steps.map(({ name, isKey }) => (isKey || brackets ? `[${quoted(name)}]` : `.${name}`)).join("");
        assert.deepEqual(parseFieldPath(written, schemaOf(steps)), steps);
        const text = String(appendSteps(fieldPath("root"), steps));
        assert.equal(text, `root${steps.map(({ name, isKey }) => (isKey ? `[${name}]` : `.${name}`)).join("")}`);
      }),
      { share: 3 },
    );
  });

  test("lead to no field that the schema has not", () => {
    checkProperty(
      fc.property(fieldName, fieldName, (declared, asked) => {
        const schema = schemaOf([{ name: declared, isKey: false }]);
        if (asked === declared) assert.equal(parseFieldPath(`.${asked}`, schema).length, 1);
        else assert.throws(() => parseFieldPath(`.${asked}`, schema), FieldPathError);
      }),
    );
  });

  test("of any text are read or refused in a FieldPathError", () => {
    const piece = fc.constantFrom(".", "[", "]", "'", "\\", "spec", "a", "0", " ", "\\n", "\\q");
    const any = fc.oneof(
      fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join("")),
      fc.string(),
    );
    checkProperty(
      fc.property(any, (text) => {
        try {
          parseFieldPath(
            text,
            schemaOf([
              { name: "spec", isKey: false },
              { name: "a", isKey: true },
            ]),
          );
        } catch (error) {
          assert.ok(error instanceof FieldPathError, String(error));
        }
      }),
      { share: 5 },
    );
  });
});
