import { createHash } from "node:crypto";
import type { OpenApiResource } from "@kube-ts/api/openapi/operations";
import { loadAllDocs } from "@kube-ts/api/openapi/schemas";
import { openApiV2 } from "@kube-ts/api/openapi/v2";
import { openApiV3 } from "@kube-ts/api/openapi/v3";
import { typeOf } from "@kube-ts/api/schema-registry";
import { kubernetesVersion } from "@kube-ts/std/version";
import { resourceNotFound } from "@kube-ts/api/status-error";
import { apiResources, groupVersions } from "../endpoints/discovery.ts";
import type { Catalog } from "../endpoints/discovery.ts";
import type { Exchange } from "../endpoints/exchange.ts";
import type { PathRoutes } from "./path-routes.ts";

interface GroupVersionName {
  readonly group: string;
  readonly version: string;
}

interface Document {
  readonly bytes: Buffer;
  readonly hash: string;
}

/** Subresources whose query is described by a type, and which answer with something else than an object. */
const optionTypes: Readonly<Record<string, string>> = {
  "pods/exec": "PodExecOptions",
  "pods/attach": "PodAttachOptions",
  "pods/portforward": "PodPortForwardOptions",
};

/** Serves `/openapi/v2` and `/openapi/v3` below it; documents are built when first asked for. */
export function addOpenApiRoutes(routes: PathRoutes, catalog: Catalog): void {
  const names = groupVersions(catalog);
  const documents = new DocumentCache(catalog);
  routes.exact("/openapi/v2", async (exchange) => sendDocument(exchange, await documents.whole()));
  routes.exact("/openapi/v3", async (exchange) => {
    const entries = names.map(async (name) => {
      const path = pathOf(name);
      const { hash } = await documents.of(name);
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }] as const;
    });
    const index = Buffer.from(JSON.stringify({ paths: Object.fromEntries(await Promise.all(entries)) }));
    sendDocument(exchange, { bytes: index, hash: digest(index) });
  });
  for (const name of names) {
    routes.exact(`/openapi/v3/${pathOf(name)}`, async (exchange, { query }) => {
      const document = await documents.of(name);
      if (query.get("hash") === document.hash) {
        exchange.response.setHeader("Cache-Control", "public, immutable");
        exchange.response.setHeader("Expires", new Date(exchange.nowMs + yearMs).toUTCString());
      }
      sendDocument(exchange, document);
    });
  }
  routes.prefix("/openapi/", () => {
    throw resourceNotFound();
  });
}

const yearMs = 365 * 24 * 3_600_000;

class DocumentCache {
  readonly #catalog: Catalog;
  readonly #byName = new Map<string, Promise<Document>>();
  #whole: Promise<Document> | undefined;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  whole(): Promise<Document> {
    this.#whole ??= this.#buildWhole();
    return this.#whole;
  }

  of(name: GroupVersionName): Promise<Document> {
    const path = pathOf(name);
    const known = this.#byName.get(path);
    if (known) return known;
    const built = this.#build(name);
    this.#byName.set(path, built);
    return built;
  }

  async #build(name: GroupVersionName): Promise<Document> {
    const docs = await loadAllDocs();
    const resources = describe(this.#catalog, name);
    return asDocument(openApiV3({ resources, serverVersion: kubernetesVersion, docs }));
  }

  async #buildWhole(): Promise<Document> {
    const docs = await loadAllDocs();
    const resources = groupVersions(this.#catalog).flatMap((name) => describe(this.#catalog, name));
    return asDocument(openApiV2({ resources, serverVersion: kubernetesVersion, docs }));
  }
}

function asDocument(document: object): Document {
  const bytes = Buffer.from(JSON.stringify(document));
  return { bytes, hash: digest(bytes) };
}

/** The resources and subresources of one group-version, as the documents describe them. */
function describe(catalog: Catalog, { group, version }: GroupVersionName): OpenApiResource[] {
  const list = apiResources(catalog, { group, version });
  const kinds = new Map(list.filter(({ name }) => !name.includes("/")).map(({ name, kind }) => [name, kind]));
  return list.flatMap((entry): OpenApiResource[] => {
    const [plural = "", subresource] = entry.name.split("/");
    const bodyGroup = entry.group ?? group;
    const bodyVersion = entry.version ?? version;
    const kind = kinds.get(plural) ?? entry.kind;
    const base = { group, version, plural, kind, namespaced: entry.namespaced, verbs: entry.verbs };
    const optionsKind = optionTypes[entry.name];
    const resourceType = typeOf(group, version, kind);
    if (!resourceType) return [];
    if (optionsKind !== undefined) {
      const optionsType = typeOf(group, version, optionsKind);
      const connect = ["get", "post"] as const;
      return [
        {
          ...base,
          type: resourceType,
          connect,
          ...(subresource && { subresource }),
          ...(optionsType && { optionsType }),
        },
      ];
    }
    const logOptions = entry.name === "pods/log" ? typeOf("", "v1", "PodLogOptions") : undefined;
    const type = typeOf(bodyGroup, bodyVersion, entry.kind);
    if (!type) return [];
    const bodyKind = { group: bodyGroup, version: bodyVersion, kind: entry.kind };
    return [
      {
        ...base,
        type,
        ...(subresource && { subresource }),
        ...(entry.group !== undefined && { bodyKind }),
        ...(logOptions && { optionsType: logOptions }),
      },
    ];
  });
}

function pathOf({ group, version }: GroupVersionName): string {
  return group === "" ? `api/${version}` : `apis/${group}/${version}`;
}

function digest(bytes: Buffer): string {
  return createHash("sha512").update(bytes).digest("hex").toUpperCase();
}

function sendDocument({ request, response }: Exchange, { bytes, hash }: Document): void {
  const etag = `"${hash}"`;
  response.setHeader("ETag", etag);
  response.setHeader("Vary", "Accept");
  if (request.headers["if-none-match"] === etag) {
    response.statusCode = 304;
    response.end();
    return;
  }
  response.statusCode = 200;
  response.setHeader("Content-Type", "application/json");
  response.setHeader("Content-Length", bytes.length);
  response.end(bytes);
}
