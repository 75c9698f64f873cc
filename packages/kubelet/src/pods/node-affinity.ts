import type { Node, NodeSelectorRequirement, NodeSelectorTerm, Pod } from "@kube-ts/api/core/v1";
import { LabelRequirement, type RequirementOperator, selectorFromSet } from "@kube-ts/api/selectors";

const operators: Readonly<Record<string, RequirementOperator>> = {
  In: "in",
  NotIn: "notin",
  Exists: "exists",
  DoesNotExist: "!",
  Gt: "gt",
  Lt: "lt",
};

/** Whether the node has what the pod's node selector and required node affinity ask for. */
export function matchesNode(pod: Pod, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  if (!selectorFromSet(pod.spec.nodeSelector).matches(labels)) return false;
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || required.nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

/** A term without requirements matches nothing. */
function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  const fields = { "metadata.name": node.metadata.name ?? "" };
  return (
    matchExpressions.every((requirement) => matches(requirement, node.metadata.labels ?? {})) &&
    matchFields.every((requirement) => matches(requirement, fields))
  );
}

function matches(
  { key, operator, values }: NodeSelectorRequirement,
  labels: Readonly<Record<string, string>>,
): boolean {
  const textOperator = operators[operator];
  return textOperator !== undefined && new LabelRequirement(key, textOperator, values ?? []).matches(labels);
}
