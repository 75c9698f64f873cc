import type { ClusterRoleBinding } from "@kube-ts/api/rbac/v1";
import { authenticatedGroup, mastersGroup, unauthenticatedGroup } from "../../auth/user.ts";
import { serviceAccountsGroup } from "../../auth/service-accounts/identity.ts";
import { clusterRoleBinding, group, serviceAccount, user } from "./policy-builder.ts";

/** Who has the roles for people and components; every binding has the name of its role. */
export const clusterRoleBindings: ClusterRoleBinding[] = [
  clusterRoleBinding("cluster-admin", [group(mastersGroup)]),
  clusterRoleBinding("system:monitoring", [group("system:monitoring")]),
  clusterRoleBinding("system:discovery", [group(authenticatedGroup)]),
  clusterRoleBinding("system:basic-user", [group(authenticatedGroup)]),
  clusterRoleBinding("system:public-info-viewer", [group(authenticatedGroup), group(unauthenticatedGroup)]),
  clusterRoleBinding("system:node-proxier", [user("system:kube-proxy")]),
  clusterRoleBinding("system:kube-controller-manager", [user("system:kube-controller-manager")]),
  clusterRoleBinding("system:kube-dns", [serviceAccount("kube-system", "kube-dns")]),
  clusterRoleBinding("system:kube-scheduler", [user("system:kube-scheduler")]),
  clusterRoleBinding("system:volume-scheduler", [user("system:kube-scheduler")]),
  // Nodes get their permissions from the Node authorizer; the binding stays for clusters that do without it.
  clusterRoleBinding("system:node", []),
  clusterRoleBinding("system:service-account-issuer-discovery", [group(serviceAccountsGroup)]),
];
