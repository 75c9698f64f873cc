import { goQuote } from "@kube-ts/api/go-quote";
import { nameOf, namespaceOf } from "@kube-ts/api/object";
import type { ClusterRoleBinding, PolicyRule, RoleBinding, RoleRef } from "@kube-ts/api/rbac/v1";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from "@kube-ts/api/resource-types";
import { LRUCache } from "lru-cache";
import type { ObjectSource } from "../../registry/object-source.ts";
import type { AuthorizationAttributes, AuthorizationDecision, Authorizer } from "../authorizer.ts";
import type { RuleResolver, UserRules } from "../rule-resolver.ts";
import { aggregate } from "../tokens/token-authenticator.ts";
import type { UserInfo } from "../user.ts";
import { BindingIndex, type IndexedBinding, describeBinding } from "./binding-index.ts";
import { RuleTable } from "./rule-table.ts";

const maxUsers = 4096;
const maxNamespacesPerUser = 1024;

const noOpinion: AuthorizationDecision = { decision: "noOpinion", reason: "" };

/** What bindings of one scope give to one user. */
interface ScopeRules {
  readonly table: RuleTable;
  readonly problems: readonly string[];
}

const nothing: ScopeRules = { table: new RuleTable(), problems: [] };

interface CompiledUser {
  readonly cluster: ScopeRules;
  readonly byNamespace: Map<string, ScopeRules>;
}

/**
 * Role-based access control from the cached roles and bindings. What a user may do is compiled on the first
 * request and kept until any role or binding changes; at most 4096 users are kept, the longest unseen dropped
 * first. Create it when the caches are ready.
 */
export class RbacAuthorizer implements Authorizer, RuleResolver, Disposable {
  readonly #source: ObjectSource;
  readonly #bindings = new BindingIndex();
  readonly #users = new LRUCache<string, CompiledUser>({ max: maxUsers });
  readonly #subscriptions: readonly Disposable[];

  constructor(source: ObjectSource) {
    this.#source = source;
    this.#subscriptions = [
      source.onChange(clusterRoles, () => this.#users.clear()),
      source.onChange(roles, () => this.#users.clear()),
      this.#follow(clusterRoleBindings),
      this.#follow(roleBindings),
    ];
  }

  authorize(attributes: AuthorizationAttributes): AuthorizationDecision {
    const user = this.#compiled(attributes.user);
    const allowed = user.cluster.table.find(attributes);
    if (allowed) return allowed;
    const namespace = attributes.kind === "resource" ? attributes.namespace : "";
    const local = namespace === "" ? nothing : this.#localRules(user, attributes.user, namespace);
    return local.table.find(attributes) ?? refusal([...user.cluster.problems, ...local.problems]);
  }

  rulesFor(user: UserInfo, namespace: string): UserRules {
    const scopes = namespace === "" ? [""] : ["", namespace];
    const granted = scopes.flatMap((scope) => this.#grantedRules(user, scope));
    return {
      rules: granted.flatMap(({ rules }) => rules ?? []),
      incomplete: false,
      problems: granted.flatMap(({ problem }) => problem ?? []),
    };
  }

  /** The rules of a role; undefined when it does not exist. `namespace` is the binding's. */
  roleRules(roleRef: RoleRef, namespace: string): readonly PolicyRule[] | undefined {
    if (roleRef.kind === "Role") {
      const role = this.#source.get(roles, namespace, roleRef.name);
      return role && (role.rules ?? []);
    }
    const role = roleRef.kind === "ClusterRole" ? this.#source.get(clusterRoles, "", roleRef.name) : undefined;
    return role && (role.rules ?? []);
  }

  [Symbol.dispose](): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
  }

  #follow(type: ResourceType<ClusterRoleBinding> | ResourceType<RoleBinding>): Disposable {
    const subscription = this.#source.onChange(type, (change) => {
      const changed = change.object();
      this.#refresh(type, namespaceOf(changed), nameOf(changed));
    });
    for (const binding of this.#source.list(type)) this.#refresh(type, namespaceOf(binding), nameOf(binding));
    return subscription;
  }

  /** Reads the binding anew, so that neither the order nor the number of notifications matters. */
  #refresh(type: ResourceType<ClusterRoleBinding> | ResourceType<RoleBinding>, namespace: string, name: string): void {
    this.#bindings.set(namespace, name, this.#source.get(type, namespace, name));
    this.#users.clear();
  }

  #compiled(user: UserInfo): CompiledUser {
    const key = `${user.name}\n${user.groups.join("\n")}`;
    const known = this.#users.get(key);
    if (known) return known;
    const compiled: CompiledUser = { cluster: this.#compile(user, ""), byNamespace: new Map() };
    this.#users.set(key, compiled);
    return compiled;
  }

  #localRules(compiled: CompiledUser, user: UserInfo, namespace: string): ScopeRules {
    const known = compiled.byNamespace.get(namespace);
    if (known) return known;
    if (compiled.byNamespace.size >= maxNamespacesPerUser) compiled.byNamespace.clear();
    const rules = this.#compile(user, namespace);
    compiled.byNamespace.set(namespace, rules);
    return rules;
  }

  #compile(user: UserInfo, namespace: string): ScopeRules {
    const granted = this.#grantedRules(user, namespace);
    if (granted.length === 0) return nothing;
    const table = new RuleTable();
    for (const { binding, rules } of granted) {
      const reason = `RBAC: allowed by ${describeBinding(binding, user)}`;
      for (const rule of rules ?? []) table.add(rule, { decision: "allow", reason });
    }
    return { table, problems: granted.flatMap(({ problem }) => problem ?? []) };
  }

  #grantedRules(
    user: UserInfo,
    namespace: string,
  ): { binding: IndexedBinding; rules?: readonly PolicyRule[]; problem?: string }[] {
    return this.#bindings.applying(user, namespace).map((binding) => {
      const rules = this.roleRules(binding.roleRef, namespace);
      return rules ? { binding, rules } : { binding, problem: missingRole(binding.roleRef) };
    });
  }
}

function refusal(problems: readonly string[]): AuthorizationDecision {
  return problems.length === 0 ? noOpinion : { decision: "noOpinion", reason: `RBAC: ${aggregate(problems)}` };
}

function missingRole({ kind, name }: RoleRef): string {
  if (kind !== "Role" && kind !== "ClusterRole") return `unsupported role reference kind: ${goQuote(kind)}`;
  return `${kind.toLowerCase()}.rbac.authorization.k8s.io ${goQuote(name)} not found`;
}
