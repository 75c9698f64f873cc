import type { NodeSelector, NodeSelectorRequirement, NodeSelectorTerm } from "../core/v1.ts";
import { LabelRequirement, type RequirementOperator, Selector, selectorFromSet } from "../selectors.ts";
import type { Labels, PodInfo } from "./pod-info.ts";

const operators: Readonly<Record<string, RequirementOperator>> = {
  In: "in",
  NotIn: "notin",
  Exists: "exists",
  DoesNotExist: "!",
  Gt: "gt",
  Lt: "lt",
};

/** The part of a node that selection looks at. */
export interface SelectableNode {
  readonly name: string;
  readonly labels: Labels;
}

/** A node selector term, ready for matching. An empty term matches nothing. */
export class NodeTerm {
  readonly #labels: Selector;
  readonly #fields: Selector;
  readonly #empty: boolean;
  /** The only node names that can match; undefined when the term does not fix them. */
  readonly names: readonly string[] | undefined;

  constructor({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm) {
    this.#empty = matchExpressions.length === 0 && matchFields.length === 0;
    this.#labels = new Selector(matchExpressions.map(requirement));
    this.#fields = new Selector(matchFields.map(requirement));
    this.names = matchFields.find(({ key, operator }) => key === "metadata.name" && operator === "In")?.values;
  }

  matches(node: SelectableNode): boolean {
    if (this.#empty || !this.#labels.matches(node.labels)) return false;
    return this.#fields.isEverything || this.#fields.matches({ "metadata.name": node.name });
  }
}

function requirement({ key, operator, values = [] }: NodeSelectorRequirement): LabelRequirement {
  const known = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (known === undefined) throw new Error(`"${operator}" is not a valid node selector operator`);
  return new LabelRequirement(key, known, values);
}

/** The alternatives of a node selector; undefined for none at all. */
export function nodeTerms(selector: NodeSelector | undefined): readonly NodeTerm[] | undefined {
  return selector?.nodeSelectorTerms.map((term) => new NodeTerm(term));
}

/** Which nodes a pod admits by its node selector and its required node affinity. */
export interface NodeSelection {
  readonly selector: Selector;
  readonly terms: readonly NodeTerm[] | undefined;
}

const selections = new WeakMap<PodInfo, NodeSelection>();

export function nodeSelectionOf(info: PodInfo): NodeSelection {
  let selection = selections.get(info);
  if (!selection) {
    const { nodeSelector, affinity } = info.pod.spec;
    selection = {
      selector: selectorFromSet(nodeSelector),
      terms: nodeTerms(affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    };
    selections.set(info, selection);
  }
  return selection;
}

export function admitsNode({ selector, terms }: NodeSelection, node: SelectableNode): boolean {
  return selector.matches(node.labels) && (terms === undefined || terms.some((term) => term.matches(node)));
}
