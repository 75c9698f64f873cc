import type { PolicyRule } from "@kube-ts/api/rbac/v1";
import { some } from "../check.ts";
import type { ClusterObjects } from "../cluster-view.ts";
import type { Verdict } from "./cis-check.ts";

const everything = "*";

/** Subjects bound in the whole cluster to a right, besides the system's own; the benchmark wants them to be few. */
export function rightsVerdict(
  group: string,
  resource: string,
  verbs: readonly string[],
): (objects: ClusterObjects) => Verdict {
  return ({ clusterRoles, clusterRoleBindings }) => {
    const roles = new Set(
      clusterRoles
        .filter(({ rules }) => rules?.some((rule) => grants(rule, group, resource, verbs)))
        .map(({ metadata }) => metadata.name),
    );
    const holders = clusterRoleBindings
      .filter(({ roleRef }) => roles.has(roleRef.name))
      .flatMap(({ subjects = [] }) => subjects)
      .filter((subject) => !isSystem(subject.name, subject.namespace))
      .map(({ kind, namespace, name }) => `${kind} ${namespace ? `${namespace}/` : ""}${name}`);
    return holders.length === 0 ? "ok" : { fault: some([...new Set(holders)]) };
  };
}

function grants(rule: PolicyRule, group: string, resource: string, verbs: readonly string[]): boolean {
  const any = (list: readonly string[] | undefined, wanted: string) =>
    list?.some((one) => one === wanted || one === everything || wanted === everything) ?? false;
  return any(rule.apiGroups, group) && any(rule.resources, resource) && verbs.some((verb) => any(rule.verbs, verb));
}

/** Roles that the server makes itself, and those of the parts of Kubernetes. */
function isSystem(name: string, namespace: string | undefined): boolean {
  return name.startsWith("system:") || namespace === "kube-system";
}

const ownRoles = new Set(["cluster-admin", "admin", "edit", "view"]);

/** Roles with a wildcard that the server did not make. */
export function wildcardVerdict({ clusterRoles, roles }: ClusterObjects): Verdict {
  const faults = [...clusterRoles, ...roles]
    .filter(({ metadata }) => !metadata.name?.startsWith("system:") && !ownRoles.has(metadata.name ?? ""))
    .filter(({ rules }) => rules?.some(hasWildcard))
    .map(({ metadata }) => (metadata.namespace ? `${metadata.namespace}/${metadata.name}` : (metadata.name ?? "")));
  return faults.length === 0 ? "ok" : { fault: some(faults) };
}

function hasWildcard({ apiGroups, resources, verbs }: PolicyRule): boolean {
  return [apiGroups, resources, verbs].some((list) => list?.includes(everything));
}
