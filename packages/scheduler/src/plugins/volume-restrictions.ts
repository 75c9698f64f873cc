import type { PersistentVolumeClaim } from "@kube-ts/api/core/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import { objectKey } from "@kube-ts/api/object";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { persistentVolumeClaims } from "@kube-ts/api/resource-types";
import type { InformerSource, Lister } from "@kube-ts/client/informer";
import { interest } from "../framework/cluster-event.ts";
import { type CycleState, stateKey } from "../framework/cycle-state.ts";
import type { EnqueueExtensions, FilterPlugin, PreFilterExtensions, PreFilterPlugin } from "../framework/plugin.ts";
import { type Outcome, Status, unresolvable, unschedulable } from "../framework/status.ts";
import { isExclusiveKind, wantSameDisk } from "./disk-conflicts.ts";
import { claimNames } from "./pod-claims.ts";

/** The claims of a pod that nobody else may use at the same time, and how often others do. */
class ExclusiveClaims {
  readonly #namespace: string;
  readonly #names: ReadonlySet<string>;
  users: number;

  constructor(namespace: string, names: ReadonlySet<string>, users = 0) {
    this.#namespace = namespace;
    this.#names = names;
    this.users = users;
  }

  get isEmpty(): boolean {
    return this.#names.size === 0;
  }

  usedBy({ namespace, pod }: PodInfo): number {
    if (namespace !== this.#namespace) return 0;
    return directClaims(pod).filter((name) => this.#names.has(name)).length;
  }

  clone(): ExclusiveClaims {
    return new ExclusiveClaims(this.#namespace, this.#names, this.users);
  }
}

const exclusiveKey = stateKey<ExclusiveClaims>("VolumeRestrictions/exclusive");

/** Keeps pods apart that cannot have the same volume: of `ReadWriteOncePod` claims, and disks that a node has once. */
export class VolumeRestrictions implements PreFilterPlugin, PreFilterExtensions, FilterPlugin, EnqueueExtensions {
  readonly name = "VolumeRestrictions";
  readonly #claims: Lister<PersistentVolumeClaim>;
  readonly #skip = new Status("Skip", this.name, []);
  readonly #diskTaken = unschedulable(this.name, "node(s) had no available disk");
  readonly #claimTaken = unschedulable(
    this.name,
    "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode",
  );

  constructor(informers: InformerSource) {
    this.#claims = informers.informer(persistentVolumeClaims);
  }

  preFilter(state: CycleState, { pod, namespace }: PodInfo, nodes: readonly NodeInfo[]): Outcome {
    const exclusive = new Set<string>();
    for (const name of directClaims(pod)) {
      const claim = this.#claims.get(objectKey(namespace, name));
      if (!claim) return unresolvable(this.name, `persistentvolumeclaim ${goQuote(name)} not found`);
      if (claim.spec?.accessModes?.includes("ReadWriteOncePod")) exclusive.add(name);
    }
    const claims = new ExclusiveClaims(namespace, exclusive);
    if (claims.isEmpty && !pod.spec.volumes?.some(isExclusiveKind)) return this.#skip;
    if (!claims.isEmpty) {
      for (const node of nodes) for (const other of node.pods.values()) claims.users += claims.usedBy(other);
    }
    state.write(exclusiveKey, claims);
    return undefined;
  }

  addPod(state: CycleState, _pod: PodInfo, added: PodInfo): void {
    const claims = state.read(exclusiveKey);
    if (claims) claims.users += claims.usedBy(added);
  }

  removePod(state: CycleState, _pod: PodInfo, removed: PodInfo): void {
    const claims = state.read(exclusiveKey);
    if (claims) claims.users -= claims.usedBy(removed);
  }

  filter(state: CycleState, { pod }: PodInfo, node: NodeInfo): Outcome {
    if (pod.spec.volumes?.some(isExclusiveKind)) {
      for (const other of node.pods.values()) if (wantSameDisk(pod, other.pod)) return this.#diskTaken;
    }
    return (state.read(exclusiveKey)?.users ?? 0) > 0 ? this.#claimTaken : undefined;
  }

  eventsToRegister() {
    return [
      interest("AssignedPod", ["Delete"], ({ pod, namespace }, { old }) => {
        if (!old || wantSameDisk(pod, old)) return "Queue";
        const freed = old.metadata.namespace === namespace ? directClaims(old) : [];
        return directClaims(pod).some((name) => freed.includes(name)) ? "Queue" : "Skip";
      }),
      interest("Node", ["Add"]),
      interest("PersistentVolumeClaim", ["Add", "Update"], ({ pod, namespace }, { current }) =>
        current?.metadata.namespace === namespace && claimNames(pod).includes(current.metadata.name ?? "")
          ? "Queue"
          : "Skip",
      ),
    ];
  }
}

/** The claims that a pod names itself: those of its ephemeral volumes are its own. */
function directClaims({ spec }: PodInfo["pod"]): string[] {
  return (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}
