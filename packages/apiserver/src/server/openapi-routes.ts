import type { OpenApiResource } from "@kube-ts/api/openapi/operations";
import { loadAllDocs } from "@kube-ts/api/openapi/schemas";
import { openApiV2Protobuf } from "@kube-ts/api/openapi/gnostic-v2";
import { openApiV3Protobuf } from "@kube-ts/api/openapi/gnostic-v3";
import { openApiV2 } from "@kube-ts/api/openapi/v2";
import { openApiV3 } from "@kube-ts/api/openapi/v3";
import { typeOf } from "@kube-ts/api/schema-registry";
import { kubernetesVersion } from "@kube-ts/std/version";
import { resourceNotFound } from "@kube-ts/api/status-error";
import { apiResources, groupVersions } from "../endpoints/discovery.ts";
import type { Catalog } from "../endpoints/discovery.ts";
import type { Exchange } from "../endpoints/exchange.ts";
import { writeHead } from "../endpoints/respond.ts";
import { OpenApiDocument, openApiV2Name, openApiV3Name, serveOpenApi } from "./openapi-document.ts";
import type { PathRoutes } from "./path-routes.ts";

interface GroupVersionName {
  readonly group: string;
  readonly version: string;
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
  routes.exact("/openapi/v2", async (exchange) =>
    serveOpenApi(exchange, await documents.whole(exchange.nowMs), openApiV2Name, { compress: true }),
  );
  routes.exact("/openapi/v3", async (exchange) =>
    serveOpenApi(exchange, await documents.index(exchange.nowMs), undefined, { compress: false }),
  );
  for (const name of names) {
    routes.exact(`/openapi/v3/${pathOf(name)}`, async (exchange, { query }) => {
      const document = await documents.of(name, exchange.nowMs);
      const hash = query.get("hash");
      if (hash && hash !== document.hash) redirect(exchange, urlOf(name, document));
      else
        await serveOpenApi(exchange, document, openApiV3Name, {
          compress: false,
          headers: cachedHeaders(hash, exchange),
        });
    });
  }
  routes.prefix("/openapi/", () => {
    throw resourceNotFound();
  });
}

const yearMs = 365 * 24 * 3_600_000;

/** Under a URL with its hash, a document never changes. */
function cachedHeaders(hash: string | null, { nowMs }: Exchange): Record<string, string> {
  if (!hash) return {};
  return { "Cache-Control": "public, immutable", Expires: new Date(nowMs + yearMs).toUTCString() };
}

function redirect(exchange: Exchange, location: string): void {
  writeHead(exchange, 301, { Location: location, Vary: "Accept", "Cache-Control": "no-cache, private" });
  exchange.response.end();
}

class DocumentCache {
  readonly #catalog: Catalog;
  readonly #byName = new Map<string, Promise<OpenApiDocument>>();
  #whole: Promise<OpenApiDocument> | undefined;
  #index: Promise<OpenApiDocument> | undefined;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  whole(nowMs: number): Promise<OpenApiDocument> {
    this.#whole ??= this.#buildWhole(nowMs);
    return this.#whole;
  }

  index(nowMs: number): Promise<OpenApiDocument> {
    this.#index ??= this.#buildIndex(nowMs);
    return this.#index;
  }

  of(name: GroupVersionName, nowMs: number): Promise<OpenApiDocument> {
    const path = pathOf(name);
    const known = this.#byName.get(path);
    if (known) return known;
    const built = this.#build(name, nowMs);
    this.#byName.set(path, built);
    return built;
  }

  async #build(name: GroupVersionName, nowMs: number): Promise<OpenApiDocument> {
    const docs = await loadAllDocs();
    const resources = describe(this.#catalog, name);
    const document = openApiV3({ resources, serverVersion: kubernetesVersion, docs });
    return new OpenApiDocument(document, openApiV3Protobuf, nowMs);
  }

  async #buildWhole(nowMs: number): Promise<OpenApiDocument> {
    const docs = await loadAllDocs();
    const resources = groupVersions(this.#catalog).flatMap((name) => describe(this.#catalog, name));
    const document = openApiV2({ resources, serverVersion: kubernetesVersion, docs });
    return new OpenApiDocument(document, openApiV2Protobuf, nowMs);
  }

  async #buildIndex(nowMs: number): Promise<OpenApiDocument> {
    const paths: Record<string, { serverRelativeURL: string }> = {};
    for (const name of groupVersions(this.#catalog)) {
      paths[pathOf(name)] = { serverRelativeURL: urlOf(name, await this.of(name, nowMs)) };
    }
    return new OpenApiDocument({ paths }, openApiV3Protobuf, nowMs);
  }
}

function urlOf(name: GroupVersionName, { hash }: OpenApiDocument): string {
  return `/openapi/v3/${pathOf(name)}?hash=${hash}`;
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
