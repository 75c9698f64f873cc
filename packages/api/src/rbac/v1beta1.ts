import type { ListMeta, ObjectMeta, TypeMeta } from "../meta/v1.ts";
export type { AggregationRule, ClusterRole, ClusterRoleList, PolicyRule, Role, RoleList } from "./v1.ts";

/**
 * Grants the permissions of a ClusterRole to users, groups or service accounts across the whole cluster.
 * @kind
 */
export interface ClusterRoleBinding extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Users, groups and service accounts that receive the role.
   * @proto 2
   * @listType atomic
   */
  subjects?: Subject[];
  /**
   * ClusterRole being granted; immutable.
   * @proto 3
   */
  roleRef: RoleRef;
}

/**
 * List of ClusterRoleBinding objects.
 * @kind
 */
export interface ClusterRoleBindingList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * ClusterRoleBinding objects in the list.
   * @proto 2
   */
  items: ClusterRoleBinding[];
}

/**
 * Grants the permissions of a Role, or of a ClusterRole, within one namespace.
 * @kind
 */
export interface RoleBinding extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Users, groups and service accounts that receive the role.
   * @proto 2
   * @listType atomic
   */
  subjects?: Subject[];
  /**
   * Role in the same namespace, or ClusterRole, being granted; immutable.
   * @proto 3
   */
  roleRef: RoleRef;
}

/**
 * List of RoleBinding objects.
 * @kind
 */
export interface RoleBindingList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * RoleBinding objects in the list.
   * @proto 2
   */
  items: RoleBinding[];
}

/** Pointer to the role used by a binding. */
export interface RoleRef {
  /**
   * API group of the role, rbac.authorization.k8s.io.
   * @proto 1
   */
  apiGroup?: string;
  /**
   * Kind of the role: Role or ClusterRole.
   * @proto 2
   */
  kind: string;
  /**
   * Name of the role.
   * @proto 3
   */
  name: string;
}

/** User, group or service account that a binding applies to. */
export interface Subject {
  /**
   * Kind of subject: User, Group or ServiceAccount.
   * @proto 1
   */
  kind: string;
  /**
   * API group of the subject: defaults to empty for ServiceAccount and to rbac.authorization.k8s.io for User and
   * Group.
   * @proto 2
   */
  apiGroup?: string;
  /**
   * Name of the subject.
   * @proto 3
   */
  name: string;
  /**
   * Namespace of the subject; required for ServiceAccount and should be empty for User and Group.
   * @proto 4
   */
  namespace?: string;
}
