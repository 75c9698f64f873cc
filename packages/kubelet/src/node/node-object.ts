import type { Node } from "@kube-ts/api/core/v1";
import { archLabel, hostnameLabel, osLabel, volumesAttachedAnnotation } from "@kube-ts/api/well-known-labels";
import type { NodeConfig } from "../config/kubelet-config.ts";

export interface NodeIdentity {
  readonly name: string;
  readonly hostname: string;
  readonly architecture: string;
}

/** Volumes would be attached by a controller, if there were any to attach. */

/** The labels that the kubelet keeps on its node. */
function ownLabels(
  { hostname, architecture }: NodeIdentity,
  config: Pick<NodeConfig, "labels">,
): Record<string, string> {
  return {
    "beta.kubernetes.io/arch": architecture,
    "beta.kubernetes.io/os": "linux",
    [archLabel]: architecture,
    [hostnameLabel]: hostname,
    [osLabel]: "linux",
    ...config.labels,
  };
}

/** The object that a node registers with. */
export function newNode(identity: NodeIdentity, config: Pick<NodeConfig, "labels" | "taints" | "providerId">): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: identity.name,
      labels: ownLabels(identity, config),
      annotations: { [volumesAttachedAnnotation]: "true" },
    },
    spec: {
      ...(config.taints.length > 0 ? { taints: [...config.taints] } : {}),
      ...(config.providerId === "" ? {} : { providerID: config.providerId }),
    },
  };
}

/** What of an existing object is to be changed, as a merge patch; undefined when nothing is. Taints are left alone. */
export function nodePatch(
  stored: Node,
  identity: NodeIdentity,
  config: Pick<NodeConfig, "labels" | "providerId">,
): Record<string, unknown> | undefined {
  const labels = Object.entries(ownLabels(identity, config)).filter(
    ([key, value]) => stored.metadata.labels?.[key] !== value,
  );
  const annotated = stored.metadata.annotations?.[volumesAttachedAnnotation] === "true";
  const providerId = config.providerId !== "" && !stored.spec?.providerID ? config.providerId : undefined;
  if (labels.length === 0 && annotated && providerId === undefined) return undefined;
  return {
    metadata: {
      ...(labels.length > 0 ? { labels: Object.fromEntries(labels) } : {}),
      ...(annotated ? {} : { annotations: { [volumesAttachedAnnotation]: "true" } }),
    },
    ...(providerId === undefined ? {} : { spec: { providerID: providerId } }),
  };
}
