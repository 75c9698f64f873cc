import type { Pod, Service } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, namespaceOf } from "@kube-ts/api/object";
import { pods, services } from "@kube-ts/api/resource-types";
import { selectorFromSet } from "@kube-ts/api/selectors";
import type { Informer } from "@kube-ts/client/informer";
import type { ControllerContext } from "./controller.ts";

/** Tells which services a change of a pod concerns, and which pods a service selects. */
export class ServicePods {
  readonly #services: Informer<Service>;
  readonly #pods: Informer<Pod>;

  /** `enqueue` is told the key of each service whose endpoints may have changed. */
  constructor(context: ControllerContext, enqueue: (service: ObjectKey) => void) {
    this.#services = context.informers.informer(services);
    this.#pods = context.informers.informer(pods);
    this.#services.subscribe({
      added: (service) => enqueue(keyOf(service)),
      updated: (_old, service) => enqueue(keyOf(service)),
      deleted: (service) => enqueue(keyOf(service)),
    });
    const enqueueAll = (pod: Pod) => {
      for (const key of this.servicesOf(pod)) enqueue(key);
    };
    this.#pods.subscribe({
      added: enqueueAll,
      deleted: enqueueAll,
      updated: (old, pod) => {
        const labelsChanged = !semanticEqual(old.metadata.labels ?? {}, pod.metadata.labels ?? {});
        if (labelsChanged) enqueueAll(old);
        if (labelsChanged || endpointChanged(old, pod)) enqueueAll(pod);
      },
    });
  }

  service(key: ObjectKey): Service | undefined {
    return this.#services.get(key);
  }

  /** The keys of the services whose selector matches the pod. */
  servicesOf(pod: Pod): ObjectKey[] {
    const labels = pod.metadata.labels ?? {};
    return this.#services
      .listNamespace(namespaceOf(pod))
      .filter(({ spec }) => hasSelector(spec.selector) && selectorFromSet(spec.selector).matches(labels))
      .map(keyOf);
  }

  /** The pods that the service selects, ordered by name. */
  podsOf(service: Service): Pod[] {
    const selector = selectorFromSet(service.spec.selector);
    return this.#pods
      .listNamespace(namespaceOf(service))
      .filter((pod) => selector.matches(pod.metadata.labels ?? {}))
      .toSorted((a, b) => ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1));
  }
}

/** Whether a service chooses its pods itself; without a selector its endpoints are somebody else's. */
export function hasSelector(selector: Readonly<Record<string, string>> | undefined): boolean {
  return selector !== undefined && Object.keys(selector).length > 0;
}

function endpointChanged(old: Pod, pod: Pod): boolean {
  const shown = ({ status, spec, metadata }: Pod) => ({
    phase: status?.phase,
    addresses: status?.podIPs,
    ready: status?.conditions?.find(({ type }) => type === "Ready")?.status,
    terminating: metadata.deletionTimestamp !== undefined,
    node: spec.nodeName,
    hostname: spec.hostname,
    subdomain: spec.subdomain,
  });
  return !semanticEqual(shown(old), shown(pod));
}
