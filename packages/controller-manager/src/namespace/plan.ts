import type { Namespace, NamespaceCondition } from "@kube-ts/api/core/v1";
import { withCondition } from "@kube-ts/api/conditions";
import { namespaceFinalizer } from "@kube-ts/api/well-known-labels";

/** What is left of one resource in a namespace after its deletion was asked for. */
export interface Remainder {
  /** `resource.group`; the group is empty for the core. */
  readonly resource: string;
  readonly count: number;
  /** How many objects each finalizer holds. */
  readonly finalizers: ReadonlyMap<string, number>;
  /** The longest grace period of a pod that is left; 0 for other resources. */
  readonly graceSeconds: number;
}

/** What came of an attempt to empty a namespace. */
export interface Emptying {
  /** Undefined when everything was discovered. */
  readonly discoveryFailure: string | undefined;
  readonly failures: readonly string[];
  readonly remainders: readonly Remainder[];
}

/** Resources with finalizers get this long before the next look. */
const finalizerEstimateSeconds = 15;

/** How long the rest of the content will need, in seconds; 0 when there is none. */
export function estimateSeconds({ remainders }: Emptying): number {
  return Math.max(0, ...remainders.map(({ graceSeconds }) => graceSeconds || finalizerEstimateSeconds));
}

/** The namespace's conditions as of this attempt. */
export function planConditions(
  current: readonly NamespaceCondition[] | undefined,
  emptying: Emptying,
  now: string,
): readonly NamespaceCondition[] {
  return verdictsOn(emptying).reduce<readonly NamespaceCondition[]>(
    (conditions, verdict) => withCondition(conditions, conditionOf(verdict, now)),
    current ?? [],
  );
}

function verdictsOn({ discoveryFailure, failures, remainders }: Emptying): Verdict[] {
  const left = remainders.map(({ resource, count }) => `${resource} has ${count} resource instances`);
  const holding = holdingFinalizers(remainders);
  return [
    {
      type: "NamespaceDeletionDiscoveryFailure",
      failure: discoveryFailure,
      reasons: ["DiscoveryFailed", "ResourcesDiscovered"],
      success: "All resources successfully discovered",
    },
    {
      type: "NamespaceDeletionGroupVersionParsingFailure",
      failure: undefined,
      reasons: ["GroupVersionParsingFailed", "ParsedGroupVersions"],
      success: "All legacy kube types successfully parsed",
    },
    {
      type: "NamespaceDeletionContentFailure",
      failure: listed(`Failed to delete all resource types, ${failures.length} remaining`, failures),
      reasons: ["ContentDeletionFailed", "ContentDeleted"],
      success: "All content successfully deleted, may be waiting on finalization",
    },
    {
      type: "NamespaceContentRemaining",
      failure: listed("Some resources are remaining", left),
      reasons: ["SomeResourcesRemain", "ContentRemoved"],
      success: "All content successfully removed",
    },
    {
      type: "NamespaceFinalizersRemaining",
      failure: listed("Some content in the namespace has finalizers remaining", holding),
      reasons: ["SomeFinalizersRemain", "ContentHasNoFinalizers"],
      success: "All content-preserving finalizers finished",
    },
  ];
}

/** Undefined when there is nothing to list. */
function listed(what: string, items: readonly string[]): string | undefined {
  return items.length > 0 ? `${what}: ${items.toSorted().join(", ")}` : undefined;
}

function holdingFinalizers(remainders: Emptying["remainders"]): string[] {
  const held = new Map<string, number>();
  for (const { finalizers } of remainders) {
    for (const [name, count] of finalizers) held.set(name, (held.get(name) ?? 0) + count);
  }
  return [...held].map(([name, count]) => `${name} in ${count} resource instances`);
}

interface Verdict {
  readonly type: string;
  readonly failure: string | undefined;
  readonly reasons: readonly [failed: string, succeeded: string];
  readonly success: string;
}

function conditionOf({ type, failure, reasons, success }: Verdict, now: string): NamespaceCondition {
  const [failed, succeeded] = reasons;
  return failure === undefined
    ? { type, status: "False", lastTransitionTime: now, reason: succeeded, message: success }
    : { type, status: "True", lastTransitionTime: now, reason: failed, message: failure };
}

/** The namespace as it is to be finalized: without the finalizer that stands for its content. */
export function withoutContentFinalizer(namespace: Namespace): Namespace {
  const finalizers = (namespace.spec.finalizers ?? []).filter((name) => name !== namespaceFinalizer);
  return { ...namespace, spec: { ...namespace.spec, finalizers } };
}

export function isFinalized({ spec }: Namespace): boolean {
  return (spec.finalizers ?? []).length === 0;
}
