import type { StatefulSet } from "@kube-ts/api/apps/v1";
import type { PersistentVolumeClaim, Pod, PodTemplateSpec, Volume } from "@kube-ts/api/core/v1";
import { nameOf, namespaceOf } from "@kube-ts/api/object";
import { controllerReference } from "@kube-ts/api/owner-references";
import { statefulSets } from "@kube-ts/api/resource-types";
import { controllerRevisionHashLabel, podIndexLabel, statefulSetPodNameLabel } from "@kube-ts/api/well-known-labels";

const maxOrdinal = 2 ** 31 - 1;

/** The ordinal of the set's pod with this name; undefined for names that the set gives to no pod. */
export function ordinalOf(setName: string, podName: string): number | undefined {
  const digits = podName.startsWith(`${setName}-`) ? podName.slice(setName.length + 1) : "";
  if (!/^(0|[1-9]\d{0,9})$/.test(digits)) return undefined;
  const ordinal = Number(digits);
  return ordinal <= maxOrdinal ? ordinal : undefined;
}

/** The name of the set that a pod with this name would be of. */
export function setNameOf(podName: string): string | undefined {
  return /^(.+)-(?:0|[1-9]\d{0,9})$/.exec(podName)?.[1];
}

export function podNameOf(set: StatefulSet, ordinal: number): string {
  return `${nameOf(set)}-${ordinal}`;
}

export function claimNameOf(template: PersistentVolumeClaim, podName: string): string {
  return `${template.metadata.name ?? ""}-${podName}`;
}

/** Whether the set may have a claim with this name, of any of its pods past or present. */
export function isClaimOf(set: StatefulSet, claimName: string): boolean {
  return (set.spec.volumeClaimTemplates ?? []).some(({ metadata }) => {
    const prefix = `${metadata.name ?? ""}-`;
    return claimName.startsWith(prefix) && ordinalOf(nameOf(set), claimName.slice(prefix.length)) !== undefined;
  });
}

export function firstOrdinal({ spec }: StatefulSet): number {
  return spec.ordinals?.start ?? 0;
}

/** Whether the set wants a pod with this ordinal. */
export function isWanted(set: StatefulSet, ordinal: number): boolean {
  const first = firstOrdinal(set);
  return ordinal >= first && ordinal < first + (set.spec.replicas ?? 1);
}

export function revisionOf({ metadata }: Pod): string {
  return metadata.labels?.[controllerRevisionHashLabel] ?? "";
}

/** A pod of the set with this ordinal, made from the template of the named revision. */
export function newPod(set: StatefulSet, ordinal: number, revision: string, template: PodTemplateSpec): Pod {
  const name = podNameOf(set, ordinal);
  const { labels, annotations, finalizers } = template.metadata ?? {};
  return {
    metadata: {
      name,
      generateName: `${nameOf(set)}-`,
      namespace: namespaceOf(set),
      labels: { ...labels, ...identityLabels(name, ordinal), [controllerRevisionHashLabel]: revision },
      annotations: { ...annotations },
      ...(finalizers && { finalizers: [...finalizers] }),
      ownerReferences: [controllerReference(set, statefulSets)],
    },
    spec: {
      containers: [],
      ...template.spec,
      hostname: name,
      ...(set.spec.serviceName && { subdomain: set.spec.serviceName }),
      ...volumesWithClaims(set, name, template.spec?.volumes),
    },
  };
}

export function hasIdentity({ metadata }: Pod): boolean {
  return metadata.labels?.[statefulSetPodNameLabel] === metadata.name;
}

/** Whether the pod's volumes are the claims that the set has for it. */
export function hasStorage(set: StatefulSet, pod: Pod): boolean {
  const volumes = new Map(pod.spec.volumes?.map((volume) => [volume.name, volume]));
  return (set.spec.volumeClaimTemplates ?? []).every((template) => {
    const claim = volumes.get(template.metadata.name ?? "")?.persistentVolumeClaim;
    return claim?.claimName === claimNameOf(template, nameOf(pod));
  });
}

/** The pod with the labels and volumes that its place in the set gives it. */
export function withIdentity(set: StatefulSet, pod: Pod, ordinal: number): Pod {
  const labels = { ...pod.metadata.labels, ...identityLabels(nameOf(pod), ordinal) };
  return {
    ...pod,
    metadata: { ...pod.metadata, labels },
    spec: { ...pod.spec, ...(!hasStorage(set, pod) && volumesWithClaims(set, nameOf(pod), pod.spec.volumes)) },
  };
}

function identityLabels(podName: string, ordinal: number): Record<string, string> {
  return { [statefulSetPodNameLabel]: podName, [podIndexLabel]: String(ordinal) };
}

/** Claims take the place of volumes with the names of their templates. */
function volumesWithClaims(
  { spec }: StatefulSet,
  podName: string,
  volumes: readonly Volume[] = [],
): { readonly volumes?: Volume[] } {
  const claims = (spec.volumeClaimTemplates ?? []).map((template) => ({
    name: template.metadata.name ?? "",
    persistentVolumeClaim: { claimName: claimNameOf(template, podName) },
  }));
  const names = new Set(claims.map(({ name }) => name));
  const all = [...claims, ...volumes.filter(({ name }) => !names.has(name))];
  return all.length > 0 ? { volumes: all } : {};
}
