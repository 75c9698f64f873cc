import type { ClusterRoleBinding, RoleBinding, RoleRef, Subject } from "@kube-ts/api/rbac/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { clusterRoleBindings, roleBindings } from "@kube-ts/api/resource-types";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { type TableColumns, defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn, wideColumn } from "../table/columns.ts";
import { rbacGroup, validateBinding, validateBindingUpdate } from "./validate-rbac.ts";

interface Binding extends KubeObject {
  subjects?: Subject[];
  roleRef: RoleRef;
}

export const roleBindingResource = defineResource<RoleBinding>({
  type: roleBindings,
  singular: "rolebinding",
  storagePrefix: "rolebindings",
  strategy: {
    defaults: defaultBinding,
    prepareForCreate() {},
    prepareForUpdate() {},
    validateCreate: (binding) => validateBinding(binding, "Namespaced"),
    validateUpdate: (binding, old) => validateBindingUpdate(binding, old, "Namespaced"),
    allowCreateOnUpdate: true,
  },
  columns: bindingColumns<RoleBinding>(),
});

export const clusterRoleBindingResource = defineResource<ClusterRoleBinding>({
  type: clusterRoleBindings,
  singular: "clusterrolebinding",
  storagePrefix: "clusterrolebindings",
  strategy: {
    defaults: defaultBinding,
    prepareForCreate() {},
    prepareForUpdate() {},
    validateCreate: (binding) => validateBinding(binding, "Cluster"),
    validateUpdate: (binding, old) => validateBindingUpdate(binding, old, "Cluster"),
    allowCreateOnUpdate: true,
  },
  columns: bindingColumns<ClusterRoleBinding>(),
});

function defaultBinding(binding: Binding): void {
  const roleRef = (binding.roleRef ??= { apiGroup: "", kind: "", name: "" });
  roleRef.apiGroup ||= rbacGroup;
  for (const subject of binding.subjects ?? []) {
    dropZeroFields(subject, ["apiGroup", "namespace"]);
    if (subject.kind === "User" || subject.kind === "Group") subject.apiGroup ??= rbacGroup;
  }
}

function bindingColumns<T extends Binding>(): TableColumns<T> {
  return {
    definitions: [
      nameColumn,
      column("Role", "string", "Role that the subjects get."),
      ageColumn,
      wideColumn("Users", "string", "Users that get the role."),
      wideColumn("Groups", "string", "Groups that get the role."),
      wideColumn("ServiceAccounts", "string", "Service accounts that get the role."),
    ],
    row: (binding, nowMs) => ({
      cells: [
        nameCell(binding),
        `${binding.roleRef.kind}/${binding.roleRef.name}`,
        ageCell(binding, nowMs),
        subjectNames(binding, "User"),
        subjectNames(binding, "Group"),
        subjectNames(binding, "ServiceAccount"),
      ],
    }),
  };
}

function subjectNames(binding: Binding, kind: string): string {
  return (binding.subjects ?? [])
    .filter((subject) => subject.kind === kind)
    .map(({ name, namespace }) => (kind === "ServiceAccount" ? `${namespace ?? ""}/${name}` : name))
    .join(", ");
}
