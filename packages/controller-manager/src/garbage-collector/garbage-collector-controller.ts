import type { ObjectReference } from "@kube-ts/api/core/v1";
import type { ObjectMeta, OwnerReference } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { uidOf } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { apiVersionOf } from "@kube-ts/api/resource-type";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import { foregroundDeletionFinalizer, orphanDependentsFinalizer } from "@kube-ts/api/well-known-labels";
import { LruMap } from "@kube-ts/client/lru-map";
import { WorkQueue } from "@kube-ts/client/work-queue";
import { isAbort } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import { TaskGroup } from "@kube-ts/std/task-group";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { discover } from "../framework/discovery.ts";
import { graphNodeOf, OwnerGraph } from "./owner-graph.ts";
import type { Consequences, GraphNode } from "./owner-graph.ts";
import { planCollection, verdictOn } from "./plan.ts";
import type { OwnerVerdict } from "./plan.ts";
import { ResourceMonitors } from "./resource-monitors.ts";

const discoveryPeriodMs = 30_000;
const settleRetryMs = 250;
/** Until an owner that exists is asked for again while it was not seen yet; longer when it cannot be watched. */
const unseenOwnerMs = 5_000;
const unwatchedOwnerMs = 1_000_000;
const absentOwnersKept = 500;

/** Deletes objects whose owners are gone, and carries out foreground and orphaning deletions. */
export class GarbageCollector implements Controller {
  readonly #context: ControllerContext;
  readonly #graph = new OwnerGraph();
  readonly #monitors: ResourceMonitors;
  readonly #deleteQueue: WorkQueue<string>;
  readonly #orphanQueue: WorkQueue<string>;
  /** Owners that were found not to exist; a uid never comes back. */
  readonly #absentOwners = new LruMap<string, true>(absentOwnersKept);

