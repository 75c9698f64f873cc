import { nameOf, namespaceOf } from "@kube-ts/api/object";
import type { ClusterRoleBinding, RoleBinding } from "@kube-ts/api/rbac/v1";
import type { ResourceType } from "@kube-ts/api/resource-type";
import * as types from "@kube-ts/api/resource-types";
import { isNotFound } from "@kube-ts/api/status-error";
import { type BootstrapObjects, ensureObject } from "../ensure-object.ts";
import { clusterRoleBindings } from "./cluster-role-bindings.ts";
import { componentRoles } from "./component-roles.ts";
import { controllerRoleBindings, controllerRoles } from "./controller-roles.ts";
import { namespaceRoleBindings, namespaceRoles } from "./namespace-roles.ts";
import { reconcileBinding, reconcileRole } from "./reconcile.ts";
import { userRoles } from "./user-roles.ts";

/** Creates the roles and bindings of the system and adds what existing ones lack. Roles come before their bindings. */
export async function ensureRbac(objects: BootstrapObjects, signal: AbortSignal): Promise<void> {
  for (const role of [...userRoles, ...componentRoles, ...controllerRoles]) {
    await ensureObject(objects, types.clusterRoles, role, (current) => reconcileRole(current, role), signal);
  }
  for (const binding of [...clusterRoleBindings, ...controllerRoleBindings]) {
    await ensureBinding(objects, types.clusterRoleBindings, binding, signal);
  }
  for (const role of namespaceRoles) {
    await ensureObject(objects, types.roles, role, (current) => reconcileRole(current, role), signal);
  }
  for (const binding of namespaceRoleBindings) await ensureBinding(objects, types.roleBindings, binding, signal);
}

async function ensureBinding<T extends ClusterRoleBinding | RoleBinding>(
  objects: BootstrapObjects,
  type: ResourceType<T>,
  expected: T,
  signal: AbortSignal,
): Promise<void> {
  const [namespace, name] = [namespaceOf(expected), nameOf(expected)];
  const current = await objects.source.getLatest(type, namespace, name, signal);
  if (current && reconcileBinding(current, expected).kind === "recreate") {
    await objects.writer.delete(type, namespace, name, signal).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
  const reconcile = (found: T) => {
    const change = reconcileBinding(found, expected);
    return change.kind === "update" ? change.binding : undefined;
  };
  await ensureObject(objects, type, expected, reconcile, signal);
}
