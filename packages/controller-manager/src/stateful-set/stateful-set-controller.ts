import type { ControllerRevision, StatefulSet } from "@kube-ts/api/apps/v1";
import type { PersistentVolumeClaim, Pod } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf, namespaceOf, objectKey, uidOf } from "@kube-ts/api/object";
import { controllerReference } from "@kube-ts/api/owner-references";
import { persistentVolumeClaims, pods, statefulSets } from "@kube-ts/api/resource-types";
import { nothing, selectorOf } from "@kube-ts/api/selectors";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import { Expectations } from "@kube-ts/client/expectations";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import { claimChildren } from "../framework/adoption.ts";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { expectationMs, OwnedPods } from "../framework/owned-pods.ts";
import { slowStart } from "../framework/slow-start.ts";
import { RevisionHistory } from "../revision-history/revision-history.ts";
import type { RevisionOwner } from "../revision-history/revision-history.ts";
import { claimNameOf, firstOrdinal, isClaimOf, ordinalOf, podNameOf, revisionOf, setNameOf } from "./identity.ts";
import { maxUnavailable, planSet } from "./plan.ts";
import type { PodAction } from "./plan.ts";
import { nextAvailabilityMs, planStatus } from "./plan-status.ts";
import { PodWriter } from "./pod-writer.ts";
import { StatefulSetMetrics } from "./stateful-set-metrics.ts";
import { revisionContent, templateRevision } from "./template-revision.ts";
import { isServing, placesOf } from "./view.ts";
import type { SetView } from "./view.ts";

/** At most this many requests of one set are under way at once. */
const maxBatchSize = 500;

/** The revisions of a set in one round of work. */
interface Revisions {
  readonly all: readonly ControllerRevision[];
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  readonly collisionCount: number;
}

