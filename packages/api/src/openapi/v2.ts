import type { JsonObject } from "../json-value.ts";
import { type ObjectType, typeById } from "../schema-registry.ts";
import { type ApiOperation, type OpenApiResource, type Parameter, operationsOf, producedTypes } from "./operations.ts";
import { type Docs, openApiName, schemaReference, schemasOf } from "./schemas.ts";

export interface OpenApiV2Input {
  readonly resources: readonly OpenApiResource[];
  /** Version of the server, as in /version: `v1.36.0`. */
  readonly serverVersion: string;
  readonly docs: Docs;
  /** Schemas of types that are not built in, by name. */
  readonly definitions?: Readonly<Record<string, JsonObject>>;
  /** Built-in types that those schemas refer to. */
  readonly roots?: Iterable<ObjectType>;
}

/** The Swagger 2.0 document of the whole API. */
export function openApiV2({
  resources,
  serverVersion,
  docs,
  definitions = {},
  roots = [],
}: OpenApiV2Input): JsonObject {
  const operations = resources.flatMap((resource) => operationsOf(resource, docs));
  return {
    swagger: "2.0",
    info: { title: "Kubernetes", version: serverVersion },
    paths: pathsOf(operations),
    definitions: { ...schemasOf("v2", [...typesOf(operations), ...roots], docs), ...definitions },
    securityDefinitions: {
      BearerToken: {
        description: "Bearer Token authentication",
        type: "apiKey",
        name: "authorization",
        in: "header",
      },
    },
    security: [{ BearerToken: [] }],
  };
}

/** The built-in types that operations carry. */
export function typesOf(operations: readonly ApiOperation[]): Set<ObjectType> {
  const types = new Set<ObjectType>([typeById("meta/v1.Status")]);
  for (const { body, response } of operations) {
    if (typeof body === "object") types.add(body);
    if (typeof response === "object") types.add(response);
  }
  return types;
}

function pathsOf(operations: readonly ApiOperation[]): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const operation of operations) {
    const path = (paths[operation.path] ??= pathItem(operation));
    path[operation.method] = operationObject(operation);
  }
  return Object.fromEntries(Object.entries(paths).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function pathItem({ pathParameters }: ApiOperation): JsonObject {
  return pathParameters.length === 0 ? {} : { parameters: pathParameters.map((parameter) => inPath(parameter)) };
}

function inPath({ name, description, type }: Parameter): JsonObject {
  return { name, in: "path", description, required: true, type, uniqueItems: true };
}

function operationObject(operation: ApiOperation): JsonObject {
  const { body, response, codes } = operation;
  const parameters: JsonObject[] = operation.queryParameters.map(({ name, description, type }) => ({
    name,
    in: "query",
    description,
    type,
    uniqueItems: true,
  }));
  if (body !== undefined) {
    const required = operation.bodyRequired ? { required: true } : {};
    parameters.unshift({ name: "body", in: "body", ...required, schema: reference(body) });
  }
  const schema = response === "text" ? { type: "string" } : reference(response);
  const responses: JsonObject = Object.fromEntries(
    codes.map((code) => [String(code), { description: reasons[code], schema }]),
  );
  responses["401"] = { description: "Unauthorized" };
  return {
    description: operation.description,
    consumes: operation.consumes,
    produces: producedTypes(operation),
    schemes: ["https"],
    tags: [operation.tag],
    operationId: operation.operationId,
    ...(parameters.length > 0 && { parameters }),
    responses,
    "x-kubernetes-action": operation.action,
    "x-kubernetes-group-version-kind": operation.gvk,
  };
}

/** Names of status codes, as descriptions of responses. */
export const reasons: Readonly<Record<number, string>> = { 200: "OK", 201: "Created", 202: "Accepted" };

function reference(type: ObjectType | string): JsonObject {
  return schemaReference("v2", typeof type === "string" ? type : openApiName(type));
}
