import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "@kube-ts/api/rbac/v1";
import type { PriorityClass } from "@kube-ts/api/scheduling/v1";
import { compareBytes } from "@kube-ts/api/go-json";
import type { Description } from "./description.ts";

export function describeRole(description: Description, { metadata, rules }: Role | ClusterRole): void {
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line("PolicyRule:");
  line("  Resources\tNon-Resource URLs\tResource Names\tVerbs");
  line("  ---------\t-----------------\t--------------\t-----");
  const rows = new Map<string, Set<string>>();
  const add = (key: string, verbs: readonly string[]) => {
    const known = rows.get(key) ?? new Set();
    for (const verb of verbs) known.add(verb);
    rows.set(key, known);
  };
  for (const { apiGroups = [""], resources = [], resourceNames = [], nonResourceURLs = [], verbs = [] } of rules ??
    []) {
    const names = apiGroups.flatMap((group) =>
      resources.map((resource) => (group === "" ? resource : `${resource}.${group}`)),
    );
    for (const url of nonResourceURLs) add(`\t[${url}]\t[]`, verbs);
    for (const resource of names) {
      const restricted = resourceNames.length > 0 ? resourceNames : [undefined];
      for (const name of restricted) {
        add(`${resource}\t[]\t[${name ?? ""}]`, verbs);
      }
    }
  }
  const order = [...rows].toSorted((a, b) => compareBytes(sortKey(...a), sortKey(...b)));
  for (const [key, verbs] of order) line(`  ${key}\t[${[...verbs].join(" ")}]`);
}

/** Rows go by what they allow, then by API group, then by resource. */
function sortKey(row: string, verbs: ReadonlySet<string>): string {
  const [resource = "", url = ""] = row.split("\t");
  const dot = resource.indexOf(".");
  const [name, group] = dot < 0 ? [resource, ""] : [resource.slice(0, dot), resource.slice(dot + 1)];
  // The brackets count: a longer list of verbs goes before its beginning.
  return `[${[...verbs].join(" ")}],[${group}],[${name}],${url}`;
}

export function describeBinding(
  description: Description,
  { metadata, roleRef, subjects = [] }: RoleBinding | ClusterRoleBinding,
): void {
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line("Role:");
  line(`  Kind:\t${roleRef.kind}`);
  line(`  Name:\t${roleRef.name}`);
  line("Subjects:");
  line("  Kind\tName\tNamespace");
  line("  ----\t----\t---------");
  for (const { kind, name, namespace = "" } of subjects) line(`  ${kind}\t${name}\t${namespace}`);
}

export function describePriorityClass(description: Description, priority: PriorityClass): void {
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${priority.metadata.name ?? ""}`);
  line(`Value:\t${priority.value}`);
  line(`GlobalDefault:\t${priority.globalDefault ?? false}`);
  line(`PreemptionPolicy:\t${priority.preemptionPolicy ?? ""}`);
  line(`Description:\t${priority.description ?? ""}`);
  description.map("Annotations", priority.metadata.annotations);
}
