import type { KubeObject } from "@kube-ts/api/object";
import { type GroupResource, objectCountName } from "@kube-ts/api/quota/usage";
import type { ResourceType } from "@kube-ts/api/resource-type";
import type { Clock } from "@kube-ts/std/clock";
import { isAbort } from "@kube-ts/std/abort";
import { type Logger, errorFields } from "@kube-ts/std/log";
import type { Discovery } from "../framework/discovery.ts";
import type { SingleInformer } from "../framework/single-informer.ts";

export interface CountedResourcesParts {
  readonly clock: Clock;
  readonly log: Logger;
  discover(signal: AbortSignal): Promise<Discovery>;
  /** Starts to watch a resource. */
  open(type: ResourceType): SingleInformer;
  /** Told when all objects of a resource are known. */
  onSynced(type: GroupResource): void;
}

/** How often the server is asked whether it has resources that it had not, and has those that it had. */
const discoverEveryMs = 30_000;
/** It is not asked more often than this, whatever quotas name. */
const discoverPauseMs = 1_000;

/** Watches the resources that quotas name, while they name them. */
export class CountedResources {
  readonly #parts: CountedResourcesParts;
  readonly #watched = new Map<string, SingleInformer & { readonly type: GroupResource }>();
  #wanted: ReadonlyMap<string, GroupResource> = new Map();
  #wake: () => void = () => {};
  #isDirty = false;

  constructor(parts: CountedResourcesParts) {
    this.#parts = parts;
  }

  /** Says which resources are to be watched. */
  want(types: Iterable<GroupResource>): void {
    this.#wanted = new Map([...types].map((type) => [objectCountName(type), type]));
    for (const [key, watched] of this.#watched) if (!this.#wanted.has(key)) this.#forget(key, watched);
    if (!this.#isIncomplete) return;
    this.#isDirty = true;
    this.#wake();
  }

  /** What is watched now. */
  get types(): readonly GroupResource[] {
    return [...this.#watched.values()].map(({ type }) => type);
  }

  /** The objects of a namespace; undefined while they are not all known. */
  objects(type: GroupResource, namespace: string): readonly KubeObject[] | undefined {
    const informer = this.#watched.get(objectCountName(type))?.informer;
    return informer?.synced ? informer.listNamespace(namespace) : undefined;
  }

  /** Looks for what is wanted until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#parts;
    signal.addEventListener("abort", () => this.#wake(), { once: true });
    while (!signal.aborted) {
      this.#isDirty = false;
      try {
        if (this.#wanted.size > 0) this.#follow(await this.#parts.discover(signal), signal);
      } catch (error) {
        if (isAbort(error, signal)) return;
        log.warn("the server's resources could not be asked for", { error: errorFields(error) });
      }
      await clock.sleep(discoverPauseMs, signal);
      if (this.#isDirty || signal.aborted) continue;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      using _timer = clock.setTimer(discoverEveryMs, resolve);
      await promise;
    }
  }

  get #isIncomplete(): boolean {
    return [...this.#wanted.keys()].some((key) => !this.#watched.has(key));
  }

  #follow({ resources, failures }: Discovery, signal: AbortSignal): void {
    const served = new Map(
      resources
        .filter(({ verbs }) => ["create", "list", "watch", "delete"].every((verb) => verbs.has(verb)))
        .map(({ type }) => [objectCountName(type), type]),
    );
    const failed = new Set([...failures.keys()].map((name) => (name.includes("/") ? name.split("/")[0] : "")));
    for (const [key, watched] of this.#watched) {
      if (!served.has(key) && !failed.has(watched.type.group)) this.#forget(key, watched);
    }
    for (const [key, type] of this.#wanted) {
      const resource = served.get(key);
      if (!resource?.namespaced || this.#watched.has(key)) continue;
      const opened = this.#parts.open(resource);
      this.#watched.set(key, { ...opened, type });
      opened.informer.waitForSync(signal).then(
        () => this.#parts.onSynced(type),
        () => {},
      );
    }
  }

  #forget(key: string, { stop }: SingleInformer): void {
    this.#watched.delete(key);
    stop();
  }
}
