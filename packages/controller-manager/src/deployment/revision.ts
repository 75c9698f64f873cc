import type { Deployment, ReplicaSet } from "@kube-ts/api/apps/v1";
import type { PodTemplateSpec } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { timeMs } from "@kube-ts/api/rfc3339";
import {
  desiredReplicasAnnotation,
  lastAppliedAnnotation,
  maxReplicasAnnotation,
  podTemplateHashLabel,
  revisionAnnotation,
  revisionHistoryAnnotation,
  rollbackAnnotation,
} from "@kube-ts/api/well-known-labels";
import { safeEncode } from "../framework/safe-encode.ts";

/** Annotations of a deployment that its replica sets do not inherit. */
export const ownAnnotations: ReadonlySet<string> = new Set([
  lastAppliedAnnotation,
  revisionAnnotation,
  revisionHistoryAnnotation,
  desiredReplicasAnnotation,
  maxReplicasAnnotation,
  rollbackAnnotation,
]);

/** The revision a replica set stands for; 0 for none. */
export function revisionOf({ metadata }: ReplicaSet): number {
  return Number.parseInt(metadata.annotations?.[revisionAnnotation] ?? "0", 10) || 0;
}

/** The replica set that has the deployment's template now; the oldest when several have. */
export function findNewReplicaSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const wanted = deployment.spec.template;
  return sets.toSorted(byAge).find((set) => sameTemplate(set.spec.template ?? {}, wanted));
}

/** Whether the templates are the same but for the label that tells replica sets apart. */
export function sameTemplate(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return semanticEqual(comparableTemplate(a), comparableTemplate(b));
}

/** Oldest first; by name when made in the same second. */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const difference = timeMs(a.metadata.creationTimestamp) - timeMs(b.metadata.creationTimestamp);
  if (difference !== 0) return difference;
  return (a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1;
}

/** The template without the label that tells replica sets apart. */
export function comparableTemplate(template: PodTemplateSpec): PodTemplateSpec {
  const { [podTemplateHashLabel]: _hash, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** A short hash of the template; a raised collision count gives another one. */
export function templateHash(template: PodTemplateSpec, collisionCount: number | undefined): string {
  const text = canonicalJson(comparableTemplate(template)) + (collisionCount === undefined ? "" : `#${collisionCount}`);
  return safeEncode(String(fnv1a(text)));
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
}

/** The annotations a replica set gets from its deployment, kept up with it, for the given revision. */
export function replicaSetAnnotations(
  deployment: Deployment,
  current: Readonly<Record<string, string>>,
  revision: number,
): Record<string, string> {
  const annotations: Record<string, string> = { ...current };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!ownAnnotations.has(key)) annotations[key] = value;
  }
  const before = current[revisionAnnotation];
  const beforeNumber = Number.parseInt(before ?? "0", 10) || 0;
  if (beforeNumber < revision) {
    annotations[revisionAnnotation] = String(revision);
    if (before !== undefined) {
      const history = current[revisionHistoryAnnotation]?.split(",") ?? [];
      if (!history.includes(before))
        annotations[revisionHistoryAnnotation] = [...history, before].filter(Boolean).join(",");
    }
  }
  return annotations;
}

/** The revision that a new template gets: one past every other. */
export function nextRevision(others: readonly ReplicaSet[]): number {
  return Math.max(0, ...others.map(revisionOf)) + 1;
}
