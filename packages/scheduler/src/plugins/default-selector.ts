import type { Pod, ReplicationController, Service } from "@kube-ts/api/core/v1";
import type { ReplicaSet, StatefulSet } from "@kube-ts/api/apps/v1";
import { namespaceOf, objectKey } from "@kube-ts/api/object";
import { replicaSets, replicationControllers, services, statefulSets } from "@kube-ts/api/resource-types";
import { everything, type Selector, selectorFromSet, selectorOf } from "@kube-ts/api/selectors";
import type { InformerSource, Lister } from "@kube-ts/client/informer";

/** Finds the pods that belong together with a pod: those of its services and of its controller. */
export class DefaultSelectors {
  readonly #services: Lister<Service>;
  readonly #controllers: Lister<ReplicationController>;
  readonly #replicaSets: Lister<ReplicaSet>;
  readonly #statefulSets: Lister<StatefulSet>;

  constructor(informers: InformerSource) {
    this.#services = informers.informer(services);
    this.#controllers = informers.informer(replicationControllers);
    this.#replicaSets = informers.informer(replicaSets);
    this.#statefulSets = informers.informer(statefulSets);
  }

  /** All conditions that services and controller put on the pod, taken together; undefined when there are none. */
  of(pod: Pod): Selector | undefined {
    const labels = pod.metadata.labels;
    if (!labels) return undefined;
    const set: Record<string, string> = {};
    for (const { spec } of this.#services.listNamespace(namespaceOf(pod))) {
      const selector = spec?.selector;
      if (!selector || Object.keys(selector).length === 0) continue;
      if (selectorFromSet(selector).matches(labels)) Object.assign(set, selector);
    }
    const owner = this.#ownerSelector(pod, set);
    const selector = selectorFromSet(set).with(...owner.requirements);
    return selector.isEverything ? undefined : selector;
  }

  /** A replication controller's labels go into the set; the others have selectors of their own. */
  #ownerSelector(pod: Pod, set: Record<string, string>): Selector {
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
    if (!owner) return everything;
    const key = objectKey(namespaceOf(pod), owner.name);
    switch (`${owner.apiVersion} ${owner.kind}`) {
      case "v1 ReplicationController":
        Object.assign(set, this.#controllers.get(key)?.spec?.selector);
        return everything;
      case "apps/v1 ReplicaSet":
        return orEverything(this.#replicaSets.get(key)?.spec?.selector);
      case "apps/v1 StatefulSet":
        return orEverything(this.#statefulSets.get(key)?.spec?.selector);
      default:
        return everything;
    }
  }
}

function orEverything(selector: Parameters<typeof selectorOf>[0]): Selector {
  return selector === undefined ? everything : selectorOf(selector);
}