  constructor(context: ControllerContext) {
    this.#context = context;
    const { clock, log, metrics: registry } = context;
    this.#deleteQueue = new WorkQueue({ name: "garbage_collector_attempt_to_delete", clock, log, registry });
    this.#orphanQueue = new WorkQueue({ name: "garbage_collector_attempt_to_orphan", clock, log, registry });
    this.#monitors = new ResourceMonitors(context, {
      put: (object, type) => this.#follow(this.#graph.put(graphNodeOf(object, type))),
      remove: (object) => this.#follow(this.#graph.remove(uidOf(object))),
      forget: (type) => {
        for (const uid of this.#graph.uidsOf(type)) this.#follow(this.#graph.remove(uid));
      },
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    const tasks = new TaskGroup(signal);
    const { garbageCollector: workers } = this.#context.config.workers;
    tasks.start((inner) => this.#watchDiscovery(tasks, inner));
    tasks.start((inner) => this.#deleteQueue.run(inner, workers, (uid, s) => this.#attemptToDelete(uid, s)));
    tasks.start((inner) => this.#orphanQueue.run(inner, workers, (uid, s) => this.#attemptToOrphan(uid, s)));
    await tasks.settled();
  }

  #follow({ attemptToDelete, attemptToOrphan }: Consequences): void {
    for (const uid of attemptToDelete) this.#deleteQueue.add(uid);
    for (const uid of attemptToOrphan) this.#orphanQueue.add(uid);
  }

  async #watchDiscovery(tasks: TaskGroup, signal: AbortSignal): Promise<void> {
    const { client, clock, log } = this.#context;
    while (!signal.aborted) {
      try {
        this.#monitors.update(await discover(client, signal), tasks);
      } catch (error) {
        if (isAbort(error, signal)) return;
        log.warn("resources could not be discovered", { error: errorFields(error) });
      }
      await clock.sleep(discoveryPeriodMs, signal);
    }
  }

  async #attemptToDelete(uid: string, signal: AbortSignal): Promise<void> {
    if (!this.#monitors.settled) {
      this.#deleteQueue.addAfter(uid, settleRetryMs);
      return;
    }
    const node = this.#graph.get(uid);
    if (!node || (node.isBeingDeleted && !node.deletesDependents)) return;
    if (!node.deletesDependents && this.#graph.isOwned(node)) return;
    const latest = await this.#latest(node, signal);
    // Its deletion is on its way to us.
    if (!latest) return;
    if (graphNodeOf(latest, node.type).deletesDependents) {
      await this.#continueForeground(node, latest, signal);
      return;
    }
    if (latest.metadata.deletionTimestamp) return;
    await this.#collect(node, latest, signal);
  }

  /** The foreground deletion of an object ends when no dependent blocks it any more. */
  async #continueForeground(node: GraphNode, latest: KubeObject, signal: AbortSignal): Promise<void> {
    const blocking = this.#graph.blockingDependentsOf(node.uid);
    if (blocking.length === 0) await this.#removeFinalizer(node, latest, foregroundDeletionFinalizer, signal);
    for (const dependent of blocking) if (!dependent.deletesDependents) this.#deleteQueue.add(dependent.uid);
  }

  async #collect(node: GraphNode, latest: KubeObject, signal: AbortSignal): Promise<void> {
    const owners = latest.metadata.ownerReferences ?? [];
    if (owners.length === 0 || this.#hasImpossibleOwner(node, owners)) return;
    const verdicts = new Map<OwnerReference, OwnerVerdict>();
    for (const owner of owners) verdicts.set(owner, await this.#judge(node, owner, signal));
    const dependents = this.#graph.dependentsOf(node.uid);
    const plan = planCollection({
      metadata: latest.metadata,
      verdicts,
      hasDependents: dependents.length > 0,
      hasWaitingDependents: dependents.some(({ deletesDependents }) => deletesDependents),
    });
    switch (plan.kind) {
      case "keep":
        this.#lookAgain(node, owners);
        return;
      case "dropOwners":
        await this.#patchMetadata(node, latest, { ownerReferences: [...plan.remaining] }, signal);
        return;
      case "delete":
        await this.#delete(node, latest, plan, signal);
    }
  }

  /** An owner that exists and was not seen yet might go before we see it. */
  #lookAgain(node: GraphNode, owners: readonly OwnerReference[]): void {
    for (const { uid, apiVersion, kind } of owners) {
      if (this.#graph.get(uid)) continue;
      const type = this.#monitors.typeOf(apiVersion, kind);
      const isWatched = type !== undefined && this.#monitors.isMonitored(type);
      this.#deleteQueue.addAfter(node.uid, isWatched ? unseenOwnerMs : unwatchedOwnerMs);
    }
  }

  /** An object of the cluster cannot belong to one in a namespace: nothing follows from such a reference. */
  #hasImpossibleOwner(node: GraphNode, owners: readonly OwnerReference[]): boolean {
    if (node.type.namespaced) return false;
    const impossible = owners.filter(({ apiVersion, kind }) => this.#monitors.typeOf(apiVersion, kind)?.namespaced);
    for (const owner of impossible) this.#reportInvalidNamespace(node, owner);
    return impossible.length > 0;
  }

  async #delete(
    node: GraphNode,
    latest: KubeObject,
    plan: { readonly propagation: "Orphan" | "Background" | "Foreground"; readonly unblock: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    const { client, log } = this.#context;
    let { resourceVersion } = latest.metadata;
    if (plan.unblock) {
      const owners = latest.metadata.ownerReferences ?? [];
      const unblocked = owners.map((owner) => ({ ...owner, blockOwnerDeletion: false }));
      const patched = await this.#patchMetadata(node, latest, { ownerReferences: unblocked }, signal);
      resourceVersion = patched?.metadata.resourceVersion;
    }
    log.info("deleting object whose owners are gone", { ...identify(node), propagation: plan.propagation });
    const preconditions = { uid: node.uid, ...(resourceVersion !== undefined && { resourceVersion }) };
    try {
      const options = { preconditions, propagationPolicy: plan.propagation, signal };
      await client.resource(node.type).delete(keyOf(node), options);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /** Looks an owner up where the reference says it is: in the dependent's namespace, or in none. */
  async #judge(node: GraphNode, owner: OwnerReference, signal: AbortSignal): Promise<OwnerVerdict> {
    const key = JSON.stringify([owner.uid, owner.apiVersion, owner.kind, owner.name, node.namespace]);
    if (this.#absentOwners.get(key)) return "absent";
    const type = this.#monitors.typeOf(owner.apiVersion, owner.kind);
    if (!type) throw new Error(`unable to get REST mapping for ${owner.apiVersion}/${owner.kind}`);
    const known = this.#graph.get(owner.uid);
    if (known && type.namespaced && known.namespace !== node.namespace) this.#reportInvalidNamespace(node, owner);
    const found = await this.#find(type, type.namespaced ? node.namespace : "", owner.name, signal);
    const verdict = verdictOn(owner, found?.metadata);
    if (verdict === "absent") this.#absentOwners.set(key, true);
    return verdict;
  }

  #reportInvalidNamespace(node: GraphNode, owner: OwnerReference): void {
    const { apiVersion, kind, name, uid } = owner;
    const text = `[${apiVersion}/${kind}, namespace: ${node.namespace}, name: ${name}, uid: ${uid}]`;
    const message = `ownerRef ${text} does not exist in namespace "${node.namespace}"`;
    this.#context.events.event(referenceOf(node), "Warning", "OwnerRefInvalidNamespace", message);
  }

  /** Lets the dependents of an owner go, and then the owner. */
  async #attemptToOrphan(uid: string, signal: AbortSignal): Promise<void> {
    if (!this.#monitors.settled) {
      this.#orphanQueue.addAfter(uid, settleRetryMs);
      return;
    }
    const owner = this.#graph.get(uid);
    if (!owner) return;
    const latest = await this.#latest(owner, signal);
    if (!latest || !graphNodeOf(latest, owner.type).orphansDependents) return;
    for (const dependent of this.#graph.dependentsOf(uid)) await this.#release(dependent, uid, signal);
    await this.#removeFinalizer(owner, latest, orphanDependentsFinalizer, signal);
  }

  async #release(dependent: GraphNode, ownerUid: string, signal: AbortSignal): Promise<void> {
    const latest = await this.#latest(dependent, signal);
    const owners = latest?.metadata.ownerReferences ?? [];
    const remaining = owners.filter(({ uid }) => uid !== ownerUid);
    if (!latest || remaining.length === owners.length) return;
    await this.#patchMetadata(dependent, latest, { ownerReferences: remaining }, signal);
  }

  async #removeFinalizer(node: GraphNode, latest: KubeObject, finalizer: string, signal: AbortSignal): Promise<void> {
    const current = latest.metadata.finalizers ?? [];
    if (!current.includes(finalizer)) return;
    await this.#patchMetadata(node, latest, { finalizers: current.filter((name) => name !== finalizer) }, signal);
  }

  /** Writes lists whole, on the version that they were made from. A conflict is retried by the queue. */
  async #patchMetadata(
    node: GraphNode,
    latest: KubeObject,
    change: Pick<ObjectMeta, "ownerReferences" | "finalizers">,
    signal: AbortSignal,
  ): Promise<KubeObject | undefined> {
    const { resourceVersion } = latest.metadata;
    const version = resourceVersion !== undefined && { resourceVersion };
    const lists = Object.entries(change).map(([field, list]) => [field, list.length > 0 ? list : null] as const);
    const patch = { metadata: { uid: node.uid, ...version, ...Object.fromEntries(lists) } };
    try {
      return await this.#context.client.resource(node.type).patch(keyOf(node), "merge", patch, { signal });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw isConflict(error) ? new Error(`${node.type.plural} changed meanwhile`, { cause: error }) : error;
    }
  }

