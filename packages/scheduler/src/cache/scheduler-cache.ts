import type { Node, Pod } from "@kube-ts/api/core/v1";
import { nameOf } from "@kube-ts/api/object";
import type { Clock } from "@kube-ts/std/clock";
import { NodeInfo } from "@kube-ts/api/placement/node-info";
import { type PodInfo, podInfoOf } from "@kube-ts/api/placement/pod-info";
import { interleaveZones, zoneOf } from "./node-order.ts";
import type { Snapshot } from "./snapshot.ts";

interface CachedPod {
  readonly info: PodInfo;
  readonly nodeName: string;
  /** Placed by the scheduler and not yet seen through the informer. */
  assumed: boolean;
  /** When an assumed pod whose binding has ended is given up; undefined for never. */
  expiresAtMs: number | undefined;
}

export interface SchedulerCacheOptions {
  readonly clock: Clock;
  /** How long a bound pod may take to show up; 0 waits for ever, as upstream does. */
  readonly assumedTtlMs?: number;
}

/**
 * Nodes and the pods on them, as the informers tell and as the scheduler has decided since. A pod is known by its uid.
 * What the informers say wins over what was assumed.
 */
export class SchedulerCache {
  readonly #clock: Clock;
  readonly #assumedTtlMs: number;
  readonly #pods = new Map<string, CachedPod>();
  readonly #assumed = new Set<string>();
  readonly #nodes = new Map<string, NodeInfo>();
  readonly #freeSlots: number[] = [];
  #nextSlot = 0;
  #generation = 0;
  #orderChanged = true;
  #affinityChanged = true;
  #imagesChanged = true;

  constructor({ clock, assumedTtlMs = 0 }: SchedulerCacheOptions) {
    this.#clock = clock;
    this.#assumedTtlMs = assumedTtlMs;
  }

  get nodeCount(): number {
    return this.#nodes.size;
  }

  get podCount(): number {
    return this.#pods.size;
  }

  get assumedCount(): number {
    return this.#assumed.size;
  }

