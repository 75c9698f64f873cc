import type { Node, NodeSpec, Pod, PodSpec } from "@kube-ts/api/core/v1";
import type { ObjectMeta, OwnerReference } from "@kube-ts/api/meta/v1";
import { type PodInfo, podInfoOf } from "@kube-ts/api/placement/pod-info";
import { hostnameLabel } from "@kube-ts/api/well-known-labels";
import { groupViews, type GroupView, type ManagedNode } from "../model/group-view.ts";
import { SimulatedCluster } from "../model/simulated-cluster.ts";
import { type TemplateNode, templateOf } from "../model/template-node.ts";
import { VolumeNodes } from "../model/volume-nodes.ts";
import type { Machine, NodeGroup } from "../provider/node-group-provider.ts";

/** The time of tests; milliseconds since the epoch. */
export const testNowMs = Date.parse("2026-01-01T12:00:00Z");

interface PodShape extends Partial<PodSpec> {
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly metadata?: Partial<ObjectMeta>;
  readonly cpu?: string;
  readonly memory?: string;
  /** The kind of its controller; ReplicaSet unless told, null for none. */
  readonly owner?: string | null;
}

/** For tests: a pod of a replica set that asks for one CPU unless told otherwise. */
export function testPod(name: string, shape: PodShape = {}): Pod {
  const {
    namespace = "default",
    labels = {},
    metadata,
    cpu = "1",
    memory = "1Gi",
    owner = "ReplicaSet",
    ...spec
  } = shape;
  const ownerReferences: OwnerReference[] =
    owner === null ? [] : [{ apiVersion: "apps/v1", kind: owner, name: "o", uid: "o", controller: true }];
  return {
    metadata: { name, namespace, uid: name, labels, ownerReferences, ...metadata },
    spec: { containers: [{ name: "c", image: "i", resources: { requests: { cpu, memory } } }], ...spec },
  };
}

export function testPodInfo(name: string, shape: PodShape = {}): PodInfo {
  return podInfoOf(testPod(name, shape));
}

interface NodeShape extends NodeSpec {
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly cpu?: string;
  readonly memory?: string;
  readonly ready?: "True" | "False" | "Unknown";
  readonly ageMinutes?: number;
}

/** For tests: a node with 4 CPUs and 8 GiB that has been ready for an hour, unless told otherwise. */
export function testNode(name: string, shape: NodeShape = {}): Node {
  const { labels, annotations, cpu = "4", memory = "8Gi", ready = "True", ageMinutes = 60, ...spec } = shape;
  const creationTimestamp = new Date(testNowMs - ageMinutes * 60_000).toISOString();
  return {
    metadata: {
      name,
      uid: name,
      creationTimestamp,
      labels: { [hostnameLabel]: name, ...labels },
      ...(annotations && { annotations }),
    },
    spec,
    status: {
      allocatable: { cpu, memory, pods: "110" },
      conditions: [{ type: "Ready", status: ready }],
    },
  };
}

export function testMachine(id: string, state: Machine["state"] = "Running"): Machine {
  return { id, nodeName: id, state, error: undefined };
}

/** For tests: a group of running machines, from 0 to 10, that makes nodes as `testNode` does. */
export function testGroup(
  name: string,
  machines: readonly (string | Machine)[],
  shape: Partial<NodeGroup> = {},
): NodeGroup {
  return {
    name,
    minSize: 0,
    maxSize: 10,
    machines: machines.map((machine) => (typeof machine === "string" ? testMachine(machine) : machine)),
    template: {
      labels: {},
      taints: [],
      capacity: { cpu: "4", memory: "8Gi", pods: "110" },
      allocatable: { cpu: "4", memory: "8Gi", pods: "110" },
    },
    ...shape,
  };
}

export interface TestCluster {
  readonly views: readonly GroupView[];
  readonly nodes: readonly ManagedNode[];
  readonly cluster: SimulatedCluster;
  readonly templates: ReadonlyMap<string, TemplateNode>;
}

/** For tests: what a scan makes of nodes, pods and groups. */
export function testCluster(nodes: readonly Node[], pods: readonly Pod[], groups: readonly NodeGroup[]): TestCluster {
  const views = groupViews(groups, nodes, {}, [], testNowMs);
  const surroundings = {
    labelsOfNamespace: () => ({}),
    volumes: new VolumeNodes(
      () => undefined,
      () => undefined,
    ),
  };
  const podsOn = (name: string) => pods.filter(({ spec }) => spec.nodeName === name);
  const templates = new Map(
    views.flatMap((view) => {
      const template = templateOf(view, podsOn, [], []);
      return template ? [[view.group.name, template] as const] : [];
    }),
  );
  return {
    views,
    nodes: views.flatMap((view) => view.nodes),
    cluster: new SimulatedCluster(nodes, pods, surroundings),
    templates,
  };
}
