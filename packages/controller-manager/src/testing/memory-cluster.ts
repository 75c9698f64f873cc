import type { KubeObject, ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf, objectKey } from "@kube-ts/api/object";
import { applyMergePatch } from "@kube-ts/api/patch/merge-patch";
import { applyStrategicMergePatch } from "@kube-ts/api/patch/strategic-merge-patch";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { groupResourceOf } from "@kube-ts/api/resource-type";
import { formatTime } from "@kube-ts/api/rfc3339";
import { typeOf } from "@kube-ts/api/schema-registry";
import { alreadyExists, conflict, notFound } from "@kube-ts/api/status-error";
import type { Client, DeleteRequest, NamespacedName, PatchType, ResourceClient } from "@kube-ts/client/client";
import { StaticInformers } from "@kube-ts/client/testing/static-informer";
import { FakeClock } from "@kube-ts/std/clock";
import { parseFlags } from "@kube-ts/std/flags";
import { silentLogger } from "@kube-ts/std/log";
import { Registry } from "@kube-ts/std/metrics";
import { seededRandom } from "@kube-ts/std/random";
import { loadControllerManagerConfig } from "../config/controller-manager-config.ts";
import { controllerManagerFlags } from "../config/flags.ts";
import type { ControllerContext } from "../framework/controller.ts";

type JsonObject = Parameters<typeof applyMergePatch>[0];

export interface RecordedEvent {
  readonly subject: string;
  readonly reason: string;
  readonly message: string;
}

/**
 * For tests: objects in memory with the verbs that controllers use, on a clock that stands still. What is written
 * shows in the informers at once, frozen.
 */
export class MemoryCluster {
  readonly clock = new FakeClock(Date.parse("2026-01-01T00:00:00Z"));
  readonly informers = new StaticInformers();
  readonly events: RecordedEvent[] = [];
  /** Whether deleted pods stay, marked, until they are removed. */
  podsEndSlowly = false;
  /** How many writes there were, refused ones included. */
  writes = 0;
  readonly #random = seededRandom(1);
  #version = 0;

  readonly client: Client = {
    resource: <T extends KubeObject>(type: ResourceType<T>) => this.#resource(type),
    raw: () => Promise.reject(new Error("not served")),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };

  /** What a controller is made with; `args` are flags of the daemon. */
  async context(args: readonly string[] = []): Promise<ControllerContext> {
    const flags = parseFlags(controllerManagerFlags, "test", ["--kubeconfig=none", ...args]);
    const describe = (subject: object) => ("metadata" in subject ? keyOf(subject as KubeObject) : "");
    return {
      informers: this.informers,
      client: this.client,
      events: {
        event: (subject, _type, reason, message) => this.events.push({ subject: describe(subject), reason, message }),
      },
      config: await loadControllerManagerConfig(flags),
      clock: this.clock,
      random: this.#random,
      log: silentLogger,
      metrics: new Registry(),
    };
  }

  list<T extends KubeObject>(type: ResourceType<T>): readonly T[] {
    return this.informers.informer(type).list();
  }

  get<T extends KubeObject>(type: ResourceType<T>, name: string, namespace = "ns"): T {
    return this.#find(type, { name, namespace: type.namespaced ? namespace : "" });
  }

  /** Creates an object as a user would. */
  create<T extends KubeObject>(type: ResourceType<T>, object: T): T {
    const { metadata } = object;
    const name = metadata.name ?? `${metadata.generateName}${this.#random.uuid().slice(0, 5)}`;
    if (this.informers.informer(type).get(objectKey(metadata.namespace, name))) {
      throw alreadyExists(groupResourceOf(type), name);
    }
    const uid = this.#random.uuid();
    const creationTimestamp = formatTime(this.clock.now());
    return this.#store(type, { ...object, metadata: { uid, creationTimestamp, generation: 1, ...metadata, name } });
  }

  /** Changes an object as somebody else would. */
  change<T extends KubeObject>(type: ResourceType<T>, name: string, patch: object, namespace = "ns"): T {
    const object = this.get(type, name, namespace);
    const patched = merged(type, object, patch, "strategic");
    const generation = (object.metadata.generation ?? 0) + ("spec" in patch ? 1 : 0);
    return this.#store(type, { ...patched, metadata: { ...patched.metadata, generation } });
  }

