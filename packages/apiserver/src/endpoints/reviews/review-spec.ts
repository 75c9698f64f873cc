import type {
  FieldSelectorAttributes,
  LabelSelectorAttributes,
  NonResourceAttributes,
  ResourceAttributes,
} from "@kube-ts/api/authorization/v1";
import { type FieldError, forbiddenField, invalidField, requiredField } from "@kube-ts/api/field-error";
import { FieldPath } from "@kube-ts/api/field-path";
import type { FieldSelectorRequirement } from "@kube-ts/api/meta/v1";
import { validateLabelSelector } from "@kube-ts/api/selectors";
import type { AuthorizationAttributes } from "../../auth/authorizer.ts";
import { type ReviewedSelector, reviewedFieldSelector, reviewedLabelSelector } from "../../auth/selector-attributes.ts";
import type { UserInfo } from "../../auth/user.ts";

/** What a review of any kind asks about. */
export interface ReviewSpec {
  readonly resourceAttributes?: ResourceAttributes;
  readonly nonResourceAttributes?: NonResourceAttributes;
}

/** What is wrong with it. */
export function reviewSpecErrors({ resourceAttributes, nonResourceAttributes }: ReviewSpec): FieldError[] {
  if (resourceAttributes && nonResourceAttributes) {
    const detail = "cannot be specified in combination with resourceAttributes";
    return [invalidField("spec.nonResourceAttributes", nonResourceAttributes, detail)];
  }
  if (!resourceAttributes && !nonResourceAttributes) {
    const detail = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
    return [invalidField("spec.resourceAttributes", null, detail)];
  }
  const { fieldSelector, labelSelector } = resourceAttributes ?? {};
  return [
    ...(fieldSelector ? fieldSelectorErrors(fieldSelector) : []),
    ...(labelSelector ? labelSelectorErrors(labelSelector) : []),
  ];
}

const attributesPath = "spec.resourceAttributes";

function fieldSelectorErrors(selector: FieldSelectorAttributes): FieldError[] {
  const path = `${attributesPath}.fieldSelector`;
  return [
    ...formErrors(selector, path),
    ...(selector.requirements ?? []).flatMap((requirement, index) =>
      fieldRequirementErrors(requirement, `${path}.requirements[${index}]`),
    ),
  ];
}

/** Operators that are not known here may be known to newer clients; they are left out of what is asked. */
function fieldRequirementErrors({ key, operator, values = [] }: FieldSelectorRequirement, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if ((operator === "In" || operator === "NotIn") && values.length === 0) {
    errors.push(requiredField(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  }
  if ((operator === "Exists" || operator === "DoesNotExist") && values.length > 0) {
    const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    errors.push(forbiddenField(`${path}.values`, detail));
  }
  if (key === "") errors.push(requiredField(`${path}.key`, "must be specified"));
  return errors;
}

function labelSelectorErrors(selector: LabelSelectorAttributes): FieldError[] {
  const path = `${attributesPath}.labelSelector`;
  const { requirements = [] } = selector;
  const errors = validateLabelSelector({ matchExpressions: requirements }, FieldPath.of(path));
  return [
    ...formErrors(selector, path),
    ...errors
      .filter((error) => !error.path.endsWith(".operator"))
      .map((error) => ({ ...error, path: error.path.replace(".matchExpressions[", ".requirements[") })),
  ];
}

function formErrors(
  { rawSelector = "", requirements = [] }: FieldSelectorAttributes | LabelSelectorAttributes,
  path: string,
): FieldError[] {
  if (rawSelector !== "" && requirements.length > 0) {
    return [invalidField(`${path}.rawSelector`, rawSelector, "may not specified at the same time as requirements")];
  }
  if (rawSelector !== "" || requirements.length > 0) return [];
  return [requiredField(`${path}.requirements`, `when ${path} is specified, requirements or rawSelector is required`)];
}

/** What authorizers are asked, and what of the review could not be taken into account. */
export function reviewedAttributes(
  user: UserInfo,
  { resourceAttributes: resource, nonResourceAttributes: path }: ReviewSpec,
): { readonly attributes: AuthorizationAttributes; readonly problems: readonly string[] } {
  if (!resource) {
    const attributes = { kind: "path", user, verb: path?.verb ?? "", path: path?.path ?? "" } as const;
    return { attributes, problems: [] };
  }
  const fields = resource.fieldSelector && reviewedFieldSelector(resource.fieldSelector);
  const labels = resource.labelSelector && reviewedLabelSelector(resource.labelSelector);
  const attributes: AuthorizationAttributes = {
    kind: "resource",
    user,
    verb: resource.verb ?? "",
    group: resource.group ?? "",
    version: resource.version ?? "",
    resource: resource.resource ?? "",
    subresource: resource.subresource ?? "",
    namespace: resource.namespace ?? "",
    name: resource.name ?? "",
    ...(fields && { fieldSelector: fields.text }),
    ...(labels && { labelSelector: labels.text }),
  };
  return {
    attributes,
    problems: [...ignoredProblem("fieldSelector", fields), ...ignoredProblem("labelSelector", labels)],
  };
}

function ignoredProblem(name: string, selector: ReviewedSelector | undefined): string[] {
  if (!selector || selector.ignored === "nothing") return [];
  const how = selector.ignored === "some" ? "partially ignored" : "ignored";
  return [`${attributesPath}.${name} ${how} due to parse error`];
}
