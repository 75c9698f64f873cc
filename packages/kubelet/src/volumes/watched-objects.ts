import type { ConfigMap, Pod, Secret } from "@kube-ts/api/core/v1";
import { type KubeObject, objectKey } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { configMaps, secrets } from "@kube-ts/api/resource-types";
import { isNotFound } from "@kube-ts/api/status-error";
import { isAbort, withTimeout } from "@kube-ts/std/abort";
import { type Logger, errorFields } from "@kube-ts/std/log";
import type { Client } from "@kube-ts/client/client";
import type { Informer } from "@kube-ts/client/informer";
import { InformerFactory } from "@kube-ts/client/informer-factory";
import type { ReflectorEnvironment } from "@kube-ts/client/reflector";
import type { ObjectReference, ObjectSource } from "./object-source.ts";
import { podReferences } from "./pod-references.ts";

/** How long a reader waits for a watch that has just begun before it asks directly. */
const syncWaitMs = 1_000;

interface Watched {
  readonly informer: Informer<KubeObject>;
  readonly pods: Set<string>;
  readonly stop: AbortController;
}

/**
 * Watches each object that a pod of this node names, one watch per object, as nodes may see no others. A pod's objects
 * are watched from `use` to `release`; while the API server is away the last known state counts.
 */
export class WatchedObjects implements ObjectSource {
  readonly #client: Client;
  readonly #environment: ReflectorEnvironment;
  readonly #log: Logger;
  readonly #onChange: (podUid: string) => void;
  readonly #watched = new Map<string, Watched>();
  readonly #running = new Set<Promise<void>>();

  constructor(client: Client, environment: ReflectorEnvironment, onChange: (podUid: string) => void) {
    this.#client = client;
    this.#environment = environment;
    this.#log = environment.log;
    this.#onChange = onChange;
  }

  /** Watches what the pod refers to now, and no longer what only a former state of it did. */
  use(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    const wanted = new Map(podReferences(pod).map((reference) => [keyOf(reference), reference]));
    for (const [key, reference] of wanted) this.#watch(key, reference).pods.add(uid);
    for (const [key, watched] of this.#watched) if (!wanted.has(key)) this.#drop(key, watched, uid);
  }

  release(podUid: string): void {
    for (const [key, watched] of this.#watched) this.#drop(key, watched, podUid);
  }

  configMap(namespace: string, name: string, signal: AbortSignal): Promise<ConfigMap | undefined> {
    return this.#get(configMaps, { kind: "ConfigMap", namespace, name }, signal);
  }

  secret(namespace: string, name: string, signal: AbortSignal): Promise<Secret | undefined> {
    return this.#get(secrets, { kind: "Secret", namespace, name }, signal);
  }

  /** Ends all watches and waits for them. */
  async stop(): Promise<void> {
    for (const watched of this.#watched.values()) watched.stop.abort(new Error("stopped"));
    this.#watched.clear();
    await Promise.all(this.#running);
  }

  async #get<T extends KubeObject>(
    type: ResourceType<T>,
    at: ObjectReference,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    const { namespace, name } = at;
    const watched = this.#watched.get(keyOf(at));
    if (watched) {
      const wait = withTimeout(signal, syncWaitMs);
      await watched.informer.waitForSync(wait).catch((error: unknown) => {
        if (signal.aborted) throw error;
      });
      if (watched.informer.synced) return watched.informer.get(objectKey(namespace, name)) as T | undefined;
    }
    // The direct answer says why the watch does not come about.
    return this.#client
      .resource(type)
      .get({ namespace, name }, { signal })
      .catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      });
  }

  #watch(key: string, { kind, namespace, name }: ObjectReference): Watched {
    const known = this.#watched.get(key);
    if (known) return known;
    const factory = new InformerFactory(this.#client, this.#environment);
    const type: ResourceType = kind === "ConfigMap" ? configMaps : secrets;
    const informer = factory.informer(type, { selection: { namespace, fieldSelector: `metadata.name=${name}` } });
    const watched: Watched = { informer, pods: new Set(), stop: new AbortController() };
    const changed = () => {
      if (informer.synced) for (const uid of watched.pods) this.#onChange(uid);
    };
    informer.subscribe({ added: changed, updated: changed, deleted: changed });
    this.#watched.set(key, watched);
    const running = factory
      .run(watched.stop.signal)
      .catch((error: unknown) => {
        if (isAbort(error, watched.stop.signal)) return;
        this.#log.error("watch of an object ended", { kind, namespace, name, error: errorFields(error) });
        this.#watched.delete(key);
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
    return watched;
  }

  #drop(key: string, watched: Watched, podUid: string): void {
    if (!watched.pods.delete(podUid) || watched.pods.size > 0) return;
    this.#watched.delete(key);
    watched.stop.abort(new Error("no pod refers to the object"));
  }
}

function keyOf({ kind, namespace, name }: ObjectReference): string {
  return `${kind}/${namespace}/${name}`;
}
