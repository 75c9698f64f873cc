import type { TypeMeta } from "./object-meta.ts";
import type { Int64, Uid } from "./primitives.ts";

/**
 * Query options for a server-side apply request, a client-side convenience over PatchOptions with
 * apply-specific rules.
 */
export interface ApplyOptions extends TypeMeta {
  /**
   * When set, the request is processed but nothing is persisted. The only valid value is All, which runs
   * every processing stage.
   * @proto 1
   * @listType atomic
   */
  dryRun?: string[];
  /**
   * Take over fields in conflict with other field managers instead of failing the request.
   * @proto 2
   */
  force: boolean;
  /**
   * Name of the actor making the apply request, recorded as the owner of the applied fields. Required for
   * apply.
   * @proto 3
   */
  fieldManager: string;
}

/**
 * Query options for a create request.
 * @kind
 */
export interface CreateOptions extends TypeMeta {
  /**
   * When set, the request is processed but nothing is persisted. The only valid value is All, which runs
   * every processing stage.
   * @proto 1
   * @listType atomic
   */
  dryRun?: string[];
  /**
   * Name of the actor making the change, recorded in managed fields. At most 128 printable characters;
   * derived from the request's user agent when unset.
   * @proto 3
   */
  fieldManager?: string;
  /**
   * How unknown or duplicate fields are handled: Ignore drops them silently, Warn (the default) adds a
   * warning per problem, and Strict rejects the request.
   * @proto 4
   */
  fieldValidation?: string;
}

/**
 * Options for a delete request, sent as the request body or as query parameters.
 * @kind
 */
export interface DeleteOptions extends TypeMeta {
  /**
   * Seconds to wait before the object is removed; zero means immediately. When unset, the default for the
   * object type is used.
   * @proto 1
   */
  gracePeriodSeconds?: Int64;
  /**
   * Conditions that must hold for the deletion to proceed; when they do not, the request fails with 409
   * Conflict.
   * @proto 2
   */
  preconditions?: Preconditions;
  /**
   * Deprecated in favor of propagationPolicy; do not set both. True adds the orphan finalizer so dependents
   * are kept, false removes it.
   * @proto 3
   */
  orphanDependents?: boolean;
  /**
   * How dependents are collected: Orphan keeps them, Background deletes them after the owner is gone,
   * Foreground deletes them before the owner. The default depends on the resource and existing finalizers;
   * cannot be combined with orphanDependents.
   * @proto 4
   */
  propagationPolicy?: DeletionPropagation;
  /**
   * When set, the request is processed but nothing is persisted. The only valid value is All, which runs
   * every processing stage.
   * @proto 5
   * @listType atomic
   */
  dryRun?: string[];
  /**
   * Allows deletion of an object that cannot be read from storage because it cannot be decrypted or
   * decoded, skipping finalizers and preconditions. Dangerous: use only as a last resort after normal
   * deletion fails. Default is false.
   * @proto 6
   */
  ignoreStoreReadErrorWithClusterBreakingPotential?: boolean;
}

/**
 * Policy for the garbage collection of dependents when their owner is deleted: Orphan, Background or
 * Foreground.
 */
export type DeletionPropagation = "Orphan" | "Background" | "Foreground";

/**
 * Query options for reading a single object.
 * @kind
 */
export interface GetOptions extends TypeMeta {
  /**
   * Constrains how fresh the returned object must be. When unset the most recent state is returned, and 0
   * allows any cached state.
   * @proto 1
   */
  resourceVersion?: string;
}

/**
 * Query options for list and watch requests.
 * @kind
 */
