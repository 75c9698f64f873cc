import assert from "node:assert/strict";
import { test } from "node:test";
import { openApiV2Protobuf } from "./gnostic-v2.ts";
import { openApiV3Protobuf } from "./gnostic-v3.ts";

/** A length-delimited field with a number below 16. */
function field(number: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  assert.ok(body.length < 128);
  return Buffer.concat([Buffer.from([number * 8 + 2, body.length]), body]);
}

/** The same with a number from 16 on. */
function farField(number: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const [, ...rest] = field(0, ...parts);
  const tag = number * 8 + 2;
  return Buffer.from([(tag & 0x7f) | 0x80, tag >> 7, ...rest]);
}

test("a v2 document: named values, choices, extensions", () => {
  const document = {
    swagger: "2.0",
    paths: {
      "/x": {
        get: {
          operationId: "readX",
          parameters: [{ name: "q", in: "query", type: "string", uniqueItems: true }],
          responses: { 200: { description: "OK", schema: { $ref: "#/a" } } },
          "x-kubernetes-action": "get",
        },
      },
    },
    definitions: { a: { type: "object", additionalProperties: { type: "string" }, default: {} } },
    security: [{ Token: [] }],
  };
  const query = field(3, field(2, "query"), field(4, "q"), field(6, "string"), Buffer.from([0xa0, 1, 1]));
  const operation = field(
    2,
    field(5, "readX"),
    field(8, field(1, field(2, query))),
    field(9, field(1, field(1, "200"), field(2, field(1, field(1, "OK"), field(2, field(1, field(1, "#/a"))))))),
    field(13, field(1, "x-kubernetes-action"), field(2, field(2, '"get"\n'))),
  );
  const schema = [
    field(5, field(2, "{}\n")),
    farField(21, field(1, farField(22, field(1, "string")))),
    farField(22, field(1, "object")),
  ];
  const expected = [
    field(1, "2.0"),
    field(8, field(2, field(1, "/x"), field(2, operation))),
    field(9, field(1, field(1, "a"), field(2, ...schema))),
    field(12, field(1, field(1, "Token"), field(2))),
  ];
  assert.equal(openApiV2Protobuf(document).toString("hex"), Buffer.concat(expected).toString("hex"));
});

test("a v3 document: references, defaults of scalars only", () => {
  const document = {
    openapi: "3.0.0",
    components: {
      schemas: { a: { allOf: [{ $ref: "#/b" }], default: {} }, b: { type: "integer", default: 0, nullable: false } },
    },
  };
  const first = field(1, field(1, "a"), field(2, field(1, farField(26, field(2, field(1, "#/b"))), farField(33))));
  const zero = Buffer.from([0x09, 0, 0, 0, 0, 0, 0, 0, 0]);
  const second = field(1, field(1, "b"), field(2, field(1, farField(25, "integer"), farField(33, zero))));
  const expected = [field(1, "3.0.0"), field(5, field(1, first, second))];
  assert.equal(openApiV3Protobuf(document).toString("hex"), Buffer.concat(expected).toString("hex"));
});
