import type { Node, Taint } from "@kube-ts/api/core/v1";
import { isConditionTrue } from "@kube-ts/api/conditions";
import { nodes } from "@kube-ts/api/resource-types";
import { isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import type { Machine } from "../cluster/cluster-config.ts";
import { controlPlaneLabel, nodeLabels, nodeTaints } from "../cluster/cluster-view.ts";

/** What is to be changed about a node's labels and taints; undefined for nothing. */
export function markPatch(node: Node, machine: Machine): object | undefined {
  const labels = nodeLabels(machine);
  const found = node.metadata.labels ?? {};
  const missing = Object.entries(labels).filter(([key, value]) => found[key] !== value);
  const taints = nextTaints(node.spec?.taints ?? [], machine);
  if (missing.length === 0 && taints === undefined) return undefined;
  return {
    metadata: {
      // A precondition: taints are exchanged as a whole.
      resourceVersion: node.metadata.resourceVersion,
      ...(missing.length > 0 ? { labels: Object.fromEntries(missing) } : {}),
    },
    ...(taints === undefined ? {} : { spec: { taints } }),
  };
}

/** The node's taints with those of its machine. That of the control plane goes where the configuration does not have it. */
function nextTaints(found: readonly Taint[], machine: Machine): readonly Taint[] | undefined {
  const wanted = nodeTaints(machine);
  const isSame = (a: Taint, b: Taint) => a.key === b.key && a.effect === b.effect;
  const kept = found.filter((taint) => !wanted.some((one) => isSame(one, taint)) && !(taint.key === controlPlaneLabel));
  const next = [...kept, ...wanted];
  const isUnchanged =
    next.length === found.length &&
    next.every((taint) => found.some((one) => isSame(one, taint) && (one.value ?? "") === (taint.value ?? "")));
  return isUnchanged ? undefined : next;
}

/** Marks the machine's node with its role; answers whether anything changed. Rejects when there is no such node. */
export async function markNode(client: Client, machine: Machine, signal: AbortSignal): Promise<boolean> {
  for (let attempt = 0; ; attempt += 1) {
    const node = await client.resource(nodes).get({ name: machine.name }, { signal });
    const patch = markPatch(node, machine);
    if (!patch) return false;
    try {
      await client.resource(nodes).patch({ name: machine.name }, "merge", patch, { signal });
      return true;
    } catch (error) {
      // Its kubelet writes to it, too.
      if (attempt >= 5) throw error;
    }
  }
}

/** Whether the node is Ready; undefined when there is none yet. */
export async function nodeReadiness(client: Client, name: string, signal: AbortSignal): Promise<boolean | undefined> {
  try {
    const node = await client.resource(nodes).get({ name }, { signal });
    return isConditionTrue(node.status?.conditions, "Ready");
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
