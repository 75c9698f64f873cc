import type { Role, RoleBinding } from "@kube-ts/api/rbac/v1";
import { eventsRule, read, role, roleBinding, rule, serviceAccount, user } from "./policy-builder.ts";

const system = "kube-system";
const publicNamespace = "kube-public";
const authenticationReader = "extension-apiserver-authentication-reader";
const bootstrapSigner = "system:controller:bootstrap-signer";
const cloudProvider = "system:controller:cloud-provider";
const tokenCleaner = "system:controller:token-cleaner";

function leaderLocking(component: string): string {
  return `system::leader-locking-${component}`;
}

function leaderLockingRole(component: string): Role {
  const verbs = `${read} create update`;
  return role(system, leaderLocking(component), [
    rule(verbs, "coordination.k8s.io", "leases"),
    rule(verbs, "coordination.k8s.io", "leasecandidates"),
  ]);
}

function leaderLockingBinding(component: string, ...accounts: readonly string[]): RoleBinding {
  const name = leaderLocking(component);
  const subjects = [component, ...accounts].map((account) => serviceAccount(system, account));
  return roleBinding(system, name, name, [user(`system:${component}`), ...subjects]);
}

/** Roles in the namespaces of the system. */
export const namespaceRoles: Role[] = [
  role(system, authenticationReader, [rule(read, "core", "configmaps", "extension-apiserver-authentication")]),
  role(system, bootstrapSigner, [rule(read, "core", "secrets")]),
  role(system, cloudProvider, [rule(`create ${read}`, "core", "configmaps")]),
  role(system, tokenCleaner, [rule(`${read} delete`, "core", "secrets"), eventsRule()]),
  leaderLockingRole("kube-controller-manager"),
  leaderLockingRole("kube-scheduler"),
  role(publicNamespace, bootstrapSigner, [
    rule(read, "core", "configmaps"),
    rule("update", "core", "configmaps", "cluster-info"),
    eventsRule(),
  ]),
];

export const namespaceRoleBindings: RoleBinding[] = [
  roleBinding(system, `system::${authenticationReader}`, authenticationReader, [
    user("system:kube-controller-manager"),
    user("system:kube-scheduler"),
  ]),
  leaderLockingBinding("kube-controller-manager", "leader-election-controller"),
  leaderLockingBinding("kube-scheduler"),
  roleBinding(system, bootstrapSigner, bootstrapSigner, [serviceAccount(system, "bootstrap-signer")]),
  roleBinding(system, cloudProvider, cloudProvider, [serviceAccount(system, "cloud-provider")]),
  roleBinding(system, tokenCleaner, tokenCleaner, [serviceAccount(system, "token-cleaner")]),
  roleBinding(publicNamespace, bootstrapSigner, bootstrapSigner, [serviceAccount(system, "bootstrap-signer")]),
];
