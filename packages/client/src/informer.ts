import type { KubeObject, ObjectKey } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import type { ObjectView, Selection } from "./client.ts";

/** A read-only view of the cached objects. What it returns is shared: copy before changing. */
export interface Lister<T extends KubeObject> {
  get(key: ObjectKey): T | undefined;
  list(): readonly T[];
  listNamespace(namespace: string): readonly T[];
  /** The objects for which the index function named `index` gave `value`. */
  byIndex(index: string, value: string): readonly T[];
}

export interface InformerHandler<T extends KubeObject> {
  added?(object: T): void;
  updated?(old: T, current: T): void;
  /** `object` is the last state known; after a missed deletion it may be stale. */
  deleted?(object: T): void;
}

/**
 * Keeps a local copy of one resource by list and watch, and tells handlers of changes, in order, without
 * loss: after a gap it lists again and reports the difference.
 */
export interface Informer<T extends KubeObject> extends Lister<T> {
  /** True once the first list is complete and its objects were reported. */
  readonly synced: boolean;
  /** Reports every object known now as added, then every change. */
  subscribe(handler: InformerHandler<T>): Disposable;
  /** Declares an index; allowed at any time. */
  addIndex(name: string, values: (object: T) => readonly string[]): void;
  /** Resolves when `synced` turns true. */
  waitForSync(signal: AbortSignal): Promise<void>;
  run(signal: AbortSignal): Promise<void>;
}

export interface InformerOptions<T extends KubeObject> extends ObjectView {
  /** Restricts what is mirrored; all objects by default. */
  readonly selection?: Selection;
  /** Applied to every object before it is kept, to drop what nobody reads. Must not change name, uid or version. */
  readonly transform?: (object: T) => T;
}

/** Where components get their informers: an `InformerFactory`, or objects fed by hand in a test. */
export interface InformerSource {
  /** The informer of this resource and selection, shared by all who ask. */
  informer<T extends KubeObject>(type: ResourceType<T>, options?: InformerOptions<T>): Informer<T>;
  /**
   * The informer of all objects of the resource if somebody has asked for it already, without options of his own.
   */
  existing<T extends KubeObject>(type: ResourceType<T>): Informer<T> | undefined;
}
