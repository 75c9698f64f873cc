import type { DaemonSet } from "@kube-ts/api/apps/v1";
import type { Namespace, Node, PersistentVolume, PersistentVolumeClaim, Pod } from "@kube-ts/api/core/v1";
import { objectKey } from "@kube-ts/api/object";
import type { PodDisruptionBudget } from "@kube-ts/api/policy/v1";
import {
  daemonSets,
  namespaces,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  podDisruptionBudgets,
  pods,
} from "@kube-ts/api/resource-types";
import type { Informer, InformerSource } from "@kube-ts/client/informer";
import type { Surroundings } from "./model/simulated-cluster.ts";
import { VolumeNodes } from "./model/volume-nodes.ts";

/** Ended pods take no room. */
const podsInPlay = { fieldSelector: "status.phase!=Succeeded,status.phase!=Failed" };
const byNode = "node-name";

/** What the autoscaler reads of the cluster. */
export class ClusterCache {
  readonly #nodes: Informer<Node>;
  readonly #pods: Informer<Pod>;
  readonly #budgets: Informer<PodDisruptionBudget>;
  readonly #daemonSets: Informer<DaemonSet>;
  readonly #namespaces: Informer<Namespace>;
  readonly #claims: Informer<PersistentVolumeClaim>;
  readonly #volumes: Informer<PersistentVolume>;

  constructor(informers: InformerSource) {
    this.#nodes = informers.informer(nodes);
    this.#pods = informers.informer<Pod>(pods, { selection: podsInPlay });
    this.#pods.addIndex(byNode, ({ spec }) => (spec.nodeName ? [spec.nodeName] : []));
    this.#budgets = informers.informer(podDisruptionBudgets);
    this.#daemonSets = informers.informer(daemonSets);
    this.#namespaces = informers.informer(namespaces);
    this.#claims = informers.informer(persistentVolumeClaims);
    this.#volumes = informers.informer(persistentVolumes);
  }

  nodes(): readonly Node[] {
    return this.#nodes.list();
  }

  pods(): readonly Pod[] {
    return this.#pods.list();
  }

  readonly podsOn = (nodeName: string): readonly Pod[] => this.#pods.byIndex(byNode, nodeName);

  readonly budgets = (): readonly PodDisruptionBudget[] => this.#budgets.list();

  daemonSets(): readonly DaemonSet[] {
    return this.#daemonSets.list();
  }

  surroundings(): Surroundings {
    return {
      labelsOfNamespace: (name) => this.#namespaces.get(objectKey("", name))?.metadata.labels,
      volumes: new VolumeNodes(
        (key) => this.#claims.get(key),
        (key) => this.#volumes.get(key),
      ),
    };
  }
}
