import { aggregatedBytes, requestedAggregatedForm } from "../endpoints/aggregated-discovery.ts";
import type { AggregatedDocument, AggregatedForm, RemoteResources } from "../endpoints/aggregated-discovery.ts";
import type { Catalog } from "../endpoints/discovery.ts";
import { coreVersionsDocument } from "../endpoints/discovery.ts";
import type { Exchange } from "../endpoints/exchange.ts";
import type { LiveCatalog } from "../endpoints/live-catalog.ts";
import { sendObject, sendPageNotFound, writeHead } from "../endpoints/respond.ts";
import { documentForm } from "../endpoints/response-form.ts";
import type { Aggregation } from "./aggregation.ts";
import { DiscoveryDocuments } from "./discovery-documents.ts";
import type { PathRoutes } from "./path-routes.ts";

/** Serves `/api`, `/apis` and what is below them, in the legacy and the aggregated form, for what is served now. */
export function addDiscoveryRoutes(
  routes: PathRoutes,
  live: LiveCatalog,
  aggregation: Aggregation,
  serverAddress: string,
): void {
  const { table, documents: remote } = aggregation;
  const remoteResources: RemoteResources = (service) => remote.version(service);
  let made:
    | { readonly catalog: Catalog; readonly generation: number; readonly documents: DiscoveryDocuments }
    | undefined;
  const documents = (): DiscoveryDocuments => {
    const { catalog } = live.current;
    const { generation } = remote;
    if (made?.catalog !== catalog || made.generation !== generation) {
      made = { catalog, generation, documents: new DiscoveryDocuments(catalog, table.all, remoteResources) };
    }
    return made.documents;
  };
  const sendDocument = (exchange: Exchange, document: object | undefined) => {
    if (!document) {
      sendPageNotFound(exchange);
      return undefined;
    }
    return sendObject(exchange, 200, documentForm(exchange), document);
  };
  const coreVersions = coreVersionsDocument(serverAddress);
  for (const root of ["api", "apis"] as const) {
    routes.exact(`/${root}`, (exchange) => {
      const form = requestedAggregatedForm(exchange.request.headers.accept);
      exchange.response.setHeader("Vary", "Accept");
      if (!form) return sendDocument(exchange, root === "api" ? coreVersions : documents().legacy("/apis"));
      sendAggregated(exchange, documents().aggregated(root, form.version), form);
      return undefined;
    });
    routes.prefix(`/${root}/`, (exchange, { path }) => {
      const plain = path.endsWith("/") ? path.slice(0, -1) : path;
      const [, , group = "", version = ""] = plain.split("/");
      const behind = root === "api" ? aggregation.serving("", group) : aggregation.serving(group, version);
      return behind ? behind.serve(exchange) : sendDocument(exchange, documents().legacy(plain));
    });
  }
  routes.listed(() => documents().paths);
}

function sendAggregated(exchange: Exchange, document: AggregatedDocument, form: AggregatedForm): void {
  const { request, response } = exchange;
  const headers = { ETag: document.etag, Vary: "Accept", "Cache-Control": "public" };
  if (request.headers["if-none-match"] === document.etag) {
    writeHead(exchange, 304, headers);
    response.end();
    return;
  }
  const bytes = aggregatedBytes(document, form.encoding);
  writeHead(exchange, 200, { ...headers, "Content-Type": form.contentType, "Content-Length": bytes.length });
  response.end(bytes);
}
