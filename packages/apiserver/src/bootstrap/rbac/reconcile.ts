import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { KubeObject } from "@kube-ts/api/object";
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding, Subject } from "@kube-ts/api/rbac/v1";
import { compactRules, uncoveredRules } from "../../auth/rbac/policy-rules.ts";
import { autoUpdateAnnotation } from "./policy-builder.ts";

/**
 * The role with what it lacks of the expected one, or undefined when it lacks nothing or its owner opted out of
 * updates. Rules and labels that were added by others stay.
 */
export function reconcileRole<T extends Role | ClusterRole>(current: T, expected: T): T | undefined {
  if (optedOut(current)) return undefined;
  const metadata = mergedMetadata(current, expected);
  const selectors = missingSelectors(current, expected);
  // An aggregated role's rules are gathered by a controller.
  const missing = isAggregated(expected) ? [] : uncoveredRules(current.rules ?? [], expected.rules ?? []);
  if (!metadata && missing.length === 0 && selectors.length === 0) return undefined;
  return {
    ...current,
    ...(metadata && { metadata }),
    ...(missing.length > 0 && { rules: [...(current.rules ?? []), ...compactRules(missing)] }),
    ...(selectors.length > 0 && {
      aggregationRule: { clusterRoleSelectors: [...(selectorsOf(current) ?? []), ...selectors] },
    }),
  };
}

export type BindingChange<T> =
  | { readonly kind: "none" }
  | { readonly kind: "update"; readonly binding: T }
  /** The role of a binding cannot be changed: it has to be made anew. */
  | { readonly kind: "recreate" };

/** What the binding needs to bind the expected role to the expected subjects, among others. */
export function reconcileBinding<T extends RoleBinding | ClusterRoleBinding>(
  current: T,
  expected: T,
): BindingChange<T> {
  if (optedOut(current)) return { kind: "none" };
  if (!sameRole(current, expected)) return { kind: "recreate" };
  const metadata = mergedMetadata(current, expected);
  const missing = (expected.subjects ?? []).filter(
    (subject) => !(current.subjects ?? []).some((known) => sameSubject(known, subject)),
  );
  if (!metadata && missing.length === 0) return { kind: "none" };
  const subjects = [...(current.subjects ?? []), ...missing];
  return {
    kind: "update",
    binding: { ...current, ...(metadata && { metadata }), ...(missing.length > 0 && { subjects }) },
  };
}

function optedOut(object: KubeObject): boolean {
  return object.metadata.annotations?.[autoUpdateAnnotation] === "false";
}

/** Metadata with the labels and annotations that are missing; undefined when none is. Values set by others stay. */
function mergedMetadata(current: KubeObject, expected: KubeObject): KubeObject["metadata"] | undefined {
  const labels = { ...expected.metadata.labels, ...current.metadata.labels };
  const annotations = { ...expected.metadata.annotations, ...current.metadata.annotations };
  const complete =
    semanticEqual(labels, current.metadata.labels) && semanticEqual(annotations, current.metadata.annotations);
  return complete ? undefined : { ...current.metadata, labels, annotations };
}

function selectorsOf(role: Role | ClusterRole) {
  return (role as ClusterRole).aggregationRule?.clusterRoleSelectors;
}

function isAggregated(role: Role | ClusterRole): boolean {
  return (role as ClusterRole).aggregationRule !== undefined;
}

function missingSelectors(current: Role | ClusterRole, expected: Role | ClusterRole) {
  const known = selectorsOf(current) ?? [];
  return (selectorsOf(expected) ?? []).filter((selector) => !known.some((each) => semanticEqual(each, selector)));
}

function sameRole(left: RoleBinding | ClusterRoleBinding, right: RoleBinding | ClusterRoleBinding): boolean {
  return left.roleRef.kind === right.roleRef.kind && left.roleRef.name === right.roleRef.name;
}

function sameSubject(left: Subject, right: Subject): boolean {
  return left.kind === right.kind && left.name === right.name && (left.namespace ?? "") === (right.namespace ?? "");
}
