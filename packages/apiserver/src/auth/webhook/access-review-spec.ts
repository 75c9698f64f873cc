import type { SubjectAccessReviewSpec } from "@kube-ts/api/authorization/v1";
import type { AuthorizationAttributes } from "../authorizer.ts";
import { fieldRequirements, labelRequirements } from "../selector-attributes.ts";

/** What an authorizer is asked, as the spec of a SubjectAccessReview. */
export function accessReviewSpec(attributes: AuthorizationAttributes): SubjectAccessReviewSpec {
  const { name: user, groups, extra, uid } = attributes.user;
  return {
    ...attributesOf(attributes),
    ...(user !== "" && { user }),
    ...(groups.length > 0 && { groups: [...groups] }),
    ...(Object.keys(extra).length > 0 && {
      extra: Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]])),
    }),
    ...(uid !== "" && { uid }),
  };
}

function attributesOf(
  attributes: AuthorizationAttributes,
): Pick<SubjectAccessReviewSpec, "resourceAttributes" | "nonResourceAttributes"> {
  if (attributes.kind === "path") {
    return { nonResourceAttributes: { path: attributes.path, verb: attributes.verb } };
  }
  const { namespace, verb, group, version, resource, subresource, name } = attributes;
  const fields = attributes.fieldSelector ? fieldRequirements(attributes.fieldSelector) : undefined;
  const labels = attributes.labelSelector ? labelRequirements(attributes.labelSelector) : undefined;
  return {
    resourceAttributes: {
      ...(namespace !== "" && { namespace }),
      ...(verb !== "" && { verb }),
      ...(group !== "" && { group }),
      ...(version !== "" && { version }),
      ...(resource !== "" && { resource }),
      ...(subresource !== "" && { subresource }),
      ...(name !== "" && { name }),
      ...(fields?.length && { fieldSelector: { requirements: fields } }),
      ...(labels?.length && { labelSelector: { requirements: labels } }),
    },
  };
}