/** Gives each set pods with lasting names and claims, one at a time and in order unless it may be otherwise. */
export class StatefulSetController implements Controller {
  readonly #context: ControllerContext;
  readonly #sets: Informer<StatefulSet>;
  readonly #pods: OwnedPods<StatefulSet>;
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #queue: WorkQueue<ObjectKey>;
  readonly #expectations: Expectations;
  readonly #history: RevisionHistory;
  readonly #writer: PodWriter;
  readonly #metrics: StatefulSetMetrics;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#sets = context.informers.informer(statefulSets);
    this.#claims = context.informers.informer(persistentVolumeClaims);
    this.#queue = controllerQueue("statefulset", context);
    this.#expectations = new Expectations(context.clock);
    this.#history = new RevisionHistory(context);
    this.#writer = new PodWriter(context);
    this.#metrics = new StatefulSetMetrics(context.metrics);
    this.#pods = new OwnedPods({
      kind: statefulSets.kind,
      owners: this.#sets,
      pods: context.informers.informer(pods),
      queue: this.#queue,
      expectations: this.#expectations,
      selector: ({ spec }) => selectorOf(spec.selector),
      // Whoever has the pod: its name may be what a set waits for.
      waitingFor: (pod) => this.#keyByName(pod),
    });
    // A pod may wait for a claim to be gone, and a history is to be complete.
    this.#claims.subscribe({ deleted: (claim) => this.#claimDeleted(claim) });
    this.#history.onDeleted((revision) => {
      const owner = this.#pods.ownerKey(revision);
      if (owner) this.#queue.add(owner);
    });
  }

  run(signal: AbortSignal): Promise<void> {
    const { workers } = this.#context.config;
    return this.#queue.run(signal, workers.statefulSets, (key, inner) => this.#reconcile(key, inner));
  }

  #claimDeleted(claim: PersistentVolumeClaim): void {
    for (const set of this.#sets.listNamespace(namespaceOf(claim))) {
      if (isClaimOf(set, nameOf(claim))) this.#queue.add(keyOf(set));
    }
  }

  /** The key of the set that has a place with the pod's name. */
  #keyByName(pod: Pod): ObjectKey | undefined {
    const setName = setNameOf(nameOf(pod));
    const key = setName === undefined ? undefined : objectKey(namespaceOf(pod), setName);
    return key && this.#sets.get(key) ? key : undefined;
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const set = this.#sets.get(key);
    if (!set) {
      this.#expectations.forget(key);
      this.#metrics.forget(key);
      return;
    }
    // What is still to be seen of the last round brings the key back.
    if (!this.#expectations.satisfied(key)) {
      this.#queue.addAfter(key, expectationMs);
      return;
    }
    const revisions = await this.#revisions(set, signal);
    if (!revisions) return;
    const view = await this.#view(set, revisions, signal);
    const plan = planSet(view);
    let done: readonly PodAction[] = [];
    try {
      for (const phase of plan.phases) await this.#execute(key, set, phase, plan.ordered, signal);
      done = plan.phases.flat();
    } finally {
      await this.#writeStatus(view, done, revisions, signal);
    }
    this.#observe(key, view);
    await this.#truncate(view, revisions, signal);
    const nextMs = nextAvailabilityMs(view);
    if (nextMs !== undefined) this.#queue.addAfter(key, nextMs);
  }

  async #revisions(set: StatefulSet, signal: AbortSignal): Promise<Revisions | undefined> {
    const owner: RevisionOwner = {
      object: set,
      reference: controllerReference(set, statefulSets),
      selector: selectorOf(set.spec.selector),
    };
    const all = await this.#history.claim(owner, this.#existence(set, signal), signal);
    // The history of a set that goes is left to the garbage collector.
    const { currentRevision, updateRevision, collisionCount = 0 } = set.status ?? {};
    const latest = set.metadata.deletionTimestamp
      ? { revision: all.find((revision) => nameOf(revision) === updateRevision), collisionCount }
      : await this.#history.advance(owner, all, revisionContent(set), collisionCount, signal);
    if (!latest.revision) return undefined;
    const current = all.find((revision) => nameOf(revision) === currentRevision) ?? latest.revision;
    return { all, current, update: latest.revision, collisionCount: latest.collisionCount };
  }

  async #view(set: StatefulSet, revisions: Revisions, signal: AbortSignal): Promise<SetView> {
    const own = await this.#claimPods(set, signal);
    return {
      set,
      current: templateRevision(revisions.current),
      update: templateRevision(revisions.update),
      pods: own,
      claims: this.#claimsOf(set, own),
      honoursMaxUnavailable: this.#context.config.maxUnavailableStatefulSet,
      nowMs: this.#context.clock.now(),
    };
  }

  /** The set's pods. One with a name that the set gives to none of its pods is let go, whatever its labels. */
  async #claimPods(set: StatefulSet, signal: AbortSignal): Promise<Pod[]> {
    const { client } = this.#context;
    const candidates = this.#pods.candidates(set);
    const isMember = (pod: Pod) => ordinalOf(nameOf(set), nameOf(pod)) !== undefined;
    const members = candidates.filter(isMember);
    const strangers = candidates.filter((pod) => !isMember(pod));
    const reference = controllerReference(set, statefulSets);
    const stillExists = this.#existence(set, signal);
    await claimChildren(client, pods, strangers, set, reference, nothing, stillExists, signal);
    const selector = selectorOf(set.spec.selector);
    return claimChildren(client, pods, members, set, reference, selector, stillExists, signal);
  }

  /** Asks the server, once, whether the set is still there and not on its way out. */
  #existence(set: StatefulSet, signal: AbortSignal): () => Promise<boolean> {
    return async () => {
      const key = { namespace: namespaceOf(set), name: nameOf(set) };
      const latest = await this.#context.client
        .resource(statefulSets)
        .get(key, { signal })
        .catch((error: unknown) => {
          if (isNotFound(error)) return undefined;
          throw error;
        });
      return latest !== undefined && uidOf(latest) === uidOf(set) && !latest.metadata.deletionTimestamp;
    };
  }

  /** The claims of all places of the set and of the pods that it has beyond them. */
  #claimsOf(set: StatefulSet, own: readonly Pod[]): Map<string, PersistentVolumeClaim> {
    const templates = set.spec.volumeClaimTemplates ?? [];
    const found = new Map<string, PersistentVolumeClaim>();
    if (templates.length === 0) return found;
    const first = firstOrdinal(set);
    const wanted = Array.from({ length: set.spec.replicas ?? 1 }, (_none, index) => podNameOf(set, first + index));
    for (const podName of new Set([...wanted, ...own.map(nameOf)])) {
      for (const template of templates) {
        const claim = this.#claims.get(objectKey(namespaceOf(set), claimNameOf(template, podName)));
        if (claim) found.set(nameOf(claim), claim);
      }
    }
    return found;
  }

  async #execute(
    key: ObjectKey,
    set: StatefulSet,
    actions: readonly PodAction[],
    ordered: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    if (ordered) {
      for (const action of actions) await this.#act(key, set, action, signal);
      return;
    }
    for (let done = 0; done < actions.length; done += maxBatchSize) {
      const batch = actions.slice(done, done + maxBatchSize).values();
      const act = async () => {
        const { value: action } = batch.next();
        if (action) await this.#act(key, set, action, signal);
      };
      const { error } = await slowStart(Math.min(maxBatchSize, actions.length - done), act);
      if (error !== undefined) throw error;
    }
  }

  async #act(key: ObjectKey, set: StatefulSet, action: PodAction, signal: AbortSignal): Promise<void> {
    if (action.kind === "create") this.#expectations.expectCreations(key, 1);
    if (action.kind === "delete") this.#expectations.expectDeletions(key, [uidOf(action.pod)]);
    const isDone = await this.#writer.execute(set, action, signal).catch((error: unknown) => {
      this.#giveUp(key, action);
      throw error;
    });
    if (!isDone) this.#giveUp(key, action);
  }

  /** Nothing came of the action, so that there is nothing to be seen. */
  #giveUp(key: ObjectKey, action: PodAction): void {
    if (action.kind === "create") this.#expectations.creationObserved(key);
    if (action.kind === "delete") this.#expectations.deletionObserved(key, uidOf(action.pod));
  }

  async #writeStatus(
    view: SetView,
    done: readonly PodAction[],
    { collisionCount }: Revisions,
    signal: AbortSignal,
  ): Promise<void> {
    const status = planStatus(view, done, collisionCount);
    if (semanticEqual(status, view.set.status ?? {})) return;
    try {
      await this.#context.client.resource(statefulSets).updateStatus({ ...view.set, status }, { signal });
    } catch (error) {
      // A conflict means that there is a newer version, whose event brings the key back.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  /** Sets whose updates go one at a time have no metrics. */
  #observe(key: ObjectKey, view: SetView): void {
    if (!view.honoursMaxUnavailable || !view.set.spec.updateStrategy?.rollingUpdate) return;
    const unavailable = placesOf(view).wanted.filter(({ pod }) => !isServing(view, pod)).length;
    this.#metrics.observed(key, view.set, maxUnavailable(view.set), unavailable);
  }

  #truncate({ set, pods: own }: SetView, { all, current, update }: Revisions, signal: AbortSignal): Promise<void> {
    const live = new Set([nameOf(current), nameOf(update), ...own.map(revisionOf)]);
    return this.#history.truncate(all, live, set.spec.revisionHistoryLimit ?? 10, signal);
  }
}

export const statefulSetController: ControllerDefinition = {
  name: "statefulset-controller",
  serviceAccount: "statefulset-controller",
  create: (context) => new StatefulSetController(context),
};
