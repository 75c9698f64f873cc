import type { CustomResourceDefinition } from "@kube-ts/api/apiextensions/v1";
import { customResourceDefinitions } from "@kube-ts/api/resource-types";
import type { Logger } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";
import { TaskGroup } from "@kube-ts/std/task-group";
import { ServedResource } from "../endpoints/served-resource.ts";
import { isConditionTrue } from "../registry/apiextensions/conditions.ts";
import type { RegistrySet } from "../registry/registry-set.ts";
import { sameInAllVersions } from "./conversion/object-converter.ts";
import { WebhookConverter } from "./conversion/webhook-converter.ts";
import type { WebhookTransport } from "./conversion/webhook-transport.ts";
import type { MadeRegistry, RegistryFactory } from "./registry-factory.ts";
import { type ServedVersion, servedVersions } from "./served-versions.ts";
import type { Revision } from "../storage/store.ts";
import { compareVersions } from "./version-order.ts";

export interface CustomResourcesParts {
  readonly registries: RegistrySet;
  readonly factory: RegistryFactory;
  readonly webhooks: WebhookTransport;
  readonly random: Random;
  readonly log: Logger;
  /** Called with everything that is to be served from now on. */
  readonly onServed: (resources: readonly ServedResource[]) => void;
}

/** Definitions that are brought up to date at the same time. */
const maxParallel = 32;
/** How long new caches may take before they are served all the same, to tell clients what is wrong. */
const fillMs = 5_000;

/** A definition that is served. */
interface Served {
  /** What its caches depend on. */
  readonly content: string;
  readonly isTerminating: boolean;
  readonly versions: readonly ServedEntry[];
  readonly stop: () => Promise<void>;
}

interface ServedEntry {
  readonly made: MadeRegistry;
  readonly resource: ServedResource;
}

/**
 * Serves the custom resources of all established definitions, as they are now: every change of a definition
 * exchanges its caches and registries, and ends the watches of the old ones.
 */
export class CustomResources {
  readonly #parts: CustomResourcesParts;
  readonly #served = new Map<string, Served>();
  /** The revisions of definitions that were found to ask for nothing else than what is served. */
  readonly #settled = new Map<string, Revision>();
  /** Definitions that are being brought to what they should be. */
  readonly #busy = new Set<string>();
  #wake: () => void = () => {};
  #isDirty = true;

  constructor(parts: CustomResourcesParts) {
    this.#parts = parts;
  }

  /** Follows the definitions until the signal aborts. `onReady` is called when those that are there are served. */
  async run(signal: AbortSignal, onReady: () => void): Promise<void> {
    const touch = () => {
      this.#isDirty = true;
      this.#wake();
    };
    using _changes = this.#parts.registries.onChange(customResourceDefinitions, touch);
    signal.addEventListener("abort", touch, { once: true });
    const group = new TaskGroup(signal);
    let isReady = false;
    try {
      while (!signal.aborted) {
        this.#isDirty = false;
        const outdated = this.#outdated();
        for (const name of outdated.slice(0, maxParallel - this.#busy.size)) this.#start(name, group, touch);
        if (!isReady && this.#busy.size === 0) {
          isReady = true;
          onReady();
        }
        if (!this.#isDirty) await this.#touched();
      }
    } finally {
      await group.stop();
    }
  }

  #touched(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    return promise;
  }

  /** One change of a definition after the other; those of different definitions do not wait for each other. */
  #start(name: string, group: TaskGroup, onEnd: () => void): void {
    this.#busy.add(name);
    group.start(async (signal) => {
      try {
        await this.#bring(name, group, signal);
      } finally {
        this.#busy.delete(name);
        onEnd();
      }
    });
  }

  #outdated(): string[] {
    const snapshot = this.#parts.registries.registry(customResourceDefinitions).cache.snapshot();
    const gone = new Set(this.#served.keys());
    const outdated: string[] = [];
    snapshot.visit(undefined, undefined, ({ name, revision }) => {
      gone.delete(name);
      if (this.#busy.has(name) || this.#settled.get(name) === revision) return true;
      if (this.#needsChange(name)) outdated.push(name);
      else this.#settled.set(name, revision);
      return true;
    });
    for (const name of gone) if (!this.#busy.has(name)) outdated.push(name);
    return outdated;
  }

  #wanted(name: string): CustomResourceDefinition | undefined {
    const definition = this.#parts.registries.get(customResourceDefinitions, "", name);
    return definition && isConditionTrue(definition, "Established") ? definition : undefined;
  }

  #needsChange(name: string): boolean {
    const served = this.#served.get(name);
    const definition = this.#wanted(name);
    if (!served || !definition) return Boolean(served) !== Boolean(definition);
    return served.content !== contentOf(definition) || served.isTerminating !== isTerminating(definition);
  }

  async #bring(name: string, group: TaskGroup, signal: AbortSignal): Promise<void> {
    const old = this.#served.get(name);
    const definition = this.#wanted(name);
    if (!definition) {
      this.#served.delete(name);
      this.#settled.delete(name);
      this.#publish();
      await old?.stop();
      return;
    }
    const next = await this.#serve(definition, old, group, signal);
    this.#served.set(name, next);
    this.#publish();
    if (old && old.stop !== next.stop) await old.stop();
  }

  async #serve(
    definition: CustomResourceDefinition,
    old: Served | undefined,
    group: TaskGroup,
    signal: AbortSignal,
  ): Promise<Served> {
    const { factory } = this.#parts;
    const state = { content: contentOf(definition), isTerminating: isTerminating(definition) };
    const versions = this.#versionsOf(definition);
    if (old?.content === state.content && old.versions.length === versions.length) {
      const remade = old.versions.map(({ made }, index) =>
        entryOf(factory.remake(versions[index]?.definition ?? made.registry.definition, made)),
      );
      return { ...state, versions: remade, stop: old.stop };
    }
    const entries = versions.map(({ definition: version, codec }) => entryOf(factory.make(version, codec)));
    const stop = runCaches(entries, factory, group);
    await waitUntilFilled(entries, signal);
    return { ...state, versions: entries, stop };
  }

