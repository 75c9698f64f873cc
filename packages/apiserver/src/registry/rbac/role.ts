import type { ClusterRole, Role } from "@kube-ts/api/rbac/v1";
import { clusterRoles, roles } from "@kube-ts/api/resource-types";
import type { KubeObject } from "@kube-ts/api/object";
import { type TableColumns, defineResource } from "../resource-definition.ts";
import { column, nameCell, nameColumn } from "../table/columns.ts";
import { validateClusterRole, validateClusterRoleUpdate, validateRole, validateRoleUpdate } from "./validate-rbac.ts";

function roleColumns<T extends KubeObject>(): TableColumns<T> {
  return {
    definitions: [nameColumn, column("Created At", "date", "When the object was created.")],
    row: (role) => ({ cells: [nameCell(role), role.metadata.creationTimestamp ?? null] }),
  };
}

export const roleResource = defineResource<Role>({
  type: roles,
  singular: "role",
  storagePrefix: "roles",
  strategy: {
    prepareForCreate() {},
    prepareForUpdate() {},
    validateCreate: validateRole,
    validateUpdate: validateRoleUpdate,
    allowCreateOnUpdate: true,
  },
  columns: roleColumns<Role>(),
});

export const clusterRoleResource = defineResource<ClusterRole>({
  type: clusterRoles,
  singular: "clusterrole",
  storagePrefix: "clusterroles",
  strategy: {
    prepareForCreate() {},
    prepareForUpdate() {},
    validateCreate: validateClusterRole,
    validateUpdate: validateClusterRoleUpdate,
    allowCreateOnUpdate: true,
  },
  columns: roleColumns<ClusterRole>(),
});
