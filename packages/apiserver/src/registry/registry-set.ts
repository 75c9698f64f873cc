import type { Clock } from "@kube-ts/std/clock";
import type { KubeObject } from "@kube-ts/api/object";
import { objectKey } from "@kube-ts/api/object";
import { isNotFound } from "@kube-ts/api/status-error";
import { type ResourceType, apiVersionOf } from "@kube-ts/api/resource-type";
import { LongWork } from "../storage/long-work.ts";
import type { AttributeValue, CachedObject, CacheEvent, CacheSnapshot } from "../storage/watch-cache.ts";
import { deleteObject } from "./deletion.ts";
import { trackingOf } from "./field-management/field-tracking.ts";
import { parseObject } from "./object-encoding.ts";
import type { ObjectChange, ObjectSource, ObjectWriter } from "./object-source.ts";
import type { WriteContext } from "./resource-definition.ts";
import type { ResourceRegistry } from "./resource-registry.ts";
import type { UpdateRules, WriteRequest } from "./write-request.ts";

/** The server's own identity, for writes it makes on its own account. */
const serverUser = { name: "system:apiserver", uid: "", groups: ["system:masters"], extra: {} } as const;

/** The name under which the server's own writes are recorded. */
const serverManager = "kube-apiserver";

/** A change that the callback leaves as it is; ends an update without a write. */
class Unchanged extends Error {}

/** All registries of the server, and the server's own way to read and write through them. */
export class RegistrySet implements ObjectSource, ObjectWriter {
  readonly #registries = new Map<string, ResourceRegistry>();
  #extensions: ReadonlyMap<string, ResourceRegistry> = new Map();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a registry in; one per stored resource. */
  add<T extends KubeObject>(registry: ResourceRegistry<T>): void {
    this.#registries.set(keyOf(registry.definition.type), registry as unknown as ResourceRegistry);
  }

  /** Takes in the registries of custom resources, in place of those that were there. */
  setExtensions(registries: readonly ResourceRegistry[]): void {
    this.#extensions = new Map(registries.map((registry) => [keyOf(registry.definition.type), registry]));
  }

