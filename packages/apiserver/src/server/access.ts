import type { Authorization } from "../auth/authorization.ts";
import { buildAuthorization } from "../auth/authorization.ts";
import { NodeAuthorizer } from "../auth/node/node-authorizer.ts";
import { EscalationGuard } from "../auth/rbac/escalation-guard.ts";
import { RbacAuthorizer } from "../auth/rbac/rbac-authorizer.ts";
import { nodeRules } from "../bootstrap/rbac/node-rules.ts";
import type { ClusterRoleBinding, RoleBinding } from "@kube-ts/api/rbac/v1";
import type { KubeObject } from "@kube-ts/api/object";
import type { AuthorizationConfig } from "../config/authorization.ts";
import type { ObjectSource } from "../registry/object-source.ts";
import type { RegistryHooks } from "../registry/write-request.ts";

/** Who may do what, and the check that nobody grants more than they hold. */
export interface Access extends Authorization, Disposable {
  readonly guard: EscalationGuard;
}

/** Builds the authorizers of the configuration; call it when the caches are ready. */
export function buildAccess({ modes }: AuthorizationConfig, source: ObjectSource): Access {
  const rbac = new RbacAuthorizer(source);
  const node = new NodeAuthorizer(source, nodeRules);
  const { authorizer, resolvers } = buildAuthorization(modes, { node, rbac });
  return {
    authorizer,
    resolvers,
    guard: new EscalationGuard(rbac, authorizer),
    [Symbol.dispose]: () => {
      rbac[Symbol.dispose]();
      node[Symbol.dispose]();
    },
  };
}

const group = "rbac.authorization.k8s.io";

/** The hooks that check grants before roles and bindings are stored. `guard` is asked for at each write. */
export function escalationHooks(guard: () => EscalationGuard): Map<string, RegistryHooks<KubeObject>> {
  const role = (resource: "roles" | "clusterroles"): RegistryHooks<KubeObject> => ({
    beforeWrite: async (object, old, { context, signal }) => {
      await guard().checkRole(resource, object, old, context.user, signal);
      return undefined;
    },
  });
  const binding = (resource: "rolebindings" | "clusterrolebindings"): RegistryHooks<KubeObject> => ({
    beforeWrite: async (object, old, { context, signal }) => {
      const previous = old as RoleBinding | undefined;
      await guard().checkBinding(resource, object as RoleBinding | ClusterRoleBinding, previous, context.user, signal);
      return undefined;
    },
  });
  return new Map([
    [`${group}/roles`, role("roles")],
    [`${group}/clusterroles`, role("clusterroles")],
    [`${group}/rolebindings`, binding("rolebindings")],
    [`${group}/clusterrolebindings`, binding("clusterrolebindings")],
  ]);
}
