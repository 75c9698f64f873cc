import type { ControllerRevision } from "@kube-ts/api/apps/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { sortKeys, sortedJson } from "@kube-ts/api/go-json";
import type { OwnerReference } from "@kube-ts/api/meta/v1";
import { nameOf } from "@kube-ts/api/object";
import { timeMs } from "@kube-ts/api/rfc3339";
import { safeEncode } from "../framework/safe-encode.ts";

/** The label with the hash of a revision's data. */
const revisionHashLabel = "controller.kubernetes.io/hash";

const maxPrefixLength = 223;

/** The state that a revision is to keep, and what it is to carry of its owner. */
export interface RevisionContent {
  readonly data: ControllerRevision["data"];
  /** Labels of the owner's pod template. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What to do so that the history ends with the state that is wanted. */
type RevisionPlan =
  | { readonly kind: "keep"; readonly revision: ControllerRevision }
  /** An older revision has the same data: it becomes the newest. */
  | { readonly kind: "renumber"; readonly revision: ControllerRevision; readonly number: number }
  | { readonly kind: "create"; readonly number: number };

/** `revisions` is in order. */
export function planRevision(revisions: readonly ControllerRevision[], data: ControllerRevision["data"]): RevisionPlan {
  const latest = revisions.at(-1);
  if (!latest) return { kind: "create", number: 1 };
  if (semanticEqual(latest.data, data)) return { kind: "keep", revision: latest };
  const number = latest.revision + 1;
  const equal = revisions.findLast((revision) => semanticEqual(revision.data, data));
  return equal ? { kind: "renumber", revision: equal, number } : { kind: "create", number };
}

/** The oldest revisions that nobody uses, past the limit, if it is not negative. `revisions` is in order, `live` holds names. */
export function planTruncation(
  revisions: readonly ControllerRevision[],
  live: ReadonlySet<string>,
  limit: number,
): readonly ControllerRevision[] {
  if (limit < 0) return [];
  const unused = revisions.filter((revision) => !live.has(nameOf(revision)));
  return unused.slice(0, Math.max(0, unused.length - limit));
}

/** A new revision; its name follows from its data and from how many collisions there were. */
export function newRevision(
  namespace: string,
  owner: OwnerReference,
  { data, labels, annotations }: RevisionContent,
  number: number,
  collisionCount: number,
): ControllerRevision {
  const hash = revisionHash(data, collisionCount);
  return {
    metadata: {
      namespace,
      name: `${owner.name.slice(0, maxPrefixLength)}-${hash}`,
      labels: { ...labels, [revisionHashLabel]: hash },
      annotations: { ...annotations },
      ownerReferences: [owner],
    },
    // Clients compare data by their bytes.
    data: sortKeys(data) as ControllerRevision["data"],
    revision: number,
  };
}

/** Upstream's hash of the data, so that revisions of its controllers have the names that ours would have. */
export function revisionHash(data: ControllerRevision["data"], collisionCount: number): string {
  return safeEncode(String(fnv1(sortedJson(data) + String(collisionCount))));
}

function fnv1(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0;
  return hash;
}

/** Orders revisions by number, then by age, then by name. */
export function byRevision(a: ControllerRevision, b: ControllerRevision): number {
  if (a.revision !== b.revision) return a.revision - b.revision;
  const age = timeMs(a.metadata.creationTimestamp) - timeMs(b.metadata.creationTimestamp);
  if (age !== 0) return age;
  return nameOf(a) < nameOf(b) ? -1 : 1;
}
