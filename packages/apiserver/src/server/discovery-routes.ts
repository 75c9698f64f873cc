import { resourceNotFound } from "@kube-ts/api/status-error";
import {
  aggregatedContentType,
  aggregatedDocument,
  requestedAggregatedVersion,
} from "../endpoints/aggregated-discovery.ts";
import type { AggregatedDocument } from "../endpoints/aggregated-discovery.ts";
import type { Catalog } from "../endpoints/discovery.ts";
import {
  coreVersionsDocument,
  groupDocument,
  groupListDocument,
  groupVersions,
  namedGroups,
  resourceListDocument,
} from "../endpoints/discovery.ts";
import type { Exchange } from "../endpoints/exchange.ts";
import { sendObject } from "../endpoints/respond.ts";
import { documentForm } from "../endpoints/response-form.ts";
import type { PathRoutes } from "./path-routes.ts";

/** Serves `/api`, `/apis` and what is below them, in the legacy and the aggregated form. */
export function addDiscoveryRoutes(routes: PathRoutes, catalog: Catalog, serverAddress: string): void {
  const sendDocument = (exchange: Exchange, document: object) =>
    sendObject(exchange, 200, documentForm(exchange), document);

  const root = (name: "api" | "apis", legacy: object) => {
    const built = new Map<string, AggregatedDocument>();
    routes.exact(`/${name}`, (exchange) => {
      const version = requestedAggregatedVersion(exchange.request.headers.accept);
      exchange.response.setHeader("Vary", "Accept");
      if (!version) return sendDocument(exchange, legacy);
      const document = built.get(version) ?? aggregatedDocument(catalog, name, version);
      built.set(version, document);
      sendAggregated(exchange, document, aggregatedContentType(version));
      return undefined;
    });
  };
  root("api", coreVersionsDocument(serverAddress));
  root("apis", groupListDocument(catalog));

  for (const group of namedGroups(catalog)) {
    const document = groupDocument(catalog, group);
    if (document) routes.exact(`/apis/${group}`, (exchange) => sendDocument(exchange, document));
  }
  for (const name of groupVersions(catalog)) {
    const path = name.group === "" ? `/api/${name.version}` : `/apis/${name.group}/${name.version}`;
    const document = resourceListDocument(catalog, name);
    routes.exact(path, (exchange) => sendDocument(exchange, document));
  }
  routes.prefix("/apis/", () => {
    throw resourceNotFound();
  });
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
