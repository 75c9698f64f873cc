import { type JsonObject, isJsonObject } from "../json-value.ts";
import {
  type MessageShape,
  type Shape,
  any,
  double,
  flag,
  gnosticBytes,
  integer,
  listOf,
  named,
  text,
  wrapped,
} from "./gnostic-writer.ts";

/** An OpenAPI v3 document as the protobuf message `openapi.v3.Document`. */
export function openApiV3Protobuf(document: JsonObject): Buffer {
  return gnosticBytes(documentShape, document);
}

const texts = listOf(text);
const reference: MessageShape = { kind: "message", fields: { $ref: [1, text] } };

/** The thing itself or a reference to it. */
const orReference = (shape: () => MessageShape): (() => Shape) => {
  const choice: Shape = {
    kind: "choice",
    pick: (value) => (isJsonObject(value) && value["$ref"] !== undefined ? [2, reference] : [1, shape()]),
  };
  return () => choice;
};

const anySchema = orReference(() => schema);

const defaultValue: Shape = {
  kind: "choice",
  pick: (value) => {
    if (typeof value === "number") return [1, "double"];
    if (typeof value === "boolean") return [2, "bool"];
    return typeof value === "string" ? [3, "string"] : undefined;
  },
};

const schema: MessageShape = {
  kind: "message",
  fields: {
    nullable: [1, flag],
    readOnly: [3, flag],
    writeOnly: [4, flag],
    externalDocs: [6, () => externalDocs],
    example: [7, any],
    deprecated: [8, flag],
    title: [9, text],
    multipleOf: [10, double],
    maximum: [11, double],
    exclusiveMaximum: [12, flag],
    minimum: [13, double],
    exclusiveMinimum: [14, flag],
    maxLength: [15, integer],
    minLength: [16, integer],
    pattern: [17, text],
    maxItems: [18, integer],
    minItems: [19, integer],
    uniqueItems: [20, flag],
    maxProperties: [21, integer],
    minProperties: [22, integer],
    required: [23, texts],
    enum: [24, listOf(any)],
    type: [25, text],
    allOf: [26, listOf(anySchema)],
    oneOf: [27, listOf(anySchema)],
    anyOf: [28, listOf(anySchema)],
    not: [29, () => schema],
    items: [30, wrapped(anySchema)],
    properties: [31, named(anySchema)],
    additionalProperties: [
      32,
      () => ({ kind: "choice", pick: (value) => (isJsonObject(value) ? [1, anySchema()] : [2, "bool"]) }),
    ],
    default: [33, () => defaultValue],
    description: [34, text],
    format: [35, text],
  },
  extensions: 36,
};

const externalDocs: MessageShape = {
  kind: "message",
  fields: { description: [1, text], url: [2, text] },
  extensions: 3,
};

const mediaTypes = named(() => ({ kind: "message", fields: { schema: [1, anySchema] }, extensions: 5 }));

const parameter: MessageShape = {
  kind: "message",
  fields: {
    name: [1, text],
    in: [2, text],
    description: [3, text],
    required: [4, flag],
    deprecated: [5, flag],
    allowEmptyValue: [6, flag],
    style: [7, text],
    explode: [8, flag],
    allowReserved: [9, flag],
    schema: [10, anySchema],
  },
  extensions: 14,
};
const parameters = listOf(orReference(() => parameter));

const requestBody: MessageShape = {
  kind: "message",
  fields: { description: [1, text], content: [2, mediaTypes], required: [3, flag] },
  extensions: 4,
};

const response: MessageShape = {
  kind: "message",
  fields: { description: [1, text], content: [3, mediaTypes] },
  extensions: 5,
};
const anyResponse = orReference(() => response);

const securityRequirement = named(wrapped(text));

const operation: MessageShape = {
  kind: "message",
  fields: {
    tags: [1, texts],
    summary: [2, text],
    description: [3, text],
    externalDocs: [4, () => externalDocs],
    operationId: [5, text],
    parameters: [6, parameters],
    requestBody: [7, orReference(() => requestBody)],
    responses: [
      8,
      () => ({ kind: "message", fields: { default: [1, anyResponse] }, entries: [2, anyResponse], extensions: 3 }),
    ],
    deprecated: [10, flag],
    security: [11, listOf(securityRequirement)],
  },
  extensions: 13,
};

const pathItem: MessageShape = {
  kind: "message",
  fields: {
    $ref: [1, text],
    summary: [2, text],
    description: [3, text],
    get: [4, () => operation],
    put: [5, () => operation],
    post: [6, () => operation],
    delete: [7, () => operation],
    options: [8, () => operation],
    head: [9, () => operation],
    patch: [10, () => operation],
    trace: [11, () => operation],
    parameters: [13, parameters],
  },
  extensions: 14,
};

const securityScheme: MessageShape = {
  kind: "message",
  fields: {
    type: [1, text],
    description: [2, text],
    name: [3, text],
    in: [4, text],
    scheme: [5, text],
    bearerFormat: [6, text],
  },
  extensions: 9,
};

const documentShape: MessageShape = {
  kind: "message",
  fields: {
    openapi: [1, text],
    info: [
      2,
      () => ({
        kind: "message",
        fields: { title: [1, text], description: [2, text], version: [6, text] },
        extensions: 7,
      }),
    ],
    paths: [4, () => ({ kind: "message", fields: {}, entries: [1, () => pathItem], extensions: 2 })],
    components: [
      5,
      () => ({
        kind: "message",
        fields: { schemas: [1, named(anySchema)], securitySchemes: [7, named(orReference(() => securityScheme))] },
        extensions: 10,
      }),
    ],
    security: [6, listOf(securityRequirement)],
  },
  extensions: 9,
};
