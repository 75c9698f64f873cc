import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf } from "@kube-ts/api/object";
import type { ClusterRole, PolicyRule } from "@kube-ts/api/rbac/v1";
import { clusterRoles } from "@kube-ts/api/resource-types";
import { selectorOf } from "@kube-ts/api/selectors";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { controllerQueue } from "../framework/controller-queue.ts";

/** The rules of all roles that the aggregation rule selects, each once, ordered by role name. */
export function aggregateRules(role: ClusterRole, all: readonly ClusterRole[]): PolicyRule[] {
  const rules = new Map<string, PolicyRule>();
  const byName = all.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  for (const selector of role.aggregationRule?.clusterRoleSelectors ?? []) {
    const matcher = selectorOf(selector);
    for (const source of byName) {
      if (nameOf(source) === nameOf(role) || !matcher.matches(source.metadata.labels ?? {})) continue;
      for (const rule of source.rules ?? []) rules.set(JSON.stringify(rule), rule);
    }
  }
  return [...rules.values()];
}

/** Fills cluster roles with an aggregation rule, such as admin, edit and view, from the roles that it selects. */
class ClusterRoleAggregationController implements Controller {
  readonly #context: ControllerContext;
  readonly #roles: Informer<ClusterRole>;
  readonly #queue: WorkQueue<ObjectKey>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#roles = context.informers.informer(clusterRoles);
    this.#queue = controllerQueue("ClusterRoleAggregator", context);
    const enqueueAggregated = () => {
      for (const role of this.#roles.list()) if (role.aggregationRule) this.#queue.add(keyOf(role));
    };
    this.#roles.subscribe({ added: enqueueAggregated, updated: enqueueAggregated, deleted: enqueueAggregated });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(signal, 1, (key, inner) => this.#reconcile(key, inner));
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const role = this.#roles.get(key);
    if (!role?.aggregationRule) return;
    const rules = aggregateRules(role, this.#roles.list());
    if (semanticEqual(rules, role.rules ?? [])) return;
    await this.#context.client.resource(clusterRoles).update({ ...role, rules }, { signal });
  }
}

export const clusterRoleAggregationController: ControllerDefinition = {
  name: "clusterrole-aggregation-controller",
  serviceAccount: "clusterrole-aggregation-controller",
  create: (context) => new ClusterRoleAggregationController(context),
};
