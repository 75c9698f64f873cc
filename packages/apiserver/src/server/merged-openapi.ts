import type { JsonObject } from "@kube-ts/api/json-value";
import { openApiV2Protobuf } from "@kube-ts/api/openapi/gnostic-v2";
import { openApiV3Protobuf } from "@kube-ts/api/openapi/gnostic-v3";
import { resourceNotFound, serviceUnavailable } from "@kube-ts/api/status-error";
import { mergeOpenApiV2 } from "../aggregation/openapi-part.ts";
import type { RemoteDocuments, RemoteV3 } from "../aggregation/remote-documents.ts";
import type { Exchange } from "../endpoints/exchange.ts";
import { OpenApiDocument } from "./openapi-document.ts";

/** The documents of what this server itself serves. */
export interface OwnDocuments {
  whole(nowMs: number): Promise<OpenApiDocument>;
  index(nowMs: number): Promise<OpenApiDocument>;
}

interface Made {
  readonly own: OpenApiDocument;
  readonly generation: number;
  readonly document: OpenApiDocument;
}

/** OpenAPI documents with those of the servers behind in them; made anew when any of them has changed. */
export class MergedDocuments {
  readonly #remote: RemoteDocuments;
  #whole: Made | undefined;
  #index: Made | undefined;
  readonly #v3 = new WeakMap<RemoteV3, OpenApiDocument>();

  constructor(remote: RemoteDocuments) {
    this.#remote = remote;
  }

  async whole(documents: OwnDocuments, nowMs: number): Promise<OpenApiDocument> {
    const own = await documents.whole(nowMs);
    const { paths } = this.#remote;
    if (paths.size === 0) return own;
    if (!this.#isCurrent(this.#whole, own)) {
      const merged = mergeOpenApiV2(withoutPaths(parsed(own), paths), this.#remote.v2Parts());
      this.#whole = this.#made(own, new OpenApiDocument(merged, openApiV2Protobuf, nowMs));
    }
    return this.#whole?.document ?? own;
  }

  async index(documents: OwnDocuments, nowMs: number): Promise<OpenApiDocument> {
    const own = await documents.index(nowMs);
    const behind = this.#remote.paths;
    if (behind.size === 0) return own;
    if (!this.#isCurrent(this.#index, own)) {
      const paths = { ...(parsed(own)["paths"] as JsonObject) };
      for (const path of behind) delete paths[path];
      for (const [path, hash] of this.#remote.v3Hashes()) {
        paths[path] = { serverRelativeURL: `/openapi/v3/${path}${hash === "" ? "" : `?hash=${hash}`}` };
      }
      this.#index = this.#made(own, new OpenApiDocument({ paths }, openApiV3Protobuf, nowMs));
    }
    return this.#index?.document ?? own;
  }

  /** Whether `apis/GROUP/VERSION` is served behind this server. */
  isBehind(path: string): boolean {
    return this.#remote.paths.has(path);
  }

  /** The document of a group-version behind, at `apis/GROUP/VERSION`. Throws NotFound and ServiceUnavailable. */
  async of(path: string, { nowMs, signal }: Exchange): Promise<OpenApiDocument> {
    const remote = await this.#remote.v3(path, signal).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw serviceUnavailable(
        `error trying to reach service: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
    });
    if (!remote) throw resourceNotFound();
    const known = this.#v3.get(remote) ?? new OpenApiDocument(remote.document, openApiV3Protobuf, nowMs);
    this.#v3.set(remote, known);
    return known;
  }

  #isCurrent(made: Made | undefined, own: OpenApiDocument): boolean {
    return made?.own === own && made.generation === this.#remote.generation;
  }

  #made(own: OpenApiDocument, document: OpenApiDocument): Made {
    return { own, generation: this.#remote.generation, document };
  }
}

/** The document of what this server serves without the group-versions that others answer for. */
function withoutPaths(document: JsonObject, groupVersions: ReadonlySet<string>): JsonObject {
  const prefixes = [...groupVersions].map((path) => `/${path}/`);
  const isOwn = (path: string) => !prefixes.some((prefix) => `${path}/`.startsWith(prefix));
  const paths = Object.entries(document["paths"] as JsonObject).filter(([path]) => isOwn(path));
  return { ...document, paths: Object.fromEntries(paths) };
}

function parsed({ json }: OpenApiDocument): JsonObject {
  return JSON.parse(json.toString()) as JsonObject;
}
