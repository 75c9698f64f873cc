import type { PersistentVolume, PersistentVolumeClaim } from "@kube-ts/api/core/v1";
import { objectKey } from "@kube-ts/api/object";
import { persistentVolumeClaims, persistentVolumes } from "@kube-ts/api/resource-types";
import { goQuote } from "@kube-ts/api/go-quote";
import type { InformerSource, Lister } from "@kube-ts/client/informer";
import { interest } from "../framework/cluster-event.ts";
import { type CycleState, stateKey } from "../framework/cycle-state.ts";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import type { EnqueueExtensions, FilterPlugin, PreFilterPlugin } from "../framework/plugin.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { type Outcome, Status, unresolvable } from "../framework/status.ts";
import { nodeTerms, type NodeTerm } from "@kube-ts/api/placement/node-selection";
import { claimNames } from "./pod-claims.ts";

/** For each volume that is bound to certain nodes: which. */
const placesKey = stateKey<readonly (readonly NodeTerm[])[]>("VolumeBinding/places");

/**
 * Lets a pod wait until its claims are bound, and sends it where its volumes can be reached. It binds no claims itself:
 * one that is to be bound once it has a consumer keeps its pod waiting.
 */
export class VolumeBinding implements PreFilterPlugin, FilterPlugin, EnqueueExtensions {
  readonly name = "VolumeBinding";
  readonly #claims: Lister<PersistentVolumeClaim>;
  readonly #volumes: Lister<PersistentVolume>;
  readonly #unreachable = unresolvable(this.name, "node(s) didn't match PersistentVolume's node affinity");
  readonly #skip = new Status("Skip", this.name, []);

  constructor(informers: InformerSource) {
    this.#claims = informers.informer(persistentVolumeClaims);
    this.#volumes = informers.informer(persistentVolumes);
  }

  preFilter(state: CycleState, { pod, namespace }: PodInfo): Outcome {
    if ((pod.spec.resourceClaims?.length ?? 0) > 0) {
      return unresolvable(this.name, "dynamic resource allocation is not available in this scheduler");
    }
    const names = claimNames(pod);
    if (names.length === 0) return this.#skip;
    const places: (readonly NodeTerm[])[] = [];
    for (const name of names) {
      const claim = this.#claims.get(objectKey(namespace, name));
      if (!claim) return unresolvable(this.name, `persistentvolumeclaim ${goQuote(name)} not found`);
      if (claim.metadata.deletionTimestamp !== undefined) {
        return unresolvable(this.name, `persistentvolumeclaim ${goQuote(name)} is being deleted`);
      }
      if (!claim.spec?.volumeName || claim.status?.phase === "Lost") {
        return unresolvable(this.name, "pod has unbound immediate PersistentVolumeClaims");
      }
      const volume = this.#volumes.get(objectKey("", claim.spec.volumeName));
      if (!volume)
        return unresolvable(this.name, "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
      const terms = nodeTerms(volume.spec?.nodeAffinity?.required);
      if (terms) places.push(terms);
    }
    if (places.length === 0) return this.#skip;
    state.write(placesKey, places);
    return undefined;
  }

  filter(state: CycleState, _pod: PodInfo, node: NodeInfo): Outcome {
    const reachable = state.read(placesKey)?.every((terms) => terms.some((term) => term.matches(node))) ?? true;
    return reachable ? undefined : this.#unreachable;
  }

  eventsToRegister() {
    return [
      interest("PersistentVolumeClaim", ["Add", "Update"], (pod, { current }) =>
        current?.metadata.namespace === pod.namespace && claimNames(pod.pod).includes(current.metadata.name ?? "")
          ? "Queue"
          : "Skip",
      ),
      interest("PersistentVolume", ["Add", "Update"]),
      interest("Node", ["Add", "UpdateNodeLabel"]),
    ];
  }
}
