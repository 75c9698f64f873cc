import type { Endpoints } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf, namespaceOf, splitKey } from "@kube-ts/api/object";
import { endpoints } from "@kube-ts/api/resource-types";
import { isNamespaceTerminating, isNotFound } from "@kube-ts/api/status-error";
import { headlessServiceLabel } from "@kube-ts/api/well-known-labels";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { hasSelector, ServicePods } from "../framework/service-pods.ts";
import { planSubsets } from "./plan.ts";

const capacityAnnotation = "endpoints.kubernetes.io/over-capacity";
const managedByLabel = "endpoints.kubernetes.io/managed-by";
const controllerName = "endpoint-controller";

/** Keeps the Endpoints object of each service with a selector, for clients that do not read endpoint slices. */
class EndpointsController implements Controller {
  readonly #context: ControllerContext;
  readonly #servicePods: ServicePods;
  readonly #endpoints: Informer<Endpoints>;
  readonly #queue: WorkQueue<ObjectKey>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = controllerQueue("endpoint", context);
    this.#servicePods = new ServicePods(context, (key) => this.#queue.add(key));
    this.#endpoints = context.informers.informer(endpoints);
    this.#endpoints.subscribe({ deleted: (object) => this.#queue.add(keyOf(object)) });
  }

  run(signal: AbortSignal): Promise<void> {
    const { workers } = this.#context.config;
    return this.#queue.run(signal, workers.endpoints, (key, inner) => this.#reconcile(key, inner));
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const resource = this.#context.client.resource(endpoints);
    const service = this.#servicePods.service(key);
    if (!service) {
      await resource.delete(splitKey(key), { signal }).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
      return;
    }
    if (!hasSelector(service.spec.selector) || service.metadata.deletionTimestamp) return;
    const { subsets, truncated } = planSubsets(service, this.#servicePods.podsOf(service));
    const current = this.#endpoints.get(key);
    const isHeadless = service.spec.clusterIP === "None";
    const labels: Record<string, string> = {
      ...service.metadata.labels,
      [managedByLabel]: controllerName,
      ...(isHeadless && { [headlessServiceLabel]: "" }),
    };
    const { [capacityAnnotation]: _past, ...kept } = current?.metadata.annotations ?? {};
    const annotations = truncated ? { ...kept, [capacityAnnotation]: "truncated" } : kept;
    if (current && isAsWanted(current, subsets, labels, annotations)) return;
    const wanted: Endpoints = {
      metadata: { ...current?.metadata, name: nameOf(service), namespace: namespaceOf(service), labels, annotations },
      subsets,
    };
    try {
      if (current) await resource.update(wanted, { signal });
      else await resource.create(wanted, { signal });
    } catch (error) {
      if (!isNamespaceTerminating(error)) throw error;
    }
  }
}

function isAsWanted(
  current: Endpoints,
  subsets: Endpoints["subsets"],
  labels: Record<string, string>,
  annotations: Record<string, string>,
): boolean {
  return (
    semanticEqual(current.subsets ?? [], subsets) &&
    semanticEqual(current.metadata.labels ?? {}, labels) &&
    semanticEqual(current.metadata.annotations ?? {}, annotations)
  );
}

export const endpointsController: ControllerDefinition = {
  name: "endpoints-controller",
  serviceAccount: "endpoint-controller",
  create: (context) => new EndpointsController(context),
};
