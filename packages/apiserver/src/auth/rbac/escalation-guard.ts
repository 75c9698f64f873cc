import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type KubeObject, nameOf, namespaceOf } from "@kube-ts/api/object";
import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding } from "@kube-ts/api/rbac/v1";
import { forbidden, notFound } from "@kube-ts/api/status-error";
import type { Authorizer } from "../authorizer.ts";
import type { UserInfo } from "../user.ts";
import { escalationProblem, fullAuthority, mayEscalate } from "./escalation-check.ts";
import type { RbacAuthorizer } from "./rbac-authorizer.ts";

const group = "rbac.authorization.k8s.io";

type RoleResource = "roles" | "clusterroles";
type BindingResource = "rolebindings" | "clusterrolebindings";

/**
 * Keeps users from granting more than they hold: creating or changing a role takes its permissions (or the verb
 * `escalate`), and binding one takes its permissions (or the verb `bind`). Throws 403 otherwise.
 */
export class EscalationGuard {
  readonly #rbac: RbacAuthorizer;
  readonly #authorizer: Authorizer;

  constructor(rbac: RbacAuthorizer, authorizer: Authorizer) {
    this.#rbac = rbac;
    this.#authorizer = authorizer;
  }

  /** Call before a Role or ClusterRole is stored; `old` is undefined on creation. */
  async checkRole(
    resource: RoleResource,
    role: Role | ClusterRole,
    old: Role | ClusterRole | undefined,
    user: UserInfo,
    signal: AbortSignal,
  ): Promise<void> {
    if (old && onlyOwnershipDiffers(role, old)) return;
    if (mayEscalate(user) || (await this.#may(user, "escalate", resource, role, nameOf(role), signal))) return;
    this.#checkGrant({ resource, name: nameOf(role), namespace: namespaceOf(role) }, role.rules ?? [], user);
    const aggregates = [role, old].some(
      (each) => each && "aggregationRule" in each && each.aggregationRule !== undefined,
    );
    if (aggregates && this.#problem(user, namespaceOf(role), fullAuthority)) {
      const problem = "must have cluster-admin privileges to use the aggregationRule";
      throw forbidden({ group, resource }, nameOf(role), problem);
    }
  }

  /** Call before a RoleBinding or ClusterRoleBinding is stored; `old` is undefined on creation. */
  async checkBinding(
    resource: BindingResource,
    binding: RoleBinding | ClusterRoleBinding,
    old: RoleBinding | ClusterRoleBinding | undefined,
    user: UserInfo,
    signal: AbortSignal,
  ): Promise<void> {
    if (old && onlyOwnershipDiffers(binding, old)) return;
    const { roleRef } = binding;
    const roleResource = roleRef.kind === "Role" ? "roles" : "clusterroles";
    if (mayEscalate(user) || (await this.#may(user, "bind", roleResource, binding, roleRef.name, signal))) return;
    const rules = this.#rbac.roleRules(roleRef, namespaceOf(binding));
    if (!rules) throw notFound({ group, resource: roleResource }, roleRef.name);
    this.#checkGrant({ resource, name: nameOf(binding), namespace: namespaceOf(binding) }, rules, user);
  }

  #checkGrant(
    object: { readonly resource: string; readonly name: string; readonly namespace: string },
    rules: readonly PolicyRule[],
    user: UserInfo,
  ): void {
    const problem = this.#problem(user, object.namespace, rules);
    if (problem !== undefined) throw forbidden({ group, resource: object.resource }, object.name, problem);
  }

  #problem(user: UserInfo, namespace: string, rules: readonly PolicyRule[]): string | undefined {
    return escalationProblem(user, this.#rbac.rulesFor(user, namespace), rules);
  }

  async #may(
    user: UserInfo,
    verb: "escalate" | "bind",
    resource: RoleResource,
    object: Role | RoleBinding,
    name: string,
    signal: AbortSignal,
  ): Promise<boolean> {
    const decision = await this.#authorizer.authorize(
      {
        kind: "resource",
        user,
        verb,
        group,
        version: "v1",
        resource,
        subresource: "",
        namespace: namespaceOf(object),
        name,
      },
      signal,
    );
    return decision.decision === "allow";
  }
}

/** Whether the update is of the kind that the garbage collector makes: owners and finalizers, nothing else. */
function onlyOwnershipDiffers(object: KubeObject, old: KubeObject): boolean {
  const { ownerReferences, finalizers, managedFields, resourceVersion } = old.metadata;
  const kept = { ownerReferences, finalizers, managedFields, resourceVersion };
  return semanticEqual({ ...object, metadata: { ...object.metadata, ...kept } }, old);
}
