import { eventually } from "../harness/eventually.ts";
import { identityVariable, PodSightings } from "../machines/pod-sightings.ts";
import type { Sighting } from "../machines/pod-sightings.ts";
import type { Machine } from "../machines/machine.ts";
import type { MachineCluster } from "./machine-cluster.ts";

const name = "db";

/** A stateful set, and what is seen of its pods on the machines. */
export class StatefulPods implements Disposable {
  readonly replicas: number;
  readonly sightings: PodSightings;

  private constructor(replicas: number, sightings: PodSightings) {
    this.replicas = replicas;
    this.sightings = sightings;
  }

  /** One pod on each of these nodes; where one is lost, another of them takes its pod. Resolves when all run. */
  static async start(cluster: MachineCluster, nodes: readonly Machine[]): Promise<StatefulPods> {
    const sightings = await PodSightings.start(cluster.machines);
    const pods = new StatefulPods(nodes.length, sightings);
    const names = nodes.map((node) => node.name);
    await cluster.kubectl.run(["apply", "-f", "-"], manifest(names));
    const occupied = () => nodes.filter((node) => pods.on(node).length > 0).map((node) => node.name);
    await eventually("a stateful pod on each node", occupied, (on) => on.length === nodes.length, 120_000);
    return pods;
  }

  get identities(): readonly string[] {
    return Array.from({ length: this.replicas }, (_, index) => `${name}-${index}`);
  }

  /** On which machine the pod was seen last. */
  whereNow(identity: string): string | undefined {
    return this.#last(identity)?.machine;
  }

  on(machine: Machine): readonly string[] {
    return this.identities.filter((identity) => this.whereNow(identity) === machine.name);
  }

  /** Since when the pod is where it is. */
  movedAt(identity: string): number | undefined {
    const { machine } = this.#last(identity) ?? {};
    const sightings = this.sightings.of(identity);
    const before = sightings.findLastIndex((sighting) => sighting.machine !== machine);
    return sightings[before + 1]?.firstSeenAt;
  }

  [Symbol.dispose](): void {
    this.sightings[Symbol.dispose]();
  }

  #last(identity: string): Sighting | undefined {
    return this.sightings.of(identity).at(-1);
  }
}

function manifest(nodes: readonly string[]): string {
  const labels = { app: name };
  const labelSelector = { matchLabels: labels };
  const matchExpressions = [{ key: "kubernetes.io/hostname", operator: "In", values: nodes }];
  const template = {
    metadata: { labels },
    spec: {
      tolerations: ["not-ready", "unreachable"].map((taint) => ({
        key: `node.kubernetes.io/${taint}`,
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: 5,
      })),
      terminationGracePeriodSeconds: 2,
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] },
        },
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 100, podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector } },
          ],
        },
      },
      containers: [
        {
          name: "pause",
          image: "kube-ts/pause:v1",
          imagePullPolicy: "Never",
          env: [{ name: identityVariable, valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
        },
      ],
    },
  };
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { clusterIP: "None", selector: labels },
  };
  const set = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name },
    spec: { serviceName: name, replicas: nodes.length, selector: labelSelector, template },
  };
  return JSON.stringify({ apiVersion: "v1", kind: "List", items: [service, set] });
}
