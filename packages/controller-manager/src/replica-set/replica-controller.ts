import type { Pod, PodTemplateSpec } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { KubeObject, ObjectKey } from "@kube-ts/api/object";
import { nameOf, namespaceOf, uidOf } from "@kube-ts/api/object";
import { controllerOf, controllerReference } from "@kube-ts/api/owner-references";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { pods } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import type { Selector } from "@kube-ts/api/selectors";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import { Expectations } from "@kube-ts/client/expectations";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import { claimChildren } from "../framework/adoption.ts";
import type { Controller, ControllerContext } from "../framework/controller.ts";
import { expectationMs, OwnedPods } from "../framework/owned-pods.ts";
import { PodControl } from "../framework/pod-control.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { slowStart } from "../framework/slow-start.ts";
import { nextAvailabilityMs, planReplicas, planStatus } from "./plan.ts";
import type { Failure, ReplicaAction, ReplicaStatus, ReplicaView } from "./plan.ts";

/** How a resource that keeps a number of identical pods is read and written. */
export interface ReplicaKind<T extends KubeObject> {
  readonly type: ResourceType<T>;
  readonly queueName: string;
  readonly workers: number;
  desired(object: T): number;
  minReadySeconds(object: T): number;
  selector(object: T): Selector;
  template(object: T): PodTemplateSpec;
  status(object: T): ReplicaStatus;
  readonly tellsTerminating: boolean;
  withStatus(object: T, status: ReplicaStatus): T;
}

/** Keeps the wanted number of pods of each replica set, or of each replication controller. */
export class ReplicaController<T extends KubeObject> implements Controller {
  readonly #kind: ReplicaKind<T>;
  readonly #context: ControllerContext;
  readonly #objects: Informer<T>;
  readonly #pods: OwnedPods<T>;
  readonly #queue: WorkQueue<ObjectKey>;
  readonly #expectations: Expectations;
  readonly #podControl: PodControl;

  constructor(kind: ReplicaKind<T>, context: ControllerContext) {
    this.#kind = kind;
    this.#context = context;
    this.#objects = context.informers.informer(kind.type);
    this.#queue = controllerQueue(kind.queueName, context);
    this.#expectations = new Expectations(context.clock);
    this.#podControl = new PodControl(context);
    this.#pods = new OwnedPods({
      kind: kind.type.kind,
      owners: this.#objects,
      pods: context.informers.informer(pods),
      queue: this.#queue,
      expectations: this.#expectations,
      selector: kind.selector,
    });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(signal, this.#kind.workers, (key, inner) => this.#reconcile(key, inner));
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const object = this.#objects.get(key);
    if (!object) {
      this.#expectations.forget(key);
      return;
    }
    const settled = this.#expectations.satisfied(key);
    // What is still to be seen of the last round brings the key back; what never shows must not hold it for ever.
    if (!settled) this.#queue.addAfter(key, expectationMs);
    const claimed = await this.#claim(object, signal);
    const view = this.#view(object, claimed);
    let failure: Failure | undefined;
    let problem: unknown;
    if (settled && !object.metadata.deletionTimestamp) {
      const outcome = await this.#execute(key, object, planReplicas(view), signal);
      failure = outcome.failure;
      problem = outcome.error;
    }
    await this.#writeStatus(object, view, failure, signal);
    const nextMs = nextAvailabilityMs(view, this.#context.clock.now());
    if (nextMs !== undefined) this.#queue.addAfter(key, nextMs);
    if (problem !== undefined) throw problem;
  }

  #claim(object: T, signal: AbortSignal): Promise<Pod[]> {
    const { client } = this.#context;
    const namespace = namespaceOf(object);
    const stillExists = async () => {
      const latest = await client
        .resource(this.#kind.type)
        .get({ namespace, name: nameOf(object) }, { signal })
        .catch((error: unknown) => {
          if (isNotFound(error)) return undefined;
          throw error;
        });
      return latest !== undefined && uidOf(latest) === uidOf(object) && !latest.metadata.deletionTimestamp;
    };
    const reference = controllerReference(object, this.#kind.type);
    const selector = this.#kind.selector(object);
    return claimChildren(client, pods, this.#pods.candidates(object), object, reference, selector, stillExists, signal);
  }

  #view(object: T, claimed: readonly Pod[]): ReplicaView {
    return {
      desired: this.#kind.desired(object),
      minReadySeconds: this.#kind.minReadySeconds(object),
      templateLabels: this.#kind.template(object).metadata?.labels ?? {},
      generation: object.metadata.generation ?? 0,
      pods: claimed,
      relatedPods: this.#relatedPods(object, claimed),
      status: this.#kind.status(object),
      tellsTerminating: this.#kind.tellsTerminating,
    };
  }

  /** The pods of every object of this kind that has the same controller, such as one deployment's replica sets. */
  #relatedPods(object: T, own: readonly Pod[]): readonly Pod[] {
    const controller = controllerOf(object);
    if (!controller) return own;
    return this.#objects
      .listNamespace(namespaceOf(object))
      .filter((sibling) => controllerOf(sibling)?.uid === controller.uid)
      .flatMap((sibling) => this.#pods.of(uidOf(sibling)));
  }

  async #execute(
    key: ObjectKey,
    object: T,
    action: ReplicaAction,
    signal: AbortSignal,
  ): Promise<{ failure: Failure | undefined; error: unknown }> {
    if (action.kind === "none") return { failure: undefined, error: undefined };
    const error =
      action.kind === "create"
        ? await this.#createPods(key, object, action.count, signal)
        : await this.#deletePods(key, object, action.pods, signal);
    if (error === undefined) return { failure: undefined, error };
    const message = error instanceof Error ? error.message : String(error);
    return { failure: { reason: action.kind === "create" ? "FailedCreate" : "FailedDelete", message }, error };
  }

  async #createPods(key: ObjectKey, object: T, count: number, signal: AbortSignal): Promise<unknown> {
    const reference = controllerReference(object, this.#kind.type);
    const template = this.#kind.template(object);
    this.#expectations.expectCreations(key, count);
    const { succeeded, error } = await slowStart(count, () =>
      this.#podControl.create(object, reference, template, signal),
    );
    for (let missing = count - succeeded; missing > 0; missing -= 1) this.#expectations.creationObserved(key);
    return error;
  }

  async #deletePods(key: ObjectKey, object: T, victims: readonly Pod[], signal: AbortSignal): Promise<unknown> {
    this.#expectations.expectDeletions(key, victims.map(uidOf));
    const outcomes = await Promise.allSettled(
      victims.map(async (pod) => {
        try {
          await this.#podControl.delete(object, pod, signal);
        } catch (error) {
          this.#expectations.deletionObserved(key, uidOf(pod));
          throw error;
        }
      }),
    );
    return outcomes.find((outcome) => outcome.status === "rejected")?.reason as unknown;
  }

  async #writeStatus(object: T, view: ReplicaView, failure: Failure | undefined, signal: AbortSignal): Promise<void> {
    const { clock, client } = this.#context;
    const nowMs = clock.now();
    const status = planStatus(view, failure, nowMs, formatTime(nowMs));
    if (semanticEqual(status, view.status)) return;
    try {
      await client.resource(this.#kind.type).updateStatus(this.#kind.withStatus(object, status), { signal });
    } catch (error) {
      // The object has changed or is gone: its next event brings the key back with the new state.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }
}
