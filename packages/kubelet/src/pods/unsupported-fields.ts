import type { Pod } from "@kube-ts/api/core/v1";
import type { RuntimeFeatures } from "../runtime/runtime.ts";
import { containersOf } from "./pod-containers.ts";

/**
 * The first field of the pod that this node cannot honour, as a path; undefined when it can honour all. Volumes are
 * not looked at: they report for themselves.
 */
export function unsupportedField(pod: Pod, features: RuntimeFeatures): string | undefined {
  const { spec } = pod;
  if (spec.resourceClaims?.length) return "spec.resourceClaims";
  if (spec.hostUsers === false && !features.userNamespaces) return "spec.hostUsers";
  if (spec.securityContext?.windowsOptions) return "spec.securityContext.windowsOptions";
  for (const { spec: container, fieldPath } of containersOf(pod)) {
    const security = container.securityContext ?? {};
    if (security.windowsOptions) return `${fieldPath}.securityContext.windowsOptions`;
    if (container.resources?.claims?.length) return `${fieldPath}.resources.claims`;
    const recursive = container.volumeMounts?.some(({ recursiveReadOnly }) => recursiveReadOnly === "Enabled");
    if (recursive && !features.recursiveReadOnlyMounts) return `${fieldPath}.volumeMounts.recursiveReadOnly`;
  }
  return undefined;
}
