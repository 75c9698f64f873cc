import type { KubeObject } from "@kube-ts/api/object";
import { apiVersionOf, type ResourceType } from "@kube-ts/api/resource-type";
import { aborted } from "@kube-ts/std/abort";
import { TaskGroup } from "@kube-ts/std/task-group";
import { CachedInformer } from "./cached-informer.ts";
import type { Client, Selection } from "./client.ts";
import type { Informer, InformerOptions, InformerSource } from "./informer.ts";
import { InformerCache } from "./informer-cache.ts";
import { Reflector, type ReflectorEnvironment } from "./reflector.ts";

export interface InformerEnvironment extends ReflectorEnvironment {
  /** The `transform` of informers that are asked for without one. */
  readonly transform?: <T extends KubeObject>(object: T) => T;
}

/** An informer that is fed by a reflector. */
class SharedInformer<T extends KubeObject> extends CachedInformer<T> {
  readonly transform: ((object: T) => T) | undefined;
  readonly #reflector: Reflector<T>;
  #running = false;

  constructor(type: ResourceType<T>, options: InformerOptions<T>, client: Client, environment: ReflectorEnvironment) {
    const { selection = {}, metadataOnly = false, transform = (object: T) => object } = options;
    const cache = new InformerCache<T>();
    super(cache);
    const sink = {
      replace: (objects: readonly T[]) => cache.replace(objects.map(transform)),
      put: (object: T) => cache.put(transform(object)),
      remove: (object: T) => cache.remove(transform(object)),
    };
    const log = environment.log.child({ resource: `${type.plural}.${apiVersionOf(type)}` });
    this.transform = options.transform;
    this.#reflector = new Reflector(client.resource(type), { ...selection, metadataOnly }, sink, {
      ...environment,
      log,
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    if (this.#running) throw new Error("the informer is already running");
    this.#running = true;
    try {
      await this.#reflector.run(signal);
    } finally {
      this.#running = false;
    }
  }
}

/**
 * The informers of one process: one per resource and selection, however many ask for it. Objects in them are shared:
 * copy before changing.
 */
export class InformerFactory implements InformerSource {
  readonly #client: Client;
  readonly #environment: InformerEnvironment;
  readonly #informers = new Map<string, SharedInformer<KubeObject>>();
  #tasks: TaskGroup | undefined;

  constructor(client: Client, environment: InformerEnvironment) {
    this.#client = client;
    this.#environment = environment;
  }

  informer<T extends KubeObject>(type: ResourceType<T>, asked: InformerOptions<T> = {}): Informer<T> {
    const options: InformerOptions<T> = { ...this.#defaults, ...asked };
    const key = informerKey(type, options.selection ?? {}, options.metadataOnly ?? false);
    const existing = this.#informers.get(key) as unknown as SharedInformer<T> | undefined;
    if (existing) {
      if (existing.transform === options.transform) return existing;
      throw new Error(`the informer of ${type.plural} is already shared with another transform`);
    }
    const created = new SharedInformer<T>(type, options, this.#client, this.#environment);
    this.#informers.set(key, created as unknown as SharedInformer<KubeObject>);
    this.#tasks?.start((signal) => created.run(signal));
    return created;
  }

  existing<T extends KubeObject>(type: ResourceType<T>): Informer<T> | undefined {
    const existing = this.#informers.get(informerKey(type, {}, false)) as unknown as SharedInformer<T> | undefined;
    return existing?.transform === this.#environment.transform ? existing : undefined;
  }

  get #defaults(): Pick<InformerEnvironment, "transform"> {
    const { transform } = this.#environment;
    return transform ? { transform } : {};
  }

  /**
   * Runs all informers, also those that are asked for later, until the signal aborts. Rejects with the first error
   * that a handler throws.
   */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#tasks) throw new Error("the informer factory is already running");
    const tasks = new TaskGroup(signal);
    this.#tasks = tasks;
    for (const informer of this.#informers.values()) tasks.start((taskSignal) => informer.run(taskSignal));
    await aborted(tasks.signal);
    await tasks.settled();
    this.#tasks = undefined;
  }

  /** Resolves when every informer that was asked for so far is synced. */
  async waitForSync(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.#informers.values()].map((informer) => informer.waitForSync(signal)));
  }
}

function informerKey(type: ResourceType, selection: Selection, metadataOnly: boolean): string {
  const { namespace = "", labelSelector = "", fieldSelector = "" } = selection;
  return JSON.stringify([apiVersionOf(type), type.plural, namespace, labelSelector, fieldSelector, metadataOnly]);
}
