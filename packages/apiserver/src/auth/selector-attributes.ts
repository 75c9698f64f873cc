import type { FieldSelectorAttributes, LabelSelectorAttributes } from "@kube-ts/api/authorization/v1";
import { escapeFieldValue, parseFieldSelector } from "@kube-ts/api/field-selector";
import { labelRequirement } from "@kube-ts/api/label-requirement";
import type { FieldSelectorRequirement, LabelSelectorOperator, LabelSelectorRequirement } from "@kube-ts/api/meta/v1";
import { type LabelRequirement, type RequirementOperator, SelectorError, parseSelector } from "@kube-ts/api/selectors";

/** The requirements of a field selector as reviews carry them; undefined for one that cannot be read. */
export function fieldRequirements(selector: string): FieldSelectorRequirement[] | undefined {
  return readable(() =>
    parseFieldSelector(selector).requirements.map(({ field, operator, value }) => ({
      key: field,
      operator: operator === "=" ? "In" : "NotIn",
      values: [value],
    })),
  );
}

/** The requirements of a label selector as reviews carry them; undefined for one that cannot be read. */
export function labelRequirements(selector: string): LabelSelectorRequirement[] | undefined {
  return readable(() => parseSelector(selector).requirements.flatMap(asReviewed));
}

const labelOperators: Readonly<Partial<Record<RequirementOperator, LabelSelectorOperator>>> = {
  "=": "In",
  "==": "In",
  in: "In",
  "!=": "NotIn",
  notin: "NotIn",
  exists: "Exists",
  "!": "DoesNotExist",
};

/** Comparisons of numbers have no place in reviews: leaving them out only widens what is asked for. */
function asReviewed({ key, operator, values }: LabelRequirement): LabelSelectorRequirement[] {
  const known = labelOperators[operator];
  if (known === undefined) return [];
  return [{ key, operator: known, ...(values.length > 0 && { values: values.toSorted() }) }];
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SelectorError) return undefined;
    throw error;
  }
}

/** A selector as authorizers take it, and whether parts of what the review said were left out. */
export interface ReviewedSelector {
  readonly text: string;
  readonly ignored: "nothing" | "some" | "all";
}

/** The field selector of a review. What cannot be read is left out, which only widens what is asked for. */
export function reviewedFieldSelector({
  rawSelector = "",
  requirements = [],
}: FieldSelectorAttributes): ReviewedSelector {
  if (rawSelector !== "") return rawSelected(rawSelector, () => fieldRequirements(rawSelector));
  const terms = requirements.map(({ key, operator, values = [] }) => {
    const [value] = values;
    if (value === undefined || values.length > 1) return undefined;
    const sign = operator === "In" ? "=" : operator === "NotIn" ? "!=" : undefined;
    return sign && `${key}${sign}${escapeFieldValue(value)}`;
  });
  return joined(terms);
}

/** The label selector of a review, likewise. */
export function reviewedLabelSelector({
  rawSelector = "",
  requirements = [],
}: LabelSelectorAttributes): ReviewedSelector {
  if (rawSelector !== "") return rawSelected(rawSelector, () => labelRequirements(rawSelector));
  return joined(requirements.map((requirement) => readable(() => labelTerm(requirement))));
}

const textOperators: Readonly<Record<string, RequirementOperator>> = {
  In: "in",
  NotIn: "notin",
  Exists: "exists",
  DoesNotExist: "!",
};

function labelTerm({ key, operator, values = [] }: LabelSelectorRequirement): string | undefined {
  const known = Object.hasOwn(textOperators, operator) ? textOperators[operator] : undefined;
  return known && String(labelRequirement(key, known, values));
}

function rawSelected(text: string, read: () => readonly unknown[] | undefined): ReviewedSelector {
  return read() ? { text, ignored: "nothing" } : { text: "", ignored: "all" };
}

function joined(terms: readonly (string | undefined)[]): ReviewedSelector {
  const known = terms.filter((term) => term !== undefined);
  const ignored = known.length === terms.length ? "nothing" : known.length === 0 ? "all" : "some";
  return { text: known.join(","), ignored };
}