  /** None for a definition that validation would not accept any more, until it is changed. */
  #versionsOf(definition: CustomResourceDefinition): ServedVersion[] {
    try {
      return servedVersions(definition, this.#converter(definition));
    } catch (error) {
      this.#parts.log.error("custom resource cannot be served", { definition: definition.metadata.name, error });
      return [];
    }
  }

  #converter(definition: CustomResourceDefinition) {
    if (definition.spec.conversion?.strategy !== "Webhook") return sameInAllVersions;
    return new WebhookConverter(definition, this.#parts.webhooks, this.#parts.random);
  }

  #publish(): void {
    const entries = [...this.#served.values()].flatMap(({ versions }) => versions).toSorted(inDiscoveryOrder);
    this.#parts.registries.setExtensions(entries.map(({ made }) => made.registry));
    this.#parts.onServed(entries.map(({ resource }) => resource));
  }
}

/** Versions of a group stand in the order in which clients should prefer them. */
function inDiscoveryOrder({ resource: { type: a } }: ServedEntry, { resource: { type: b } }: ServedEntry): number {
  if (a.group !== b.group) return a.group < b.group ? -1 : 1;
  return compareVersions(a.version, b.version) || (a.plural < b.plural ? -1 : 1);
}

function entryOf(made: MadeRegistry): ServedEntry {
  return { made, resource: new ServedResource(made.registry) };
}

/** What the caches and registries of a definition are made from. */
function contentOf({ metadata, spec, status }: CustomResourceDefinition): string {
  return JSON.stringify([metadata.uid, spec, status?.acceptedNames]);
}

function isTerminating(definition: CustomResourceDefinition): boolean {
  return isConditionTrue(definition, "Terminating");
}

/** Runs the caches in the group; the function ends them and resolves when they have ended. */
function runCaches(entries: readonly ServedEntry[], factory: RegistryFactory, group: TaskGroup): () => Promise<void> {
  const controller = new AbortController();
  const ended = entries.map(({ made }) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    group.start(async (signal) => {
      try {
        await made.cache.run(AbortSignal.any([signal, controller.signal]));
      } finally {
        factory.release(made);
        resolve();
      }
    });
    return promise;
  });
  return async () => {
    controller.abort(new Error("the definition has changed"));
    await Promise.all(ended);
  };
}

async function waitUntilFilled(entries: readonly ServedEntry[], signal: AbortSignal): Promise<void> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(fillMs)]);
  await Promise.allSettled(entries.map(({ made }) => made.cache.waitFor(0n, limited)));
  signal.throwIfAborted();
}
