import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { JsonObject } from "@kube-ts/api/json-value";
import type { Exchange } from "../endpoints/exchange.ts";
import { acceptsGzip, writeHead } from "../endpoints/respond.ts";

const compress = promisify(gzip);
/** Smaller documents are not compressed. */
const gzipThresholdBytes = 1400;

/** An OpenAPI document as JSON, and in other forms as they are asked for. */
export class OpenApiDocument {
  readonly json: Buffer;
  /** SHA-512 of the JSON, the same for all forms. */
  readonly hash: string;
  readonly lastModified: string;
  readonly #toProtobuf: (document: JsonObject) => Buffer;
  #protobuf: Buffer | undefined;
  readonly #compressed = new Map<Buffer, Promise<Buffer>>();

  constructor(document: object, toProtobuf: (document: JsonObject) => Buffer, nowMs: number) {
    this.json = Buffer.from(JSON.stringify(document));
    this.hash = createHash("sha512").update(this.json).digest("hex").toUpperCase();
    this.lastModified = new Date(nowMs).toUTCString();
    this.#toProtobuf = toProtobuf;
  }

  get protobuf(): Buffer {
    this.#protobuf ??= this.#toProtobuf(JSON.parse(this.json.toString()) as JsonObject);
    return this.#protobuf;
  }

  compressed(form: Buffer): Promise<Buffer> {
    const known = this.#compressed.get(form) ?? compress(form);
    this.#compressed.set(form, known);
    return known;
  }
}

/** Names of the protobuf form of one version of OpenAPI. */
export interface ProtobufName {
  /** What answers say. */
  readonly contentType: string;
  /** What clients may ask for. */
  readonly accepted: readonly string[];
}

export const openApiV2Name = protobufName("v2");
export const openApiV3Name = protobufName("v3");

function protobufName(version: string): ProtobufName {
  const type = (separator: string) => `application/com.github.proto-openapi.spec.${version}${separator}v1.0+protobuf`;
  return { contentType: type("."), accepted: [type("."), type("@")] };
}

/** Answers with the form that the client asks for, or 406; with 304 where the client has it already. */
export async function serveOpenApi(
  exchange: Exchange,
  document: OpenApiDocument,
  name: ProtobufName | undefined,
  options: { readonly compress: boolean; readonly headers?: Readonly<Record<string, string>> },
): Promise<void> {
  const { request, response } = exchange;
  const form = formOf(request.headers.accept, name);
  const vary = name ? (options.compress ? "Accept, Accept-Encoding" : "Accept") : "";
  const headers: Record<string, string | number> = {
    "Cache-Control": "no-cache, private",
    ...(vary && { Vary: vary }),
    ...options.headers,
  };
  if (!form) {
    writeHead(exchange, 406, headers);
    response.end();
    return;
  }
  headers["Etag"] = `"${document.hash}"`;
  headers["Last-Modified"] = document.lastModified;
  if (isUnchanged(exchange, document)) {
    writeHead(exchange, 304, headers);
    response.end();
    return;
  }
  const bytes = form === "json" ? document.json : document.protobuf;
  headers["Content-Type"] = form === "json" ? "application/json" : (name?.contentType ?? "");
  const packs = options.compress && bytes.length >= gzipThresholdBytes && acceptsGzip(exchange);
  const body = packs ? await document.compressed(bytes) : bytes;
  if (packs) headers["Content-Encoding"] = "gzip";
  writeHead(exchange, 200, { ...headers, "Content-Length": body.length });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** The first type in the order of the client's wishes; undefined when none is served. */
function formOf(accept: string | undefined, name: ProtobufName | undefined): "json" | "protobuf" | undefined {
  if (!name || !accept) return "json";
  const clauses = accept.split(",").map((clause) => {
    const [type = "", ...parameters] = clause.split(";").map((part) => part.trim());
    const quality = Number(parameters.find((part) => part.startsWith("q="))?.slice(2) ?? "1");
    return { type: type.toLowerCase(), quality: Number.isFinite(quality) ? quality : 0 };
  });
  for (const { type } of clauses.toSorted((a, b) => b.quality - a.quality)) {
    if (type === "application/json" || type === "application/*" || type === "*/*") return "json";
    if (name.accepted.includes(type)) return "protobuf";
  }
  return undefined;
}

/** By its tag where the client names one, otherwise by its time. */
function isUnchanged({ request }: Exchange, { hash, lastModified }: OpenApiDocument): boolean {
  const tags = request.headers["if-none-match"];
  if (tags !== undefined) {
    return tags.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === `"${hash}"`);
  }
  const since = Date.parse(request.headers["if-modified-since"] ?? "");
  return !Number.isNaN(since) && Date.parse(lastModified) <= since;
}
