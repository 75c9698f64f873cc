import type { PersistentVolume, PersistentVolumeClaim } from "@kube-ts/api/core/v1";
import { objectKey } from "@kube-ts/api/object";
import type { NodeInfo } from "@kube-ts/api/placement/node-info";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { persistentVolumeClaims, persistentVolumes } from "@kube-ts/api/resource-types";
import { regionLabel, zoneLabel } from "@kube-ts/api/well-known-labels";
import type { InformerSource, Lister } from "@kube-ts/client/informer";
import { interest } from "../framework/cluster-event.ts";
import { type CycleState, stateKey } from "../framework/cycle-state.ts";
import type { EnqueueExtensions, FilterPlugin, PreFilterPlugin } from "../framework/plugin.ts";
import { type Outcome, Status, unresolvable } from "../framework/status.ts";
import { claimNames } from "./pod-claims.ts";

/** The labels of zones and regions by those that they had before. */
const newerNames: Readonly<Record<string, string>> = {
  "failure-domain.beta.kubernetes.io/zone": zoneLabel,
  "failure-domain.beta.kubernetes.io/region": regionLabel,
};
const topologyLabels = [...Object.keys(newerNames), ...Object.values(newerNames)];

interface Place {
  readonly label: string;
  readonly values: ReadonlySet<string>;
}

const placesKey = stateKey<readonly Place[]>("VolumeZone/places");

/**
 * Sends a pod where the labels of its bound volumes say that they are. What is to become of claims that are not bound is
 * VolumeBinding's business.
 */
export class VolumeZone implements PreFilterPlugin, FilterPlugin, EnqueueExtensions {
  readonly name = "VolumeZone";
  readonly #claims: Lister<PersistentVolumeClaim>;
  readonly #volumes: Lister<PersistentVolume>;
  readonly #skip = new Status("Skip", this.name, []);
  readonly #elsewhere = unresolvable(this.name, "node(s) had no available volume zone");

  constructor(informers: InformerSource) {
    this.#claims = informers.informer(persistentVolumeClaims);
    this.#volumes = informers.informer(persistentVolumes);
  }

  preFilter(state: CycleState, { pod, namespace }: PodInfo): Outcome {
    const places = claimNames(pod).flatMap((name) => {
      const volumeName = this.#claims.get(objectKey(namespace, name))?.spec?.volumeName;
      return volumeName ? placesOf(this.#volumes.get(objectKey("", volumeName))) : [];
    });
    if (places.length === 0) return this.#skip;
    state.write(placesKey, places);
    return undefined;
  }

  filter(state: CycleState, _pod: PodInfo, { labels }: NodeInfo): Outcome {
    // A cluster whose nodes have no such labels is in one zone.
    if (!topologyLabels.some((label) => labels[label] !== undefined)) return undefined;
    const isThere = ({ label, values }: Place) => {
      const value = labels[label] ?? labels[newerNames[label] ?? label];
      return value !== undefined && values.has(value);
    };
    return state.read(placesKey)?.every(isThere) === false ? this.#elsewhere : undefined;
  }

  eventsToRegister() {
    return [
      interest("Node", ["Add", "UpdateNodeLabel"]),
      interest("PersistentVolumeClaim", ["Add", "Update"], ({ pod, namespace }, { current }) =>
        current?.metadata.namespace === namespace && claimNames(pod).includes(current.metadata.name ?? "")
          ? "Queue"
          : "Skip",
      ),
      interest("PersistentVolume", ["Add", "Update"]),
    ];
  }
}

/** Several zones of one volume are apart by two underscores. */
function placesOf(volume: PersistentVolume | undefined): Place[] {
  const labels = volume?.metadata.labels ?? {};
  return topologyLabels.flatMap((label) => {
    const value = labels[label];
    return value === undefined ? [] : [{ label, values: new Set(value.split("__").map((zone) => zone.trim())) }];
  });
}
