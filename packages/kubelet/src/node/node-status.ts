import type { ContainerImage, NodeAddress, NodeStatus } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { kubernetesVersion } from "@kube-ts/std/version";
import type { RuntimeImage } from "../runtime/image-service.ts";
import type { RuntimeFeatures, RuntimeVersion } from "../runtime/runtime.ts";
import type { Machine } from "./machine.ts";
import { type NodeHealth, nodeConditions } from "./node-conditions.ts";
import type { NodeResources } from "./node-resources.ts";

/** What a node's status is computed from. */
export interface NodeView {
  readonly machine: Machine;
  readonly resources: NodeResources;
  readonly addresses: readonly NodeAddress[];
  /** Port of the kubelet's server; 0 for none. */
  readonly port: number;
  readonly images: readonly RuntimeImage[];
  /** -1 for all. */
  readonly maxImages: number;
  readonly runtime: RuntimeVersion | undefined;
  readonly features: RuntimeFeatures | undefined;
  readonly health: NodeHealth;
  /** The status before. */
  readonly last: NodeStatus;
  readonly nowMs: number;
}

/** The node's status. Conditions that others write are left out. Pure. */
export function nodeStatus(view: NodeView): NodeStatus {
  const { machine, resources, runtime, last } = view;
  const version = runtime ? `${runtime.runtimeName}://${runtime.runtimeVersion}` : undefined;
  return {
    capacity: resources.capacity,
    allocatable: resources.allocatable,
    conditions: nodeConditions(view.health, last.conditions ?? [], view.nowMs),
    addresses: [...view.addresses],
    ...(view.port > 0 ? { daemonEndpoints: { kubeletEndpoint: { Port: view.port } } } : {}),
    nodeInfo: {
      machineID: machine.machineId,
      systemUUID: machine.systemUuid,
      bootID: machine.bootId,
      kernelVersion: machine.kernelVersion,
      osImage: machine.osImage,
      containerRuntimeVersion: version ?? last.nodeInfo?.containerRuntimeVersion ?? "",
      kubeletVersion: kubernetesVersion,
      kubeProxyVersion: "",
      operatingSystem: "linux",
      architecture: machine.architecture,
      ...(machine.swapBytes > 0 ? { swap: { capacity: machine.swapBytes } } : {}),
    },
    images: listedImages(view.images, view.maxImages),
    ...(view.features
      ? {
          features: { supplementalGroupsPolicy: view.features.supplementalGroupsPolicyStrict },
          runtimeHandlers: runtimeHandlers(view.features),
        }
      : {}),
  };
}

/** Every handler can do the same: what the engine can. */
function runtimeHandlers({ handlers, recursiveReadOnlyMounts, userNamespaces }: RuntimeFeatures) {
  return ["", ...handlers.toSorted()].map((name) => ({ name, features: { recursiveReadOnlyMounts, userNamespaces } }));
}

const maxNamesPerImage = 5;

/** The largest images, each by its digests and tags. */
function listedImages(images: readonly RuntimeImage[], limit: number): ContainerImage[] {
  const sorted = images.toSorted((left, right) => right.sizeBytes - left.sizeBytes || (left.id < right.id ? -1 : 1));
  const listed = sorted.map(({ repoDigests, repoTags, sizeBytes }) => ({
    names: [...repoDigests, ...repoTags].slice(0, maxNamesPerImage),
    sizeBytes,
  }));
  return limit < 0 ? listed : listed.slice(0, limit);
}

/** Whether two statuses differ in more than the time of their heartbeats. */
export function nodeStatusChanged(before: NodeStatus, after: NodeStatus): boolean {
  return !semanticEqual(withoutHeartbeats(before), withoutHeartbeats(after));
}

function withoutHeartbeats(status: NodeStatus): unknown {
  return {
    ...status,
    conditions: (status.conditions ?? []).map(({ lastHeartbeatTime: _time, ...condition }) => condition),
  };
}
