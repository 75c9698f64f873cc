import type { KubeObject } from "@kube-ts/api/object";
import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, Subject } from "@kube-ts/api/rbac/v1";
import { bootstrappingLabel } from "@kube-ts/api/well-known-labels";

export const rbacGroup = "rbac.authorization.k8s.io";
const rbacApiVersion = `${rbacGroup}/v1`;

/** Set to "false" on an object, it keeps start-up reconciliation away from it. */
export const autoUpdateAnnotation = "rbac.authorization.kubernetes.io/autoupdate";

export const read = "get list watch";
export const write = "create update patch delete deletecollection";
export const readWrite = `${read} ${write}`;
export const readUpdate = `${read} update patch`;

/** A rule from space-separated lists of verbs, groups (`core` is the core group) and resources. */
export function rule(verbs: string, groups: string, resources: string, names?: string): PolicyRule {
  const resourceNames = names === undefined ? undefined : words(names);
  return {
    verbs: words(verbs),
    apiGroups: words(groups)
      .map((group) => (group === "core" ? "" : group))
      .sort(),
    resources: words(resources),
    ...(resourceNames && { resourceNames }),
  };
}

/** A rule about paths that are no resources. */
export function urlRule(verbs: string, urls: string): PolicyRule {
  return { verbs: words(verbs), nonResourceURLs: words(urls) };
}

/** What every component that records events needs. */
export function eventsRule(): PolicyRule {
  return rule("create update patch", "core events.k8s.io", "events");
}

export function clusterRole(name: string, rules: PolicyRule[], labels: Record<string, string> = {}): ClusterRole {
  return { ...bootstrapObject("ClusterRole", { name }, labels), rules };
}

/** A role whose rules are those of all roles labelled `aggregate-to-<name>`; a controller gathers them. */
export function aggregatedRole(name: string, labels: Record<string, string> = {}): ClusterRole {
  const matchLabels = aggregateTo(name);
  return {
    ...bootstrapObject("ClusterRole", { name }, labels),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels }] },
  };
}

/** The label that adds a role's rules to an aggregated role. */
export function aggregateTo(name: string): Record<string, string> {
  return { [`rbac.authorization.k8s.io/aggregate-to-${name}`]: "true" };
}

export function role(namespace: string, name: string, rules: PolicyRule[]): Role {
  return { ...bootstrapObject("Role", { name, namespace }), rules };
}

/** A binding of the cluster role of the same name. */
export function clusterRoleBinding(name: string, subjects: Subject[]): ClusterRoleBinding {
  return {
    ...bootstrapObject("ClusterRoleBinding", { name }),
    roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name },
    ...(subjects.length > 0 && { subjects }),
  };
}

export function roleBinding(namespace: string, name: string, roleName: string, subjects: Subject[]): RoleBinding {
  return {
    ...bootstrapObject("RoleBinding", { name, namespace }),
    roleRef: { apiGroup: rbacGroup, kind: "Role", name: roleName },
    subjects,
  };
}

export function group(name: string): Subject {
  return { apiGroup: rbacGroup, kind: "Group", name };
}

export function user(name: string): Subject {
  return { apiGroup: rbacGroup, kind: "User", name };
}

export function serviceAccount(namespace: string, name: string): Subject {
  return { kind: "ServiceAccount", name, namespace };
}

function bootstrapObject(
  kind: string,
  names: { readonly name: string; readonly namespace?: string },
  labels: Record<string, string> = {},
): KubeObject {
  return {
    apiVersion: rbacApiVersion,
    kind,
    metadata: {
      ...names,
      labels: { [bootstrappingLabel]: "rbac-defaults", ...labels },
      annotations: { [autoUpdateAnnotation]: "true" },
    },
  };
}

function words(text: string): string[] {
  return text.split(" ").sort();
}
