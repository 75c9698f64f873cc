import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import type { AttributeValue } from "../storage/watch-cache.ts";

/** Reads of the server's own caches, for admission, authorization and controllers inside the server. */
export interface ObjectSource {
  /** The object as cached, or undefined. Shared: copy before changing. */
  get<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string): T | undefined;
  /** All objects at once: for resources, or namespaces, that have few. */
  list<T extends KubeObject>(type: ResourceType<T>, namespace?: string): readonly T[];
  /** Shows every object of the cluster, as cached, without keeping others waiting while it does. */
  visit<T extends KubeObject>(type: ResourceType<T>, visit: (object: T) => void, signal: AbortSignal): Promise<void>;
  /** The objects that have the value, found without parsing all others where there are many. */
  listHaving<T extends KubeObject>(
    type: ResourceType<T>,
    wanted: AttributeValue,
    signal: AbortSignal,
  ): Promise<readonly T[]>;
  /** The object by a consistent read. */
  getLatest<T extends KubeObject>(
    type: ResourceType<T>,
    namespace: string,
    name: string,
    signal: AbortSignal,
  ): Promise<T | undefined>;
  /** Calls back after each change of the resource, once the cache shows it. */
  onChange(type: ResourceType, callback: (change: ObjectChange) => void): Disposable;
}

export interface ObjectChange {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** Empty for a cluster-scoped object. */
  readonly namespace: string;
  readonly name: string;
  /** Parses the object unless that was done before. */
  readonly object: () => KubeObject;
  readonly previous: (() => KubeObject) | undefined;
}

/** Writes the server makes on its own account; they pass strategy and validation, not authorization. */
export interface ObjectWriter {
  create<T extends KubeObject>(type: ResourceType<T>, object: T, signal: AbortSignal): Promise<T>;
  /** Applies `change` to the latest state until it is stored; undefined from `change` means leave it as it is. */
  update<T extends KubeObject>(
    type: ResourceType<T>,
    namespace: string,
    name: string,
    change: (current: T) => T | undefined,
    signal: AbortSignal,
    /** The part that is written, such as `status`; absent for the object itself. */
    part?: string,
  ): Promise<T>;
  delete(type: ResourceType, namespace: string, name: string, signal: AbortSignal): Promise<void>;
}