  /** Those that were added. */
  all(): ResourceRegistry[] {
    return [...this.#registries.values()];
  }

  /** The registry of a resource. Throws when the server has none. */
  registry<T extends KubeObject>(type: ResourceType<T>): ResourceRegistry<T> {
    const key = keyOf(type);
    const registry = this.#registries.get(key) ?? this.#extensions.get(key);
    if (!registry) throw new Error(`no registry for ${key}`);
    return registry as unknown as ResourceRegistry<T>;
  }

  /** The plural name of the kind, which is the same in all versions of its group. */
  pluralOf(group: string, kind: string): string | undefined {
    for (const { definition } of [...this.#registries.values(), ...this.#extensions.values()]) {
      if (definition.type.kind === kind && definition.type.group === group) return definition.type.plural;
    }
    return undefined;
  }

  get<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string): T | undefined {
    return this.registry(type).cache.get(objectKey(namespace, name))?.parsed() as T | undefined;
  }

  list<T extends KubeObject>(type: ResourceType<T>, namespace?: string): readonly T[] {
    const objects: T[] = [];
    const snapshot = this.registry(type).cache.snapshot();
    snapshot.visit(namespace, undefined, (object) => {
      objects.push(object.parsed() as T);
      return true;
    });
    return objects;
  }

  async visit<T extends KubeObject>(
    type: ResourceType<T>,
    visit: (object: T) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const work = new LongWork();
    for (const object of this.registry(type).cache.snapshot().scan(undefined, undefined)) {
      visit(object.parsed() as T);
      if (work.step()) await work.pause(signal);
    }
  }

  async listHaving<T extends KubeObject>(
    type: ResourceType<T>,
    wanted: AttributeValue,
    signal: AbortSignal,
  ): Promise<readonly T[]> {
    const { cache } = this.registry(type);
    await cache.indexed(wanted, signal);
    const snapshot = cache.snapshot();
    const found = snapshot.having(wanted) ?? (await scanFor(wanted, snapshot, signal));
    return found.map((object) => object.parsed() as T);
  }

  async getLatest<T extends KubeObject>(
    type: ResourceType<T>,
    namespace: string,
    name: string,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    const state = await this.registry(type).readLatest(namespace, name, signal);
    return state && parseObject<T>(state.bytes);
  }

  onChange(type: ResourceType, callback: (change: ObjectChange) => void): Disposable {
    return new ChangeSubscription(this.registry(type), callback);
  }

  async create<T extends KubeObject>(type: ResourceType<T>, object: T, signal: AbortSignal): Promise<T> {
    const registry = this.registry(type);
    const copy = structuredClone(object);
    copy.kind = type.kind;
    copy.apiVersion = type.group === "" ? type.version : `${type.group}/${type.version}`;
    registry.definition.strategy.defaults?.(copy);
    const namespace = type.namespaced ? (copy.metadata.namespace ?? "") : "";
    return (await registry.create(copy, namespace, this.#request(registry, "", signal))).object;
  }

  async update<T extends KubeObject>(
    type: ResourceType<T>,
    namespace: string,
    name: string,
    change: (current: T) => T | undefined,
    signal: AbortSignal,
    part?: string,
  ): Promise<T> {
    const registry = this.registry(type);
    const { definition } = registry;
    const rules: UpdateRules<T> | undefined =
      part === undefined ? definition.strategy : part === "status" ? definition.status : definition.parts?.[part];
    if (!rules) throw new Error(`${keyOf(type)} has no part ${part}`);
    let untouched: T | undefined;
    const transform = (current: T): T => {
      const next = change(current);
      if (next) return next;
      untouched = current;
      throw new Unchanged();
    };
    try {
      const request = this.#request(registry, part ?? "", signal);
      return (await registry.update(namespace, name, rules, transform, request)).object;
    } catch (error) {
      if (error instanceof Unchanged && untouched) return untouched;
      throw error;
    }
  }

  async delete(type: ResourceType, namespace: string, name: string, signal: AbortSignal): Promise<void> {
    const registry = this.registry(type);
    const request = { options: {}, context: this.#context(), signal, validate: () => Promise.resolve() };
    await deleteObject(registry, namespace, name, request).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }

  #context(): WriteContext {
    return { nowMs: this.#clock.now(), dryRun: false, user: serverUser };
  }

  #request<T extends KubeObject>(
    { definition }: ResourceRegistry<T>,
    subresource: string,
    signal: AbortSignal,
  ): WriteRequest<T> {
    const context = this.#context();
    const apiVersion = apiVersionOf(definition.type);
    return {
      context,
      fields: trackingOf(definition, { apiVersion, subresource, manager: serverManager, nowMs: context.nowMs }),
      signal,
      admit: () => Promise.resolve(),
      validate: () => Promise.resolve(),
      warn: () => {},
    };
  }
}

/** Follows a cache; after a gap it starts over at the present and reports every object as modified. */
class ChangeSubscription implements Disposable {
  readonly #registry: ResourceRegistry;
  readonly #callback: (change: ObjectChange) => void;
  #subscription: Disposable | undefined;
  #disposed = false;

  constructor(registry: ResourceRegistry, callback: (change: ObjectChange) => void) {
    this.#registry = registry;
    this.#callback = callback;
    this.#follow();
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#subscription?.[Symbol.dispose]();
  }

  #follow(): void {
    const { cache } = this.#registry;
    this.#subscription = cache.watch(cache.revision, {
      event: (event) => {
        this.#callback(asChange(event));
        return true;
      },
      progress: () => {},
      closed: (reason) => {
        if (reason !== "stopped") setImmediate(() => void this.#restart());
      },
    });
    if (!this.#subscription) throw new Error("a cache refused a watch at its own revision");
  }

  async #restart(): Promise<void> {
    if (this.#disposed) return;
    this.#follow();
    const work = new LongWork();
    for (const object of this.#registry.cache.snapshot().scan(undefined, undefined)) {
      if (this.#disposed) return;
      const { namespace, name } = object;
      this.#callback({ type: "MODIFIED", namespace, name, object: () => object.parsed(), previous: undefined });
      if (work.step()) await work.pause();
    }
  }
}

/** The objects that have the value, by a look at each. */
async function scanFor(wanted: AttributeValue, snapshot: CacheSnapshot, signal: AbortSignal): Promise<CachedObject[]> {
  const found: CachedObject[] = [];
  const work = new LongWork();
  for (const object of snapshot.scan(undefined, undefined)) {
    const values = wanted.kind === "label" ? object.labels : object.fields;
    if (values[wanted.name] === wanted.value) found.push(object);
    if (work.step()) await work.pause(signal);
  }
  return found;
}

function asChange({ type, object, previous }: CacheEvent): ObjectChange {
  const { namespace, name } = object;
  return { type, namespace, name, object: () => object.parsed(), previous: previous && (() => previous.parsed()) };
}

function keyOf({ group, version, plural }: { group: string; version: string; plural: string }): string {
  return `${group}/${version}/${plural}`;
}
