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

/** An OpenAPI v2 document as the protobuf message `openapi.v2.Document`. */
export function openApiV2Protobuf(document: JsonObject): Buffer {
  return gnosticBytes(documentShape, document);
}

const texts = listOf(text);

const externalDocs: MessageShape = {
  kind: "message",
  fields: { description: [1, text], url: [2, text] },
  extensions: 3,
};

const schema: MessageShape = {
  kind: "message",
  fields: {
    $ref: [1, text],
    format: [2, text],
    title: [3, text],
    description: [4, text],
    default: [5, any],
    multipleOf: [6, double],
    maximum: [7, double],
    exclusiveMaximum: [8, flag],
    minimum: [9, double],
    exclusiveMinimum: [10, flag],
    maxLength: [11, integer],
    minLength: [12, integer],
    pattern: [13, text],
    maxItems: [14, integer],
    minItems: [15, integer],
    uniqueItems: [16, flag],
    maxProperties: [17, integer],
    minProperties: [18, integer],
    required: [19, texts],
    enum: [20, listOf(any)],
    additionalProperties: [
      21,
      () => ({ kind: "choice", pick: (value) => (isJsonObject(value) ? [1, schema] : [2, "bool"]) }),
    ],
    type: [22, wrapped(text)],
    items: [23, wrapped(() => schema)],
    allOf: [24, listOf(() => schema)],
    properties: [25, named(() => schema)],
    discriminator: [26, text],
    readOnly: [27, flag],
    externalDocs: [29, () => externalDocs],
    example: [30, any],
  },
  extensions: 31,
};

const bodyParameter: MessageShape = {
  kind: "message",
  fields: { description: [1, text], name: [2, text], in: [3, text], required: [4, flag], schema: [5, () => schema] },
  extensions: 6,
};

/** Where the parameter may be empty, it has one field more, and all that follow have a number more. */
const plainParameter = (mayBeEmpty: boolean): MessageShape => {
  const shift = mayBeEmpty ? 1 : 0;
  return {
    kind: "message",
    fields: {
      required: [1, flag],
      in: [2, text],
      description: [3, text],
      name: [4, text],
      ...(mayBeEmpty && { allowEmptyValue: [5, flag] as const }),
      type: [5 + shift, text],
      format: [6 + shift, text],
      default: [9 + shift, any],
      uniqueItems: [19 + shift, flag],
      enum: [20 + shift, listOf(any)],
    },
    extensions: 22 + shift,
  };
};
const plainParameters: Readonly<Record<string, readonly [number, MessageShape]>> = {
  header: [1, plainParameter(false)],
  formData: [2, plainParameter(true)],
  query: [3, plainParameter(true)],
  path: [4, plainParameter(false)],
};

const placeOf = (value: unknown): string => (isJsonObject(value) ? String(value["in"]) : "");
const reference: MessageShape = { kind: "message", fields: { $ref: [1, text], description: [2, text] } };
const isReference = (value: unknown): boolean => isJsonObject(value) && value["$ref"] !== undefined;

const plainParameterChoice: Shape = { kind: "choice", pick: (value) => plainParameters[placeOf(value)] };
const parameter: Shape = {
  kind: "choice",
  pick: (value) => (placeOf(value) === "body" ? [1, bodyParameter] : [2, plainParameterChoice]),
};
const parameterItem: Shape = {
  kind: "choice",
  pick: (value) => (isReference(value) ? [2, reference] : [1, parameter]),
};

const response: MessageShape = {
  kind: "message",
  fields: { description: [1, text], schema: [2, () => ({ kind: "choice", pick: () => [1, schema] })] },
  extensions: 5,
};
const responses: MessageShape = {
  kind: "message",
  fields: {},
  entries: [1, () => ({ kind: "choice", pick: (value) => (isReference(value) ? [2, reference] : [1, response]) })],
  extensions: 2,
};

const securityRequirement = named(wrapped(text));

const operation: MessageShape = {
  kind: "message",
  fields: {
    tags: [1, texts],
    summary: [2, text],
    description: [3, text],
    externalDocs: [4, () => externalDocs],
    operationId: [5, text],
    produces: [6, texts],
    consumes: [7, texts],
    parameters: [8, listOf(() => parameterItem)],
    responses: [9, () => responses],
    schemes: [10, texts],
    deprecated: [11, flag],
    security: [12, listOf(securityRequirement)],
  },
  extensions: 13,
};

const pathItem: MessageShape = {
  kind: "message",
  fields: {
    $ref: [1, text],
    get: [2, () => operation],
    put: [3, () => operation],
    post: [4, () => operation],
    delete: [5, () => operation],
    options: [6, () => operation],
    head: [7, () => operation],
    patch: [8, () => operation],
    parameters: [9, listOf(() => parameterItem)],
  },
  extensions: 10,
};

const apiKey: MessageShape = {
  kind: "message",
  fields: { type: [1, text], name: [2, text], in: [3, text], description: [4, text] },
  extensions: 5,
};
const securityDefinition: Shape = { kind: "choice", pick: () => [2, apiKey] };

const documentShape: MessageShape = {
  kind: "message",
  fields: {
    swagger: [1, text],
    info: [
      2,
      () => ({
        kind: "message",
        fields: { title: [1, text], version: [2, text], description: [3, text] },
        extensions: 7,
      }),
    ],
    schemes: [5, texts],
    consumes: [6, texts],
    produces: [7, texts],
    paths: [8, () => ({ kind: "message", fields: {}, extensions: 1, entries: [2, () => pathItem] })],
    definitions: [9, named(() => schema)],
    security: [12, listOf(securityRequirement)],
    securityDefinitions: [13, named(() => securityDefinition)],
  },
  extensions: 16,
};
