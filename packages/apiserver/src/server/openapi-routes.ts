import type { HttpMethod, OpenApiResource } from "@kube-ts/api/openapi/operations";
import { type CustomType, customSchemas, customTypeName, customTypeRoots } from "@kube-ts/api/openapi/custom-schemas";
import { loadAllDocs } from "@kube-ts/api/openapi/schemas";
import { openApiV2Protobuf } from "@kube-ts/api/openapi/gnostic-v2";
import { openApiV3Protobuf } from "@kube-ts/api/openapi/gnostic-v3";
import { openApiV2 } from "@kube-ts/api/openapi/v2";
import { openApiV3 } from "@kube-ts/api/openapi/v3";
import type { APIResource } from "@kube-ts/api/meta/v1";
import { typeOf } from "@kube-ts/api/schema-registry";
import { kubernetesVersion } from "@kube-ts/std/version";
import type { RemoteDocuments } from "../aggregation/remote-documents.ts";
import { apiResources, groupVersions } from "../endpoints/discovery.ts";
import type { Catalog } from "../endpoints/discovery.ts";
import type { Exchange } from "../endpoints/exchange.ts";
import { type GroupVersionName, groupVersionPath } from "../endpoints/group-version.ts";
import type { LiveCatalog } from "../endpoints/live-catalog.ts";
import { sendPageNotFound, writeHead } from "../endpoints/respond.ts";
import type { ServedResource } from "../endpoints/served-resource.ts";
import { MergedDocuments } from "./merged-openapi.ts";
import { OpenApiDocument, openApiV2Name, openApiV3Name, serveOpenApi } from "./openapi-document.ts";
import type { PathRoutes } from "./path-routes.ts";

/** Subresources whose query is described by a type, and which answer with something else than an object. */
const optionTypes: Readonly<Record<string, string>> = {
  "pods/exec": "PodExecOptions",
  "pods/attach": "PodAttachOptions",
  "pods/portforward": "PodPortForwardOptions",
  "nodes/proxy": "NodeProxyOptions",
  "pods/proxy": "PodProxyOptions",
  "services/proxy": "ServiceProxyOptions",
};

const proxyMethods: readonly HttpMethod[] = ["get", "post", "put", "patch", "delete", "head"];

/** Serves `/openapi/v2` and `/openapi/v3` below it; documents are built when first asked for. */
export function addOpenApiRoutes(routes: PathRoutes, live: LiveCatalog, remote: RemoteDocuments): void {
  const merged = new MergedDocuments(remote);
  let newest = new DocumentCache(live.current.catalog);
  const documents = (): DocumentCache => {
    const { catalog } = live.current;
    if (newest.catalog !== catalog) newest = new DocumentCache(catalog, newest);
    return newest;
  };
  routes.exact("/openapi/v2", async (exchange) =>
    serveOpenApi(exchange, await merged.whole(documents(), exchange.nowMs), openApiV2Name, { compress: true }),
  );
  routes.exact("/openapi/v3", async (exchange) =>
    serveOpenApi(exchange, await merged.index(documents(), exchange.nowMs), undefined, { compress: false }),
  );
  routes.prefix(v3Prefix, async (exchange, { path, query }) => {
    const all = documents();
    const wanted = path.slice(v3Prefix.length);
    const name = merged.isBehind(wanted) ? undefined : all.names.find((each) => pathOf(each) === wanted);
    const document = name ? await all.of(name, exchange.nowMs) : await merged.of(wanted, exchange);
    const hash = query.get("hash");
    // What the server behind calls its hash is its own.
    if (name && hash && hash !== document.hash) redirect(exchange, urlOf(name, document));
    else {
      const headers = cachedHeaders(hash, exchange);
      await serveOpenApi(exchange, document, openApiV3Name, { compress: false, headers });
    }
  });
  routes.listed(() => documents().names.map((name) => `${v3Prefix}${pathOf(name)}`));
  routes.prefix("/openapi/", sendPageNotFound);
}

const v3Prefix = "/openapi/v3/";
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

/** The documents of one catalog. Those of group-versions that are as they were before are taken over. */
class DocumentCache {
  readonly catalog: Catalog;
  readonly names: readonly GroupVersionName[];
  readonly #byName = new Map<string, Promise<OpenApiDocument>>();
  #whole: Promise<OpenApiDocument> | undefined;
  #index: Promise<OpenApiDocument> | undefined;

  constructor(catalog: Catalog, previous?: DocumentCache) {
    this.catalog = catalog;
    this.names = groupVersions(catalog);
    if (!previous) return;
    for (const name of previous.names) {
      const known = previous.#byName.get(pathOf(name));
      if (known && isSameGroupVersion(name, catalog, previous.catalog)) this.#byName.set(pathOf(name), known);
    }
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
    const resources = describe(this.catalog, name);
    const custom = customTypesOf(this.catalog, [name]);
    const schemas = Object.assign({}, ...custom.map((type) => customSchemas("v3", type)));
    const roots = custom.length > 0 ? customTypeRoots : [];
    const document = openApiV3({ resources, serverVersion: kubernetesVersion, docs, schemas, roots });
    return new OpenApiDocument(document, openApiV3Protobuf, nowMs);
  }

