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

/** The storage class that a volume or claim names, which old ones do in an annotation; undefined without either. */
export function storageClassOf(object: KubeObject, className: string | undefined): string | undefined {
  return object.metadata.annotations?.[classAnnotation] ?? className;
}

/** The storage class as tables show it. */
export function storageClassText(object: KubeObject, className: string | undefined): string {
  return storageClassOf(object, className) ?? "";
}
