import type { Node, Taint } from "../core/v1.ts";
import { nameOf } from "../object.ts";
import { parseResources } from "../resource-amounts.ts";
import { HostPortUse } from "./host-ports.ts";
import { type Labels, ownLabels } from "./labels.ts";
import type { PodInfo } from "./pod-info.ts";
import { accumulate, copyResources, noResources, type Resources, resourcesOf } from "./resources.ts";

const noTaints: readonly Taint[] = [];

/** A node as the scheduler sees it: the object, and the sum of what is placed on it. */
export class NodeInfo {
  readonly name: string;
  /** A small number of its own among the nodes that exist now; reused after the node is gone. */
  readonly slot: number;
  /** Changes with every change of this node; never repeats in a process. */
  generation = 0;
  /** Pods by uid, those included that are assumed to be here. */
  readonly pods: Map<string, PodInfo>;
  readonly podsWithAffinity: Map<string, PodInfo>;
  readonly podsWithRequiredAntiAffinity: Map<string, PodInfo>;
  readonly ports: HostPortUse;
  readonly requested: Resources;
  scoredCpu = 0;
  scoredMemory = 0;
  allocatable: Resources = noResources();
  allowedPods = 0;
  labels: Labels = ownLabels(undefined);
  taints: readonly Taint[] = noTaints;
  unschedulable = false;
  /** Sizes in bytes by every name of the images on the node. */
  imageSizes: ReadonlyMap<string, number> = new Map();
  #node: Node | undefined;

  constructor(name: string, slot: number, source?: NodeInfo) {
    this.name = name;
    this.slot = slot;
    this.pods = new Map(source?.pods);
    this.podsWithAffinity = new Map(source?.podsWithAffinity);
    this.podsWithRequiredAntiAffinity = new Map(source?.podsWithRequiredAntiAffinity);
    this.ports = source ? source.ports.clone() : new HostPortUse();
    this.requested = source ? copyResources(source.requested) : noResources();
  }

  /** Undefined while pods are known to be on a node that itself is not known. */
  get node(): Node | undefined {
    return this.#node;
  }

  setNode(node: Node | undefined): void {
    this.#node = node;
    const amounts = parseResources(node?.status?.allocatable);
    this.allocatable = resourcesOf(amounts);
    this.allowedPods = amounts.get("pods")?.value() ?? 0;
    this.labels = ownLabels(node?.metadata.labels);
    this.taints = node?.spec.taints ?? noTaints;
    this.unschedulable = node?.spec.unschedulable ?? false;
    this.imageSizes = imageSizes(node);
  }

  addPod(pod: PodInfo): void {
    this.pods.set(pod.uid, pod);
    if (pod.affinity) {
      this.podsWithAffinity.set(pod.uid, pod);
      if (pod.affinity.requiredAntiAffinity.length > 0) this.podsWithRequiredAntiAffinity.set(pod.uid, pod);
    }
    this.#count(pod, 1);
    this.ports.add(pod.hostPorts);
  }

  /** Takes the pod away as it was added; false when it is not here. */
  removePod(uid: string): boolean {
    const pod = this.pods.get(uid);
    if (!pod) return false;
    this.pods.delete(uid);
    this.podsWithAffinity.delete(uid);
    this.podsWithRequiredAntiAffinity.delete(uid);
    this.#count(pod, -1);
    this.ports.remove(pod.hostPorts);
    return true;
  }

  /** A copy for trying out changes; it keeps the generation, so nothing may be remembered of it. */
  clone(): NodeInfo {
    const copy = new NodeInfo(this.name, this.slot, this);
    copy.generation = this.generation;
    copy.scoredCpu = this.scoredCpu;
    copy.scoredMemory = this.scoredMemory;
    copy.allocatable = this.allocatable;
    copy.allowedPods = this.allowedPods;
    copy.labels = this.labels;
    copy.taints = this.taints;
    copy.unschedulable = this.unschedulable;
    copy.imageSizes = this.imageSizes;
    copy.#node = this.#node;
    return copy;
  }

  #count(pod: PodInfo, sign: 1 | -1): void {
    accumulate(this.requested, pod.requests, sign);
    this.scoredCpu += sign * pod.scoredCpu;
    this.scoredMemory += sign * pod.scoredMemory;
  }
}

/** A node info that belongs to no cache, for judging a node by itself. */
export function detachedNodeInfo(node: Node): NodeInfo {
  const info = new NodeInfo(nameOf(node), -1);
  info.setNode(node);
  return info;
}

function imageSizes(node: Node | undefined): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { names, sizeBytes = 0 } of node?.status?.images ?? []) {
    for (const name of names ?? []) sizes.set(normalizedImageName(name), Number(sizeBytes));
  }
  return sizes;
}

/** An image name without a tag means `latest`. */
export function normalizedImageName(name: string): string {
  return name.lastIndexOf(":") <= name.lastIndexOf("/") ? `${name}:latest` : name;
}
