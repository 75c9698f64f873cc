import type { Deployment, DeploymentSpec, DeploymentStatus, ReplicaSet } from "@kube-ts/api/apps/v1";

/** For tests: a deployment named `web` whose template has this image. */
export function deploymentOf(
  image: string,
  spec: Partial<DeploymentSpec> = {},
  status?: DeploymentStatus,
  annotations?: Record<string, string>,
): Deployment {
  return {
    metadata: { name: "web", namespace: "ns", uid: "web-uid", generation: 1, ...(annotations && { annotations }) },
    spec: {
      replicas: 10,
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image }] } },
      ...spec,
    },
    ...(status && { status }),
  };
}

export interface SetShape {
  readonly image?: string;
  readonly size: number;
  readonly available?: number;
  /** Minutes past midnight. */
  readonly createdAt?: number;
  readonly annotations?: Record<string, string>;
}

/** For tests: a replica set of the deployment `web`. */
export function setOf(name: string, shape: SetShape): ReplicaSet {
  const { image = name, size, available = size, createdAt = 0, annotations = {} } = shape;
  return {
    metadata: {
      name,
      namespace: "ns",
      uid: `${name}-uid`,
      annotations,
      creationTimestamp: `2026-01-01T00:0${createdAt}:00Z`,
    },
    spec: {
      replicas: size,
      selector: {},
      template: {
        metadata: { labels: { app: "web", "pod-template-hash": name } },
        spec: { containers: [{ name: "c", image }] },
      },
    },
    status: { replicas: size, ...(available > 0 && { availableReplicas: available, readyReplicas: available }) },
  };
}