  remove<T extends KubeObject>(type: ResourceType<T>, name: string, namespace = "ns"): void {
    this.informers.informer(type).remove(this.get(type, name, namespace));
  }

  #store<T extends KubeObject>(type: ResourceType<T>, object: T): T {
    this.#version += 1;
    const stored = structuredClone(object);
    stored.metadata = { ...stored.metadata, resourceVersion: String(this.#version) };
    this.informers.informer(type).set(stored);
    return structuredClone(stored);
  }

  #find<T extends KubeObject>(type: ResourceType<T>, { namespace, name }: NamespacedName): T {
    const key: ObjectKey = objectKey(type.namespaced ? namespace : "", name);
    const found = this.informers.informer(type).get(key);
    if (!found) throw notFound(groupResourceOf(type), name);
    return found;
  }

  #checked<T extends KubeObject>(type: ResourceType<T>, object: KubeObject, name: string): T {
    const current = this.#find(type, { namespace: object.metadata.namespace ?? "", name });
    const { resourceVersion, uid } = object.metadata;
    const isStale = resourceVersion !== undefined && resourceVersion !== current.metadata.resourceVersion;
    if (isStale || (uid !== undefined && uid !== current.metadata.uid)) throw conflict(groupResourceOf(type), name);
    return current;
  }

  #resource<T extends KubeObject>(type: ResourceType<T>): ResourceClient<T> {
    const write = async <R>(action: () => R): Promise<R> => {
      this.writes += 1;
      return action();
    };
    const served: Partial<ResourceClient<T>> = {
      get: async (key) => structuredClone(this.#find(type, key)),
      list: async ({ namespace } = {}) => {
        const informer = this.informers.informer(type);
        const items = namespace === undefined ? informer.list() : informer.listNamespace(namespace);
        return { metadata: { resourceVersion: String(this.#version) }, items: structuredClone([...items]) };
      },
      create: (object) => write(() => this.create(type, object)),
      update: (object) =>
        write(() => {
          const { generation = 0 } = this.#checked(type, object, nameOf(object)).metadata;
          return this.#store(type, { ...object, metadata: { ...object.metadata, generation: generation + 1 } });
        }),
      updateStatus: (object) =>
        write(() => {
          const current = this.#checked<T>(type, object, nameOf(object));
          return this.#store(type, { ...current, status: (object as { status?: unknown }).status });
        }),
      patch: (key, kind, patch) =>
        write(() => {
          const { metadata = {} } = patch as Partial<KubeObject>;
          const place = { ...metadata, namespace: key.namespace ?? "" };
          const current = this.#checked<T>(type, { metadata: place }, key.name);
          return this.#store(type, merged(type, current, patch as object, kind));
        }),
      delete: (key, options) => write(() => this.#delete(type, key, options)),
    };
    return served as ResourceClient<T>;
  }

  #delete<T extends KubeObject>(type: ResourceType<T>, key: NamespacedName, options: DeleteRequest = {}): void {
    const namespace = key.namespace ?? "";
    const found = this.#checked<T>(type, { metadata: { ...options.preconditions, namespace } }, key.name);
    const isForced = options.gracePeriodSeconds === 0;
    if (type.plural !== "pods" || !this.podsEndSlowly || isForced) this.informers.informer(type).remove(found);
    else if (!found.metadata.deletionTimestamp) {
      const deletionTimestamp = formatTime(this.clock.now());
      this.#store(type, { ...found, metadata: { ...found.metadata, deletionTimestamp } });
    }
  }
}

function merged<T extends KubeObject>(type: ResourceType<T>, object: T, patch: object, kind: PatchType): T {
  const copy = structuredClone(object) as unknown as JsonObject;
  const schema = typeOf(type.group, type.version, type.kind);
  if (kind !== "strategic" || !schema) return applyMergePatch(copy, patch) as unknown as T;
  return applyStrategicMergePatch(schema, copy, patch) as unknown as T;
}