  /** Brings the snapshot up to date; costs nothing when nodes and affinities are as they were. */
  updateSnapshot(snapshot: Snapshot): void {
    if (this.#orderChanged) {
      snapshot.nodes = interleaveZones([...this.#nodes.values()].filter((info) => info.node !== undefined));
      snapshot.byName = new Map(snapshot.nodes.map((info) => [info.name, info]));
    }
    if (this.#orderChanged || this.#imagesChanged) {
      snapshot.imageSpread = imageSpread(snapshot.nodes);
      snapshot.epoch += 1;
    }
    if (this.#orderChanged || this.#affinityChanged) {
      snapshot.withAffinity = snapshot.nodes.filter((info) => info.podsWithAffinity.size > 0);
      snapshot.withRequiredAntiAffinity = snapshot.withAffinity.filter(
        (info) => info.podsWithRequiredAntiAffinity.size > 0,
      );
    }
    this.#orderChanged = false;
    this.#affinityChanged = false;
    this.#imagesChanged = false;
  }

  /** Counts a pending pod as being on the node, until it is forgotten or seen. */
  assumePod(info: PodInfo, nodeName: string): void {
    if (this.#pods.has(info.uid)) throw new Error(`pod ${info.key} is in the cache, so it cannot be assumed`);
    this.#place({ info, nodeName, assumed: true, expiresAtMs: undefined });
    this.#assumed.add(info.uid);
  }

  /** The binding has succeeded: from now on the assumption may expire. */
  finishBinding(uid: string): void {
    const pod = this.#pods.get(uid);
    if (!pod?.assumed || this.#assumedTtlMs === 0) return;
    pod.expiresAtMs = this.#clock.monotonicMs() + this.#assumedTtlMs;
  }

  /** Takes back an assumption; a pod that was seen meanwhile stays. */
  forgetPod(uid: string): void {
    if (this.#pods.get(uid)?.assumed) this.removePod(uid);
  }

  isAssumed(uid: string): boolean {
    return this.#assumed.has(uid);
  }

  /** Gives up assumptions that have expired, and returns the pods. */
  expireAssumed(): PodInfo[] {
    const nowMs = this.#clock.monotonicMs();
    const expired: PodInfo[] = [];
    for (const uid of this.#assumed) {
      const pod = this.#pods.get(uid);
      if (pod?.expiresAtMs === undefined || pod.expiresAtMs > nowMs) continue;
      expired.push(pod.info);
      this.removePod(uid);
    }
    return expired;
  }

  /** An assigned pod as the API server has it: new, changed, or the confirmation of an assumption. */
  setPod(pod: Pod): void {
    const info = podInfoOf(pod);
    const nodeName = pod.spec.nodeName ?? "";
    const known = this.#pods.get(info.uid);
    if (known) {
      if (known.nodeName === nodeName && sameFootprint(known.info, info)) {
        this.#confirm(known, info);
        return;
      }
      this.removePod(info.uid);
    }
    this.#place({ info, nodeName, assumed: false, expiresAtMs: undefined });
  }

  /** The pod is gone, or no longer takes room. */
  removePod(uid: string): void {
    const known = this.#pods.get(uid);
    if (!known) return;
    this.#pods.delete(uid);
    this.#assumed.delete(uid);
    const node = this.#nodes.get(known.nodeName);
    if (!node) return;
    node.removePod(uid);
    if (known.info.affinity) this.#affinityChanged = true;
    this.#touch(node);
    this.#dropIfEmpty(node);
  }

  setNode(node: Node): void {
    const info = this.#nodeInfo(nameOf(node));
    const before = { known: info.node !== undefined, zone: zoneOf(info), images: info.node?.status?.images };
    info.setNode(node);
    this.#touch(info);
    if (!before.known || before.zone !== zoneOf(info)) this.#orderChanged = true;
    if (!sameImages(before.images, node.status?.images)) this.#imagesChanged = true;
  }

  removeNode(name: string): void {
    const info = this.#nodes.get(name);
    if (!info) return;
    info.setNode(undefined);
    this.#touch(info);
    this.#orderChanged = true;
    this.#dropIfEmpty(info);
  }

  #place(pod: CachedPod): void {
    this.#pods.set(pod.info.uid, pod);
    const node = this.#nodeInfo(pod.nodeName);
    node.addPod(pod.info);
    if (pod.info.affinity) this.#affinityChanged = true;
    this.#touch(node);
  }

  /** The node's sums do not change, so neither does its generation, and what was remembered of it stays valid. */
  #confirm(known: CachedPod, info: PodInfo): void {
    this.#assumed.delete(info.uid);
    this.#pods.set(info.uid, { info, nodeName: known.nodeName, assumed: false, expiresAtMs: undefined });
    const node = this.#nodes.get(known.nodeName);
    node?.pods.set(info.uid, info);
    if (!info.affinity) return;
    if (node?.podsWithAffinity.has(info.uid)) node.podsWithAffinity.set(info.uid, info);
    if (node?.podsWithRequiredAntiAffinity.has(info.uid)) node.podsWithRequiredAntiAffinity.set(info.uid, info);
  }

  #nodeInfo(name: string): NodeInfo {
    let info = this.#nodes.get(name);
    if (info) return info;
    info = new NodeInfo(name, this.#freeSlots.pop() ?? this.#nextSlot++);
    this.#nodes.set(name, info);
    this.#touch(info);
    return info;
  }

  #dropIfEmpty(info: NodeInfo): void {
    if (info.node !== undefined || info.pods.size > 0) return;
    this.#nodes.delete(info.name);
    this.#freeSlots.push(info.slot);
  }

  #touch(info: NodeInfo): void {
    this.#generation += 1;
    info.generation = this.#generation;
  }
}

/** Whether replacing one by the other leaves every sum and match as it is. */
function sameFootprint(a: PodInfo, b: PodInfo): boolean {
  return (
    JSON.stringify(a.labels) === JSON.stringify(b.labels) &&
    a.pod.metadata.deletionTimestamp === b.pod.metadata.deletionTimestamp &&
    a.requests.milliCpu === b.requests.milliCpu &&
    a.requests.memory === b.requests.memory &&
    a.requests.ephemeralStorage === b.requests.ephemeralStorage &&
    a.scoredCpu === b.scoredCpu &&
    a.scoredMemory === b.scoredMemory &&
    a.requests.scalars === undefined &&
    b.requests.scalars === undefined &&
    a.hostPorts.length === 0 &&
    b.hostPorts.length === 0 &&
    JSON.stringify(a.pod.spec.affinity) === JSON.stringify(b.pod.spec.affinity)
  );
}

function sameImages(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a ?? []) === JSON.stringify(b ?? []);
}

function imageSpread(nodes: readonly NodeInfo[]): ReadonlyMap<string, number> {
  const spread = new Map<string, number>();
  for (const node of nodes) {
    for (const image of node.imageSizes.keys()) spread.set(image, (spread.get(image) ?? 0) + 1);
  }
  return spread;
}
