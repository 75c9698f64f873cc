import type { NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, Pod } from "../core/v1.ts";
import {
  type LabelRequirement,
  labelRequirement,
  type RequirementOperator,
  SelectorError,
} from "../label-requirement.ts";
import { nothing, Selector, selectorFromSet } from "../selectors.ts";
import type { Labels, PodInfo } from "./pod-info.ts";

const operators: ReadonlyMap<string, RequirementOperator> = new Map([
  ["In", "in"],
  ["NotIn", "notin"],
  ["Exists", "exists"],
  ["DoesNotExist", "!"],
  ["Gt", "gt"],
  ["Lt", "lt"],
]);

/** The part of a node that selection looks at. */
export interface SelectableNode {
  readonly name: string;
  readonly labels: Labels;
}

/** A value that a field has to have, or must not have. */
interface FieldCondition {
  readonly field: string;
  readonly value: string;
  readonly wanted: boolean;
}

const nameField = "metadata.name";

/** A node selector term, ready for matching. A term that is empty, or that cannot be used, matches nothing. */
export class NodeTerm {
  readonly #labels: Selector;
  readonly #fields: readonly FieldCondition[];
  readonly #empty: boolean;
  /** Why the term cannot be used. */
  readonly problem: SelectorError | undefined;
  /** The only node names that can match; undefined when the term does not fix them. */
  readonly names: readonly string[] | undefined;

  constructor({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm) {
    this.#empty = matchExpressions.length === 0 && matchFields.length === 0;
    const { labels, fields, problem } = compile(matchExpressions, matchFields);
    this.#labels = labels;
    this.#fields = fields;
    this.problem = problem;
    const named = fields.find(({ field, wanted }) => wanted && field === nameField);
    this.names = named && [named.value];
  }

  matches(node: SelectableNode): boolean {
    if (this.#empty || this.problem || !this.#labels.matches(node.labels)) return false;
    // A field that nodes do not have counts as empty.
    return this.#fields.every(
      ({ field, value, wanted }) => ((field === nameField ? node.name : "") === value) === wanted,
    );
  }
}

interface CompiledTerm {
  readonly labels: Selector;
  readonly fields: readonly FieldCondition[];
  readonly problem: SelectorError | undefined;
}

/** Objects that other API servers let pass may hold what cannot be used; that concerns one term only. */
function compile(
  expressions: readonly NodeSelectorRequirement[],
  fields: readonly NodeSelectorRequirement[],
): CompiledTerm {
  try {
    const labels = new Selector(expressions.map(requirement));
    return { labels, fields: fields.map(fieldCondition), problem: undefined };
  } catch (error) {
    if (error instanceof SelectorError) return { labels: nothing, fields: [], problem: error };
    throw error;
  }
}

function requirement({ key, operator, values = [] }: NodeSelectorRequirement): LabelRequirement {
  const known = operators.get(operator);
  if (known === undefined) throw new SelectorError(`"${operator}" is not a valid node selector operator`);
  return labelRequirement(key, known, values);
}

function fieldCondition({ key, operator, values = [] }: NodeSelectorRequirement): FieldCondition {
  if (operator !== "In" && operator !== "NotIn") {
    throw new SelectorError(`"${operator}" is not a valid node field selector operator`);
  }
  const [value] = values;
  if (value === undefined || values.length !== 1) {
    const text = `unexpected number of value (${values.length}) for node field selector operator "${operator}"`;
    throw new SelectorError(text);
  }
  return { field: key, value, wanted: operator === "In" };
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

export function nodeSelection({ spec: { nodeSelector, affinity } }: Pod): NodeSelection {
  return {
    selector: selectorFromSet(nodeSelector),
    terms: nodeTerms(affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
  };
}

const selections = new WeakMap<PodInfo, NodeSelection>();

/** The pod's selection, made once. */
export function nodeSelectionOf(info: PodInfo): NodeSelection {
  let selection = selections.get(info);
  if (!selection) selections.set(info, (selection = nodeSelection(info.pod)));
  return selection;
}

export function admitsNode({ selector, terms }: NodeSelection, node: SelectableNode): boolean {
  return selector.matches(node.labels) && (terms === undefined || terms.some((term) => term.matches(node)));
}
