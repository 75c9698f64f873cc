import type { ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";
import type { LabelSelector } from "../meta/v1/selector.ts";

/** How the rules of an aggregated ClusterRole are found. */
export interface AggregationRule {
  /**
   * Label selectors for ClusterRoles; the rules of every role that any selector matches are added to the
   * aggregated role.
   * @proto 1
   * @listType atomic
   */
  clusterRoleSelectors?: LabelSelector[];
}

/**
 * Cluster-scoped set of permissions, usable in a ClusterRoleBinding or in RoleBindings of any namespace.
 * @kind
 */
export interface ClusterRole extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Permissions granted by this role.
   * @proto 2
   * @listType atomic
   */
  rules?: PolicyRule[] | null;
  /**
   * When set, rules are built by a controller from other ClusterRoles, and direct changes to rules are
   * overwritten.
   * @proto 3
   */
  aggregationRule?: AggregationRule;
}

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
 * List of ClusterRole objects.
 * @kind
 */
export interface ClusterRoleList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * ClusterRole objects in the list.
   * @proto 2
   */
  items: ClusterRole[];
}

/** Set of actions permitted on a set of resources or on a set of non-resource URLs. */
export interface PolicyRule {
  /**
   * Verbs permitted by this rule; an asterisk means all verbs.
   * @proto 1
   * @listType atomic
   */
  verbs: string[];
  /**
   * API groups of the resources; an empty string means the core group and an asterisk means all groups.
   * @proto 2
   * @listType atomic
   */
  apiGroups?: string[];
  /**
   * Resources the rule covers, with subresources written as resource/subresource; an asterisk means all
   * resources.
   * @proto 3
   * @listType atomic
   */
  resources?: string[];
  /**
   * Names of the specific objects allowed. An empty list allows all objects.
   * @proto 4
   * @listType atomic
   */
  resourceNames?: string[];
  /**
   * URL paths outside the API that the rule covers; an asterisk is allowed only as a whole final path step.
   * A rule covers either resources or non-resource URLs, and these URLs work only in roles bound by a
   * ClusterRoleBinding.
   * @proto 5
   * @listType atomic
   */
  nonResourceURLs?: string[];
}

/**
 * Set of permissions within one namespace.
 * @kind
 */
export interface Role extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Permissions granted by this role.
   * @proto 2
   * @listType atomic
   */
  rules?: PolicyRule[] | null;
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

/**
 * List of Role objects.
 * @kind
 */
export interface RoleList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * Role objects in the list.
   * @proto 2
   */
  items: Role[];
}

/**
 * Pointer to the role used by a binding.
 * @mapType atomic
 */
export interface RoleRef {
  /**
   * API group of the role, rbac.authorization.k8s.io.
   * @proto 1
   * @alwaysPresent
   */
  apiGroup: string;
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

/**
 * User, group or service account that a binding applies to.
 * @mapType atomic
 */
export interface Subject {
  /**
   * Kind of subject: User, Group or ServiceAccount.
   * @proto 1
   */
  kind: string;
  /**
   * API group of the subject: defaults to empty for ServiceAccount and to rbac.authorization.k8s.io for
   * User and Group.
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
