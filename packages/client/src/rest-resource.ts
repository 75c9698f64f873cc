import type { KubeList, KubeObject, WatchEvent } from "@kube-ts/api/object";
import { apiVersionOf, type ResourceType, resourcePath } from "@kube-ts/api/resource-type";
import { isRecord } from "@kube-ts/std/config-schema";
import { formatDuration } from "@kube-ts/std/duration";
import type {
  DeleteRequest,
  ListOptions,
  NamespacedName,
  PatchOptions,
  PatchType,
  RequestOptions,
  ResourceClient,
  Selection,
  WatchOptions,
  WriteOptions,
} from "./client.ts";
import { deadlineSlackMs, type HttpClient, type HttpResponse } from "./http-client.ts";
import { readBody } from "./response-body.ts";
import { apiErrorFromResponse } from "./server-error.ts";
import { TransportError } from "./transport-error.ts";
import { parseWarnings } from "./warning-header.ts";
import { decodeWatchEvent, splitLines } from "./watch-stream.ts";

interface Settings {
  readonly maxBodyBytes: number;
  readonly requestTimeoutMs: number;
  readonly onWarning: (text: string) => void;
}

interface Target {
  readonly namespace?: string | undefined;
  readonly name?: string;
  readonly subresource?: string;
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

const patchContentTypes: Readonly<Record<PatchType, string>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

/** How much of an error's body is read. */
const maxErrorBytes = 3 * 1024 * 1024;

/** With bookmarks asked for, a server says something at least every minute or so; silence means a dead connection. */
const watchIdleTimeoutMs = 180_000;

/** The typed verbs of one resource over HTTP. */
export class RestResource<T extends KubeObject> implements ResourceClient<T> {
  readonly #type: ResourceType<T>;
  readonly #http: HttpClient;
  readonly #settings: Settings;

  constructor(type: ResourceType<T>, http: HttpClient, settings: Settings) {
    this.#type = type;
    this.#http = http;
    this.#settings = settings;
  }

  get(key: NamespacedName, options: RequestOptions & { readonly resourceVersion?: string } = {}): Promise<T> {
    return this.#exchange<T>("GET", key, { resourceVersion: options.resourceVersion }, options);
  }

  async list(options: ListOptions = {}): Promise<KubeList<T>> {
    const query = {
      ...selectionQuery(options),
      limit: options.limit,
      continue: options.continueToken,
      resourceVersion: options.resourceVersion,
      resourceVersionMatch: options.resourceVersionMatch,
    };
    const target = { namespace: options.namespace };
    const accept = options.metadataOnly ? metadataAccept("PartialObjectMetadataList") : undefined;
    const list = await this.#exchange<KubeList<T>>("GET", target, query, options, undefined, undefined, accept);
    const apiVersion = apiVersionOf(this.#type);
    const items = list.items ?? [];
    // Servers leave the type out of the items of a list.
    for (const item of items) {
      item.apiVersion ??= apiVersion;
      item.kind ??= this.#type.kind;
    }
    return { ...list, metadata: list.metadata ?? {}, items };
  }

  async *watch(options: WatchOptions): AsyncGenerator<WatchEvent<T>> {
    const { signal } = options;
    if (signal.aborted) return;
    try {
      const response = await this.#openWatch(options);
      for await (const line of splitLines(response.body)) yield decodeWatchEvent<T>(line);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  create(object: T, options: WriteOptions = {}): Promise<T> {
    const target = { namespace: object.metadata.namespace };
    if (this.#type.namespaced && !target.namespace) {
      return Promise.reject(new TypeError("an empty namespace may not be set during creation"));
    }
    return this.#exchange<T>("POST", target, writeQuery(options), options, this.#encode(object));
  }

  update(object: T, options: WriteOptions = {}): Promise<T> {
    return this.#exchange<T>("PUT", targetOf(object), writeQuery(options), options, this.#encode(object));
  }

  updateStatus(object: T, options: WriteOptions = {}): Promise<T> {
    const target = { ...targetOf(object), subresource: "status" };
    return this.#exchange<T>("PUT", target, writeQuery(options), options, this.#encode(object));
  }

  patch(key: NamespacedName, type: PatchType, patch: unknown, options: PatchOptions = {}): Promise<T> {
    const target = { ...key, ...(options.subresource !== undefined && { subresource: options.subresource }) };
    const query = { ...writeQuery(options), force: options.force };
    return this.#exchange<T>("PATCH", target, query, options, JSON.stringify(patch), patchContentTypes[type]);
  }

  async delete(key: NamespacedName, options: DeleteRequest = {}): Promise<void> {
    await this.#exchange("DELETE", key, {}, options, encodeDeleteOptions(options));
  }

  async deleteCollection(selection: Selection, options: DeleteRequest = {}): Promise<void> {
    const target = { namespace: selection.namespace };
    await this.#exchange("DELETE", target, selectionQuery(selection), options, encodeDeleteOptions(options));
  }

  getSubresource<R>(key: NamespacedName, subresource: string, options: RequestOptions = {}): Promise<R> {
    return this.#exchange<R>("GET", { ...key, subresource }, {}, options);
  }

  createSubresource<R>(
    key: NamespacedName,
    subresource: string,
    body: unknown,
    options: WriteOptions = {},
  ): Promise<R> {
    return this.#exchange<R>("POST", { ...key, subresource }, writeQuery(options), options, JSON.stringify(body));
  }

  updateSubresource<R>(
    key: NamespacedName,
    subresource: string,
    body: unknown,
    options: WriteOptions = {},
  ): Promise<R> {
    return this.#exchange<R>("PUT", { ...key, subresource }, writeQuery(options), options, JSON.stringify(body));
  }

  /** One request whose answer is read whole. */
  async #exchange<R>(
    method: string,
    target: Target,
    query: Query,
    options: RequestOptions,
    body?: string,
    contentType = "application/json",
    accept?: string,
  ): Promise<R> {
    const { timeoutMs = 0 } = options;
    const waitMs = timeoutMs > 0 ? timeoutMs + deadlineSlackMs : this.#settings.requestTimeoutMs;
    const timeout = timeoutMs > 0 ? formatDuration(timeoutMs) : undefined;
    const response = await this.#http.send({
      method,
      path: this.#path(target) + queryString({ ...query, timeout }),
      headers: {
        ...(body !== undefined && { "content-type": contentType }),
        ...(accept !== undefined && { accept }),
      },
      ...(body !== undefined && { body }),
      signal: options.signal,
      stream: false,
      headersTimeoutMs: waitMs,
      idleTimeoutMs: waitMs,
    });
    for (const warning of parseWarnings(response.headers["warning"])) this.#settings.onWarning(warning);
    if (response.status >= 400) throw await this.#refusal(method, target, response);
    return decodeJson<R>(await readBody(response, this.#settings.maxBodyBytes), response.status);
  }

  async #openWatch(options: WatchOptions): Promise<HttpResponse> {
    const query = {
      watch: true,
      ...selectionQuery(options),
      resourceVersion: options.resourceVersion,
      resourceVersionMatch: options.sendInitialEvents === undefined ? undefined : "NotOlderThan",
      allowWatchBookmarks: options.allowBookmarks || undefined,
      sendInitialEvents: options.sendInitialEvents,
      timeoutSeconds: options.timeoutSeconds,
    };
    const target = { namespace: options.namespace };
    const response = await this.#http.send({
      method: "GET",
      path: this.#path(target) + queryString(query),
      ...(options.metadataOnly && { headers: { accept: metadataAccept("PartialObjectMetadata") } }),
      signal: options.signal,
      stream: true,
      headersTimeoutMs: this.#settings.requestTimeoutMs,
      idleTimeoutMs: options.allowBookmarks ? watchIdleTimeoutMs : 0,
    });
    if (response.status !== 200) throw await this.#refusal("WATCH", target, response);
    return response;
  }

