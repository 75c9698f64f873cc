import type { Container, PodSpec } from "@kube-ts/api/core/v1";
import type { FieldPath } from "@kube-ts/api/field-path";

/** Visits all containers of a pod with the path of each. */
export function eachContainer(
  spec: PodSpec,
  path: FieldPath,
  visit: (container: Container, path: FieldPath) => void,
): void {
  for (const field of ["initContainers", "containers", "ephemeralContainers"] as const) {
    const containers: readonly Container[] = spec[field] ?? [];
    for (const [index, container] of containers.entries()) visit(container, path.child(field).index(index));
  }
}
