import assert from "node:assert/strict";
import type { CustomResourceDefinition, JSONSchemaProps } from "@kube-ts/api/apiextensions/v1";
import type { KubeObject } from "@kube-ts/api/object";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";
import { ApiRequests } from "./api-requests.ts";
import type { RequestOptions } from "./api-requests.ts";
import { eventually } from "./eventually.ts";

export const json = "application/json";
export const yaml = "application/yaml";
export const jsonPatch = "application/json-patch+json";
export const mergePatch = "application/merge-patch+json";
export const strategicPatch = "application/strategic-merge-patch+json";
export const applyPatch = "application/apply-patch+yaml";

/** What comes back: an object with data, a list or a Status. */
export interface AnswerBody extends KubeObject {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly items?: readonly KubeObject[];
}

export interface TypedAnswer {
  readonly code: number;
  readonly text: string;
  /** Without fields when the text is no JSON. */
  readonly body: AnswerBody;
}

/** Requests whose bodies have a media type of their own. */
export class TypedBodies {
  readonly #api: ApiRequests;

  constructor(server: ServerUnderTest) {
    this.#api = new ApiRequests(server);
  }

  /** Resolves with the answer, whatever its code. Bodies that are no text are sent as JSON. */
  async send(
    method: string,
    path: string,
    contentType = json,
    body?: unknown,
    options: RequestOptions = {},
  ): Promise<TypedAnswer> {
    const headers = { ...(body !== undefined && { "Content-Type": contentType }), ...options.headers };
    const request = { ...options, headers, ...(body !== undefined && { body }) };
    const { code, text } = await this.#api.ask(method, path, request);
    return { code, text, body: (text.startsWith("{") ? JSON.parse(text) : {}) as AnswerBody };
  }

  get(path: string, options: RequestOptions = {}): Promise<TypedAnswer> {
    return this.send("GET", path, json, undefined, options);
  }

  /** Makes definitions of custom resources; resolves when they are served. */
  async define(...definitions: readonly CustomResourceDefinition[]): Promise<void> {
    for (const each of definitions) {
      const made = await this.send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", json, each);
      assert.equal(made.code, 201, made.text);
    }
    for (const { spec } of definitions) {
      const path = `/apis/${spec.group}/v1/${spec.names.plural}`;
      await eventually(
        `${path} is served`,
        () => this.get(path),
        ({ code }) => code === 200,
        15_000,
      );
    }
  }
}

/** A definition whose spec has the given properties, or any. */
export function definition(
  plural: string,
  group: string,
  scope: "Cluster" | "Namespaced",
  properties?: object,
): CustomResourceDefinition {
  const open: JSONSchemaProps = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  const spec = (properties ? { type: "object", properties } : open) as JSONSchemaProps;
  const kind = `${plural[0]?.toUpperCase()}${plural.slice(1, -1)}`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { plural, singular: plural.slice(0, -1), kind, listKind: `${kind}List` },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec } } },
        },
      ],
    },
  };
}

export function configMap(name: string, data: object = {}): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
}
