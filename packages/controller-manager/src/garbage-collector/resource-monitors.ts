import type { KubeObject } from "@kube-ts/api/object";
import { apiVersionOf } from "@kube-ts/api/resource-type";
import type { ResourceType } from "@kube-ts/api/resource-type";
import type { TaskGroup } from "@kube-ts/std/task-group";
import type { ControllerContext } from "../framework/controller.ts";
import type { DiscoveredResource, Discovery } from "../framework/discovery.ts";
import { type SingleInformer, startSingleInformer } from "../framework/single-informer.ts";
import { groupOf } from "./owner-graph.ts";

/** Told of every object of every resource. */
export interface GraphSink {
  put(object: KubeObject, type: ResourceType): void;
  remove(object: KubeObject): void;
  /** The resource is no longer served. */
  forget(type: ResourceType): void;
}

interface Monitor extends SingleInformer {
  readonly type: ResourceType;
}

/** So long all work waits for new resources to be listed; one that cannot be listed must not stop everything. */
const maxSyncWaitMs = 60_000;

/** Events come and go too fast, and own nothing. */
const ignored = new Set(["events.", "events.events.k8s.io"]);

/**
 * Watches all resources that can be deleted, listed and watched: their metadata alone, where no other controller watches
 * them anyway.
 */
export class ResourceMonitors {
  readonly #context: ControllerContext;
  readonly #sink: GraphSink;
  readonly #monitors = new Map<string, Monitor>();
  #types = new Map<string, ResourceType>();
  #changedMs = 0;

  constructor(context: ControllerContext, sink: GraphSink) {
    this.#context = context;
    this.#sink = sink;
  }

  /** The resource of a kind; undefined when the server has none. */
  typeOf(apiVersion: string, kind: string): ResourceType | undefined {
    return this.#types.get(`${kind}.${groupOf(apiVersion)}`);
  }

  /** Whether objects of this resource come to the graph by themselves. */
  isMonitored(type: ResourceType): boolean {
    return this.#monitors.has(monitorKey(type));
  }

  /** Whether the graph is complete enough to act on. */
  get settled(): boolean {
    if (this.#monitors.size === 0) return false;
    if (this.#context.clock.monotonicMs() - this.#changedMs > maxSyncWaitMs) return true;
    return [...this.#monitors.values()].every(({ informer }) => informer.synced);
  }

  /** Brings the monitors in line with what the server offers. Those of groups that could not be asked stay. */
  update({ resources, failures }: Discovery, tasks: TaskGroup): void {
    const failedGroups = new Set([...failures.keys()].map(groupOf));
    const types = new Map(resources.map(({ type }) => [`${type.kind}.${type.group}`, type]));
    for (const [key, type] of this.#types) if (failedGroups.has(type.group) && !types.has(key)) types.set(key, type);
    this.#types = types;
    const wanted = new Map(resources.filter(isCollectable).map(({ type }) => [monitorKey(type), type]));
    for (const [key, monitor] of this.#monitors) {
      if (wanted.has(key) || failedGroups.has(monitor.type.group)) continue;
      this.#monitors.delete(key);
      monitor.stop();
      this.#sink.forget(monitor.type);
    }
    for (const [key, type] of wanted) {
      if (this.#monitors.has(key)) continue;
      this.#monitors.set(key, this.#start(type, tasks));
      this.#changedMs = this.#context.clock.monotonicMs();
    }
  }

  #start(type: ResourceType, tasks: TaskGroup): Monitor {
    const handler = {
      added: (object: KubeObject) => this.#sink.put(object, type),
      updated: (_old: KubeObject, object: KubeObject) => this.#sink.put(object, type),
      deleted: (object: KubeObject) => this.#sink.remove(object),
    };
    const shared = this.#context.informers.existing<KubeObject>(type);
    if (shared) {
      const subscription = shared.subscribe(handler);
      return { type, informer: shared, stop: () => subscription[Symbol.dispose]() };
    }
    const single = startSingleInformer(this.#context, type, { metadataOnly: true, transform: ownershipOnly }, tasks);
    single.informer.subscribe(handler);
    return { type, ...single };
  }
}

function isCollectable({ type, verbs }: DiscoveredResource): boolean {
  if (ignored.has(`${type.plural}.${type.group}`)) return false;
  return verbs.has("delete") && verbs.has("list") && verbs.has("watch");
}

function monitorKey(type: ResourceType): string {
  return `${apiVersionOf(type)}/${type.plural}`;
}

/** Keeps of an object what says who it is and to whom it belongs. */
function ownershipOnly({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, ownerReferences, finalizers, deletionTimestamp } = metadata;
  return {
    ...(apiVersion !== undefined && { apiVersion }),
    ...(kind !== undefined && { kind }),
    metadata: {
      ...(name !== undefined && { name }),
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(ownerReferences !== undefined && { ownerReferences }),
      ...(finalizers !== undefined && { finalizers }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    },
  };
}
