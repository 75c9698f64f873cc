import type { CustomResourceDefinition } from "@kube-ts/api/apiextensions/v1";
import { customResourceDefinitions } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import { isAbort } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import { TaskGroup } from "@kube-ts/std/task-group";
import { cleanupFinalizer } from "../registry/apiextensions/custom-resource-definition.ts";
import { type ConditionDraft, isConditionTrue, setCondition } from "../registry/apiextensions/conditions.ts";
import type { ObjectSource, ObjectWriter } from "../registry/object-source.ts";
import type { Store } from "../storage/store.ts";
import { type NameClaim, planStatus } from "./plan-status.ts";
import { purgeInstances } from "./purge-instances.ts";
import { instancePrefix } from "./served-versions.ts";

export interface DefinitionControllerParts {
  readonly source: ObjectSource;
  readonly writer: ObjectWriter;
  /** Where the objects of a resource are stored. */
  readonly storeOf: (group: string, plural: string) => Store;
  readonly storageRoot: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How long until a definition is looked at again that failed, or waits for the finalizers of its objects. */
const retryMs = 1_000;

/**
 * Keeps the status of definitions: accepted names and conditions, one definition at a time, since names depend on each
 * other; and deletes the objects of those that are deleted before they go, which may take long and holds up nobody.
 */
export class DefinitionController {
  readonly #parts: DefinitionControllerParts;
  readonly #pending = new Set<string>();
  /** What was written last, until the cache shows it. */
  readonly #written = new Map<string, CustomResourceDefinition>();
  readonly #claims = new Map<string, NameClaim & { readonly isAccepted: boolean }>();
  /** Definitions whose objects are being deleted. */
  readonly #finalizing = new Set<string>();
  #wake: () => void = () => {};

  constructor(parts: DefinitionControllerParts) {
    this.#parts = parts;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { source } = this.#parts;
    const touch = () => this.#wake();
    using _changes = source.onChange(customResourceDefinitions, ({ type, name, object }) => {
      this.#pending.add(name);
      const definition = object() as CustomResourceDefinition;
      if (type === "DELETED") this.#forget(name);
      else this.#note(this.#newer(definition));
      this.#addWaiting(definition.spec.group);
      touch();
    });
    signal.addEventListener("abort", touch, { once: true });
    for (const definition of source.list(customResourceDefinitions)) {
      this.#note(definition);
      this.#pending.add(definition.metadata.name ?? "");
    }
    const finalizers = new TaskGroup(signal);
    while (!signal.aborted) {
      const [name] = this.#pending;
      if (name === undefined) await this.#touched();
      else {
        this.#pending.delete(name);
        await this.#process(name, signal, () => this.#reconcile(name, finalizers, signal));
      }
    }
    await finalizers.stop();
  }

  /** Names that a definition gives up may be what another one in its group waits for. */
  #addWaiting(group: string): void {
    for (const [name, claim] of this.#claims) if (claim.group === group && !claim.isAccepted) this.#pending.add(name);
  }

  #note(definition: CustomResourceDefinition): void {
    const { metadata, spec, status } = definition;
    const isAccepted = isConditionTrue(definition, "NamesAccepted");
    this.#claims.set(metadata.name ?? "", { group: spec.group, names: status?.acceptedNames, isAccepted });
  }

