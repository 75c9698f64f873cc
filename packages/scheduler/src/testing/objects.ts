import type { Node, NodeSpec, Pod, PodSpec } from "@kube-ts/api/core/v1";
import { type ObjectMeta } from "@kube-ts/api/meta/v1";
import { hostnameLabel } from "@kube-ts/api/well-known-labels";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { podInfoOf } from "@kube-ts/api/placement/pod-info";

interface PodShape extends Partial<PodSpec> {
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly metadata?: Partial<ObjectMeta>;
  readonly cpu?: string;
  readonly memory?: string;
}

/** A pod of the default scheduler with one container; its uid is `uid-<name>`. */
export function testPod(name: string, shape: PodShape = {}): Pod {
  const { namespace = "default", labels, metadata, cpu, memory, ...spec } = shape;
  const requests = { ...(cpu && { cpu }), ...(memory && { memory }) };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, uid: `uid-${name}`, resourceVersion: "1", ...(labels && { labels }), ...metadata },
    spec: {
      containers: [{ name: "c", image: "image", resources: { requests } }],
      schedulerName: "default-scheduler",
      ...spec,
    },
  };
}

export function testPodInfo(name: string, shape: PodShape = {}): PodInfo {
  return podInfoOf(testPod(name, shape));
}

interface NodeShape extends NodeSpec {
  readonly labels?: Record<string, string>;
  readonly cpu?: string;
  readonly memory?: string;
  readonly pods?: string;
  readonly images?: { names: string[]; sizeBytes: number }[];
}

/** A node with 4 CPUs, 8 GiB and room for 110 pods unless told otherwise. */
export function testNode(name: string, shape: NodeShape = {}): Node {
  const { labels, cpu = "4", memory = "8Gi", pods = "110", images, ...spec } = shape;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, uid: `uid-${name}`, resourceVersion: "1", labels: { [hostnameLabel]: name, ...labels } },
    spec,
    status: { allocatable: { cpu, memory, pods }, ...(images && { images }) },
  };
}
