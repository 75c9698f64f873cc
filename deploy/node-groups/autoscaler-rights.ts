import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, Subject } from "@kube-ts/api/rbac/v1";

const rbac = "rbac.authorization.k8s.io";
const name = "system:cluster-autoscaler";
const namespace = "kube-system";
const read = ["get", "list", "watch"];

function rule(
  apiGroup: string,
  resources: readonly string[],
  verbs: readonly string[],
  ...names: string[]
): PolicyRule {
  return {
    apiGroups: [apiGroup],
    resources: [...resources],
    verbs: [...verbs],
    ...(names.length > 0 && { resourceNames: names }),
  };
}

/** The daemon's certificate, or the service account where it runs as a pod. */
const subjects: Subject[] = [
  { apiGroup: rbac, kind: "User", name },
  { kind: "ServiceAccount", name: "cluster-autoscaler", namespace },
];

/** What the autoscaler may do in the whole cluster. */
export const autoscalerRole: ClusterRole = {
  metadata: { name },
  rules: [
    rule("", ["pods", "namespaces", "persistentvolumeclaims", "persistentvolumes"], read),
    rule("", ["nodes"], [...read, "update", "delete"]),
    rule("", ["pods/eviction"], ["create"]),
    rule("", ["events"], ["create", "patch"]),
    rule("apps", ["daemonsets"], read),
    rule("policy", ["poddisruptionbudgets"], read),
    rule("authentication.k8s.io", ["tokenreviews"], ["create"]),
    rule("authorization.k8s.io", ["subjectaccessreviews"], ["create"]),
  ],
};

export const autoscalerRoleBinding: ClusterRoleBinding = {
  metadata: { name },
  roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
  subjects,
};

/** What it may do in its own namespace: its lease, its status, its priorities. */
export const autoscalerNamespacedRole: Role = {
  metadata: { name, namespace },
  rules: [
    rule("coordination.k8s.io", ["leases"], ["create"]),
    rule("coordination.k8s.io", ["leases"], ["get", "update"], "cluster-autoscaler"),
    rule("", ["configmaps"], ["create"]),
    rule("", ["configmaps"], ["get", "patch"], "cluster-autoscaler-status", "cluster-autoscaler-priority-expander"),
  ],
};

export const autoscalerNamespacedRoleBinding: RoleBinding = {
  metadata: { name, namespace },
  roleRef: { apiGroup: rbac, kind: "Role", name },
  subjects,
};