export interface ListOptions extends TypeMeta {
  /**
   * Restricts results to objects whose labels match this selector. Defaults to everything.
   * @proto 1
   */
  labelSelector?: string;
  /**
   * Restricts results to objects whose fields match this selector. Defaults to everything.
   * @proto 2
   */
  fieldSelector?: string;
  /**
   * When true, the request streams add, update and delete events instead of returning a list. Usually given
   * together with resourceVersion.
   * @proto 3
   */
  watch?: boolean;
  /**
   * Lets the server send BOOKMARK events that carry only a recent resource version. Servers may ignore it,
   * and no interval is guaranteed; it has no effect unless watching.
   * @proto 9
   */
  allowWatchBookmarks?: boolean;
  /**
   * Constrains the data version that may be served: unset means the most recent data, 0 means any, and
   * other values are interpreted together with resourceVersionMatch.
   * @proto 4
   */
  resourceVersion?: string;
  /**
   * How resourceVersion applies to a list: NotOlderThan accepts that version or newer, Exact requires it
   * exactly. Only allowed when resourceVersion is set, or when sendInitialEvents is set on a watch.
   * @proto 10
   */
  resourceVersionMatch?: ResourceVersionMatch;
  /**
   * Limit, in seconds, on how long a list or watch call may last, whether or not there is activity.
   * @proto 5
   */
  timeoutSeconds?: Int64;
  /**
   * Maximum number of items to return in one response; zero means no limit. If more items exist, the server
   * sets continue in the list metadata. Not allowed for watches.
   * @proto 7
   */
  limit?: Int64;
  /**
   * Token from a previous response for fetching the next page. Other parameters must match the original
   * request, except limit may change. An expired token yields 410 Gone; not allowed for watches.
   * @proto 8
   */
  continue?: string;
  /**
   * For a watch, true sends synthetic ADDED events for existing objects and then a bookmark annotated
   * k8s.io/initial-events-end. When set, resourceVersionMatch must be NotOlderThan.
   * @proto 11
   */
  sendInitialEvents?: boolean;
  /**
   * Restricts results to objects whose hash falls in given ranges, written as one or more shardRange(field,
   * start, end) calls joined by ||. The field is object.metadata.uid or object.metadata.namespace. Requires
   * the ShardedListAndWatch feature gate.
   * @proto 15
   */
  shardSelector?: string;
}

/** Body of a patch request; its form depends on the content type of the request. */
export interface Patch {}

/**
 * Query options for a patch request.
 * @kind
 */
export interface PatchOptions extends TypeMeta {
  /**
   * When set, the request is processed but nothing is persisted. The only valid value is All, which runs
   * every processing stage.
   * @proto 1
   * @listType atomic
   */
  dryRun?: string[];
  /**
   * For apply patches only, takes over fields in conflict with other managers. Must be unset for other
   * patch types.
   * @proto 2
   */
  force?: boolean;
  /**
   * Name of the actor making the change. Required for apply patches; for other patch types it is derived
   * from the user agent when unset.
   * @proto 3
   */
  fieldManager?: string;
  /**
   * How unknown or duplicate fields are handled: Ignore drops them silently, Warn (the default) adds a
   * warning per problem, and Strict rejects the request.
   * @proto 4
   */
  fieldValidation?: string;
}

/** Conditions checked before an update or delete is carried out. */
export interface Preconditions {
  /**
   * UID the target object must have.
   * @proto 1
   */
  uid?: Uid;
  /**
   * Resource version the target object must have.
   * @proto 2
   */
  resourceVersion?: string;
}

/** Rule for interpreting the resource version of a list request: NotOlderThan or Exact. */
export type ResourceVersionMatch = "NotOlderThan" | "Exact";

/**
 * Query options for an update request.
 * @kind
 */
export interface UpdateOptions extends TypeMeta {
  /**
   * When set, the request is processed but nothing is persisted. The only valid value is All, which runs
   * every processing stage.
   * @proto 1
   * @listType atomic
   */
  dryRun?: string[];
  /**
   * Name of the actor making the change, recorded in managed fields. At most 128 printable characters;
   * derived from the request's user agent when unset.
   * @proto 2
   */
  fieldManager?: string;
  /**
   * How unknown or duplicate fields are handled: Ignore drops them silently, Warn (the default) adds a
   * warning per problem, and Strict rejects the request.
   * @proto 3
   */
  fieldValidation?: string;
}
