import type { Node } from "@kube-ts/api/core/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import type { ObjectKey } from "@kube-ts/api/object";
import { nameOf, namespaceOf, objectKey, uidOf } from "@kube-ts/api/object";
import { endpointSlices, nodes } from "@kube-ts/api/resource-types";
import { isNamespaceTerminating, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import { Expectations } from "@kube-ts/client/expectations";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { hasSelector, ServicePods } from "../framework/service-pods.ts";
import { controllerName, managedByLabel, planSlices, serviceNameLabel } from "./plan.ts";
import type { SlicePlan } from "./plan.ts";

const byService = "service";

/** Keeps the endpoint slices of each service with a selector in line with its pods. */
class EndpointSliceController implements Controller {
  readonly #context: ControllerContext;
  readonly #servicePods: ServicePods;
  readonly #slices: Informer<EndpointSlice>;
  readonly #nodes: Informer<Node>;
  readonly #queue: WorkQueue<ObjectKey>;
  /** Slices have generated names: without it a stale cache would make them twice. */
  readonly #expectations: Expectations;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = controllerQueue("endpoint_slice", context);
    this.#expectations = new Expectations(context.clock);
    this.#servicePods = new ServicePods(context, (key) => this.#queue.add(key));
    this.#slices = context.informers.informer(endpointSlices);
    this.#nodes = context.informers.informer(nodes);
    this.#slices.addIndex(byService, (slice) => {
      const key = serviceKeyOf(slice);
      return key === undefined ? [] : [key];
    });
    this.#slices.subscribe({
      added: (slice) => {
        const key = serviceKeyOf(slice);
        if (key === undefined) return;
        this.#expectations.creationObserved(key);
        this.#queue.add(key);
      },
      updated: (_old, slice) => this.#enqueueServiceOf(slice),
      deleted: (slice) => this.#enqueueServiceOf(slice),
    });
  }

  run(signal: AbortSignal): Promise<void> {
    const { workers } = this.#context.config;
    return this.#queue.run(signal, workers.endpointSlices, (key, inner) => this.#reconcile(key, inner));
  }

  #enqueueServiceOf(slice: EndpointSlice): void {
    const key = serviceKeyOf(slice);
    if (key !== undefined) this.#queue.add(key);
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const service = this.#servicePods.service(key);
    const slices = this.#slices.byIndex(byService, key);
    if (!service || service.spec.type === "ExternalName" || !hasSelector(service.spec.selector)) {
      this.#expectations.forget(key);
      // Slices of a service that lost its selector are left as they are, as upstream leaves them.
      if (!service || service.spec.type === "ExternalName") await this.#remove(slices, signal);
      return;
    }
    if (service.metadata.deletionTimestamp || !this.#expectations.satisfied(key)) return;
    const plan = planSlices({
      service,
      pods: this.#servicePods.podsOf(service),
      nodeOf: (name) => this.#nodes.get(objectKey("", name)),
      slices,
    });
    await this.#execute(key, plan, signal);
  }

  async #execute(key: ObjectKey, plan: SlicePlan, signal: AbortSignal): Promise<void> {
    const resource = this.#context.client.resource(endpointSlices);
    this.#expectations.expectCreations(key, plan.create.length);
    for (const slice of plan.create) {
      try {
        await resource.create(slice, { signal });
      } catch (error) {
        this.#expectations.creationObserved(key);
        if (!isNamespaceTerminating(error)) throw error;
      }
    }
    for (const slice of plan.update) await resource.update(slice, { signal });
    await this.#remove(plan.remove, signal);
  }

  async #remove(slices: readonly EndpointSlice[], signal: AbortSignal): Promise<void> {
    const resource = this.#context.client.resource(endpointSlices);
    for (const slice of slices) {
      const key = { namespace: namespaceOf(slice), name: nameOf(slice) };
      await resource.delete(key, { preconditions: { uid: uidOf(slice) }, signal }).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    }
  }
}

/** The service of a slice that this controller manages. */
function serviceKeyOf({ metadata }: EndpointSlice): ObjectKey | undefined {
  const service = metadata.labels?.[serviceNameLabel];
  if (!service || metadata.labels?.[managedByLabel] !== controllerName) return undefined;
  return objectKey(metadata.namespace, service);
}

export const endpointSliceController: ControllerDefinition = {
  name: "endpointslice-controller",
  serviceAccount: "endpointslice-controller",
  create: (context) => new EndpointSliceController(context),
};
