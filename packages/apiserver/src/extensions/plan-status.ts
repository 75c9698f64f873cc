import type { CustomResourceDefinition, CustomResourceDefinitionNames } from "@kube-ts/api/apiextensions/v1";
import { aggregateFieldErrors, invalidField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { goQuote } from "@kube-ts/api/go-quote";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { checkStructural } from "@kube-ts/api/structural/check-structural";
import { approvalOf, isProtectedGroup } from "../registry/apiextensions/api-approval.ts";
import {
  type ConditionDraft,
  findCondition,
  isConditionTrue,
  isSameCondition,
  removeCondition,
  setCondition,
} from "../registry/apiextensions/conditions.ts";
import { viewDefinition } from "../registry/apiextensions/definition-view.ts";

/** The names that a definition was given. */
export interface NameClaim {
  readonly group: string;
  readonly names: CustomResourceDefinitionNames | undefined;
}

/**
 * The definition with the names that it may have and the conditions that follow from it; undefined when its status says
 * all that already. `rivals` are the claims of the definitions besides it.
 */
export function planStatus(
  definition: CustomResourceDefinition,
  rivals: readonly NameClaim[],
  now: string,
): CustomResourceDefinition | undefined {
  const { names, condition } = planNames(definition, rivals);
  const established = planEstablished(definition, condition);
  const structural = planStructural(definition);
  const approval = planApproval(definition);
  const drafts = [condition, established, structural, approval].filter((draft) => draft !== undefined);
  const isSame =
    semanticEqual(names, definition.status?.acceptedNames) &&
    drafts.every((draft) => isSameCondition(draft, findCondition(definition, draft.type))) &&
    (structural !== undefined || findCondition(definition, "NonStructuralSchema") === undefined) &&
    (approval !== undefined || findCondition(definition, "KubernetesAPIApprovalPolicyConformant") === undefined);
  if (isSame) return undefined;
  const next = structuredClone(definition);
  next.status ??= {};
  next.status.acceptedNames = names;
  for (const draft of drafts) setCondition(next, draft, now);
  if (!structural) removeCondition(next, "NonStructuralSchema");
  if (!approval) removeCondition(next, "KubernetesAPIApprovalPolicyConformant");
  return next;
}

const nameFields = [
  ["plural", "PluralConflict"],
  ["singular", "SingularConflict"],
] as const;
const kindFields = [
  ["kind", "KindConflict"],
  ["listKind", "ListKindConflict"],
] as const;

/** The names that nobody else in the group has; a name once accepted stays as long as it is asked for. */
function planNames(
  { spec, status }: CustomResourceDefinition,
  rivals: readonly NameClaim[],
): { names: CustomResourceDefinitionNames; condition: ConditionDraft } {
  const accepted = status?.acceptedNames ?? { plural: "", kind: "" };
  const taken = rivals.filter(({ group }) => group === spec.group).map((rival) => rival.names);
  const resources = new Set(taken.flatMap((names) => [names?.plural, names?.singular, ...(names?.shortNames ?? [])]));
  const kinds = new Set(taken.flatMap((names) => [names?.kind, names?.listKind]));
  const names: CustomResourceDefinitionNames = { ...accepted };
  let problem: { reason: string; message: string } | undefined;
  const take = (field: "plural" | "singular" | "kind" | "listKind", used: ReadonlySet<unknown>, reason: string) => {
    const requested = spec.names[field] ?? "";
    if (requested === (accepted[field] ?? "") || !used.has(requested)) names[field] = requested;
    else problem = { reason, message: inUse(requested) };
  };
  for (const [field, reason] of nameFields) take(field, resources, reason);
  const conflicts = (spec.names.shortNames ?? []).filter(
    (name) => !accepted.shortNames?.includes(name) && resources.has(name),
  );
  if (conflicts.length > 0) problem = { reason: "ShortNamesConflict", message: aggregate(conflicts.map(inUse)) };
  else if (spec.names.shortNames) names.shortNames = spec.names.shortNames;
  else delete names.shortNames;
  for (const [field, reason] of kindFields) take(field, kinds, reason);
  if (spec.names.categories) names.categories = spec.names.categories;
  else delete names.categories;
  if (problem) return { names, condition: { type: "NamesAccepted", status: "False", ...problem } };
  const message = "no conflicts found";
  return { names, condition: { type: "NamesAccepted", status: "True", reason: "NoConflicts", message } };
}

function inUse(name: string): string {
  return `${goQuote(name)} is already in use`;
}

function aggregate(messages: readonly string[]): string {
  return messages.length === 1 ? (messages[0] ?? "") : `[${messages.join(", ")}]`;
}

/** Once its names were accepted, a definition stays established. */
function planEstablished(definition: CustomResourceDefinition, names: ConditionDraft): ConditionDraft | undefined {
  if (isConditionTrue(definition, "Established")) return undefined;
  if (names.status !== "True") {
    const message = "not all names are accepted";
    return { type: "Established", status: "False", reason: "NotAccepted", message };
  }
  if (definition.metadata.deletionTimestamp !== undefined) return undefined;
  const message = "the initial names have been accepted";
  return { type: "Established", status: "True", reason: "InitialNamesAccepted", message };
}

function planStructural({ spec }: CustomResourceDefinition): ConditionDraft | undefined {
  const errors = viewDefinition(spec).schemas.flatMap(({ value, path }) =>
    value.openAPIV3Schema ? checkStructural(value.openAPIV3Schema, path.child("openAPIV3Schema")) : [],
  );
  if (spec.preserveUnknownFields) {
    errors.unshift(invalidField(fieldPath("spec", "preserveUnknownFields"), true, "must be false"));
  }
  if (errors.length === 0) return undefined;
  return { type: "NonStructuralSchema", status: "True", reason: "Violations", message: aggregateFieldErrors(errors) };
}

const approvalReasons = {
  approved: "ApprovedAnnotation",
  bypassed: "UnapprovedAnnotation",
  missing: "MissingAnnotation",
  invalid: "InvalidAnnotation",
} as const;

function planApproval(definition: CustomResourceDefinition): ConditionDraft | undefined {
  if (!isProtectedGroup(definition.spec.group)) return undefined;
  const { state, reason } = approvalOf(definition);
  const status = state === "approved" ? "True" : "False";
  return {
    type: "KubernetesAPIApprovalPolicyConformant",
    status,
    reason: approvalReasons[state],
    message: reason,
  };
}
