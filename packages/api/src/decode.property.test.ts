import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { validators } from "../gen/validators.js";
import { DecodeError, walkObject } from "./decode-walk.ts";
import { decodeObject } from "./decode.ts";
import { duplicateFields } from "./duplicate-fields.ts";
import { groupVersionSources } from "./group-versions.ts";
import { type JsonObject, cloneJson, isJsonObject, jsonEqual } from "./json-value.ts";
import { decodeMessage } from "./protobuf/decode-message.ts";
import { encodeMessage, encodeMessageField } from "./protobuf/encode-message.ts";
import { envelopeField, openEnvelope, sealEnvelope } from "./protobuf/envelope.ts";
import { messageLayout } from "./protobuf/message-layout.ts";
import { arbitraryObject } from "./protobuf/testing/arbitrary-object.ts";
import { type ObjectType, objectTypesOf } from "./schema-registry.ts";
import { findApiError } from "./status-error.ts";

const oddValues: readonly unknown[] = [null, 1, 1.5, "", "x", true, [], {}, [null], { a: null }, [{}], "1Gi", 2 ** 40];
const ignore = { fieldValidation: "Ignore" } as const;

/** The decoded object; undefined when it was refused as it should be. */
function decoded(type: ObjectType, value: unknown): JsonObject | undefined {
  try {
    return decodeObject<never>(type, value, ignore).object;
  } catch (error) {
    assert.equal(findApiError(error)?.code, 400, `${type.id}: ${String(error)}`);
    return undefined;
  }
}

/** The value with the one that the numbers lead to replaced. */
function replaced(value: unknown, numbers: readonly number[], odd: unknown): unknown {
  const [number, ...rest] = numbers;
  if (number === undefined || typeof value !== "object" || value === null) return odd;
  const keys = Object.keys(value);
  const at = keys[number % (keys.length + 1)];
  if (at === undefined) return isJsonObject(value) ? { ...value, unknownField: odd } : odd;
  const copy: unknown = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
  (copy as JsonObject)[at] = replaced((value as JsonObject)[at], rest, odd);
  return copy;
}

const kinds = groupVersionSources.map((source) => ({
  directory: source.directory,
  types: objectTypesOf(source).filter(({ isTopLevel }) => isTopLevel),
}));

suite("objects of every kind", () => {
  for (const { directory, types } of kinds) {
    test(`of ${directory}: whatever stands in one of their fields, they are read or refused`, () => {
      for (const type of types) {
        for (const name of type.fields.keys()) for (const odd of oddValues) decoded(type, { [name]: cloneJson(odd) });
        const anyChange = fc.tuple(
          arbitraryObject(type),
          fc.array(fc.nat({ max: 50 }), { maxLength: 8 }),
          fc.constantFrom(...oddValues),
        );
        const property = fc.property(anyChange, ([object, numbers, odd]) => {
          const value = replaced(object, numbers, odd);
          const once = decoded(type, cloneJson(value));
          if (once)
            assert.deepEqual(decoded(type, cloneJson(once)), once, `${type.id}: decoding twice changes nothing`);
          const fast = cloneJson(value);
          if (!validators[type.id]?.(fast)) return;
          assert.deepEqual(walkObject(type, cloneJson(value)).object, fast, `${type.id}: both decoders agree`);
        });
        checkProperty(property, { share: 0.08 });
      }
    });

    test(`of ${directory}: what JSON says, protobuf says`, () => {
      for (const type of types) {
        if (!isWritten(type)) continue;
        const property = fc.property(arbitraryObject(type), (any) => {
          const object = decoded(type, cloneJson(any));
          if (!object) return;
          const { apiVersion = "", kind = "" } = { apiVersion: type.source.version, kind: type.name };
          const sealed = sealEnvelope(apiVersion, kind, encodeMessageField(envelopeField, type, object));
          const opened = openEnvelope(sealed);
          assert.deepEqual([opened.apiVersion, opened.kind], [apiVersion, kind]);
          const again = decoded(type, decodeMessage(type, opened.message));
          assert.ok(jsonEqual(again, object), `${type.id}: ${JSON.stringify(object)} became ${JSON.stringify(again)}`);
          assert.deepEqual(encodeMessage(type, again ?? {}), encodeMessage(type, object), type.id);
        });
        checkProperty(property, { share: 0.04 });
      }
    });
  }
});

/** Options that only ever stand in a query have no message. */
function isWritten(type: ObjectType): boolean {
  try {
    return messageLayout(type).length > 0;
  } catch {
    return false;
  }
}

suite("fields that are given twice", () => {
  const key = fc.constantFrom("a", "b", "\\u0061", 'q\\"', "__proto__");
  /** Objects as text, with the paths of what they repeat. */
  interface Text {
    readonly text: string;
    readonly repeated: readonly string[];
  }
  const { value } = fc.letrec<{ value: Text; object: Text }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom('"x"', "1", '"{\\"a\\":1}"', "[]").map((text) => ({ text, repeated: [] })),
      fc.array(tie("value"), { maxLength: 3 }).map((items) => ({
        text: `[${items.map(({ text }) => text).join(" , ")}]`,
        repeated: items.flatMap(({ repeated }, index) => repeated.map((path) => below(`[${index}]`, path))),
      })),
      tie("object"),
    ),
    object: fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((members) => {
      const seen = new Set<string>();
      const repeated = members.flatMap(([name, { repeated: inner }]) => {
        const plain = JSON.parse(`"${name}"`) as string;
        const own = seen.has(plain) ? [plain] : [];
        seen.add(plain);
        return [...own, ...inner.map((path) => below(plain, path))];
      });
      return { text: `{${members.map(([name, { text }]) => `"${name}" :${text}`).join(",")}}`, repeated };
    }),
  }));
  const below = (parent: string, path: string) => (path.startsWith("[") ? parent + path : `${parent}.${path}`);

  test("are found where they are, and nowhere else", () => {
    checkProperty(
      fc.property(value, ({ text, repeated }) => {
        assert.doesNotThrow(() => JSON.parse(text), text);
        assert.deepEqual(new Set(duplicateFields(text)), new Set(repeated), text);
      }),
      { share: 10 },
    );
  });

  test("a DecodeError is what the walk refuses with", () => {
    const type = kinds.flatMap(({ types }) => types)[0];
    assert.ok(type);
    assert.throws(() => walkObject(type, 1), DecodeError);
  });
});
