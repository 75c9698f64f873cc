import type { KubeList, KubeObject, WatchEvent } from "@kube-ts/api/object";
import type { DeleteOptions } from "@kube-ts/api/meta/v1";
import type { ResourceType } from "@kube-ts/api/resource-type";

/** Options of every request. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** Server-side deadline, in milliseconds; 0 for none. */
  readonly timeoutMs?: number;
}

/** Options of every write. */
export interface WriteOptions extends RequestOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  readonly fieldValidation?: "Strict" | "Warn" | "Ignore";
}

/** Which objects a list or watch covers. Without a namespace it covers all of them. */
export interface Selection {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** How much of each object is wanted. */
export interface ObjectView {
  /** Only type and metadata; servers that cannot leave the rest out send it along. */
  readonly metadataOnly?: boolean;
}

export interface ListOptions extends Selection, RequestOptions, ObjectView {
  readonly limit?: number;
  readonly continueToken?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: "Exact" | "NotOlderThan";
}

export interface WatchOptions extends Selection, ObjectView {
  /** Ends the stream; the iteration then finishes without an error. */
  readonly signal: AbortSignal;
  readonly resourceVersion?: string;
  readonly allowBookmarks?: boolean;
  readonly sendInitialEvents?: boolean;
  /** The server ends the stream after this many seconds. */
  readonly timeoutSeconds?: number;
}

export type PatchType = "json" | "merge" | "strategic" | "apply";

export interface PatchOptions extends WriteOptions {
  readonly subresource?: string;
  /** Server-side apply only: take fields over from other managers. */
  readonly force?: boolean;
}

export type DeleteRequest = DeleteOptions & RequestOptions;

/**
 * The verbs of one resource. `namespace` is required for namespaced resources wherever a name is given.
 * Every failure is an `ApiError` (the server's Status) or a `TransportError` (no answer).
 */
export interface ResourceClient<T extends KubeObject> {
  get(key: NamespacedName, options?: RequestOptions & { readonly resourceVersion?: string }): Promise<T>;
  list(options?: ListOptions): Promise<KubeList<T>>;
  watch(options: WatchOptions): AsyncIterable<WatchEvent<T>>;
  create(object: T, options?: WriteOptions): Promise<T>;
  update(object: T, options?: WriteOptions): Promise<T>;
  updateStatus(object: T, options?: WriteOptions): Promise<T>;
  patch(key: NamespacedName, type: PatchType, patch: unknown, options?: PatchOptions): Promise<T>;
  delete(key: NamespacedName, options?: DeleteRequest): Promise<void>;
  deleteCollection(selection: Selection, options?: DeleteRequest): Promise<void>;
  getSubresource<R>(key: NamespacedName, subresource: string, options?: RequestOptions): Promise<R>;
  createSubresource<R>(key: NamespacedName, subresource: string, body: unknown, options?: WriteOptions): Promise<R>;
  updateSubresource<R>(key: NamespacedName, subresource: string, body: unknown, options?: WriteOptions): Promise<R>;
}

export interface NamespacedName {
  readonly namespace?: string;
  readonly name: string;
}

/** One raw HTTP exchange with the API server. */
export interface RawRequest extends RequestOptions {
  readonly method: string;
  /** Path with its query, starting with a slash. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Warnings that the server sent in `Warning` headers. */
  readonly warnings: readonly string[];
  readonly body: AsyncIterable<Buffer>;
  text(): Promise<string>;
}

/** A connection to one API server (or several behind one kubeconfig), safe to share in a process. */
export interface Client extends AsyncDisposable {
  resource<T extends KubeObject>(type: ResourceType<T>): ResourceClient<T>;
  /** Resolves with any status code; rejects with a TransportError when there is no answer. */
  raw(request: RawRequest): Promise<RawResponse>;
}