  async #refusal(verb: string, target: Target, response: HttpResponse): Promise<Error> {
    const body = await readBody(response, maxErrorBytes);
    const retryAfter = Number(response.headers["retry-after"] || NaN);
    return apiErrorFromResponse(
      response.status,
      body.toString("utf8"),
      Number.isFinite(retryAfter) ? retryAfter : undefined,
      { verb, group: this.#type.group, resource: this.#type.plural, name: target.name ?? "" },
    );
  }

  #path({ namespace, name, subresource }: Target): string {
    if (name === "" || name === "." || name === ".." || name?.includes("/")) {
      throw new TypeError(`invalid resource name ${JSON.stringify(name)}`);
    }
    if (name !== undefined && this.#type.namespaced && !namespace) {
      throw new TypeError("an empty namespace may not be set when a resource name is provided");
    }
    return resourcePath(this.#type, namespace, name, subresource);
  }

  #encode(object: T): string {
    return JSON.stringify({ apiVersion: apiVersionOf(this.#type), kind: this.#type.kind, ...object });
  }
}

function metadataAccept(kind: "PartialObjectMetadata" | "PartialObjectMetadataList"): string {
  return `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json`;
}

function targetOf(object: KubeObject): Target {
  return { namespace: object.metadata.namespace, name: object.metadata.name ?? "" };
}

function selectionQuery(selection: Selection): Query {
  return {
    labelSelector: selection.labelSelector || undefined,
    fieldSelector: selection.fieldSelector || undefined,
  };
}

function writeQuery(options: WriteOptions): Query {
  return {
    dryRun: options.dryRun ? "All" : undefined,
    fieldManager: options.fieldManager,
    fieldValidation: options.fieldValidation,
  };
}

function encodeDeleteOptions({ signal: _signal, timeoutMs: _timeoutMs, ...options }: DeleteRequest): string {
  return JSON.stringify({ kind: "DeleteOptions", apiVersion: "v1", ...options });
}

function queryString(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? "" : `?${parameters.toString()}`;
}

function decodeJson<R>(body: Buffer, status: number): R {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    if (isRecord(value)) return value as R;
  } catch (cause) {
    throw new TransportError(`answer with status ${status} is not JSON`, "", { cause });
  }
  throw new TransportError(`answer with status ${status} is not a JSON object`, "");
}
