import { CommandError } from "../command-line/command-error.ts";
import type { SortOptions } from "./kustomization.ts";
import { idText, type KustomizeResource, type ResourceSet } from "./kustomize-resource.ts";

const defaultFirst = [
  "Namespace",
  "ResourceQuota",
  "StorageClass",
  "CustomResourceDefinition",
  "ServiceAccount",
  "PodSecurityPolicy",
  "Role",
  "ClusterRole",
  "RoleBinding",
  "ClusterRoleBinding",
  "ConfigMap",
  "Secret",
  "Endpoints",
  "Service",
  "LimitRange",
  "PriorityClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Deployment",
  "StatefulSet",
  "CronJob",
  "PodDisruptionBudget",
];
const defaultLast = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/** Puts resources in the order that a kustomization asks for; by their kinds where it asks for none. Throws a CommandError. */
export function sortResources(set: ResourceSet, options: SortOptions | undefined): void {
  const order = options ? (options.order ?? "") : "legacy";
  if (order !== "fifo" && order !== "legacy") {
    throw new CommandError("the field 'sortOptions.order' must be one of [fifo, legacy]");
  }
  if (order === "fifo") {
    if (!options?.legacySortOptions) return;
    throw new CommandError(
      "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'",
    );
  }
  const { orderFirst = defaultFirst, orderLast = defaultLast } = options?.legacySortOptions ?? {};
  const rank = (kind: string) => {
    const first = orderFirst.indexOf(kind);
    return first >= 0 ? first - orderFirst.length : orderLast.indexOf(kind) + 1;
  };
  set.sort((a, b) => compare(a, b, rank));
}

function compare(a: KustomizeResource, b: KustomizeResource, rank: (kind: string) => number): number {
  const [left, right] = [a.id, b.id];
  const ranks = rank(left.kind) - rank(right.kind);
  if (ranks !== 0) return ranks;
  const [leftKey, rightKey] = [sortKey(a), sortKey(b)];
  return leftKey < rightKey ? -1 : leftKey > rightKey ? 1 : 0;
}

function sortKey({ id }: KustomizeResource): string {
  const type = `${id.group || "~G"}_${id.version || "~V"}_${id.kind || "~K"}`;
  const [described = ""] = idText(id).split("/");
  return `${type}\0${described}|${id.namespace || "~X"}|${id.name || "~N"}`;
}