  async #buildWhole(nowMs: number): Promise<OpenApiDocument> {
    const docs = await loadAllDocs();
    const resources = this.names.flatMap((name) => describe(this.catalog, name));
    const custom = customTypesOf(this.catalog, this.names);
    const definitions = Object.assign({}, ...custom.map((type) => customSchemas("v2", type)));
    const roots = customTypeRoots;
    const document = openApiV2({ resources, serverVersion: kubernetesVersion, docs, definitions, roots });
    return new OpenApiDocument(document, openApiV2Protobuf, nowMs);
  }

  async #buildIndex(nowMs: number): Promise<OpenApiDocument> {
    const paths: Record<string, { serverRelativeURL: string }> = {};
    for (const name of this.names) {
      paths[pathOf(name)] = { serverRelativeURL: urlOf(name, await this.of(name, nowMs)) };
    }
    return new OpenApiDocument({ paths }, openApiV3Protobuf, nowMs);
  }
}

function urlOf(name: GroupVersionName, { hash }: OpenApiDocument): string {
  return `/openapi/v3/${pathOf(name)}?hash=${hash}`;
}

/** Whether the group-version has the very same resources in both catalogs. */
function isSameGroupVersion(name: GroupVersionName, a: Catalog, b: Catalog): boolean {
  const [first, second] = [resourcesOf(a, name), resourcesOf(b, name)];
  return first.length === second.length && first.every((resource, index) => resource === second[index]);
}

function resourcesOf({ resources }: Catalog, { group, version }: GroupVersionName): ServedResource[] {
  return resources.filter(({ type }) => type.group === group && type.version === version);
}

/** The custom resources of some group-versions. */
function customTypesOf(catalog: Catalog, names: readonly GroupVersionName[]): CustomType[] {
  return names
    .flatMap((name) => resourcesOf(catalog, name))
    .filter(({ registry }) => registry.definition.decode !== undefined)
    .map(({ type, registry }) => {
      const { group, version, kind } = type;
      return { group, version, kind, listKind: `${kind}List`, schema: registry.definition.schema };
    });
}

/** Patches of objects without a built-in type. */
const customPatchTypes = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/apply-patch+yaml",
];

/** The resources and subresources of one group-version, as the documents describe them. */
function describe(catalog: Catalog, name: GroupVersionName): OpenApiResource[] {
  const list = apiResources(catalog, name);
  const custom = new Set(
    resourcesOf(catalog, name).flatMap(({ type, registry }) => (registry.definition.decode ? [type.plural] : [])),
  );
  const kinds = new Map(list.filter((entry) => !entry.name.includes("/")).map((entry) => [entry.name, entry.kind]));
  return list.flatMap((entry) => {
    const [plural = ""] = entry.name.split("/");
    return describeEntry(name, entry, kinds.get(plural) ?? entry.kind, custom.has(plural)) ?? [];
  });
}

/** `kind` is the resource's, also of an entry that is one of its subresources. Undefined for what has no type here. */
function describeEntry(
  { group, version }: GroupVersionName,
  entry: APIResource,
  kind: string,
  isCustom: boolean,
): OpenApiResource | undefined {
  const [plural = "", subresource] = entry.name.split("/");
  const resourceType = isCustom ? customTypeName({ group, version, kind }) : typeOf(group, version, kind);
  if (!resourceType) return undefined;
  const base = { group, version, plural, kind, namespaced: entry.namespaced, verbs: entry.verbs };
  const optionsKind = optionTypes[entry.name];
  if (optionsKind !== undefined) {
    const optionsType = typeOf(group, version, optionsKind);
    const isProxy = subresource === "proxy";
    return {
      ...base,
      type: resourceType,
      connect: isProxy ? proxyMethods : ["get", "post"],
      connectsBelow: isProxy,
      ...(subresource && { subresource }),
      ...(optionsType && { optionsType }),
    };
  }
  const bodyKind = { group: entry.group ?? group, version: entry.version ?? version, kind: entry.kind };
  const bodyType = typeOf(bodyKind.group, bodyKind.version, bodyKind.kind);
  const type = isCustom && entry.group === undefined ? resourceType : bodyType;
  if (!type) return undefined;
  const logOptions = entry.name === "pods/log" ? typeOf("", "v1", "PodLogOptions") : undefined;
  return {
    ...base,
    type,
    ...(isCustom && { patchTypes: customPatchTypes }),
    ...(subresource && { subresource }),
    ...(entry.group !== undefined && { bodyKind }),
    ...(logOptions && { optionsType: logOptions }),
  };
}

/** As OpenAPI v3 names the documents: without the first slash. */
function pathOf(name: GroupVersionName): string {
  return groupVersionPath(name).slice(1);
}
