import type { Pod } from "@kube-ts/api/core/v1";
import type { CheckedContainer } from "./control.ts";

const seccompAnnotation = "container.seccomp.security.alpha.kubernetes.io/";

/** Whether an update of a pod changes what the standards look at, all of the rest being immutable. */
export function isSignificantUpdate(pod: Pod, old: Pod): boolean {
  const differs = (one: CheckedContainer, other: CheckedContainer | undefined) =>
    other === undefined || one.image !== other.image || seccompOf(pod, one.name) !== seccompOf(old, one.name);
  const listDiffers = (now: readonly CheckedContainer[] = [], before: readonly CheckedContainer[] = []) =>
    now.length !== before.length || now.some((container, index) => differs(container, before[index]));
  if (listDiffers(pod.spec.containers, old.spec.containers)) return true;
  if (listDiffers(pod.spec.initContainers, old.spec.initContainers)) return true;
  const before = old.spec.ephemeralContainers ?? [];
  return (pod.spec.ephemeralContainers ?? []).some((container) =>
    differs(
      container,
      before.find(({ name }) => name === container.name),
    ),
  );
}

function seccompOf({ metadata }: Pod, container: string): string | undefined {
  return metadata.annotations?.[seccompAnnotation + container];
}
