import type { PersistentVolume, PersistentVolumeClaim } from "@kube-ts/api/core/v1";
import { objectKey, type ObjectKey } from "@kube-ts/api/object";
import { type NodeTerm, nodeTerms, type SelectableNode } from "@kube-ts/api/placement/node-selection";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";

/** Where the volumes of pods can be used. */
export class VolumeNodes {
  readonly #claim: (key: ObjectKey) => PersistentVolumeClaim | undefined;
  readonly #volume: (key: ObjectKey) => PersistentVolume | undefined;
  readonly #terms = new Map<string, readonly NodeTerm[] | undefined>();

  constructor(
    claim: (key: ObjectKey) => PersistentVolumeClaim | undefined,
    volume: (key: ObjectKey) => PersistentVolume | undefined,
  ) {
    this.#claim = claim;
    this.#volume = volume;
  }

  /** Why the pod's volumes keep it from the node; undefined when they do not. Claims that are not bound do not count. */
  obstacle({ pod, namespace, name }: PodInfo, node: SelectableNode): string | undefined {
    for (const volume of pod.spec.volumes ?? []) {
      const claimName = volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral && `${name}-${volume.name}`);
      if (claimName === undefined) continue;
      const bound = this.#claim(objectKey(namespace, claimName))?.spec.volumeName;
      if (!bound) continue;
      const terms = this.#termsOf(bound);
      if (terms && !terms.some((term) => term.matches(node))) return "node(s) had volume node affinity conflict";
    }
    return undefined;
  }

  #termsOf(volumeName: string): readonly NodeTerm[] | undefined {
    if (!this.#terms.has(volumeName)) {
      const required = this.#volume(objectKey("", volumeName))?.spec.nodeAffinity?.required;
      this.#terms.set(volumeName, nodeTerms(required));
    }
    return this.#terms.get(volumeName);
  }
}
