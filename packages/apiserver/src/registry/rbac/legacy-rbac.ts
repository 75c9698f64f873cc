import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding, Subject } from "@kube-ts/api/rbac/v1";
import type { Subject as LegacySubject } from "@kube-ts/api/rbac/v1alpha1";
import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from "@kube-ts/api/resource-types";
import { legacyVersion } from "../legacy-version.ts";
import type { AlternateVersion } from "../resource-definition.ts";

const group = "rbac.authorization.k8s.io";
const alpha = `${group}/v1alpha1`;

export const legacyRoles: readonly AlternateVersion<Role>[] = plainVersions(roles);
export const legacyClusterRoles: readonly AlternateVersion<ClusterRole>[] = plainVersions(clusterRoles);
export const legacyRoleBindings: readonly AlternateVersion<RoleBinding>[] = bindingVersions(roleBindings);
export const legacyClusterRoleBindings: readonly AlternateVersion<ClusterRoleBinding>[] =
  bindingVersions(clusterRoleBindings);

function plainVersions<T extends KubeObject>(type: ResourceType<T>): AlternateVersion<T>[] {
  return [legacyVersion(type, `${group}/v1beta1`), legacyVersion(type, alpha)];
}

interface Binding extends KubeObject {
  subjects?: Subject[];
}
interface LegacyBinding extends KubeObject {
  subjects?: LegacySubject[];
}

function bindingVersions<T extends Binding>(type: ResourceType<T>): AlternateVersion<T>[] {
  return [
    legacyVersion(type, `${group}/v1beta1`),
    legacyVersion<T, LegacyBinding>(type, alpha, {
      fromStored: ({ subjects, ...binding }) => ({
        ...binding,
        ...(subjects && { subjects: subjects.map(legacySubject) }),
      }),
      toStored: ({ subjects, ...binding }) =>
        ({ ...binding, ...(subjects && { subjects: subjects.map(storedSubject) }) }) as unknown as T,
    }),
  ];
}

/** Service accounts were told by the API version of their kind, users and groups by that of this group. */
function legacySubject({ apiGroup, ...subject }: Subject): LegacySubject {
  const isAccount = subject.kind === "ServiceAccount" && !apiGroup;
  const apiVersion = isAccount ? "v1" : apiGroup === group ? alpha : apiGroup && `${apiGroup}/`;
  return { ...subject, ...(apiVersion && { apiVersion }) };
}

function storedSubject({ apiVersion = "", ...subject }: LegacySubject): Subject {
  const apiGroup = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  const isOfGroup = subject.kind === "User" || subject.kind === "Group";
  const named = { ...subject, ...(isOfGroup ? { apiGroup: apiGroup || group } : apiGroup && { apiGroup }) };
  // In v1alpha1 the user * stood for everybody who is known.
  if (subject.kind === "User" && subject.name === "*") return { ...named, kind: "Group", name: "system:authenticated" };
  return named;
}
