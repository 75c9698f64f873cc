import type { Pod } from "@kube-ts/api/core/v1";
import { podLimits } from "@kube-ts/api/pod-resources";
import { Quantity } from "@kube-ts/api/quantity";

/** What a pod has written to the node's disk. */
export interface LocalStorageUse {
  readonly pod: Pod;
  /** Writable layers and logs by container. */
  readonly containers: ReadonlyMap<string, number>;
  /** Empty directories on disk and in memory, by volume. */
  readonly emptyDirs: ReadonlyMap<string, number>;
}

/** Why a pod must go for what it wrote; undefined when it keeps its limits. The words are upstream's. */
export function storageExcess({ pod, containers, emptyDirs }: LocalStorageUse): string | undefined {
  let totalBytes = 0;
  for (const { name, emptyDir } of pod.spec.volumes ?? []) {
    const usedBytes = emptyDirs.get(name) ?? 0;
    if (!emptyDir) continue;
    if (emptyDir.medium !== "Memory") totalBytes += usedBytes;
    const limit = Quantity.parse(String(emptyDir.sizeLimit ?? "0"));
    if (limit.value() > 0 && usedBytes > limit.value()) {
      return `Usage of EmptyDir volume "${name}" exceeds the limit "${limit.toString()}". `;
    }
  }
  for (const container of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
    const usedBytes = containers.get(container.name) ?? 0;
    totalBytes += usedBytes;
    const text = container.resources?.limits?.["ephemeral-storage"];
    if (text === undefined) continue;
    const limit = Quantity.parse(String(text));
    if (usedBytes > limit.value()) {
      return `Container ${container.name} exceeded its local ephemeral storage limit "${limit.toString()}". `;
    }
  }
  const limited = pod.spec.containers.every(
    (container) => container.resources?.limits?.["ephemeral-storage"] !== undefined,
  );
  const total = podLimits(pod).get("ephemeral-storage");
  if (!limited || !total || totalBytes <= total.value()) return undefined;
  return `Pod ephemeral local storage usage exceeds the total limit of containers ${total.toString()}. `;
}
