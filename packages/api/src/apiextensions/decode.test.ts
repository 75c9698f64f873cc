import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type DecodeOptions, decodeResource } from "../decode.ts";
import { customResourceDefinitions } from "../resource-types.ts";
import { isBadRequest } from "../status-error.ts";
import type { CustomResourceDefinition, JSONSchemaProps } from "./v1.ts";

const options: DecodeOptions = { fieldValidation: "Warn" };

function decodeSchema(openAPIV3Schema: unknown): JSONSchemaProps | undefined {
  const versions = [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }];
  const value = {
    metadata: { name: "things.example.com" },
    spec: { group: "example.com", scope: "Cluster", versions },
  };
  const { object } = decodeResource<CustomResourceDefinition>(customResourceDefinitions, value, options);
  return object.spec.versions[0]?.schema?.openAPIV3Schema;
}

suite("schemas", () => {
  for (const [name, schema] of Object.entries<JSONSchemaProps>({
    "any value": { default: { a: [null, 1, "x"] }, enum: [null, 1, { b: true }], example: 1.5 },
    "a schema or a boolean": {
      properties: { a: { additionalProperties: true }, b: { additionalProperties: { type: "string" } } },
    },
    "a schema or a list": { properties: { a: { items: { type: "string" } }, b: { items: [{ type: "string" }] } } },
    "a schema or names": { dependencies: { a: ["b"], c: { required: ["d"] } } },
    fractions: { maximum: 1.5, minimum: -0.25, multipleOf: 0.5 },
    themselves: { not: { allOf: [{ properties: { a: { not: { type: "object" } } } }] } },
  })) {
    test(`hold ${name}`, () => {
      assert.deepEqual(decodeSchema(structuredClone(schema)), schema);
    });
  }

  test("refuse other shapes", () => {
    assert.throws(() => decodeSchema({ additionalProperties: "yes" }), /cannot unmarshal string .* of type bool/);
    assert.throws(() => decodeSchema({ maximum: "1" }), /cannot unmarshal string .* of type float64/);
  });

  test("nested deeper than the stack are a bad request", () => {
    let schema: JSONSchemaProps = {};
    for (let depth = 0; depth < 100_000; depth++) schema = { not: schema };
    assert.throws(() => decodeSchema(schema), isBadRequest);
  });
});
