import type { Node, NodeStatus, ResourceList } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";

/**
 * The strategic merge patch that makes the stored status what the kubelet wants. Conditions and resources that others
 * write are left alone.
 */
export function nodeStatusPatch(stored: Node, wanted: NodeStatus): Record<string, unknown> {
  const before = stored.status ?? {};
  const patch: Record<string, unknown> = {};
  for (const field of ["nodeInfo", "daemonEndpoints", "images", "features", "runtimeHandlers"] as const) {
    if (wanted[field] !== undefined && !semanticEqual(before[field], wanted[field])) patch[field] = wanted[field];
  }
  for (const field of ["capacity", "allocatable"] as const) {
    const resources = resourcePatch(before[field] ?? {}, wanted[field] ?? {});
    if (resources) patch[field] = resources;
  }
  if (!semanticEqual(before.addresses, wanted.addresses)) {
    // The merge key of addresses is their type, of which there may be several.
    patch["addresses"] = [{ $patch: "replace" }, ...(wanted.addresses ?? [])];
  }
  patch["conditions"] = wanted.conditions ?? [];
  return patch;
}

function resourcePatch(before: ResourceList, wanted: ResourceList): Record<string, unknown> | undefined {
  const changed = Object.entries(wanted).filter(([name, amount]) => String(before[name]) !== String(amount));
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}
