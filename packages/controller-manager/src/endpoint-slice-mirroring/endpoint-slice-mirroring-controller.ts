import type { Endpoints, Service } from "@kube-ts/api/core/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf, namespaceOf, objectKey, uidOf } from "@kube-ts/api/object";
import { endpointSlices, endpoints, services } from "@kube-ts/api/resource-types";
import { isNamespaceTerminating, isNotFound } from "@kube-ts/api/status-error";
import { Expectations } from "@kube-ts/client/expectations";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import { managedByLabel, serviceNameLabel } from "../endpoint-slice/plan.ts";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { type MirrorPlan, mirrorName, planMirror } from "./plan.ts";

const byService = "mirrored-service";

/** Shows the Endpoints that somebody writes for a service without a selector in endpoint slices, which proxies read. */
class EndpointSliceMirroringController implements Controller {
  readonly #context: ControllerContext;
  readonly #services: Informer<Service>;
  readonly #endpoints: Informer<Endpoints>;
  readonly #slices: Informer<EndpointSlice>;
  readonly #queue: WorkQueue<ObjectKey>;
  /** Slices have generated names: without it a stale cache would make them twice. */
  readonly #expectations: Expectations;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = controllerQueue("endpoint_slice_mirroring", context);
    this.#expectations = new Expectations(context.clock);
    this.#services = context.informers.informer(services);
    this.#endpoints = context.informers.informer(endpoints);
    this.#slices = context.informers.informer(endpointSlices);
    this.#slices.addIndex(byService, (slice) => {
      const key = serviceKeyOf(slice);
      return key === undefined ? [] : [key];
    });
    const enqueue = (object: Service | Endpoints) => this.#queue.add(keyOf(object));
    const enqueueServiceOf = (slice: EndpointSlice) => {
      const key = serviceKeyOf(slice);
      if (key !== undefined) this.#queue.add(key);
    };
    this.#services.subscribe({ added: enqueue, updated: (_old, service) => enqueue(service), deleted: enqueue });
    this.#endpoints.subscribe({ added: enqueue, updated: (_old, object) => enqueue(object), deleted: enqueue });
    this.#slices.subscribe({
      added: (slice) => {
        const key = serviceKeyOf(slice);
        if (key !== undefined) this.#expectations.creationObserved(key);
        enqueueServiceOf(slice);
      },
      updated: (_old, slice) => enqueueServiceOf(slice),
      deleted: enqueueServiceOf,
    });
  }

  run(signal: AbortSignal): Promise<void> {
    const { workers } = this.#context.config;
    return this.#queue.run(signal, workers.mirroredServices, (key, inner) => this.#reconcile(key, inner));
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const object = this.#endpoints.get(key);
    const service = this.#services.get(key);
    if (!object || !service) this.#expectations.forget(key);
    else if (object.metadata.deletionTimestamp || !this.#expectations.satisfied(key)) return;
    const { mirroringMaxEndpointsPerSubset: maxEndpointsPerSubset } = this.#context.config;
    const slices = this.#slices.byIndex(byService, key);
    const plan = planMirror({ service, endpoints: object, slices, maxEndpointsPerSubset });
    if (object && plan.dropped > 0) {
      const message = `A max of ${maxEndpointsPerSubset} addresses can be mirrored to EndpointSlices per Endpoints subset. ${plan.dropped} addresses were skipped`;
      this.#context.events.event(object, "Warning", "TooManyAddressesToMirror", message);
    }
    await this.#execute(key, plan, signal);
  }

  async #execute(key: ObjectKey, { create, update, remove }: MirrorPlan, signal: AbortSignal): Promise<void> {
    const resource = this.#context.client.resource(endpointSlices);
    this.#expectations.expectCreations(key, create.length);
    for (const slice of create) {
      try {
        await resource.create(slice, { signal });
      } catch (error) {
        this.#expectations.creationObserved(key);
        if (!isNamespaceTerminating(error)) throw error;
      }
    }
    for (const slice of update) await resource.update(slice, { signal });
    for (const slice of remove) {
      const name = { namespace: namespaceOf(slice), name: nameOf(slice) };
      await resource.delete(name, { preconditions: { uid: uidOf(slice) }, signal }).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    }
  }
}

/** The service of a slice that this controller manages. */
function serviceKeyOf({ metadata }: EndpointSlice): ObjectKey | undefined {
  const service = metadata.labels?.[serviceNameLabel];
  if (!service || metadata.labels?.[managedByLabel] !== mirrorName) return undefined;
  return objectKey(metadata.namespace, service);
}

export const endpointSliceMirroringController: ControllerDefinition = {
  name: "endpointslice-mirroring-controller",
  serviceAccount: "endpointslicemirroring-controller",
  create: (context) => new EndpointSliceMirroringController(context),
};
