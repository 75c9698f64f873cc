import { createHash } from "node:crypto";
import type { JsonObject } from "../json-value.ts";
import type { ObjectType } from "../schema-registry.ts";
import { type ApiOperation, type OpenApiResource, type Parameter, operationsOf, producedTypes } from "./operations.ts";
import { type Docs, openApiName, schemaReference, schemasOf } from "./schemas.ts";
import { reasons, typesOf } from "./v2.ts";

export interface OpenApiV3Input {
  /** The resources of one group version. */
  readonly resources: readonly OpenApiResource[];
  readonly serverVersion: string;
  readonly docs: Docs;
  /** Schemas of types that are not built in, by name. */
  readonly schemas?: Readonly<Record<string, JsonObject>>;
  /** Built-in types that those schemas refer to. */
  readonly roots?: Iterable<ObjectType>;
}

/** The OpenAPI 3.0 document of one group version. */
export function openApiV3({ resources, serverVersion, docs, schemas = {}, roots = [] }: OpenApiV3Input): JsonObject {
  const operations = resources.flatMap((resource) => operationsOf(resource, docs));
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: serverVersion },
    paths: pathsOf(operations),
    components: {
      schemas: { ...schemasOf("v3", [...typesOf(operations), ...roots], docs), ...schemas },
      securitySchemes: {
        BearerToken: {
          type: "apiKey",
          description: "Bearer Token authentication",
          name: "authorization",
          in: "header",
        },
      },
    },
    security: [{ BearerToken: [] }],
  };
}

/**
 * The document under /openapi/v3, which lists where the documents of the group versions are. The path of a group
 * version is `api/v1` or `apis/apps/v1`; the hash changes with the document, so that clients can cache it.
 */
export function openApiV3Index(documents: ReadonlyMap<string, Uint8Array | string>): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const [path, document] of documents) {
    paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${documentHash(document)}` };
  }
  return { paths };
}

/** The hash by which clients cache a document, also its ETag. */
export function documentHash(document: Uint8Array | string): string {
  return createHash("sha512").update(document).digest("hex").toUpperCase();
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
  return pathParameters.length === 0 ? {} : { parameters: pathParameters.map((item) => parameterObject(item, "path")) };
}

function parameterObject({ name, description, type }: Parameter, place: "path" | "query"): JsonObject {
  return {
    name,
    in: place,
    description,
    ...(place === "path" && { required: true }),
    schema: { type, uniqueItems: true },
  };
}

function operationObject(operation: ApiOperation): JsonObject {
  const { body, codes, queryParameters } = operation;
  const responses: JsonObject = Object.fromEntries(
    codes.map((code) => [String(code), { description: reasons[code], content: responseContent(operation) }]),
  );
  responses["401"] = { description: "Unauthorized" };
  return {
    tags: [operation.tag],
    description: operation.description,
    operationId: operation.operationId,
    ...(queryParameters.length > 0 && { parameters: queryParameters.map((item) => parameterObject(item, "query")) }),
    ...(body !== undefined && { requestBody: requestBody(operation, body) }),
    responses,
    "x-kubernetes-action": operation.action,
    "x-kubernetes-group-version-kind": operation.gvk,
  };
}

function requestBody({ consumes, bodyRequired }: ApiOperation, body: ObjectType | string): JsonObject {
  const schema = reference(body);
  return {
    content: Object.fromEntries(consumes.map((mediaType) => [mediaType, { schema }])),
    ...(bodyRequired && { required: true }),
  };
}

function responseContent(operation: ApiOperation): JsonObject {
  const { response } = operation;
  const schema = response === "text" ? { type: "string" } : reference(response);
  return Object.fromEntries(
    producedTypes(operation)
      .toSorted()
      .map((mediaType) => [mediaType, { schema }]),
  );
}

function reference(type: ObjectType | string): JsonObject {
  return schemaReference("v3", typeof type === "string" ? type : openApiName(type));
}
