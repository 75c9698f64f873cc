import { type FieldError, forbiddenField, invalidField, requiredField } from "./field-error.ts";
import type { FieldPath } from "./field-path.ts";
import { goQuote } from "./go-quote.ts";
import { LabelRequirement, type RequirementOperator, SelectorError, labelRequirement } from "./label-requirement.ts";
import { parseRequirements } from "./label-selector-parser.ts";
import type { LabelSelector, LabelSelectorOperator, LabelSelectorRequirement } from "./meta/v1.ts";
import { labelValueErrors, qualifiedNameErrors } from "./names.ts";

export { LabelRequirement, SelectorError, type RequirementOperator };

export type Labels = Readonly<Record<string, string>>;

/** A condition on labels: all requirements must hold. Immutable. */
export class Selector {
  /** In the order of their keys. */
  readonly requirements: readonly LabelRequirement[];
  readonly #nothing: boolean;

  constructor(requirements: readonly LabelRequirement[], nothing = false) {
    this.requirements = requirements.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    this.#nothing = nothing;
  }

  /** Whether it restricts nothing. */
  get isEverything(): boolean {
    return !this.#nothing && this.requirements.length === 0;
  }

  /** Whether it can match no object at all. */
  get isNothing(): boolean {
    return this.#nothing;
  }

  matches(labels: Labels | undefined): boolean {
    if (this.#nothing) return false;
    const present = labels ?? noLabels;
    for (const requirement of this.requirements) {
      if (!requirement.matches(present)) return false;
    }
    return true;
  }

  /** The value that the label must have, when the selector admits only one. */
  exactValue(key: string): string | undefined {
    const found = this.requirements.find((requirement) => requirement.key === key);
    const exact = found?.operator === "=" || found?.operator === "==" || found?.operator === "in";
    return exact && found.values.length === 1 ? found.values[0] : undefined;
  }

  /** This selector with further requirements. */
  with(...requirements: readonly LabelRequirement[]): Selector {
    return this.#nothing ? this : new Selector([...this.requirements, ...requirements]);
  }

  /** The canonical text, which `parseSelector` reads back. Empty for everything and for nothing. */
  toString(): string {
    return this.requirements.join(",");
  }
}

const noLabels: Labels = {};

export const everything: Selector = new Selector([]);
export const nothing: Selector = new Selector([], true);

/** Reads `app=web,tier in (a,b),!legacy`. Throws `SelectorError` with upstream's text. */
export function parseSelector(text: string): Selector {
  return text === "" ? everything : new Selector(parseRequirements(text));
}

/** Matches exactly these labels, which are not checked. No labels match everything. */
export function selectorFromSet(labels: Labels | undefined): Selector {
  if (labels === undefined) return everything;
  return new Selector(Object.entries(labels).map(([key, value]) => new LabelRequirement(key, "=", [value])));
}

const textOperators: Record<LabelSelectorOperator, RequirementOperator> = {
  In: "in",
  NotIn: "notin",
  Exists: "exists",
  DoesNotExist: "!",
};

/** The matcher of a selector object: an absent one matches nothing, an empty one everything. Throws `SelectorError`. */
export function selectorOf(selector: LabelSelector | undefined): Selector {
  if (selector === undefined) return nothing;
  const requirements = Object.entries(selector.matchLabels ?? {}).map(([key, value]) =>
    labelRequirement(key, "=", [value]),
  );
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    const textOperator = Object.hasOwn(textOperators, operator) ? textOperators[operator] : undefined;
    if (textOperator === undefined) {
      throw new SelectorError(`${goQuote(operator)} is not a valid label selector operator`);
    }
    requirements.push(labelRequirement(key, textOperator, values ?? []));
  }
  return requirements.length === 0 ? everything : new Selector(requirements);
}

/** A selector object as text, as upstream's printers show it: `<none>` when empty, `<error>` when it is invalid. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  try {
    return selectorOf(selector).toString() || "<none>";
  } catch (error) {
    if (error instanceof SelectorError) return "<error>";
    throw error;
  }
}

export function validateLabelSelector(selector: LabelSelector | undefined, path: FieldPath): FieldError[] {
  if (selector === undefined) return [];
  const expressions = path.child("matchExpressions");
  return [
    ...validateLabels(selector.matchLabels, path.child("matchLabels")),
    ...(selector.matchExpressions ?? []).flatMap((requirement, index) =>
      validateLabelSelectorRequirement(requirement, expressions.index(index)),
    ),
  ];
}

function validateLabelSelectorRequirement(requirement: LabelSelectorRequirement, path: FieldPath): FieldError[] {
  const { key, operator, values = [] } = requirement;
  const errors: FieldError[] = [];
  const valuesPath = path.child("values");
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) {
      errors.push(requiredField(valuesPath, "must be specified when `operator` is 'In' or 'NotIn'"));
    }
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0) {
      errors.push(forbiddenField(valuesPath, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
    }
  } else {
    errors.push(invalidField(path.child("operator"), operator, "not a valid selector operator"));
  }
  errors.push(...validateLabelName(key, path.child("key")));
  for (const [index, value] of values.entries()) {
    errors.push(...labelValueErrors(value).map((text) => invalidField(valuesPath.index(index), value, text)));
  }
  return errors;
}

export function validateLabelName(name: string, path: FieldPath): FieldError[] {
  return qualifiedNameErrors(name).map((text) => invalidField(path, name, text));
}

export function validateLabels(labels: Labels | undefined, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(labels ?? {})) {
    errors.push(...validateLabelName(key, path));
    errors.push(...labelValueErrors(value).map((text) => invalidField(path, value, text)));
  }
  return errors;
}
