import { resourceNotFound } from "@kube-ts/api/status-error";
import { aggregatedContentType, requestedAggregatedVersion } from "../endpoints/aggregated-discovery.ts";
import type { AggregatedDocument } from "../endpoints/aggregated-discovery.ts";
import type { Catalog } from "../endpoints/discovery.ts";
import { coreVersionsDocument } from "../endpoints/discovery.ts";
import type { Exchange } from "../endpoints/exchange.ts";
import type { LiveCatalog } from "../endpoints/live-catalog.ts";
import { sendObject } from "../endpoints/respond.ts";
import { documentForm } from "../endpoints/response-form.ts";
import { DiscoveryDocuments } from "./discovery-documents.ts";
import type { PathRoutes } from "./path-routes.ts";

/** Serves `/api`, `/apis` and what is below them, in the legacy and the aggregated form, for what is served now. */
export function addDiscoveryRoutes(routes: PathRoutes, live: LiveCatalog, serverAddress: string): void {
  const made = new WeakMap<Catalog, DiscoveryDocuments>();
  const documents = (): DiscoveryDocuments => {
    const { catalog } = live.current;
    const known = made.get(catalog) ?? new DiscoveryDocuments(catalog);
    made.set(catalog, known);
    return known;
  };
  const sendDocument = (exchange: Exchange, document: object | undefined) => {
    if (!document) throw resourceNotFound();
    return sendObject(exchange, 200, documentForm(exchange), document);
  };
  const coreVersions = coreVersionsDocument(serverAddress);
  for (const root of ["api", "apis"] as const) {
    routes.exact(`/${root}`, (exchange) => {
      const version = requestedAggregatedVersion(exchange.request.headers.accept);
      exchange.response.setHeader("Vary", "Accept");
      if (!version) return sendDocument(exchange, root === "api" ? coreVersions : documents().legacy("/apis"));
      sendAggregated(exchange, documents().aggregated(root, version), aggregatedContentType(version));
      return undefined;
    });
    routes.prefix(`/${root}/`, (exchange, { path }) => {
      const plain = path.endsWith("/") ? path.slice(0, -1) : path;
      return sendDocument(exchange, documents().legacy(plain));
    });
  }
  routes.listed(() => documents().paths);
}

function sendAggregated(exchange: Exchange, { bytes, etag }: AggregatedDocument, contentType: string): void {
  const { request, response } = exchange;
  response.setHeader("ETag", etag);
  response.setHeader("Cache-Control", "public");
  if (request.headers["if-none-match"] === etag) {
    response.statusCode = 304;
    response.end();
    return;
  }
  response.setHeader("Content-Type", contentType);
  response.setHeader("Content-Length", bytes.length);
  response.statusCode = 200;
  response.end(bytes);
}