  /** The object as the server has it; undefined when it is gone or another has its name. */
  async #latest(node: GraphNode, signal: AbortSignal): Promise<KubeObject | undefined> {
    const found = await this.#find(node.type, node.namespace, node.name, signal);
    return found?.metadata.uid === node.uid ? found : undefined;
  }

  async #find(
    type: ResourceType,
    namespace: string,
    name: string,
    signal: AbortSignal,
  ): Promise<KubeObject | undefined> {
    try {
      return await this.#context.client.resource(type).get({ namespace, name }, { signal });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

function keyOf({ namespace, name }: GraphNode): { namespace: string; name: string } {
  return { namespace, name };
}

function identify({ type, namespace, name, uid }: GraphNode): object {
  return { resource: type.plural, namespace, name, uid };
}

function referenceOf({ type, namespace, name, uid }: GraphNode): ObjectReference {
  return { apiVersion: apiVersionOf(type), kind: type.kind, name, uid, ...(namespace !== "" && { namespace }) };
}

const idle: Controller = { run: () => Promise.resolve() };

export const garbageCollectorController: ControllerDefinition = {
  name: "garbage-collector-controller",
  serviceAccount: "generic-garbage-collector",
  // Every deletion takes two requests.
  rateFactors: { qps: 2, burst: 1 },
  create: (context) => (context.config.enableGarbageCollector ? new GarbageCollector(context) : idle),
};