  #forget(name: string): void {
    this.#claims.delete(name);
    this.#written.delete(name);
  }

  #touched(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    return promise;
  }

  /** Does the work, and again later when it fails or says that there is more to do. */
  async #process(name: string, signal: AbortSignal, work: () => Promise<boolean>): Promise<void> {
    try {
      const isDone = await work();
      if (!isDone) this.#later(name);
    } catch (error) {
      if (isAbort(error, signal) || isNotFound(error)) return;
      if (!isConflict(error)) this.#parts.log.warn("custom resource definition not reconciled", { name, error });
      this.#later(name);
    }
  }

  #later(name: string): void {
    this.#parts.clock.setTimer(retryMs, () => {
      this.#pending.add(name);
      this.#wake();
    });
  }

  async #reconcile(name: string, group: TaskGroup, signal: AbortSignal): Promise<boolean> {
    const definition = this.#find(name);
    if (!definition) return true;
    const { deletionTimestamp, finalizers } = definition.metadata;
    if (deletionTimestamp !== undefined) {
      if (finalizers?.includes(cleanupFinalizer)) this.#startFinalizing(definition, group);
      return true;
    }
    const rivals = [...this.#claims].filter(([other]) => other !== name).map(([, claim]) => claim);
    const next = planStatus(definition, rivals, formatTime(this.#parts.clock.now()));
    if (next) await this.#writeStatus(definition, next, signal);
    return true;
  }

  #startFinalizing(definition: CustomResourceDefinition, group: TaskGroup): void {
    const { name = "" } = definition.metadata;
    if (this.#finalizing.has(name)) return;
    this.#finalizing.add(name);
    group.start(async (signal) => {
      try {
        await this.#process(name, signal, () => this.#finalize(definition, signal));
      } finally {
        this.#finalizing.delete(name);
      }
    });
  }

  /** False when objects are left that something else holds. */
  async #finalize(definition: CustomResourceDefinition, signal: AbortSignal): Promise<boolean> {
    const { storeOf, storageRoot, clock } = this.#parts;
    if (!isConditionTrue(definition, "Established")) {
      await this.#release(definition, neverEstablished, signal);
      return true;
    }
    const marked = structuredClone(definition);
    setCondition(marked, deletionInProgress, formatTime(clock.now()));
    const current = await this.#writeStatus(definition, marked, signal);
    const prefix = `${storageRoot}/${instancePrefix(current)}/`;
    const store = storeOf(current.spec.group, current.spec.names.plural);
    const left = await purgeInstances(store, prefix, clock.now(), signal);
    if (left > 0) return false;
    await this.#release(current, deletionCompleted, signal);
    return true;
  }

  async #release(definition: CustomResourceDefinition, condition: ConditionDraft, signal: AbortSignal): Promise<void> {
    const next = structuredClone(definition);
    setCondition(next, condition, formatTime(this.#parts.clock.now()));
    next.metadata.finalizers = (next.metadata.finalizers ?? []).filter((name) => name !== cleanupFinalizer);
    await this.#writeStatus(definition, next, signal);
  }

  /** Writes the status on condition that the definition is still the one that was looked at. */
  async #writeStatus(
    seen: CustomResourceDefinition,
    next: CustomResourceDefinition,
    signal: AbortSignal,
  ): Promise<CustomResourceDefinition> {
    const { name = "", uid, resourceVersion } = seen.metadata;
    const change = (current: CustomResourceDefinition) => {
      current.status = next.status ?? {};
      current.metadata = { ...current.metadata, uid, resourceVersion };
      if (next.metadata.finalizers) current.metadata.finalizers = next.metadata.finalizers;
      return current;
    };
    const written = await this.#parts.writer.update(customResourceDefinitions, "", name, change, signal, "status");
    const { deletionTimestamp, finalizers } = written.metadata;
    if (deletionTimestamp !== undefined && !finalizers?.length) this.#forget(name);
    else {
      this.#written.set(name, written);
      this.#note(written);
    }
    return written;
  }

  #find(name: string): CustomResourceDefinition | undefined {
    const cached = this.#parts.source.get(customResourceDefinitions, "", name);
    return cached && this.#newer(cached);
  }

  #newer(cached: CustomResourceDefinition): CustomResourceDefinition {
    const { name = "", resourceVersion = "0" } = cached.metadata;
    const written = this.#written.get(name);
    if (!written) return cached;
    if (BigInt(written.metadata.resourceVersion ?? "0") > BigInt(resourceVersion)) return written;
    this.#written.delete(name);
    return cached;
  }
}

const neverEstablished: ConditionDraft = {
  type: "Terminating",
  status: "False",
  reason: "NeverEstablished",
  message: "resource was never established",
};
const deletionInProgress: ConditionDraft = {
  type: "Terminating",
  status: "True",
  reason: "InstanceDeletionInProgress",
  message: "CustomResource deletion is in progress",
};
const deletionCompleted: ConditionDraft = {
  type: "Terminating",
  status: "False",
  reason: "InstanceDeletionCompleted",
  message: "removed all instances",
};
