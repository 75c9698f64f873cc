import type { KubeObject } from "@kube-ts/api/object";

const abbreviations: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};
const classAnnotation = "volume.beta.kubernetes.io/storage-class";

/** Access modes as tables show them: `RWO,ROX`, in a fixed order. */
export function accessModeText(modes: readonly string[] | undefined): string {
  return Object.entries(abbreviations)
    .filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(",");
}

/** The storage class of a volume or claim, which old ones name in an annotation. */
export function storageClassText(object: KubeObject, className: string | undefined): string {
  return object.metadata.annotations?.[classAnnotation] ?? className ?? "";
}
